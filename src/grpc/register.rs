//! `RegisterService`: answers questions from the views.
//!
//! A method only names its request and response. Lists are implemented in
//! `lists.rs` and beside it, single items in `items.rs`.

pub mod beside;
mod items;
mod lists;
mod mandate_list;
mod money_lists;

use std::sync::{Arc, OnceLock};

use futures::future::BoxFuture;
use jiff::Timestamp;
use tonic::{Request, Response, Status};

use super::list_request::{ListRequest, answer_list};
use super::log_fingerprint::LogIdentity;
use super::query::{ItemRequest, Questions, answer_item};
use crate::wire::proto::register_service_server::RegisterService;
use crate::wire::proto::*;
use minutebook_domain::ids::Position;
use minutebook_kernel::notary::Notary;

/// `RegisterService` over what each caller may read.
#[derive(Clone)]
pub struct RegisterHandler {
    questions: Questions,
    log: LogIdentity,
    /// When the first entry was recorded.
    first: Arc<OnceLock<Timestamp>>,
}

impl RegisterHandler {
    pub fn new(questions: Questions, notary: Notary) -> Self {
        let log = LogIdentity::new(notary, Arc::clone(questions.projection.reader()));
        Self {
            questions,
            log,
            first: Arc::default(),
        }
    }

    /// Answers any request for a list.
    pub fn list<R: ListRequest>(
        &self,
        request: Request<R>,
    ) -> BoxFuture<'_, Answered<R::Response>> {
        answer_list(&self.questions, &self.log, request)
    }

    /// Answers any request for one item.
    pub fn item<R: ItemRequest>(
        &self,
        request: Request<R>,
    ) -> BoxFuture<'_, Answered<R::Response>> {
        answer_item(&self.questions, request)
    }

    /// Has a worker do what is made of answers, by turns with the questions.
    pub async fn compute<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Status> {
        self.questions.workers.run(work).await
    }

    /// The day in London.
    pub fn today(&self) -> jiff::civil::Date {
        self.questions.projection.today()
    }

    /// The last entry that readers see.
    pub fn tail(&self) -> Position {
        *self.questions.projection.tail().borrow()
    }
}

pub type Answered<T> = Result<Response<T>, Status>;

#[tonic::async_trait]
impl RegisterService for RegisterHandler {
    async fn list_collaborations(
        &self,
        request: Request<ListCollaborationsRequest>,
    ) -> Answered<ListCollaborationsResponse> {
        self.list(request).await
    }

    async fn get_collaboration(
        &self,
        request: Request<GetCollaborationRequest>,
    ) -> Answered<GetCollaborationResponse> {
        self.item(request).await
    }

    async fn list_bodies(
        &self,
        request: Request<ListBodiesRequest>,
    ) -> Answered<ListBodiesResponse> {
        self.list(request).await
    }

    async fn get_body(&self, request: Request<GetBodyRequest>) -> Answered<GetBodyResponse> {
        self.item(request).await
    }

    async fn list_boards(
        &self,
        request: Request<ListBoardsRequest>,
    ) -> Answered<ListBoardsResponse> {
        self.list(request).await
    }

    async fn get_board(&self, request: Request<GetBoardRequest>) -> Answered<GetBoardResponse> {
        self.item(request).await
    }

    async fn get_meeting(
        &self,
        request: Request<GetMeetingRequest>,
    ) -> Answered<GetMeetingResponse> {
        self.item(request).await
    }

    async fn list_decisions(
        &self,
        request: Request<ListDecisionsRequest>,
    ) -> Answered<ListDecisionsResponse> {
        self.list(request).await
    }

    async fn get_contributions(
        &self,
        request: Request<GetContributionsRequest>,
    ) -> Answered<GetContributionsResponse> {
        self.item(request).await
    }

    async fn get_budget(&self, request: Request<GetBudgetRequest>) -> Answered<GetBudgetResponse> {
        self.item(request).await
    }

    async fn list_deadlines(
        &self,
        request: Request<ListDeadlinesRequest>,
    ) -> Answered<ListDeadlinesResponse> {
        self.list(request).await
    }

    async fn get_attention(
        &self,
        request: Request<GetAttentionRequest>,
    ) -> Answered<GetAttentionResponse> {
        self.list(request).await
    }

    async fn find_subjects(
        &self,
        request: Request<FindSubjectsRequest>,
    ) -> Answered<FindSubjectsResponse> {
        self.list(request).await
    }

    async fn list_recommendations(
        &self,
        request: Request<ListRecommendationsRequest>,
    ) -> Answered<ListRecommendationsResponse> {
        self.list(request).await
    }

    async fn list_settlements(
        &self,
        request: Request<ListSettlementsRequest>,
    ) -> Answered<ListSettlementsResponse> {
        self.list(request).await
    }

    async fn list_mandates(
        &self,
        request: Request<ListMandatesRequest>,
    ) -> Answered<ListMandatesResponse> {
        self.list(request).await
    }

    async fn list_sources(
        &self,
        request: Request<ListSourcesRequest>,
    ) -> Answered<ListSourcesResponse> {
        self.list(request).await
    }

    async fn list_benefits(
        &self,
        request: Request<ListBenefitsRequest>,
    ) -> Answered<ListBenefitsResponse> {
        self.list(request).await
    }

    async fn list_approvals(
        &self,
        request: Request<ListApprovalsRequest>,
    ) -> Answered<ListApprovalsResponse> {
        self.list(request).await
    }

    async fn get_proposal(
        &self,
        request: Request<GetProposalRequest>,
    ) -> Answered<GetProposalResponse> {
        self.item(request).await
    }

    async fn list_virements(
        &self,
        request: Request<ListVirementsRequest>,
    ) -> Answered<ListVirementsResponse> {
        self.list(request).await
    }

    async fn list_breaches(
        &self,
        request: Request<ListBreachesRequest>,
    ) -> Answered<ListBreachesResponse> {
        self.list(request).await
    }

    async fn list_notices(
        &self,
        request: Request<ListNoticesRequest>,
    ) -> Answered<ListNoticesResponse> {
        self.list(request).await
    }

    async fn list_checks(
        &self,
        request: Request<ListChecksRequest>,
    ) -> Answered<ListChecksResponse> {
        self.list(request).await
    }

    async fn list_differences(
        &self,
        request: Request<ListDifferencesRequest>,
    ) -> Answered<ListDifferencesResponse> {
        answer_list(&self.questions, &self.log, request).await
    }
}
