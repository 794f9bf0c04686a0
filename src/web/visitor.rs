//! Finds out who looks at a page, for the line at its top.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;

use super::Web;
use super::answers::of_caller;
use super::sign_in::InSession;
use minutebook_domain::caller::Caller;
use minutebook_grpc::browsing::Browsing;
use minutebook_grpc::wire::proto::WhoAmIRequest;
use minutebook_grpc::wire::proto::caller_service_server::CallerService as _;
use minutebook_page::session::Visitor;

/// Puts a [`Visitor`] into the extensions of each request.
pub async fn note(State(web): State<Arc<Web>>, mut request: Request, next: Next) -> Response {
    let caller = request.extensions().get::<Caller>().cloned();
    let is_signing_in = request.extensions().get() == Some(&Browsing::SignsIn);
    let visitor = match caller {
        Some(caller @ Caller::Known(_)) => {
            let session = request.extensions().get::<InSession>();
            let secret = session.map(|InSession(session)| session.form_secret.as_str().to_owned());
            Visitor::SignedIn {
                offices: offices(&web, &caller).await,
                form_secret: secret,
            }
        }
        _ if web.sign_in.is_some() && !is_signing_in => Visitor::SignedOut,
        _ => Visitor::Unasked,
    };
    request.extensions_mut().insert(visitor);
    next.run(request).await
}

/// The offices of the reader's mandates, each once.
async fn offices(web: &Web, caller: &Caller) -> Vec<String> {
    let asked = web
        .caller
        .who_am_i(of_caller(WhoAmIRequest::default(), caller));
    let Ok(answer) = asked.await else {
        return Vec::new();
    };
    let mandates = answer.into_inner().mandates.into_iter();
    let in_force = mandates.filter(|mandate| mandate.in_force);
    let mut offices: Vec<String> = in_force.map(|mandate| mandate.recorded_as).collect();
    offices.sort();
    offices.dedup();
    offices
}
