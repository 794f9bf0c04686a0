//! `RegisterService`: asks the views, and says what they answered from.

pub(super) mod ask;

use tonic::{Request, Response, Status};

pub(super) use self::ask::run_blocking;
use self::ask::{FieldReader, answered_from, missing};
use crate::domain::ids::{BoardId, BodyId, BudgetId, CollaborationId, ProposalId, SubjectId};
use crate::grpc::status::Reason;
use crate::projection::Projection;
use crate::views;
use crate::wire::proto::register_service_server::RegisterService;
use crate::wire::proto::*;

/// The service.
#[derive(Clone)]
pub struct RegisterHandler {
    projection: Projection,
}

impl RegisterHandler {
    /// The service over a projection.
    pub const fn new(projection: Projection) -> Self {
        Self { projection }
    }
}

type Answer<T> = Result<Response<T>, Status>;

#[tonic::async_trait]
impl RegisterService for RegisterHandler {
    async fn list_collaborations(
        &self,
        request: Request<ListCollaborationsRequest>,
    ) -> Answer<ListCollaborationsResponse> {
        let request = request.into_inner();
        let mut fields = FieldReader::default();
        let party = fields.optional::<BodyId>("party_id", &request.party_id);
        let (page, vantage, party) = self.page(&request, fields, party).await?;
        run_blocking(move || {
            let lines =
                views::collaborations::list(&vantage, party.as_ref(), request.include_ended);
            let (collaborations, next_page_token) = page.of(&vantage, lines);
            Ok(ListCollaborationsResponse {
                answered_from: answered_from(&vantage),
                collaborations,
                next_page_token,
            })
        })
        .await
    }

    async fn get_collaboration(
        &self,
        request: Request<GetCollaborationRequest>,
    ) -> Answer<GetCollaborationResponse> {
        let request = request.into_inner();
        let mut fields = FieldReader::default();
        let id = fields.required::<CollaborationId>("collaboration_id", &request.collaboration_id);
        let (vantage, id) = self.one(request.as_of.as_ref(), fields, id).await?;
        run_blocking(move || {
            let view = views::collaboration::get(&vantage, &id);
            Ok(GetCollaborationResponse {
                answered_from: answered_from(&vantage),
                collaboration: Some(
                    view.ok_or_else(|| missing(&vantage, &SubjectId::Collaboration(id)))?,
                ),
            })
        })
        .await
    }

    async fn list_bodies(&self, request: Request<ListBodiesRequest>) -> Answer<ListBodiesResponse> {
        let request = request.into_inner();
        let (page, vantage, ()) = self
            .page(&request, FieldReader::default(), Some(()))
            .await?;
        run_blocking(move || {
            let lines = views::bodies::list(&vantage, request.include_succeeded);
            let (bodies, next_page_token) = page.of(&vantage, lines);
            Ok(ListBodiesResponse {
                answered_from: answered_from(&vantage),
                bodies,
                next_page_token,
            })
        })
        .await
    }

    async fn get_body(&self, request: Request<GetBodyRequest>) -> Answer<GetBodyResponse> {
        let request = request.into_inner();
        let mut fields = FieldReader::default();
        let id = fields.required::<BodyId>("body_id", &request.body_id);
        let (vantage, id) = self.one(request.as_of.as_ref(), fields, id).await?;
        run_blocking(move || {
            let view = views::body::get(&vantage, &id);
            Ok(GetBodyResponse {
                answered_from: answered_from(&vantage),
                body: Some(view.ok_or_else(|| missing(&vantage, &SubjectId::Body(id)))?),
            })
        })
        .await
    }

    async fn list_boards(&self, request: Request<ListBoardsRequest>) -> Answer<ListBoardsResponse> {
        let request = request.into_inner();
        let mut fields = FieldReader::default();
        let of = fields.optional::<CollaborationId>("collaboration_id", &request.collaboration_id);
        let (page, vantage, of) = self.page(&request, fields, of).await?;
        run_blocking(move || {
            let lines = views::boards::list(&vantage, of.as_ref());
            let (boards, next_page_token) = page.of(&vantage, lines);
            Ok(ListBoardsResponse {
                answered_from: answered_from(&vantage),
                boards,
                next_page_token,
            })
        })
        .await
    }

    async fn get_board(&self, request: Request<GetBoardRequest>) -> Answer<GetBoardResponse> {
        let request = request.into_inner();
        let mut fields = FieldReader::default();
        let id = fields.required::<BoardId>("board_id", &request.board_id);
        let (vantage, id) = self.one(request.as_of.as_ref(), fields, id).await?;
        run_blocking(move || {
            let view = views::board::get(&vantage, &id);
            Ok(GetBoardResponse {
                answered_from: answered_from(&vantage),
                board: Some(view.ok_or_else(|| missing(&vantage, &SubjectId::Board(id)))?),
            })
        })
        .await
    }

