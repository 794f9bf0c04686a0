//! The pages of single things.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::Response;

use super::Web;
use super::answers::of_caller;
use super::asked::PageAsked;
use super::format::PageFormat;
use minutebook_grpc::wire::proto::{
    CollaborationView, GetBoardRequest, GetBodyRequest, GetCollaborationRequest, GetMeetingRequest,
    GetProposalRequest,
};
use minutebook_page::{board, body, collaboration, proposal};

type Pages = State<Arc<Web>>;

pub async fn one_collaboration(
    State(web): Pages,
    Path(collaboration_id): Path<String>,
    asked: PageAsked,
) -> Response {
    let request = GetCollaborationRequest {
        as_of: Some(asked.address.moment.as_of()),
        collaboration_id,
    };
    let reader = web.reader_now(&asked).await;
    let page = move |answer: &_, address: &_| collaboration::page(answer, &reader, address);
    web.item(asked, request, page).await
}

pub async fn one_body(
    State(web): Pages,
    Path(body_id): Path<String>,
    asked: PageAsked,
) -> Response {
    let request = GetBodyRequest {
        as_of: Some(asked.address.moment.as_of()),
        body_id,
    };
    let party_to = match asked.format {
        PageFormat::Html => web.party_to(&asked, request.clone()).await,
        PageFormat::Csv | PageFormat::Json => Vec::new(),
    };
    let page = move |answer: &_, address: &_| body::page(answer, &party_to, address);
    web.item(asked, request, page).await
}

pub async fn one_board(
    State(web): Pages,
    Path(board_id): Path<String>,
    asked: PageAsked,
) -> Response {
    let request = GetBoardRequest {
        as_of: Some(asked.address.moment.as_of()),
        board_id,
    };
    web.item(asked, request, board::page).await
}

pub async fn one_meeting(
    State(web): Pages,
    Path((board_id, meeting_id)): Path<(String, String)>,
    asked: PageAsked,
) -> Response {
    let request = GetMeetingRequest {
        as_of: Some(asked.address.moment.as_of()),
        board_id,
        meeting_id,
    };
    web.item(asked, request, board::meeting).await
}

pub async fn one_proposal(
    State(web): Pages,
    Path(proposal_id): Path<String>,
    asked: PageAsked,
) -> Response {
    let request = GetProposalRequest {
        as_of: Some(asked.address.moment.as_of()),
        proposal_id,
    };
    let reader = web.reader_now(&asked).await;
    let page = move |answer: &_, address: &_| proposal::page(answer, &reader, address);
    web.item(asked, request, page).await
}

impl Web {
    /// The collaborations that a body is a party to, each with its parties.
    async fn party_to(&self, asked: &PageAsked, request: GetBodyRequest) -> Vec<CollaborationView> {
        let answer = self.register.item(of_caller(request, &asked.caller)).await;
        let view = answer.ok().and_then(|answer| answer.into_inner().body);
        let ids = view.as_ref().map(body::shared);
        self.in_full(asked, ids.unwrap_or_default()).await
    }
}
