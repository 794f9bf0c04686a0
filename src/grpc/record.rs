//! `RecordService`: hands requests to the writer, and explains events.

mod dry_run;
mod explanations;
mod stream;

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{Semaphore, watch};
use tonic::{Request, Response, Status, Streaming};

use self::explanations::Registers;
use super::bounded_stream::BoundedStream;
use super::deadline::Deadline;
use super::query::{Questions, caller_of};
use super::{access_log, status};
use crate::wire::proto::record_service_server::RecordService;
use crate::wire::proto::{
    AppendRequest, AppendResponse, DryRunResponse, ExplainRequest, ExplainResponse, append_response,
};
use crate::wire::reply::timestamp;
use crate::wire::request::explained;
use minutebook_domain::admit::{Finding, RevisionMismatch, withheld};
use minutebook_domain::caller::Caller;
use minutebook_domain::date::day_of;
use minutebook_domain::ids::{Position, Revision};
use minutebook_domain::register::Register;
use minutebook_kernel::writer::{
    self, AppendFailure, AppendOutcome, DuplicateCheck, Handle, Receipt,
};

/// Limits of the service's streams.
#[derive(Debug, Clone, Copy)]
pub struct RecordLimits {
    /// Requests of a stream that are under way, and answers that wait for its reader.
    pub stream_len: usize,
    /// How long a stream waits for the recorder to read an answer.
    pub reader_timeout: Duration,
    /// How long a stream waits for the recorder to send a request.
    pub recorder_timeout: Duration,
}

/// `RecordService` over a writer and the register that it publishes.
#[derive(Clone)]
pub struct RecordHandler {
    writer: Handle,
    questions: Questions,
    stopping: watch::Receiver<bool>,
    limits: RecordLimits,
    /// Room for dry runs.
    dry_runs: Arc<Semaphore>,
}

impl RecordHandler {
    /// Streams end once `stopping` turns true.
    pub fn new(
        writer: Handle,
        questions: Questions,
        stopping: watch::Receiver<bool>,
        limits: RecordLimits,
    ) -> Self {
        Self {
            writer,
            questions,
            stopping,
            limits,
            dry_runs: Arc::new(Semaphore::new(dry_run::DRY_RUNS_MAX)),
        }
    }

    /// The answer to a request that only asks: it is judged on the register that is
    /// published, and never by the writer, whom everybody waits for.
    async fn validate(&self, request: Arc<writer::Request>) -> Result<AppendResponse, Status> {
        if let Some(stop) = self.writer.stopped() {
            return Err(status::append_failure(AppendFailure::Stopped(stop)));
        }
        // Taken first: if the request is found nowhere then, this register is without it.
        let register = self.questions.projection.register();
        if let Some(receipt) = self.find_recorded(&request).await? {
            return Ok(response(receipt));
        }
        let now = self.writer.date(&request, register.recorded_at());
        let now = now.map_err(status::append_failure)?;
        let registers = self.registers(register, request.caller()).await;
        let asked = Arc::clone(&request);
        let judged = self.questions.workers.run(move || {
            let receipt = writer::validate(&registers.whole, &asked, now)?;
            let (_, explanations) = registers.explanations(now, asked.events(), asked.caller());
            Ok(AppendResponse {
                explanations,
                ..response(receipt)
            })
        });
        match judged.await? {
            Ok(answer) => Ok(answer),
            Err(failure) => Err(self.live_refusal(&request, failure).await),
        }
    }

    /// Judges a request that corrects entries before the writer does. The writer judges it
    /// again, but those that are refused, however much work that is, never reach it.
    async fn refuse_early(&self, request: &Arc<writer::Request>) -> Result<(), Status> {
        let register = self.questions.projection.register();
        if self.writer.find(request.id()).is_some() {
            return Ok(());
        }
        let now = self.writer.date(request, register.recorded_at());
        let now = now.map_err(status::append_failure)?;
        let asked = Arc::clone(request);
        let judge = move || writer::validate(&register, &asked, now);
        match self.questions.workers.run(judge).await? {
            Ok(_) => Ok(()),
            Err(failure) => Err(self.live_refusal(request, failure).await),
        }
    }