    async fn list_decisions(
        &self,
        request: Request<ListDecisionsRequest>,
    ) -> Answer<ListDecisionsResponse> {
        let request = request.into_inner();
        let mut fields = FieldReader::default();
        let of = fields.optional::<SubjectId>("subject", &request.subject);
        let (page, vantage, of) = self.page(&request, fields, of).await?;
        run_blocking(move || {
            ask::seen(&vantage, of.as_ref())?;
            let lines = views::decisions::list(&vantage, of.as_ref(), request.pending_only);
            let (decisions, next_page_token) = page.of(&vantage, lines);
            Ok(ListDecisionsResponse {
                answered_from: answered_from(&vantage),
                decisions,
                next_page_token,
            })
        })
        .await
    }

    async fn get_contributions(
        &self,
        request: Request<GetContributionsRequest>,
    ) -> Answer<GetContributionsResponse> {
        let request = request.into_inner();
        let mut fields = FieldReader::default();
        let id = fields.required::<CollaborationId>("collaboration_id", &request.collaboration_id);
        let year = fields.required("financial_year", &request.financial_year);
        let (vantage, (id, year)) = self
            .one(request.as_of.as_ref(), fields, id.zip(year))
            .await?;
        run_blocking(move || {
            let view = views::contributions::get(&vantage, &id, year);
            let of = SubjectId::Collaboration(id);
            Ok(GetContributionsResponse {
                answered_from: answered_from(&vantage),
                contributions: Some(view.ok_or_else(|| {
                    ask::missing_of(&vantage, &of, Reason::ContributionsNotFound, &format!(
                        "{of} has no contributions for {year} as at {}: check the year, or record \
                         budget_approved",
                        vantage.as_at()
                    ))
                })?),
            })
        })
        .await
    }

    async fn get_budget(&self, request: Request<GetBudgetRequest>) -> Answer<GetBudgetResponse> {
        let request = request.into_inner();
        let mut fields = FieldReader::default();
        let of = fields.required::<SubjectId>("subject", &request.subject);
        let id = fields.optional::<BudgetId>("budget_id", &request.budget_id);
        let (vantage, (of, id)) = self.one(request.as_of.as_ref(), fields, of.zip(id)).await?;
        run_blocking(move || {
            let view = views::budget::get(&vantage, &of, id.as_ref());
            Ok(GetBudgetResponse {
                answered_from: answered_from(&vantage),
                budget: Some(view.ok_or_else(|| {
                    ask::missing_of(
                        &vantage,
                        &of,
                        Reason::BudgetNotFound,
                        &format!(
                            "{of} has no {} as at {}: check the date, or record budget_approved",
                            match &id {
                                Some(id) => format!("budget {id}"),
                                None => "main budget".to_owned(),
                            },
                            vantage.as_at()
                        ),
                    )
                })?),
            })
        })
        .await
    }

    async fn list_deadlines(
        &self,
        request: Request<ListDeadlinesRequest>,
    ) -> Answer<ListDeadlinesResponse> {
        let request = request.into_inner();
        let mut fields = FieldReader::default();
        let of = fields.optional::<SubjectId>("subject", &request.subject);
        let (page, vantage, of) = self.page(&request, fields, of).await?;
        run_blocking(move || {
            ask::seen(&vantage, of.as_ref())?;
            let lines = views::deadlines::list(&vantage, of.as_ref(), request.include_past);
            let (deadlines, next_page_token) = page.of(&vantage, lines);
            Ok(ListDeadlinesResponse {
                answered_from: answered_from(&vantage),
                deadlines,
                next_page_token,
            })
        })
        .await
    }

    async fn list_recommendations(
        &self,
        request: Request<ListRecommendationsRequest>,
    ) -> Answer<ListRecommendationsResponse> {
        let request = request.into_inner();
        let mut fields = FieldReader::default();
        let of = fields.optional::<SubjectId>("subject", &request.subject);
        let (page, vantage, of) = self.page(&request, fields, of).await?;
        run_blocking(move || {
            ask::seen(&vantage, of.as_ref())?;
            let lines = views::recommendations::list(&vantage, of.as_ref(), request.include_closed);
            let (items, next_page_token) = page.of(&vantage, lines);
            Ok(ListRecommendationsResponse {
                answered_from: answered_from(&vantage),
                items,
                next_page_token,
            })
        })
        .await
    }

    async fn list_benefits(
        &self,
        request: Request<ListBenefitsRequest>,
    ) -> Answer<ListBenefitsResponse> {
        let request = request.into_inner();
        let mut fields = FieldReader::default();
        let of = fields.optional::<SubjectId>("subject", &request.subject);
        let (page, vantage, of) = self.page(&request, fields, of).await?;
        run_blocking(move || {
            ask::seen(&vantage, of.as_ref())?;
            let (benefits, savings) = views::benefits::list(&vantage, of.as_ref());
            let (benefits, savings, next_page_token) = page.of_two(&vantage, benefits, savings);
            Ok(ListBenefitsResponse {
                answered_from: answered_from(&vantage),
                benefits,
                savings,
                next_page_token,
            })
        })
        .await
    }

