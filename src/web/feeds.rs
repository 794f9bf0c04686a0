//! Feeds that other programs follow: calendars of boards and bodies, and decisions.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::Response;
use http::StatusCode;
use tonic::Status;

use super::Web;
use super::answers::{of_caller, plain};
use super::asked::PageAsked;
use super::refusal::refused;
use minutebook_grpc::wire::proto::audit_service_server::AuditService;
use minutebook_grpc::wire::proto::{
    AnsweredFrom, GetBoardRequest, GetBoardResponse, GetBodyRequest, GetCheckpointRequest,
    ListDeadlinesRequest, ListDecisionsRequest,
};
use minutebook_page::atom::DecisionFeed;
use minutebook_page::calendar::Calendar;

type Pages = State<Arc<Web>>;

pub async fn of_board(
    State(web): Pages,
    Path(board_id): Path<String>,
    asked: PageAsked,
) -> Response {
    let calendar = board_calendar(&web, board_id, &asked).await;
    written(&web, &asked, calendar)
}

pub async fn of_body(State(web): Pages, Path(body_id): Path<String>, asked: PageAsked) -> Response {
    let calendar = body_calendar(&web, body_id, &asked).await;
    written(&web, &asked, calendar)
}

fn written(web: &Web, asked: &PageAsked, calendar: Result<Calendar, Status>) -> Response {
    match calendar {
        Ok(calendar) => plain(
            StatusCode::OK,
            "text/calendar; charset=utf-8",
            calendar.write(),
        ),
        Err(status) => refused(web, asked, &status),
    }
}

async fn board_calendar(
    web: &Web,
    board_id: String,
    asked: &PageAsked,
) -> Result<Calendar, Status> {
    let answer = board(web, board_id.clone(), asked).await?;
    let view = answer.board.unwrap_or_default();
    let summary = view.summary.clone().unwrap_or_default();
    let name = summary
        .board
        .map_or_else(|| board_id.clone(), |board| board.name);
    let mut calendar = calendar(web, asked, name, answer.answered_from.as_ref()).await?;
    calendar.meetings(&view);
    let mut subjects = vec![format!("boards/{board_id}")];
    let served = view.collaborations.iter();
    subjects.extend(served.map(|one| format!("collaborations/{}", one.collaboration_id)));
    deadlines(web, asked, subjects, &mut calendar).await?;
    Ok(calendar)
}

/// The meetings of the boards on which it sits, and the days of what it is a party to.
async fn body_calendar(web: &Web, body_id: String, asked: &PageAsked) -> Result<Calendar, Status> {
    let request = GetBodyRequest {
        as_of: Some(asked.address.moment.as_of()),
        body_id: body_id.clone(),
    };
    let answer = web.register.item(of_caller(request, &asked.caller)).await?;
    let answer = answer.into_inner();
    let view = answer.body.unwrap_or_default();
    let summary = view.summary.unwrap_or_default();
    let name = summary
        .body
        .map_or_else(|| body_id.clone(), |body| body.name);
    let mut calendar = calendar(web, asked, name, answer.answered_from.as_ref()).await?;
    let mut boards: Vec<String> = Vec::new();
    for seat in view.seats.iter().filter_map(|seat| seat.board.as_ref()) {
        if !boards.contains(&seat.board_id) {
            boards.push(seat.board_id.clone());
        }
    }
    for board_id in boards {
        let answer = board(web, board_id, asked).await?;
        calendar.meetings(&answer.board.unwrap_or_default());
    }
    let mut subjects = vec![format!("bodies/{body_id}")];
    let party_to = view.party_to.iter().filter(|one| one.left_on.is_none());
    let party_to = party_to.filter_map(|one| one.collaboration.as_ref());
    subjects.extend(party_to.map(|one| format!("collaborations/{}", one.collaboration_id)));
    deadlines(web, asked, subjects, &mut calendar).await?;
    Ok(calendar)
}

async fn board(web: &Web, board_id: String, asked: &PageAsked) -> Result<GetBoardResponse, Status> {
    let request = GetBoardRequest {
        as_of: Some(asked.address.moment.as_of()),
        board_id,
    };
    let answer = web.register.item(of_caller(request, &asked.caller)).await?;
    Ok(answer.into_inner())
}

async fn deadlines(
    web: &Web,
    asked: &PageAsked,
    subjects: Vec<String>,
    calendar: &mut Calendar,
) -> Result<(), Status> {
    for subject in subjects {
        let request = ListDeadlinesRequest {
            as_of: Some(asked.address.moment.as_of()),
            subject,
            ..ListDeadlinesRequest::default()
        };
        let answer = web.every_page(asked, request).await?;
        calendar.deadlines(&answer.deadlines);
    }
    Ok(())
}

async fn calendar(
    web: &Web,
    asked: &PageAsked,
    name: String,
    from: Option<&AnsweredFrom>,
) -> Result<Calendar, Status> {
    let stamp = last_instant(from).replace(['-', ':'], "");
    Ok(Calendar::new(name, origin(web, asked).await?, stamp))
}

pub async fn decisions(State(web): Pages, asked: PageAsked) -> Response {
    match decision_feed(&web, &asked).await {
        Ok(feed) => plain(StatusCode::OK, "application/atom+xml; charset=utf-8", feed),
        Err(status) => refused(&web, &asked, &status),
    }
}

async fn decision_feed(web: &Web, asked: &PageAsked) -> Result<String, Status> {
    let request = ListDecisionsRequest {
        as_of: Some(asked.address.moment.as_of()),
        subject: asked.text("subject").into_owned(),
        ..ListDecisionsRequest::default()
    };
    let answer = web.every_page(asked, request).await?;
    let feed = DecisionFeed {
        origin: &origin(web, asked).await?,
        updated: &last_instant(answer.answered_from.as_ref()),
        decisions: &answer.decisions,
    };
    Ok(feed.write())
}

/// The name of the register, as its checkpoints say it.
async fn origin(web: &Web, asked: &PageAsked) -> Result<String, Status> {
    let request = GetCheckpointRequest::default();
    let answer = web
        .audit
        .get_checkpoint(of_caller(request, &asked.caller))
        .await?;
    let checkpoint = answer.into_inner().checkpoint;
    Ok(checkpoint.lines().next().unwrap_or_default().to_owned())
}

/// When the last entry was recorded that the answer knows, to the second.
fn last_instant(from: Option<&AnsweredFrom>) -> String {
    let at = from.and_then(|from| from.known_at.as_ref());
    let text = at
        .map(minutebook_present::dates::utc_instant)
        .unwrap_or_default();
    match text.split_once(['.', 'Z']) {
        Some((second, _)) => format!("{second}Z"),
        None => "1970-01-01T00:00:00Z".to_owned(),
    }
}
