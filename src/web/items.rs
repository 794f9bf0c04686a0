//! The pages of single things.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::Response;

use super::Web;
use super::asked::PageAsked;
use minutebook_grpc::wire::proto::{
    GetBoardRequest, GetBodyRequest, GetBudgetRequest, GetCollaborationRequest,
    GetContributionsRequest, GetMeetingRequest, GetProposalRequest,
};
use minutebook_page::{board, body, budget, collaboration, contributions, proposal, spoken};

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
    web.item(asked, request, body::page).await
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

pub async fn contributions_of_year(
    State(web): Pages,
    Path((collaboration_id, year)): Path<(String, String)>,
    asked: PageAsked,
) -> Response {
    let request = GetContributionsRequest {
        as_of: Some(asked.address.moment.as_of()),
        collaboration_id,
        financial_year: spoken::year_of_address(&year).unwrap_or(year),
    };
    web.item(asked, request, contributions::page).await
}

pub async fn whole_budget(
    web: Pages,
    Path((kind, id)): Path<(String, String)>,
    asked: PageAsked,
) -> Response {
    budget_of(web, format!("{kind}/{id}"), String::new(), asked).await
}

pub async fn budget_of_year(
    web: Pages,
    Path((kind, id, year)): Path<(String, String, String)>,
    asked: PageAsked,
) -> Response {
    let year = spoken::year_of_address(&year).unwrap_or(year);
    budget_of(web, format!("{kind}/{id}"), year, asked).await
}

async fn budget_of(
    State(web): Pages,
    subject: String,
    financial_year: String,
    asked: PageAsked,
) -> Response {
    let request = GetBudgetRequest {
        as_of: Some(asked.address.moment.as_of()),
        subject,
        budget_id: asked.text("budget").into_owned(),
        financial_year,
        service_id: asked.text("service").into_owned(),
    };
    web.item(asked, request, budget::page).await
}
