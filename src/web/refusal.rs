//! Refusals, as pages and for programs.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use http::StatusCode;
use serde_json::json;
use tonic::{Code, Status};

use super::Web;
use super::answers::{document, plain};
use super::asked::PageAsked;
use super::format::PageFormat;
use minutebook_grpc::status;
use minutebook_page::cell::is_subject;
use minutebook_page::refusal;
use minutebook_page::spoken::capital;

/// The answer where there is no page.
pub async fn no_such_page(State(web): State<Arc<Web>>, asked: PageAsked) -> Response {
    let status = Status::not_found(format!("There is no page at {}.", asked.address.path));
    refused(&web, &asked, &status)
}

/// A refusal of the services, in the format that was asked for.
pub fn refused(web: &Web, asked: &PageAsked, status: &Status) -> Response {
    if asked.format != PageFormat::Html {
        return for_programs(status);
    }
    let code = http_status(status.code());
    let sentence = sentence(status);
    let named = |subject: String| {
        let name = asked.names.as_ref()?.of(&subject)?;
        Some((subject, name))
    };
    let subjects = refusal::subjects(&sentence).into_iter();
    let names: Vec<(String, String)> = subjects.filter_map(named).collect();
    let links = asked.address.links();
    let page = refusal::page(code.as_u16(), &sentence, &names, links);
    document(web, asked, None, &page, code)
}

/// The faults of an address.
pub fn unreadable(web: &Web, asked: &PageAsked) -> Response {
    let status = Status::invalid_argument(asked.faults.join(" "));
    refused(web, asked, &status)
}

/// The message as a sentence. One that begins with an id keeps it: a name takes its place.
fn sentence(status: &Status) -> String {
    let message = status.message();
    let first = message.split(' ').next().unwrap_or_default();
    let mut text = if is_subject(first) {
        message.to_owned()
    } else {
        capital(message)
    };
    if !text.ends_with(['.', '?', '!']) {
        text.push('.');
    }
    text
}

/// The status of HTTP that says the same.
pub fn http_status(code: Code) -> StatusCode {
    match code {
        Code::Ok => StatusCode::OK,
        Code::InvalidArgument | Code::OutOfRange => StatusCode::BAD_REQUEST,
        Code::NotFound => StatusCode::NOT_FOUND,
        Code::AlreadyExists | Code::Aborted | Code::FailedPrecondition => StatusCode::CONFLICT,
        Code::PermissionDenied => StatusCode::FORBIDDEN,
        Code::Unauthenticated => StatusCode::UNAUTHORIZED,
        Code::ResourceExhausted => StatusCode::TOO_MANY_REQUESTS,
        Code::Unimplemented => StatusCode::NOT_IMPLEMENTED,
        Code::Unavailable | Code::Cancelled => StatusCode::SERVICE_UNAVAILABLE,
        Code::DeadlineExceeded => StatusCode::GATEWAY_TIMEOUT,
        Code::Unknown | Code::Internal | Code::DataLoss => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

/// A refusal by a layer in front of the pages, which knows neither the day nor the reader.
/// `way_in` is the address that signs in.
pub fn without_frame(status: &Status, format: PageFormat, way_in: Option<&str>) -> Response {
    if format != PageFormat::Html {
        return for_programs(status);
    }
    let code = http_status(status.code());
    let text = refusal::bare(
        code.as_u16(),
        &sentence(status),
        way_in.filter(|_| code == StatusCode::UNAUTHORIZED),
    );
    plain(code, "text/html; charset=utf-8", text)
}

/// The code of gRPC, the reasons and the message.
fn for_programs(status: &Status) -> Response {
    let reasons = status::reasons(status).unwrap_or_default();
    let reasons: Vec<&str> = reasons.split_whitespace().collect();
    let refusal = json!({
        "code": format!("{:?}", status.code()),
        "reasons": reasons,
        "message": status.message(),
    });
    let code = http_status(status.code());
    plain(code, "application/json", refusal.to_string())
}
