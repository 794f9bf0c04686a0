//! `RegisterService`: answers questions from the views.
//!
//! A method only names its request and response. Lists are implemented in
//! `lists.rs` and beside it, single items in `items.rs`.

mod items;
mod lists;
mod mandate_list;
mod money_lists;

use std::sync::Arc;

use futures::future::BoxFuture;
use tonic::{Request, Response, Status};

use super::list_request::{ListRequest, answer_list};
use super::log_fingerprint::LogIdentity;
use super::query::{ItemRequest, Questions, answer_item};
use crate::domain::ids::Position;
use crate::notary::Notary;
use crate::wire::proto::register_service_server::RegisterService;
use crate::wire::proto::*;

/// `RegisterService` over what each caller may read.
#[derive(Clone)]
pub struct RegisterHandler {
    questions: Questions,
    log: LogIdentity,
}

impl RegisterHandler {
    pub fn new(questions: Questions, notary: Notary) -> Self {
        let log = LogIdentity::new(notary, Arc::clone(questions.projection.reader()));
        Self { questions, log }
    }

    /// Answers any request for a list.
    pub fn list<R: ListRequest>(&self, request: Request<R>) -> BoxFuture<'_, Answer<R::Response>> {
        answer_list(&self.questions, &self.log, request)
    }

    /// Answers any request for one item.
    pub fn item<R: ItemRequest>(&self, request: Request<R>) -> BoxFuture<'_, Answer<R::Response>> {
        answer_item(&self.questions, request)
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

pub type Answer<T> = Result<Response<T>, Status>;

#[tonic::async_trait]
impl RegisterService for RegisterHandler {
    async fn list_collaborations(
        &self,
        request: Request<ListCollaborationsRequest>,
    ) -> Answer<ListCollaborationsResponse> {
        self.list(request).await
    }

    async fn get_collaboration(
        &self,
        request: Request<GetCollaborationRequest>,
    ) -> Answer<GetCollaborationResponse> {
        self.item(request).await
    }

    async fn list_bodies(&self, request: Request<ListBodiesRequest>) -> Answer<ListBodiesResponse> {
        self.list(request).await
    }

    async fn get_body(&self, request: Request<GetBodyRequest>) -> Answer<GetBodyResponse> {
        self.item(request).await
    }

    async fn list_boards(&self, request: Request<ListBoardsRequest>) -> Answer<ListBoardsResponse> {
        self.list(request).await
    }

    async fn get_board(&self, request: Request<GetBoardRequest>) -> Answer<GetBoardResponse> {
        self.item(request).await
    }

    async fn get_meeting(&self, request: Request<GetMeetingRequest>) -> Answer<GetMeetingResponse> {
        self.item(request).await
    }

    async fn list_decisions(
        &self,
        request: Request<ListDecisionsRequest>,
    ) -> Answer<ListDecisionsResponse> {
        self.list(request).await
    }

    async fn get_contributions(
        &self,
        request: Request<GetContributionsRequest>,
    ) -> Answer<GetContributionsResponse> {
        self.item(request).await
    }

    async fn get_budget(&self, request: Request<GetBudgetRequest>) -> Answer<GetBudgetResponse> {
        self.item(request).await
    }

    async fn list_deadlines(
        &self,
        request: Request<ListDeadlinesRequest>,
    ) -> Answer<ListDeadlinesResponse> {
        self.list(request).await
    }

    async fn get_attention(
        &self,
        request: Request<GetAttentionRequest>,
    ) -> Answer<GetAttentionResponse> {
        self.list(request).await
    }

    async fn find_subjects(
        &self,
        request: Request<FindSubjectsRequest>,
    ) -> Answer<FindSubjectsResponse> {
        self.list(request).await
    }

    async fn list_recommendations(
        &self,
        request: Request<ListRecommendationsRequest>,
    ) -> Answer<ListRecommendationsResponse> {
        self.list(request).await
    }

    async fn list_settlements(
        &self,
        request: Request<ListSettlementsRequest>,
    ) -> Answer<ListSettlementsResponse> {
        self.list(request).await
    }

    async fn list_mandates(
        &self,
        request: Request<ListMandatesRequest>,
    ) -> Answer<ListMandatesResponse> {
        self.list(request).await
    }

    async fn list_sources(
        &self,
        request: Request<ListSourcesRequest>,
    ) -> Answer<ListSourcesResponse> {
        self.list(request).await
    }

    async fn list_benefits(
        &self,
        request: Request<ListBenefitsRequest>,
    ) -> Answer<ListBenefitsResponse> {
        self.list(request).await
    }

    async fn list_approvals(
        &self,
        request: Request<ListApprovalsRequest>,
    ) -> Answer<ListApprovalsResponse> {
        self.list(request).await
    }

    async fn get_proposal(
        &self,
        request: Request<GetProposalRequest>,
    ) -> Answer<GetProposalResponse> {
        self.item(request).await
    }

    async fn list_virements(
        &self,
        request: Request<ListVirementsRequest>,
    ) -> Answer<ListVirementsResponse> {
        self.list(request).await
    }

    async fn list_breaches(
        &self,
        request: Request<ListBreachesRequest>,
    ) -> Answer<ListBreachesResponse> {
        self.list(request).await
    }

    async fn list_notices(
        &self,
        request: Request<ListNoticesRequest>,
    ) -> Answer<ListNoticesResponse> {
        self.list(request).await
    }

    async fn list_checks(&self, request: Request<ListChecksRequest>) -> Answer<ListChecksResponse> {
        self.list(request).await
    }

    async fn list_differences(
        &self,
        request: Request<ListDifferencesRequest>,
    ) -> Answer<ListDifferencesResponse> {
        answer_list(&self.questions, &self.log, request).await
    }
}
