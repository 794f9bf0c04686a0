//! The pages of lists: what each asks, and which parameters narrow it.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;

use super::Web;
use super::answers::redirect;
use super::asked::PageAsked;
use minutebook_grpc::wire::proto::{
    GetAttentionRequest, ListApprovalsRequest, ListBenefitsRequest, ListBoardsRequest,
    ListBodiesRequest, ListBreachesRequest, ListChecksRequest, ListCollaborationsRequest,
    ListDeadlinesRequest, ListDecisionsRequest, ListDifferencesRequest, ListMandatesRequest,
    ListNoticesRequest, ListRecommendationsRequest, ListSettlementsRequest, ListSourcesRequest,
    ListVirementsRequest,
};
use minutebook_page::frame::PageSection;
use minutebook_page::{attention, view, virements};

type Pages = State<Arc<Web>>;

pub async fn start(asked: PageAsked) -> Response {
    redirect(&asked.address.links().to("/attention"))
}

/// A list under its question. The fields that are not named are those of every list.
macro_rules! lists {
    ($(
        $name:ident: $Request:ident { $($field:ident: |$asked:ident| $value:expr),* $(,)? }
            => $section:ident, $title:expr;
    )*) => {$(
        pub async fn $name(State(web): Pages, asked: PageAsked) -> Response {
            let request = $Request {
                $($field: { let $asked = &asked; $value },)*
                ..$Request::default()
            };
            let page = |answer: &_, address: &_| view::page(PageSection::$section, $title, answer, address);
            web.list(asked, request, page).await
        }
    )*};
}

lists! {
    collaborations: ListCollaborationsRequest {
        party_id: |asked| asked.text("party").into_owned(),
        include_ended: |asked| asked.has("all"),
    } => Collaborations, "Which collaborations are in force?";
    bodies: ListBodiesRequest {
        include_succeeded: |asked| asked.has("all"),
    } => Bodies, "Which bodies are there?";
    boards: ListBoardsRequest {
        collaboration_id: |asked| asked.text("collaboration").into_owned(),
    } => Boards, "Which boards decide?";
    proposals: ListApprovalsRequest {
        subject: |asked| asked.text("subject").into_owned(),
        outstanding_only: |asked| asked.has("outstanding"),
    } => Proposals, "What was asked, and who has agreed?";
    decisions: ListDecisionsRequest {
        subject: |asked| asked.text("subject").into_owned(),
        pending_only: |asked| asked.has("pending"),
    } => Decisions, "What was decided?";
    breaches: ListBreachesRequest {
        subject: |asked| asked.text("subject").into_owned(),
    } => Breaches, "What was done without prior approval?";
    differences: ListDifferencesRequest {
        subject: |asked| asked.text("subject").into_owned(),
    } => Differences, "Where do papers disagree?";
    deadlines: ListDeadlinesRequest {
        subject: |asked| asked.text("subject").into_owned(),
        include_past: |asked| asked.has("all"),
    } => Other, "What falls due?";
    notices: ListNoticesRequest {
        subject: |asked| asked.text("subject").into_owned(),
    } => Other, "Who has given notice?";
    recommendations: ListRecommendationsRequest {
        subject: |asked| asked.text("subject").into_owned(),
        include_closed: |asked| asked.has("all"),
    } => Other, "Which recommendations and actions are open?";
    benefits: ListBenefitsRequest {
        subject: |asked| asked.text("subject").into_owned(),
    } => Other, "What was hoped for, and what was gained?";
    settlements: ListSettlementsRequest {
        subject: |asked| asked.text("subject").into_owned(),
    } => Other, "Who pays whom, and what is left to pay?";
    checks: ListChecksRequest {
        subject: |asked| asked.text("subject").into_owned(),
    } => Other, "What would a finance officer look into?";
    sources: ListSourcesRequest {
        subject: |asked| asked.text("subject").into_owned(),
    } => Other, "Where is it written?";
    mandates: ListMandatesRequest {
        include_past: |asked| asked.has("all"),
    } => Other, "Who may record and read?";
}

pub async fn attention(State(web): Pages, asked: PageAsked) -> Response {
    let request = GetAttentionRequest {
        board_id: of_kind(&asked, "boards"),
        body_id: of_kind(&asked, "bodies"),
        ..GetAttentionRequest::default()
    };
    let reader = web.reader_now(&asked).await;
    let page = move |answer: &_, address: &_| attention::page(answer, &reader, address);
    web.list(asked, request, page).await
}

pub async fn virements(State(web): Pages, asked: PageAsked) -> Response {
    let request = ListVirementsRequest {
        subject: asked.text("subject").into_owned(),
        ..ListVirementsRequest::default()
    };
    web.list(asked, request, virements::page).await
}

/// The id of the subject of a page, if it is of this kind.
fn of_kind(asked: &PageAsked, kind: &str) -> String {
    let subject = asked.text("for");
    let id = subject.split_once('/').filter(|(noun, _)| *noun == kind);
    id.map(|(_, id)| id.to_owned()).unwrap_or_default()
}