    /// A failure on the register that is published, as its caller sees it.
    async fn live_refusal(&self, request: &Arc<writer::Request>, failure: AppendFailure) -> Status {
        if !matches!(failure, AppendFailure::Rules(_) | AppendFailure::Stale(_)) {
            return status::append_failure(failure);
        }
        let register = self.questions.projection.register();
        let registers = self.registers(register, request.caller()).await;
        self.refusal(registers, request, failure).await
    }

    /// A failure as its caller sees it: the rules are explained by the entries that the
    /// caller may read.
    async fn refusal(
        &self,
        registers: Registers,
        request: &Arc<writer::Request>,
        failure: AppendFailure,
    ) -> Status {
        if !registers.readable.withholds() {
            return status::append_failure(failure);
        }
        match failure {
            AppendFailure::Rules(_) => {}
            AppendFailure::Stale(mismatches) => {
                let known = as_known(mismatches, &registers.readable);
                if !known.is_empty() {
                    return status::append_failure(AppendFailure::Stale(known));
                }
            }
            other => return status::append_failure(other),
        }
        let now = self.writer.date(request, registers.whole.recorded_at());
        let request = Arc::clone(request);
        let judge = move || {
            let now = now?;
            let known = writer::validate(&registers.readable, &request, now);
            if let Err(known @ AppendFailure::Rules(_)) = known {
                return Err(known);
            }
            let event = request.events().first();
            let fault = event.map(|event| withheld(&registers.readable, event, day_of(now)));
            let finding = fault.map(|fault| Finding {
                index: 0,
                field: String::new(),
                fault,
            });
            Err(AppendFailure::Rules(finding.into_iter().collect()))
        };
        let judged: Result<Result<(), AppendFailure>, Status> =
            self.questions.workers.run(judge).await;
        match judged {
            Ok(Err(failure)) => status::append_failure(failure),
            Ok(Ok(())) => status::internal(),
            Err(status) => status,
        }
    }

    /// A register, and what of it a caller may read.
    async fn registers(&self, whole: Arc<Register>, caller: &Caller) -> Registers {
        let cleared = self.questions.explained_to(caller);
        Registers {
            readable: cleared.readable(Arc::clone(&whole)).await,
            whole,
        }
    }

    /// The receipt of a request that was recorded before. If it is being recorded, this
    /// waits for the result.
    async fn find_recorded(
        &self,
        request: &Arc<writer::Request>,
    ) -> Result<Option<Receipt>, Status> {
        for _ in 0..2 {
            let check = self.writer.check_duplicate(request).await;
            match check.map_err(status::append_failure)? {
                DuplicateCheck::Never => return Ok(None),
                DuplicateCheck::Recorded(receipt) => return Ok(Some(receipt)),
                DuplicateCheck::UnderWay => {
                    if let Some(found) = self.writer.find(request.id()) {
                        let count = u64::from(found.count.saturating_sub(1));
                        let last = Position::new(found.first.get() + count);
                        // Looked up again, whether it was reached or not.
                        let _ = self.questions.projection.reach(last).await;
                    }
                }
            }
        }
        let request = request.id();
        Err(status::append_failure(AppendFailure::OutcomeUnknown {
            request,
        }))
    }
}

