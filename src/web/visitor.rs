//! Who looks at a page: asked once for each, for the line at its top and for what it offers.

use futures::future::BoxFuture;

use super::Web;
use super::answers::of_caller;
use minutebook_domain::caller::Caller;
use minutebook_grpc::wire::proto::caller_service_server::CallerService as _;
use minutebook_grpc::wire::proto::{WhoAmIRequest, WhoAmIResponse};
use minutebook_page::session::Visitor;

impl Web {
    /// The answer to "who am I"; `None` where the register cannot give one.
    pub(super) fn who<'a>(&'a self, caller: &Caller) -> BoxFuture<'a, Option<WhoAmIResponse>> {
        let request = of_caller(WhoAmIRequest::default(), caller);
        Box::pin(async move {
            let answer = self.caller.who_am_i(request).await;
            Some(answer.ok()?.into_inner())
        })
    }

    /// The visitor for the top of a page. `form_secret` is that of a browser's session.
    pub(super) fn visitor(
        &self,
        caller: &Caller,
        who: Option<&WhoAmIResponse>,
        form_secret: Option<String>,
    ) -> Visitor {
        match caller {
            Caller::Known(_) => Visitor::SignedIn {
                offices: who.map(offices).unwrap_or_default(),
                form_secret,
            },
            _ if self.sign_in.is_some() => Visitor::SignedOut,
            _ => Visitor::Unasked,
        }
    }
}

/// The offices of the reader's mandates, each once.
fn offices(who: &WhoAmIResponse) -> Vec<String> {
    let in_force = who.mandates.iter().filter(|mandate| mandate.in_force);
    let mut offices: Vec<String> = in_force
        .map(|mandate| mandate.recorded_as.clone())
        .collect();
    offices.sort();
    offices.dedup();
    offices
}
