//! The pack of a meeting, as a page of its own and as files.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::Response;
use http::header::{CONTENT_DISPOSITION, CONTENT_SECURITY_POLICY};
use http::{HeaderValue, StatusCode};
use tonic::Status;

use super::Web;
use super::answers::{attachment, of_caller, plain};
use super::asked::PageAsked;
use super::format::PageFormat;
use super::refusal::refused;
use minutebook_grpc::wire::proto::audit_service_server::AuditService;
use minutebook_grpc::wire::proto::{
    AsOf, GetBoardRequest, GetBoardResponse, GetCheckpointRequest, GetInclusionProofRequest,
};
use minutebook_pack::compose::named_entries;
use minutebook_pack::files::{self, PackFormat};
use minutebook_pack::pack::Pack;
use minutebook_pack::plan::{PackPlan, meeting_day};
use minutebook_pack::seal::PackSeal;
use minutebook_page::dates::read_date;
use minutebook_paper::html;
use minutebook_present::csv;
use minutebook_present::report::Report;

type Pages = State<Arc<Web>>;
type OfMeeting = Path<(String, String)>;

/// The pack as one page of HTML, as its data, or as CSV.
pub async fn in_browser(State(web): Pages, of: OfMeeting, asked: PageAsked) -> Response {
    let Path((board_id, meeting_id)) = of;
    match asked.format {
        PageFormat::Html => {
            let mut response = file(&web, board_id, meeting_id, asked, PackFormat::Html).await;
            // Its style is inside. A refusal is a page as any other.
            if response.status() == StatusCode::OK
                && let Ok(policy) = HeaderValue::from_str(&html::content_policy())
            {
                let headers = response.headers_mut();
                headers.insert(CONTENT_SECURITY_POLICY, policy);
                headers.remove(CONTENT_DISPOSITION);
            }
            response
        }
        PageFormat::Json => file(&web, board_id, meeting_id, asked, PackFormat::Json).await,
        PageFormat::Csv => match pack(&web, board_id, meeting_id, &asked).await {
            Ok(pack) => in_csv(&pack, &asked),
            Err(status) => refused(&web, &asked, &status),
        },
    }
}

pub async fn printed(State(web): Pages, of: OfMeeting, asked: PageAsked) -> Response {
    let Path((board_id, meeting_id)) = of;
    file(&web, board_id, meeting_id, asked, PackFormat::Pdf).await
}

pub async fn workbook(State(web): Pages, of: OfMeeting, asked: PageAsked) -> Response {
    let Path((board_id, meeting_id)) = of;
    file(&web, board_id, meeting_id, asked, PackFormat::Xlsx).await
}

async fn file(
    web: &Web,
    board_id: String,
    meeting_id: String,
    asked: PageAsked,
    format: PackFormat,
) -> Response {
    let written = match pack(web, board_id.clone(), meeting_id.clone(), &asked).await {
        Ok(pack) => {
            web.register
                .compute(move || files::write(&pack, format))
                .await
        }
        Err(status) => Err(status),
    };
    let bytes = written.and_then(|bytes| {
        bytes.map_err(|error| Status::out_of_range(format!("The pack cannot be written: {error}")))
    });
    match bytes {
        Ok(bytes) => {
            let mut response = plain(StatusCode::OK, media(format), bytes);
            let name = format!("pack-{board_id}-{meeting_id}");
            let name = attachment(&name, format.suffix());
            response.headers_mut().insert(CONTENT_DISPOSITION, name);
            response
        }
        Err(status) => refused(web, &asked, &status),
    }
}

fn media(format: PackFormat) -> &'static str {
    match format {
        PackFormat::Html => "text/html; charset=utf-8",
        PackFormat::Pdf => "application/pdf",
        PackFormat::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        PackFormat::Json => "application/json",
    }
}

/// All answers in one file: a line for each value.
fn in_csv(pack: &Pack, asked: &PageAsked) -> Response {
    let answers = pack.answers.all().iter();
    let answers = answers.filter_map(|one| one.answer.as_ref());
    let report = Report::All(answers.map(|answer| answer.report()).collect());
    let mut bytes = Vec::new();
    // Writing into memory cannot fail.
    let _ = csv::write(&report, &mut bytes);
    let mut response = plain(StatusCode::OK, "text/csv; charset=utf-8", bytes);
    let name = attachment(&asked.address.path, "csv");
    response.headers_mut().insert(CONTENT_DISPOSITION, name);
    response
}

/// Asks every question with the caller of the page, so the pack has what that caller may
/// read, and has each entry that it names proved.
async fn pack(
    web: &Web,
    board_id: String,
    meeting_id: String,
    asked: &PageAsked,
) -> Result<Pack, Status> {
    if !asked.faults.is_empty() {
        return Err(Status::invalid_argument(asked.faults.join(" ")));
    }
    let plan = plan(web, board_id, meeting_id, asked).await?;
    let answers = web.answer_all(&plan, asked).await?;
    let request = GetCheckpointRequest {
        at_least_position: plan.position,
    };
    let request = of_caller(request, &asked.caller);
    let checkpoint = web.audit.get_checkpoint(request).await?.into_inner();
    let tree_size = checkpoint.tree_size;
    let mut pack = Pack {
        plan,
        answers,
        seal: PackSeal::of(checkpoint),
        register: None,
    };
    for position in named_entries(&pack) {
        let request = GetInclusionProofRequest {
            position,
            tree_size,
        };
        let request = of_caller(request, &asked.caller);
        let proof = web.audit.get_inclusion_proof(request).await?;
        pack.seal.quotes.push(proof.into_inner().into());
    }
    Ok(pack)
}

/// The meeting and the moment: in force on the day of the meeting, unless the address says
/// another.
async fn plan(
    web: &Web,
    board_id: String,
    meeting_id: String,
    asked: &PageAsked,
) -> Result<PackPlan, Status> {
    let as_of = asked.address.moment.as_of();
    let board = board(web, &board_id, as_of, asked).await?;
    let board = board.board.unwrap_or_default();
    let mut meetings = board.meetings.iter();
    let meeting = meetings
        .find(|one| one.meeting_id == meeting_id)
        .ok_or_else(|| {
            Status::not_found(format!(
                "This board has no meeting \"{meeting_id}\" on that day."
            ))
        })?;
    let in_force_on = as_of.as_at.or_else(|| meeting_day(meeting));
    let as_of = AsOf {
        as_at: in_force_on,
        ..as_of
    };
    let on_that_day = self::board(web, &board_id, as_of, asked).await?;
    let from = on_that_day.answered_from.unwrap_or_default();
    let since = match asked.text("since").as_ref() {
        "" => None,
        text => {
            let day = read_date(text).map_err(Status::invalid_argument)?;
            Some(minutebook_grpc::wire::reply::date(day))
        }
    };
    Ok(PackPlan {
        board_id,
        meeting_id,
        since,
        in_force_on: from.as_at.unwrap_or_default(),
        position: from.position,
    })
}

async fn board(
    web: &Web,
    board_id: &str,
    as_of: AsOf,
    asked: &PageAsked,
) -> Result<GetBoardResponse, Status> {
    let request = GetBoardRequest {
        as_of: Some(as_of),
        board_id: board_id.to_owned(),
    };
    let answer = web.register.item(of_caller(request, &asked.caller)).await?;
    Ok(answer.into_inner())
}
