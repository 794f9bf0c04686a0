//! The pages of the register as a whole: its signed seal, and who the reader is.

use std::sync::Arc;

use axum::Extension;
use axum::extract::State;
use axum::response::Response;
use http::HeaderValue;
use http::StatusCode;
use http::header::CONTENT_DISPOSITION;
use tonic::Status;

use super::Web;
use super::answers::{document, of_caller, plain};
use super::asked::PageAsked;
use super::format::PageFormat;
use super::refusal::refused;
use minutebook_grpc::sign_in::TokenExpiry;
use minutebook_grpc::wire::proto::audit_service_server::AuditService;
use minutebook_grpc::wire::proto::caller_service_server::CallerService;
use minutebook_grpc::wire::proto::{GetCheckpointRequest, GetCheckpointResponse, WhoAmIRequest};
use minutebook_page::session::SIGN_IN;
use minutebook_page::{me, seal};
use minutebook_present::json;

type Pages = State<Arc<Web>>;

pub async fn checkpoint(State(web): Pages, asked: PageAsked) -> Response {
    match web.checkpoint(&asked).await {
        Ok(answer) if asked.format == PageFormat::Html => {
            let tail = web.register.tail().get();
            let page = seal::page(&answer, tail, &asked.address);
            document(&web, &asked, None, &page, StatusCode::OK)
        }
        Ok(answer) => plain(StatusCode::OK, "application/json", json::render(&answer)),
        Err(status) => refused(&web, &asked, &status),
    }
}

/// The seal as a file to keep.
pub async fn checkpoint_file(State(web): Pages, asked: PageAsked) -> Response {
    match web.checkpoint(&asked).await {
        Ok(answer) => {
            let media = "text/plain; charset=utf-8";
            let mut response = plain(StatusCode::OK, media, answer.checkpoint);
            let name = HeaderValue::from_static("attachment; filename=\"checkpoint\"");
            response.headers_mut().insert(CONTENT_DISPOSITION, name);
            response
        }
        Err(status) => refused(&web, &asked, &status),
    }
}

impl Web {
    /// The last seal of the register.
    pub(super) async fn checkpoint(
        &self,
        asked: &PageAsked,
    ) -> Result<GetCheckpointResponse, Status> {
        let request = of_caller(GetCheckpointRequest::default(), &asked.caller);
        Ok(self.audit.get_checkpoint(request).await?.into_inner())
    }
}

pub async fn me(
    State(web): Pages,
    expires: Option<Extension<TokenExpiry>>,
    asked: PageAsked,
) -> Response {
    let mut request = of_caller(WhoAmIRequest::default(), &asked.caller);
    if let Some(Extension(expires)) = expires {
        request.extensions_mut().insert(expires);
    }
    let answer = web.caller.who_am_i(request).await;
    match answer {
        Ok(answer) if asked.format == PageFormat::Html => {
            let sign_in = web.sign_in.as_ref().map(|_| SIGN_IN);
            let page = me::page(answer.get_ref(), sign_in, &asked.address);
            document(&web, &asked, None, &page, StatusCode::OK)
        }
        Ok(answer) => {
            let answer = json::render(answer.get_ref());
            plain(StatusCode::OK, "application/json", answer)
        }
        Err(status) => refused(&web, &asked, &status),
    }
}
