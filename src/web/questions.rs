//! The questions of a pack, asked of the services in this process.

use futures::future::BoxFuture;
use tonic::{Code, Status};

use super::Web;
use super::answers::{not_whole, of_caller};
use super::asked::PageAsked;
use minutebook_grpc::wire::paged::every_page;
use minutebook_grpc::wire::proto::audit_service_server::AuditService;
use minutebook_grpc::wire::proto::{DiffRequest, DiffResponse};
use minutebook_pack::answers::PackAnswers;
use minutebook_pack::plan::PackPlan;
use minutebook_pack::question::{PackAnswer, PackQuestion};

impl Web {
    /// Asks until no question is open.
    pub(super) async fn answer_all(
        &self,
        plan: &PackPlan,
        asked: &PageAsked,
    ) -> Result<PackAnswers, Status> {
        let mut answers = PackAnswers::default();
        loop {
            let questions = plan.open_questions(&answers);
            if questions.is_empty() {
                return Ok(answers);
            }
            for question in questions {
                let answer = match self.answer_one(&question, asked).await {
                    Err(status) if status.code() == Code::NotFound => None,
                    answer => Some(answer?),
                };
                answers.add(question, answer);
            }
        }
    }

    /// A boxed future: it would hold, and compile, one for each kind of question.
    pub(super) fn answer_one<'a>(
        &'a self,
        question: &'a PackQuestion,
        asked: &'a PageAsked,
    ) -> BoxFuture<'a, Result<PackAnswer, Status>> {
        macro_rules! ask {
            (one $Kind:ident $request:ident) => {
                Box::pin(async move {
                    let request = of_caller($request.clone(), &asked.caller);
                    let answer = self.register.item(request).await?.into_inner();
                    Ok(PackAnswer::$Kind(Box::new(answer)))
                })
            };
            (list $Kind:ident $request:ident) => {
                Box::pin(async move {
                    let answer = self.every_page(asked, $request.clone()).await?;
                    Ok(PackAnswer::$Kind(Box::new(answer)))
                })
            };
        }
        match question {
            PackQuestion::GetBoard(request) => ask!(one GetBoard request),
            PackQuestion::GetMeeting(request) => ask!(one GetMeeting request),
            PackQuestion::GetAttention(request) => ask!(list GetAttention request),
            PackQuestion::Diff(request) => Box::pin(async move {
                let answer = self.every_difference(request, asked).await?;
                Ok(PackAnswer::Diff(Box::new(answer)))
            }),
            PackQuestion::GetProposal(request) => ask!(one GetProposal request),
            PackQuestion::GetBudget(request) => ask!(one GetBudget request),
            PackQuestion::ListVirements(request) => ask!(list ListVirements request),
            PackQuestion::ListChecks(request) => ask!(list ListChecks request),
            PackQuestion::GetContributions(request) => ask!(one GetContributions request),
            PackQuestion::ListBreaches(request) => ask!(list ListBreaches request),
            PackQuestion::ListRecommendations(request) => ask!(list ListRecommendations request),
            PackQuestion::ListNotices(request) => ask!(list ListNotices request),
            PackQuestion::ListDeadlines(request) => ask!(list ListDeadlines request),
            PackQuestion::ListDifferences(request) => ask!(list ListDifferences request),
        }
    }

    async fn every_difference(
        &self,
        request: &DiffRequest,
        asked: &PageAsked,
    ) -> Result<DiffResponse, Status> {
        // It owns what it needs, as in `Web::every_page`.
        let (audit, caller, request) = (self.audit.clone(), asked.caller.clone(), request.clone());
        let ask = move |page_token: String| {
            let request = DiffRequest {
                page_token,
                ..request.clone()
            };
            let (audit, request) = (audit.clone(), of_caller(request, &caller));
            async move { Ok::<_, Status>(audit.diff(request).await?.into_inner()) }
        };
        every_page(usize::MAX, ask).await.map_err(not_whole)
    }
}
