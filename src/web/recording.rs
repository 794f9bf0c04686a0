//! Records for a page: requests are judged, explained and recorded by the handlers of the services in
//! this process, as the caller of the request.

use futures::future::BoxFuture;
use http::StatusCode;
use tonic::{Code, Status};

use super::Web;
use super::answers::of_caller;
use super::asked::PageAsked;
use super::format::PageFormat;
use super::refusal::http_status;
use minutebook_domain::caller::Caller;
use minutebook_form::{FormContext, FormFault, FormKind, words};
use minutebook_grpc::status::{is_outcome_unknown, placed_faults};
use minutebook_grpc::wire::proto::event::Kind;
use minutebook_grpc::wire::proto::record_service_server::RecordService as _;
use minutebook_grpc::wire::proto::{
    AppendRequest, AppendResponse, Event, ExplainRequest, Explanation, authority,
};
use minutebook_page::reader::PageReader;

/// The answer of the register to a request, before or after it is recorded.
pub enum RecordAnswer {
    /// It would be recorded, or it was: at these positions.
    Taken(AppendResponse),
    Refused(Vec<FormFault>, StatusCode),
    /// Nobody knows whether it was recorded.
    Unknown,
    /// Another request was recorded under its id.
    OtherRecorded,
}

impl Web {
    /// The rights of the caller, as far as a page has to know.
    pub(super) async fn reader(&self, asked: &PageAsked) -> PageReader {
        match &asked.who {
            Some(who) => PageReader::of(who),
            None => match self.who(&asked.caller).await {
                Some(who) => PageReader::of(&who),
                None => PageReader::nobody(),
            },
        }
    }

    /// The rights of the reader of a page: none on a page of the past, where what
    /// waited then may wait no more.
    pub(super) async fn reader_now(&self, asked: &PageAsked) -> PageReader {
        match asked.address.moment.is_now() && asked.format == PageFormat::Html {
            true => self.reader(asked).await,
            false => PageReader::nobody(),
        }
    }

    /// The explanation of each event; none where they cannot be explained.
    pub(super) fn explained<'a>(
        &'a self,
        request: &AppendRequest,
        caller: &Caller,
    ) -> BoxFuture<'a, Vec<Explanation>> {
        let events = request.events.clone();
        let request = of_caller(ExplainRequest { events }, caller);
        Box::pin(async move {
            let answer = self.record.explain(request).await;
            answer.map_or_else(|_| Vec::new(), |answer| answer.into_inner().explanations)
        })
    }

    /// Has a request judged, or recorded.
    pub(super) fn recorded<'a>(
        &'a self,
        request: AppendRequest,
        kind: FormKind,
        context: &'a FormContext<'a>,
    ) -> BoxFuture<'a, RecordAnswer> {
        let is_judged_only = request.validate_only;
        let request = of_caller(request, &context.caller);
        Box::pin(async move {
            match self.record.append(request).await {
                Ok(answer) => RecordAnswer::Taken(answer.into_inner()),
                Err(status) if status.code() == Code::AlreadyExists => RecordAnswer::OtherRecorded,
                Err(status) if !is_judged_only && is_outcome_unknown(&status) => {
                    RecordAnswer::Unknown
                }
                Err(status) => refused(&status, kind, context),
            }
        })
    }
}

fn refused(status: &Status, kind: FormKind, context: &FormContext<'_>) -> RecordAnswer {
    let code = http_status(status.code());
    let faults = match code.is_server_error() {
        true => vec![FormFault {
            field: String::new(),
            sentence: format!(
                "The register cannot answer now. Nothing that you typed is lost: try again in a \
                 moment. {}",
                words::sentence(status.message())
            ),
        }],
        false => placed_faults(status)
            .iter()
            .map(|fault| context.placed(kind, &fault.place, &fault.sentence))
            .collect(),
    };
    RecordAnswer::Refused(faults, code)
}

/// The proposal that an event makes, decides or rests on; empty if there is none.
pub fn proposal_of(event: &Event) -> String {
    let own = match &event.kind {
        Some(Kind::VoteCast(vote)) => &vote.proposal_id,
        Some(Kind::DecisionMade(decision)) => &decision.proposal_id,
        Some(Kind::MatterProposed(proposal)) => &proposal.proposal_id,
        Some(Kind::VirementRequested(request)) => &request.proposal_id,
        Some(Kind::VirementApproved(approval)) => &approval.proposal_id,
        Some(Kind::ExternalDecisionReceived(decision)) => &decision.proposal_id,
        Some(Kind::ProposalWithdrawn(withdrawn)) => &withdrawn.proposal_id,
        _ => "",
    };
    if !own.is_empty() {
        return own.to_owned();
    }
    let basis = event
        .authority
        .as_ref()
        .and_then(|authority| authority.basis.as_ref());
    match basis {
        Some(authority::Basis::ProposalId(proposal)) => proposal.clone(),
        _ => String::new(),
    }
}