#[tonic::async_trait]
impl RecordService for RecordHandler {
    async fn append(
        &self,
        request: Request<AppendRequest>,
    ) -> Result<Response<AppendResponse>, Status> {
        let caller = caller_of(&request);
        let request = writer::Request::read_from(request.into_inner(), caller);
        let request = request.map_err(status::append_failure)?;
        access_log::note_events(request.events());
        let request = Arc::new(request);
        if request.is_validate_only() {
            return self.validate(request).await.map(Response::new);
        }
        if request.corrects() {
            self.refuse_early(&request).await?;
        }
        let receipt = match self.writer.append(Arc::clone(&request)).await {
            Ok(receipt) => receipt,
            Err(failure) => return Err(self.live_refusal(&request, failure).await),
        };
        if let Some(line) = receipt.lines.last() {
            access_log::note_position(line.position.get());
        }
        access_log::note_mandates(&receipt.mandates);
        Ok(Response::new(response(receipt)))
    }

    type AppendStreamStream = BoundedStream<AppendResponse>;

    async fn append_stream(
        &self,
        request: Request<Streaming<AppendRequest>>,
    ) -> Result<Response<Self::AppendStreamStream>, Status> {
        let lease = request.extensions().get().cloned();
        let deadline = Deadline::of(&request);
        let caller = caller_of(&request);
        let requests = request.into_inner();
        let answers = stream::serve(self.clone(), caller, requests, deadline, lease);
        Ok(Response::new(answers))
    }

    async fn explain(
        &self,
        request: Request<ExplainRequest>,
    ) -> Result<Response<ExplainResponse>, Status> {
        let caller = caller_of(&request);
        let events = explained(&request.into_inner())
            .map_err(|faults| status::append_failure(AppendFailure::Invalid(faults)))?;
        access_log::note_events(&events);
        let projection = &self.questions.projection;
        let (register, now) = (projection.register(), projection.now());
        access_log::note_position(register.tail().get());
        let registers = self.registers(register, &caller).await;
        let explain = move || {
            let (answered_from, explanations) = registers.explanations(now, &events, &caller);
            Ok(ExplainResponse {
                answered_from: Some(answered_from),
                explanations,
            })
        };
        let explained = self.questions.workers.run(explain).await?;
        explained.map(Response::new)
    }

    type DryRunStream = BoundedStream<DryRunResponse>;

    async fn dry_run(
        &self,
        request: Request<Streaming<AppendRequest>>,
    ) -> Result<Response<Self::DryRunStream>, Status> {
        let room = Arc::clone(&self.dry_runs).try_acquire_owned();
        let room = room.map_err(|_| status::overloaded("too many dry runs are under way"))?;
        let lease = request.extensions().get().cloned();
        let deadline = Deadline::of(&request);
        let caller = caller_of(&request);
        let requests = request.into_inner();
        let answers = dry_run::serve(self.clone(), caller, requests, deadline, lease, room);
        Ok(Response::new(answers))
    }
}

/// The mismatches as one sees them who reads a part of the register: a subject of which
/// nothing is read is not there.
fn as_known(mismatches: Vec<RevisionMismatch>, readable: &Register) -> Vec<RevisionMismatch> {
    let as_known = |mismatch: RevisionMismatch| RevisionMismatch {
        actual: match readable.record(&mismatch.subject) {
            Some(_) => mismatch.actual,
            None => Revision::ZERO,
        },
        ..mismatch
    };
    let known = mismatches.into_iter().map(as_known);
    known
        .filter(|mismatch| mismatch.actual != mismatch.expected)
        .collect()
}

fn response(receipt: Receipt) -> AppendResponse {
    let recorded_at = match receipt.outcome {
        AppendOutcome::Recorded(at) | AppendOutcome::AlreadyRecorded(at) => Some(timestamp(at)),
        AppendOutcome::Validated => None,
    };
    AppendResponse {
        request_id: receipt.request.to_string(),
        receipts: receipt
            .lines
            .into_iter()
            .map(|line| append_response::Receipt {
                position: line.position.get(),
                subject: line.subject.to_string(),
                revision: line.revision.get(),
            })
            .collect(),
        recorded_at,
        already_recorded: matches!(receipt.outcome, AppendOutcome::AlreadyRecorded(_)),
        explanations: Vec::new(),
        validated_only: receipt.outcome == AppendOutcome::Validated,
    }
}
