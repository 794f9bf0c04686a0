//! The pages: addresses, and how each is answered by the same services that programs call.
//!
//! A page asks the handlers of `RegisterService` in this process, with the caller that the
//! sign-in found, so it shows what that caller may read and nothing else. What is written
//! is in [`minutebook_page`].

#![cfg_attr(
    test,
    allow(
        clippy::cast_possible_truncation,
        clippy::cast_possible_wrap,
        reason = "tests choose numbers that fit"
    )
)]

mod answers;
mod asked;
mod assets;
mod door;
mod entries;
mod feeds;
mod format;
mod items;
mod lists;
mod pack;
mod questions;
mod refusal;

use std::sync::Arc;

use axum::Router;
use axum::routing::get;

pub use self::door::PageDoor;

use minutebook_grpc::audit::AuditHandler;
use minutebook_grpc::register::RegisterHandler;

/// The handlers that answer the pages.
#[derive(Clone)]
pub struct Web {
    pub register: RegisterHandler,
    pub audit: AuditHandler,
}

/// The pages, by their paths without a suffix.
pub fn router(web: Web) -> Router {
    let web = Arc::new(web);
    Router::new()
        .route("/", get(lists::start))
        .route("/attention", get(lists::attention))
        .route("/collaborations", get(lists::collaborations))
        .route("/collaborations/{id}", get(items::one_collaboration))
        .route(
            "/collaborations/{id}/contributions/{year}",
            get(items::contributions_of_year),
        )
        .route("/{kind}/{id}/budget", get(items::whole_budget))
        .route("/{kind}/{id}/budget/{year}", get(items::budget_of_year))
        .route("/bodies", get(lists::bodies))
        .route("/bodies/{id}", get(items::one_body))
        .route("/boards", get(lists::boards))
        .route("/boards/{id}", get(items::one_board))
        .route("/boards/{id}/meetings/{meeting}", get(items::one_meeting))
        .route(
            "/boards/{id}/meetings/{meeting}/pack",
            get(pack::in_browser),
        )
        .route(
            "/boards/{id}/meetings/{meeting}/pack.pdf",
            get(pack::printed),
        )
        .route(
            "/boards/{id}/meetings/{meeting}/pack.xlsx",
            get(pack::workbook),
        )
        .route("/boards/{id}/calendar.ics", get(feeds::of_board))
        .route("/bodies/{id}/calendar.ics", get(feeds::of_body))
        .route("/decisions.atom", get(feeds::decisions))
        .route("/proposals", get(lists::proposals))
        .route("/proposals/{id}", get(items::one_proposal))
        .route("/decisions", get(lists::decisions))
        .route("/virements", get(lists::virements))
        .route("/breaches", get(lists::breaches))
        .route("/differences", get(lists::differences))
        .route("/deadlines", get(lists::deadlines))
        .route("/notices", get(lists::notices))
        .route("/recommendations", get(lists::recommendations))
        .route("/benefits", get(lists::benefits))
        .route("/settlements", get(lists::settlements))
        .route("/checks", get(lists::checks))
        .route("/sources", get(lists::sources))
        .route("/mandates", get(lists::mandates))
        .route("/search", get(entries::search))
        .route("/history", get(entries::history))
        .route("/entries/{position}", get(entries::one))
        .route("/entries/{position}/proof", get(entries::proof))
        .route("/changes", get(entries::changes))
        .fallback(refusal::no_such_page)
        .with_state(web)
}