    async fn list_approvals(
        &self,
        request: Request<ListApprovalsRequest>,
    ) -> Answer<ListApprovalsResponse> {
        let request = request.into_inner();
        let mut fields = FieldReader::default();
        let of = fields.optional::<SubjectId>("subject", &request.subject);
        let body = fields.optional::<BodyId>("body_id", &request.body_id);
        let (page, vantage, (of, body)) = self.page(&request, fields, of.zip(body)).await?;
        run_blocking(move || {
            ask::seen(&vantage, of.as_ref())?;
            let outstanding = request.outstanding_only;
            let lines = views::approvals::list(&vantage, of.as_ref(), body.as_ref(), outstanding);
            let (approvals, next_page_token) = page.of(&vantage, lines);
            Ok(ListApprovalsResponse {
                answered_from: answered_from(&vantage),
                approvals,
                next_page_token,
            })
        })
        .await
    }

    async fn get_proposal(
        &self,
        request: Request<GetProposalRequest>,
    ) -> Answer<GetProposalResponse> {
        let request = request.into_inner();
        let mut fields = FieldReader::default();
        let id = fields.required::<ProposalId>("proposal_id", &request.proposal_id);
        let (vantage, id) = self.one(request.as_of.as_ref(), fields, id).await?;
        run_blocking(move || {
            let view = views::proposal::get(&vantage, id);
            Ok(GetProposalResponse {
                answered_from: answered_from(&vantage),
                proposal: Some(view.ok_or_else(|| ask::missing_proposal(&vantage, id))?),
            })
        })
        .await
    }

    async fn list_virements(
        &self,
        request: Request<ListVirementsRequest>,
    ) -> Answer<ListVirementsResponse> {
        let request = request.into_inner();
        let mut fields = FieldReader::default();
        let of = fields.optional::<SubjectId>("subject", &request.subject);
        let (page, vantage, of) = self.page(&request, fields, of).await?;
        run_blocking(move || {
            ask::seen(&vantage, of.as_ref())?;
            let (virements, disposals) = views::virements::list(&vantage, of.as_ref());
            let (virements, disposals, next_page_token) =
                page.of_two(&vantage, virements, disposals);
            Ok(ListVirementsResponse {
                answered_from: answered_from(&vantage),
                virements,
                disposals,
                next_page_token,
            })
        })
        .await
    }

    async fn list_breaches(
        &self,
        request: Request<ListBreachesRequest>,
    ) -> Answer<ListBreachesResponse> {
        let request = request.into_inner();
        let mut fields = FieldReader::default();
        let of = fields.optional::<SubjectId>("subject", &request.subject);
        let (page, vantage, of) = self.page(&request, fields, of).await?;
        run_blocking(move || {
            ask::seen(&vantage, of.as_ref())?;
            let lines = views::breaches::list(&vantage, of.as_ref());
            let (breaches, next_page_token) = page.of(&vantage, lines);
            Ok(ListBreachesResponse {
                answered_from: answered_from(&vantage),
                breaches,
                next_page_token,
            })
        })
        .await
    }

    async fn list_notices(
        &self,
        request: Request<ListNoticesRequest>,
    ) -> Answer<ListNoticesResponse> {
        let request = request.into_inner();
        let mut fields = FieldReader::default();
        let of = fields.optional::<SubjectId>("subject", &request.subject);
        let (page, vantage, of) = self.page(&request, fields, of).await?;
        run_blocking(move || {
            ask::seen(&vantage, of.as_ref())?;
            let lines = views::notices::list(&vantage, of.as_ref(), request.include_past);
            let (notices, next_page_token) = page.of(&vantage, lines);
            Ok(ListNoticesResponse {
                answered_from: answered_from(&vantage),
                notices,
                next_page_token,
            })
        })
        .await
    }

    async fn list_differences(
        &self,
        request: Request<ListDifferencesRequest>,
    ) -> Answer<ListDifferencesResponse> {
        let request = request.into_inner();
        let mut fields = FieldReader::default();
        let of = fields.optional::<SubjectId>("subject", &request.subject);
        let (page, vantage, of) = self.page(&request, fields, of).await?;
        run_blocking(move || {
            ask::seen(&vantage, of.as_ref())?;
            let lines = views::differences::list(&vantage, of.as_ref());
            let (differences, next_page_token) = page.of(&vantage, lines);
            Ok(ListDifferencesResponse {
                answered_from: answered_from(&vantage),
                differences,
                next_page_token,
            })
        })
        .await
    }
}
