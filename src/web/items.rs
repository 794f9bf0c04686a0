//! The pages of single things.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::Response;

use super::Web;
use super::asked::Asked;
use crate::page::frame::Section;
use crate::page::{spoken, view};
use crate::wire::proto::{
    GetBoardRequest, GetBodyRequest, GetBudgetRequest, GetCollaborationRequest,
    GetContributionsRequest, GetMeetingRequest, GetProposalRequest,
};

type Pages = State<Arc<Web>>;

pub async fn collaboration(
    State(web): Pages,
    Path(collaboration_id): Path<String>,
    asked: Asked,
) -> Response {
    let request = GetCollaborationRequest {
        as_of: Some(asked.address.moment.as_of()),
        collaboration_id,
    };
    let page = |answer: &_, address: &_| {
        view::page(
            Section::Collaborations,
            "What have they agreed?",
            answer,
            address,
        )
    };
    web.item(asked, request, page).await
}

pub async fn body(State(web): Pages, Path(body_id): Path<String>, asked: Asked) -> Response {
    let request = GetBodyRequest {
        as_of: Some(asked.address.moment.as_of()),
        body_id,
    };
    let page = |answer: &_, address: &_| view::page(Section::Bodies, "Body", answer, address);
    web.item(asked, request, page).await
}

pub async fn board(State(web): Pages, Path(board_id): Path<String>, asked: Asked) -> Response {
    let request = GetBoardRequest {
        as_of: Some(asked.address.moment.as_of()),
        board_id,
    };
    let page = |answer: &_, address: &_| view::page(Section::Boards, "Board", answer, address);
    web.item(asked, request, page).await
}

pub async fn meeting(
    State(web): Pages,
    Path((board_id, meeting_id)): Path<(String, String)>,
    asked: Asked,
) -> Response {
    let request = GetMeetingRequest {
        as_of: Some(asked.address.moment.as_of()),
        board_id,
        meeting_id,
    };
    let page = |answer: &_, address: &_| view::page(Section::Boards, "Meeting", answer, address);
    web.item(asked, request, page).await
}

pub async fn proposal(
    State(web): Pages,
    Path(proposal_id): Path<String>,
    asked: Asked,
) -> Response {
    let request = GetProposalRequest {
        as_of: Some(asked.address.moment.as_of()),
        proposal_id,
    };
    let page =
        |answer: &_, address: &_| view::page(Section::Proposals, "Proposal", answer, address);
    web.item(asked, request, page).await
}

pub async fn contributions(
    State(web): Pages,
    Path((collaboration_id, year)): Path<(String, String)>,
    asked: Asked,
) -> Response {
    let request = GetContributionsRequest {
        as_of: Some(asked.address.moment.as_of()),
        collaboration_id,
        financial_year: spoken::year_of_address(&year).unwrap_or(year),
    };
    let page = |answer: &_, address: &_| {
        view::page(Section::Collaborations, "Who pays what?", answer, address)
    };
    web.item(asked, request, page).await
}

pub async fn budget(
    web: Pages,
    Path((kind, id)): Path<(String, String)>,
    asked: Asked,
) -> Response {
    budget_of(web, format!("{kind}/{id}"), String::new(), asked).await
}

pub async fn budget_of_year(
    web: Pages,
    Path((kind, id, year)): Path<(String, String, String)>,
    asked: Asked,
) -> Response {
    let year = spoken::year_of_address(&year).unwrap_or(year);
    budget_of(web, format!("{kind}/{id}"), year, asked).await
}

async fn budget_of(
    State(web): Pages,
    subject: String,
    financial_year: String,
    asked: Asked,
) -> Response {
    let request = GetBudgetRequest {
        as_of: Some(asked.address.moment.as_of()),
        subject,
        budget_id: asked.text("budget").into_owned(),
        financial_year,
        service_id: asked.text("service").into_owned(),
    };
    let page = |answer: &_, address: &_| {
        view::page(
            Section::Collaborations,
            "Is it in balance, and who moved what?",
            answer,
            address,
        )
    };
    web.item(asked, request, page).await
}
