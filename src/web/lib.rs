//! The pages: addresses, and how each is answered by the same services that programs call.
//!
//! A page asks the handlers of the services in this process, with the caller that the
//! sign-in found, so it shows what that caller may read and nothing else, and a form
//! records what that caller may record. What is written
//! is in [`minutebook_page`].

#![cfg_attr(
    test,
    allow(
        clippy::cast_possible_truncation,
        clippy::cast_possible_wrap,
        reason = "tests choose numbers that fit"
    )
)]

mod acts;
mod answers;
mod asked;
mod assets;
mod door;
mod entries;
mod feeds;
mod form_names;
mod format;
mod forms;
mod import;
mod items;
mod lists;
mod money;
mod news;
mod pack;
mod posted;
mod questions;
mod reader;
mod recording;
mod refusal;
mod session_pages;
mod sessions;
mod sign_in;
mod site;
mod visitor;

use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};
use tokio::sync::watch;

pub use self::door::PageDoor;
pub use self::posted::FormToken;
pub use self::sign_in::PageSignIn;
pub use self::site::PageSite;

use minutebook_grpc::audit::AuditHandler;
use minutebook_grpc::browsing::NEWS;
use minutebook_grpc::caller::CallerHandler;
use minutebook_grpc::record::RecordHandler;
use minutebook_grpc::register::RegisterHandler;

/// The handlers that answer the pages.
#[derive(Clone)]
pub struct Web {
    pub register: RegisterHandler,
    pub audit: AuditHandler,
    pub record: RecordHandler,
    pub caller: CallerHandler,
    /// `None` where nobody signs in by a browser.
    pub sign_in: Option<Arc<PageSignIn>>,
    /// Turns true once the server stops.
    pub stopping: watch::Receiver<bool>,
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
            get(money::contributions_of_year),
        )
        .route(
            "/collaborations/{id}/contributions",
            get(money::contributions_of_all_years),
        )
        .route("/{kind}/{id}/budget", get(money::whole_budget))
        .route("/{kind}/{id}/budget/{year}", get(money::budget_of_year))
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
        .route("/sign-in", get(session_pages::sign_in))
        .route(sign_in::CALLBACK, get(session_pages::callback))
        .route("/sign-out", post(session_pages::sign_out))
        .route("/audit", get(reader::checkpoint))
        .route("/audit/checkpoint", get(reader::checkpoint_file))
        .route("/me", get(reader::me))
        .route(NEWS, get(news::news))
        .route("/record", get(forms::index))
        .route("/record/{event}", get(forms::blank).post(forms::sent))
        .route("/record/done/{position}", get(forms::done))
        .route(
            "/proposals/{id}/vote",
            get(acts::vote).post(acts::vote_sent),
        )
        .route(
            "/proposals/{id}/decide",
            get(acts::decide).post(acts::decide_sent),
        )
        .route(
            "/{kind}/{id}/instruments/{instrument}/sign",
            get(acts::sign).post(acts::sign_sent),
        )
        .route(
            "/import",
            get(import::blank)
                .post(import::sent)
                .layer(DefaultBodyLimit::max(import::BYTES_MAX)),
        )
        .fallback(refusal::no_such_page)
        .with_state(web)
}
