//! A dry run: requests that are judged one after the other, each after those before it
//! that would be recorded. What they would change is seen by nobody else, and is gone with
//! the stream.

use std::collections::HashMap;
use std::sync::Arc;

use prost::Message;
use tokio::sync::OwnedSemaphorePermit;
use tonic::{Code, Status, Streaming};

use super::explanations::Registers;
use super::stream::next_message;
use super::{RecordHandler, response};
use crate::bounded_stream::{BoundedSender, BoundedStream, SendError, bounded_stream};
use crate::deadline::Deadline;
use crate::quota::StreamLease;
use crate::wire::proto::dry_run_response::Outcome;
use crate::wire::proto::{AnsweredFrom, AppendRequest, DryRunResponse, Explanation};
use crate::{access_log, status};
use minutebook_domain::caller::Caller;
use minutebook_domain::event::{Event, Kind};
use minutebook_domain::ids::RequestId;
use minutebook_kernel::blocking::on_behalf_of_caller;
use minutebook_kernel::writer::{
    self, AppendFailure, AppendOutcome, JudgedRequest, Receipt, Request,
};

/// The most dry runs at once. Each holds what its requests change.
pub(super) const DRY_RUNS_MAX: usize = 8;

/// The most bytes that the requests of one dry run have together.
const BYTES_MAX: usize = 4 << 20;

/// Serves a dry run, and returns the stream of answers. `room` and `lease` are held until
/// it ends.
pub fn serve(
    handler: RecordHandler,
    caller: Caller,
    requests: Streaming<AppendRequest>,
    deadline: Deadline,
    lease: Option<StreamLease>,
    room: OwnedSemaphorePermit,
) -> BoundedStream<DryRunResponse> {
    let limits = handler.limits;
    let (sender, answers) = bounded_stream(limits.stream_len, limits.reader_timeout);
    let dry_run = DryRun {
        handler,
        caller,
        stage: None,
        taken: HashMap::new(),
        bytes: 0,
    };
    tokio::spawn(on_behalf_of_caller(async move {
        let end = tokio::select! {
            end = answer_all(dry_run, requests, &sender) => end,
            () = sender.gone() => None,
            over = deadline.passed() => Some(over),
        };
        if let Some(status) = end {
            sender.end(status);
        }
        drop((lease, room));
    }));
    answers
}

/// Answers each request in order. Returns the status that ends the stream, if there is one.
async fn answer_all(
    mut dry_run: DryRun,
    mut requests: Streaming<AppendRequest>,
    sender: &BoundedSender<DryRunResponse>,
) -> Option<Status> {
    let limits = dry_run.handler.limits;
    let mut stopping = dry_run.handler.stopping.clone();
    loop {
        let message = match next_message(&mut requests, limits, &mut stopping).await {
            Ok(Some(message)) => message,
            Ok(None) => return None,
            Err(status) => return Some(status),
        };
        let answer = match dry_run.answer(message).await {
            Ok(answer) => answer,
            Err(status) => return Some(status),
        };
        match sender.send(answer).await {
            Ok(()) => {}
            Err(SendError::Gone) => return None,
            Err(SendError::Slow) => return Some(status::receipts_unread()),
        }
    }
}

struct DryRun {
    handler: RecordHandler,
    caller: Caller,
    /// The register with the requests that were taken; none before the first request.
    stage: Option<Stage>,
    taken: HashMap<RequestId, Arc<Request>>,
    /// Of the requests so far.
    bytes: usize,
}

/// The register that the next request is judged on, and the answers' word on where it began.
#[derive(Clone)]
struct Stage {
    registers: Registers,
    began: AnsweredFrom,
}

/// The judgement of one request.
struct Judgement {
    judged: Result<JudgedRequest, AppendFailure>,
    explanations: Vec<Explanation>,
}

