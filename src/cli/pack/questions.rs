//! The questions of a pack, asked of a server.

use futures::future::LocalBoxFuture;
use tonic::{Code, Status};

use crate::client::{Client, PAGE_SIZE, every_page};
use crate::failure::Failure;
use minutebook_grpc::wire::proto::GetInclusionProofRequest;
use minutebook_pack::answers::PackAnswers;
use minutebook_pack::plan::PackPlan;
use minutebook_pack::question::{PackAnswer, PackQuestion};
use minutebook_pack::seal::QuotedEntry;

/// Asks until no question is open.
pub async fn answer_all(plan: &PackPlan, client: &Client) -> Result<PackAnswers, Failure> {
    let mut answers = PackAnswers::default();
    loop {
        let questions = plan.open_questions(&answers);
        if questions.is_empty() {
            return Ok(answers);
        }
        for question in questions {
            let answer = ask(&question, client).await?;
            answers.add(question, answer);
        }
    }
}

/// The answer of a server; none where the register has no such thing.
pub async fn ask(question: &PackQuestion, client: &Client) -> Result<Option<PackAnswer>, Failure> {
    let mut is_missing = false;
    match asked(question, client, &mut is_missing).await {
        Err(_) if is_missing => Ok(None),
        answer => answer.map(Some),
    }
}

/// A boxed future: it would hold, and compile, one for each kind of question.
fn asked<'a>(
    question: &'a PackQuestion,
    client: &'a Client,
    is_missing: &'a mut bool,
) -> LocalBoxFuture<'a, Result<PackAnswer, Failure>> {
    let mut note = move |status: Status| {
        *is_missing = status.code() == Code::NotFound;
        Failure::from(status)
    };
    macro_rules! ask {
        (one $service:ident $method:ident $Kind:ident $request:ident) => {
            Box::pin(async move {
                let answer = client.$service().$method($request.clone()).await;
                let answer = answer.map_err(note)?.into_inner();
                Ok(PackAnswer::$Kind(Box::new(answer)))
            })
        };
        (list $service:ident $method:ident $Kind:ident $request:ident) => {
            Box::pin(async move {
                let mut failed = None;
                let pages = every_page(async |page_token| {
                    let mut request = $request.clone();
                    request.page_size = PAGE_SIZE;
                    request.page_token = page_token;
                    let page = client.$service().$method(request).await;
                    if let Err(status) = &page {
                        failed = Some(status.clone());
                    }
                    Ok(page?.into_inner())
                })
                .await;
                match failed {
                    Some(status) => Err(note(status)),
                    None => Ok(PackAnswer::$Kind(Box::new(pages?))),
                }
            })
        };
    }
    match question {
        PackQuestion::GetBoard(request) => ask!(one register get_board GetBoard request),
        PackQuestion::GetMeeting(request) => ask!(one register get_meeting GetMeeting request),
        PackQuestion::GetAttention(request) => {
            ask!(list register get_attention GetAttention request)
        }
        PackQuestion::Diff(request) => ask!(list audit diff Diff request),
        PackQuestion::GetProposal(request) => ask!(one register get_proposal GetProposal request),
        PackQuestion::GetBudget(request) => ask!(one register get_budget GetBudget request),
        PackQuestion::ListVirements(request) => {
            ask!(list register list_virements ListVirements request)
        }
        PackQuestion::ListChecks(request) => ask!(list register list_checks ListChecks request),
        PackQuestion::GetContributions(request) => {
            ask!(one register get_contributions GetContributions request)
        }
        PackQuestion::ListBreaches(request) => {
            ask!(list register list_breaches ListBreaches request)
        }
        PackQuestion::ListRecommendations(request) => {
            ask!(list register list_recommendations ListRecommendations request)
        }
        PackQuestion::ListNotices(request) => ask!(list register list_notices ListNotices request),
        PackQuestion::ListDeadlines(request) => {
            ask!(list register list_deadlines ListDeadlines request)
        }
        PackQuestion::ListDifferences(request) => {
            ask!(list register list_differences ListDifferences request)
        }
    }
}

/// An entry with its proof in the tree of a size.
pub async fn quote(client: &Client, position: u64, tree_size: u64) -> Result<QuotedEntry, Failure> {
    let request = GetInclusionProofRequest {
        position,
        tree_size,
    };
    let answer = client.audit().get_inclusion_proof(request).await?;
    Ok(answer.into_inner().into())
}
