//! The pages of lists: what each asks, and which parameters narrow it.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;

use super::Web;
use super::answers::{LINES, NEXT, of_caller, redirect};
use super::asked::PageAsked;
use super::format::PageFormat;
use minutebook_grpc::wire::proto::{
    CollaborationView, GetAttentionRequest, ListApprovalsRequest, ListBenefitsRequest,
    ListBoardsRequest, ListBodiesRequest, ListBreachesRequest, ListChecksRequest,
    ListCollaborationsRequest, ListDeadlinesRequest, ListDecisionsRequest, ListDifferencesRequest,
    ListMandatesRequest, ListNoticesRequest, ListRecommendationsRequest, ListSettlementsRequest,
    ListSourcesRequest, ListVirementsRequest,
};
use minutebook_page::attention_choice::AttentionChoices;
use minutebook_page::frame::PageSection;
use minutebook_page::{attention, collaborations, network, view, virements};

type Pages = State<Arc<Web>>;

/// The most boards, and the most bodies, to choose from by name.
const CHOICES: i32 = 300;

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

pub async fn collaborations(State(web): Pages, asked: PageAsked) -> Response {
    let request = ListCollaborationsRequest {
        party_id: asked.text("party").into_owned(),
        include_ended: asked.has("all"),
        ..ListCollaborationsRequest::default()
    };
    let largest = match asked.format {
        PageFormat::Html => web.largest(&asked, request.clone()).await,
        PageFormat::Csv | PageFormat::Json => Vec::new(),
    };
    let page = move |answer: &_, address: &_| collaborations::page(answer, &largest, address);
    web.list(asked, request, page).await
}

pub async fn attention(State(web): Pages, asked: PageAsked) -> Response {
    let request = GetAttentionRequest {
        board_id: of_kind(&asked, "boards"),
        body_id: of_kind(&asked, "bodies"),
        ..GetAttentionRequest::default()
    };
    let choices = match asked.format {
        PageFormat::Html => web.choices(&asked).await,
        PageFormat::Csv | PageFormat::Json => AttentionChoices::default(),
    };
    let reader = web.reader_now(&asked).await;
    let page = move |answer: &_, address: &_| attention::page(answer, &choices, &reader, address);
    web.list(asked, request, page).await
}

impl Web {
    /// The largest of the collaborations of a page, each with its parties.
    async fn largest(
        &self,
        asked: &PageAsked,
        request: ListCollaborationsRequest,
    ) -> Vec<CollaborationView> {
        let request = ListCollaborationsRequest {
            as_of: Some(asked.address.moment.as_of()),
            page_size: LINES,
            page_token: asked.text(NEXT).into_owned(),
            ..request
        };
        let listed = self.register.list(of_caller(request, &asked.caller)).await;
        let listed = listed.map(|listed| listed.into_inner().collaborations);
        let ids = network::largest(&listed.unwrap_or_default());
        self.in_full(asked, ids).await
    }

    /// The boards and bodies of the day of a page, by name.
    async fn choices(&self, asked: &PageAsked) -> AttentionChoices {
        let as_of = Some(asked.address.moment.as_of());
        let boards = ListBoardsRequest {
            as_of,
            page_size: CHOICES,
            ..ListBoardsRequest::default()
        };
        let bodies = ListBodiesRequest {
            as_of,
            page_size: CHOICES,
            ..ListBodiesRequest::default()
        };
        let boards = self.register.list(of_caller(boards, &asked.caller)).await;
        let bodies = self.register.list(of_caller(bodies, &asked.caller)).await;
        let boards = boards.map(tonic::Response::into_inner).unwrap_or_default();
        let bodies = bodies.map(tonic::Response::into_inner).unwrap_or_default();
        let tokens = [&boards.next_page_token, &bodies.next_page_token];
        AttentionChoices {
            has_more: tokens.iter().any(|token| !token.is_empty()),
            boards: boards
                .boards
                .into_iter()
                .filter_map(|one| one.board)
                .collect(),
            bodies: bodies
                .bodies
                .into_iter()
                .filter_map(|one| one.body)
                .collect(),
        }
    }
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