impl DryRun {
    /// The answer to the next request. An error ends the dry run.
    async fn answer(&mut self, message: AppendRequest) -> Result<DryRunResponse, Status> {
        self.bytes += message.encoded_len();
        if self.bytes > BYTES_MAX {
            return Err(status::dry_run_too_long(BYTES_MAX));
        }
        let Stage { registers, began } = self.stage().await?;
        let request_id = message.request_id.clone();
        let answer = |outcome, explanations| DryRunResponse {
            request_id,
            outcome: Some(outcome),
            explanations,
            answered_from: Some(began),
        };
        let request = match Request::read_from(message, self.caller.clone()) {
            Ok(request) => Arc::new(request),
            Err(failure) => {
                let refusal = refusal(&status::append_failure(failure));
                return Ok(answer(refusal, Vec::new()));
            }
        };
        access_log::note_events(request.events());
        match self.earlier(&request, &registers).await {
            Ok(None) => {}
            Ok(Some(receipt)) => {
                return Ok(answer(Outcome::Answer(response(receipt)), Vec::new()));
            }
            Err(status) if status.code() == Code::AlreadyExists => {
                return Ok(answer(refusal(&status), Vec::new()));
            }
            Err(status) => return Err(status),
        }
        let judgement = self.judge(registers.clone(), &request).await?;
        let outcome = match judgement.judged {
            Ok(judged) => {
                let receipt = judged.receipt.clone();
                // Else somebody could try on a mandate that they will never have.
                let grants = request.events().iter().any(changes_mandates);
                if !request.is_validate_only() && !grants {
                    self.take(registers, judged, &request);
                }
                Outcome::Answer(response(receipt))
            }
            Err(failure) => {
                let refused = self.handler.refusal(registers, &request, failure).await;
                refusal(&refused)
            }
        };
        Ok(answer(outcome, judgement.explanations))
    }

    /// The register after the requests that were taken.
    async fn stage(&mut self) -> Result<Stage, Status> {
        let handler = &self.handler;
        if let Some(stop) = handler.writer.stopped() {
            return Err(status::append_failure(AppendFailure::Stopped(stop)));
        }
        if let Some(stage) = &self.stage {
            return Ok(stage.clone());
        }
        let register = handler.questions.projection.register();
        access_log::note_position(register.tail().get());
        let registers = handler.registers(register, &self.caller).await;
        let began = registers.answered_from(handler.questions.projection.today());
        let stage = Stage { registers, began };
        Ok(self.stage.insert(stage).clone())
    }

    /// The receipt of a request that was recorded before, or comes again in this dry run.
    async fn earlier(
        &self,
        request: &Arc<Request>,
        registers: &Registers,
    ) -> Result<Option<Receipt>, Status> {
        let Some(taken) = self.taken.get(&request.id()) else {
            return self.handler.find_recorded(request).await;
        };
        let recorded_at = registers.whole.recorded_at().unwrap_or_default();
        if !taken.is_repeated_by(request) {
            let failure = AppendFailure::Reused {
                request: request.id(),
                first: registers.whole.tail(),
                recorded_at,
            };
            return Err(status::append_failure(failure));
        }
        Ok(Some(Receipt {
            request: request.id(),
            lines: Vec::new(),
            mandates: Vec::new(),
            outcome: AppendOutcome::AlreadyRecorded(recorded_at),
        }))
    }

    async fn judge(
        &self,
        registers: Registers,
        request: &Arc<Request>,
    ) -> Result<Judgement, Status> {
        let handler = &self.handler;
        let now = handler.writer.date(request, registers.whole.recorded_at());
        let now = now.map_err(status::append_failure)?;
        let request = Arc::clone(request);
        let judge = move || {
            let judged = writer::judge(&registers.whole, &request, now);
            let (_, explanations) = registers.explanations(now, request.events(), request.caller());
            Ok(Judgement {
                judged,
                explanations,
            })
        };
        handler.questions.workers.run(judge).await?
    }

    /// Lets the next requests be judged after this one.
    fn take(&mut self, before: Registers, judged: JudgedRequest, request: &Arc<Request>) {
        if let Some(stage) = &mut self.stage {
            stage.registers = before.followed_by(judged);
        }
        self.taken.insert(request.id(), Arc::clone(request));
    }
}

const fn changes_mandates(event: &Event) -> bool {
    matches!(
        event.kind,
        Kind::MandateGranted(_) | Kind::MandateRevoked(_)
    )
}

fn refusal(status: &Status) -> Outcome {
    Outcome::Refusal(status::as_message(status))
}
