//! `RegisterService`: answers questions from the views.
//!
//! A method only names its request and response. Lists are implemented in
//! `lists.rs` and beside it, single items in `items.rs`.

mod items;
mod lists;
mod mandate_list;
mod money_lists;

use std::sync::Arc;

use tonic::{Request, Response, Status};

use super::list_request::answer_list;
use super::log_fingerprint::LogIdentity;
use super::query::{Questions, answer_item};
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
}

type Answer<T> = Result<Response<T>, Status>;

#[tonic::async_trait]
impl RegisterService for RegisterHandler {
    async fn list_collaborations(
        &self,
        request: Request<ListCollaborationsRequest>,
    ) -> Answer<ListCollaborationsResponse> {
        answer_list(&self.questions, &self.log, request).await
    }

    async fn get_collaboration(
        &self,
        request: Request<GetCollaborationRequest>,
    ) -> Answer<GetCollaborationResponse> {
        answer_item(&self.questions, request).await
    }

    async fn list_bodies(&self, request: Request<ListBodiesRequest>) -> Answer<ListBodiesResponse> {
        answer_list(&self.questions, &self.log, request).await
    }

    async fn get_body(&self, request: Request<GetBodyRequest>) -> Answer<GetBodyResponse> {
        answer_item(&self.questions, request).await
    }

    async fn list_boards(&self, request: Request<ListBoardsRequest>) -> Answer<ListBoardsResponse> {
        answer_list(&self.questions, &self.log, request).await
    }

    async fn get_board(&self, request: Request<GetBoardRequest>) -> Answer<GetBoardResponse> {
        answer_item(&self.questions, request).await
    }

    async fn get_meeting(&self, request: Request<GetMeetingRequest>) -> Answer<GetMeetingResponse> {
        answer_item(&self.questions, request).await
    }

    async fn list_decisions(
        &self,
        request: Request<ListDecisionsRequest>,
    ) -> Answer<ListDecisionsResponse> {
        answer_list(&self.questions, &self.log, request).await
    }

    async fn get_contributions(
        &self,
        request: Request<GetContributionsRequest>,
    ) -> Answer<GetContributionsResponse> {
        answer_item(&self.questions, request).await
    }

    async fn get_budget(&self, request: Request<GetBudgetRequest>) -> Answer<GetBudgetResponse> {
        answer_item(&self.questions, request).await
    }

    async fn list_deadlines(
        &self,
        request: Request<ListDeadlinesRequest>,
    ) -> Answer<ListDeadlinesResponse> {
        answer_list(&self.questions, &self.log, request).await
    }

    async fn get_attention(
        &self,
        request: Request<GetAttentionRequest>,
    ) -> Answer<GetAttentionResponse> {
        answer_list(&self.questions, &self.log, request).await
    }

    async fn find_subjects(
        &self,
        request: Request<FindSubjectsRequest>,
    ) -> Answer<FindSubjectsResponse> {
        answer_list(&self.questions, &self.log, request).await
    }

    async fn list_recommendations(
        &self,
        request: Request<ListRecommendationsRequest>,
    ) -> Answer<ListRecommendationsResponse> {
        answer_list(&self.questions, &self.log, request).await
    }

    async fn list_settlements(
        &self,
        request: Request<ListSettlementsRequest>,
    ) -> Answer<ListSettlementsResponse> {
        answer_list(&self.questions, &self.log, request).await
    }

    async fn list_mandates(
        &self,
        request: Request<ListMandatesRequest>,
    ) -> Answer<ListMandatesResponse> {
        answer_list(&self.questions, &self.log, request).await
    }

    async fn list_sources(
        &self,
        request: Request<ListSourcesRequest>,
    ) -> Answer<ListSourcesResponse> {
        answer_list(&self.questions, &self.log, request).await
    }

    async fn list_benefits(
        &self,
        request: Request<ListBenefitsRequest>,
    ) -> Answer<ListBenefitsResponse> {
        answer_list(&self.questions, &self.log, request).await
    }

    async fn list_approvals(
        &self,
        request: Request<ListApprovalsRequest>,
    ) -> Answer<ListApprovalsResponse> {
        answer_list(&self.questions, &self.log, request).await
    }

    async fn get_proposal(
        &self,
        request: Request<GetProposalRequest>,
    ) -> Answer<GetProposalResponse> {
        answer_item(&self.questions, request).await
    }

    async fn list_virements(
        &self,
        request: Request<ListVirementsRequest>,
    ) -> Answer<ListVirementsResponse> {
        answer_list(&self.questions, &self.log, request).await
    }

    async fn list_breaches(
        &self,
        request: Request<ListBreachesRequest>,
    ) -> Answer<ListBreachesResponse> {
        answer_list(&self.questions, &self.log, request).await
    }

    async fn list_notices(
        &self,
        request: Request<ListNoticesRequest>,
    ) -> Answer<ListNoticesResponse> {
        answer_list(&self.questions, &self.log, request).await
    }

    async fn list_checks(&self, request: Request<ListChecksRequest>) -> Answer<ListChecksResponse> {
        answer_list(&self.questions, &self.log, request).await
    }

    async fn list_differences(
        &self,
        request: Request<ListDifferencesRequest>,
    ) -> Answer<ListDifferencesResponse> {
        answer_list(&self.questions, &self.log, request).await
    }
}
