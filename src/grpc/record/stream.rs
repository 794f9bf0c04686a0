//! A stream of append requests.
//!
//! Requests are read as fast as the writer takes them and answered in order, up to
//! the first that is refused. Two tasks share the work: one reads requests and
//! submits them to the writer, the other waits for each result and answers. The
//! channel between them is the window: while it is full, nothing more is read, and
//! the transport holds the recorder back.

use std::collections::VecDeque;
use std::sync::Arc;

use tokio::sync::{mpsc, watch};
use tonic::{Status, Streaming};

use super::{RecordHandler, RecordLimits, response};
use crate::access_log::AccessNotes;
use crate::bounded_stream::{BoundedSender, BoundedStream, SendError, bounded_stream};
use crate::deadline::Deadline;
use crate::quota::StreamLease;
use crate::status;
use crate::wire::proto::{AppendRequest, AppendResponse};
use minutebook_domain::caller::Caller;
use minutebook_domain::ids::RequestId;
use minutebook_kernel::blocking::on_behalf_of_caller;
use minutebook_kernel::writer::{DuplicateCheck, Pending, Receipt, Request, RequestSequence};

/// The next answer that is due.
enum Next {
    /// The writer has the request.
    Pending(Arc<Request>, Pending),
    /// The request only asked.
    Validated(AppendResponse),
    /// The request had been recorded before.
    Recorded(Receipt),
    /// The request was refused, or no more are taken. The stream ends.
    Refused(Status),
}

/// Serves a stream of requests, and returns the stream of answers.
pub fn serve(
    handler: RecordHandler,
    caller: Caller,
    requests: Streaming<AppendRequest>,
    deadline: Deadline,
    lease: Option<StreamLease>,
) -> BoundedStream<AppendResponse> {
    let limits = handler.limits;
    let (sender, answers) = bounded_stream(limits.stream_len, limits.reader_timeout);
    let (window, due) = mpsc::channel(limits.stream_len.max(1));
    let notes = AccessNotes::current();
    let (answered_count, answered) = watch::channel(0);
    let session = StreamSession {
        handler: handler.clone(),
        caller,
        sequence: RequestSequence::default(),
        submitted: 0,
        unanswered: VecDeque::new(),
        answered,
        notes,
    };
    tokio::spawn(submit_all(session, requests, window));
    tokio::spawn(on_behalf_of_caller(async move {
        let end = tokio::select! {
            end = answer_all(&handler, due, &sender, answered_count) => end,
            () = sender.gone() => None,
            over = deadline.passed() => Some(over),
        };
        if let Some(status) = end {
            sender.end(status);
        }
        drop(lease);
    }));
    answers
}

/// Reads requests and submits each to the writer, in order, until one is refused
/// or the answers have ended.
async fn submit_all(
    mut session: StreamSession,
    mut requests: Streaming<AppendRequest>,
    window: mpsc::Sender<(Next, Option<AccessNotes>)>,
) {
    let limits = session.handler.limits;
    let mut stopping = session.handler.stopping.clone();
    loop {
        let message = tokio::select! {
            message = next_message(&mut requests, limits, &mut stopping) => message,
            () = window.closed() => return,
        };
        let notes = session.notes.as_ref().map(AccessNotes::next_request);
        let next = match message {
            Ok(Some(message)) => tokio::select! {
                next = session.submit(message, notes.as_ref()) => next,
                () = window.closed() => return,
            },
            Ok(None) => return,
            Err(status) => Err(status),
        };
        let next = next.unwrap_or_else(Next::Refused);
        let is_last = matches!(next, Next::Refused(_));
        if window.send((next, notes)).await.is_err() || is_last {
            return;
        }
    }
}

/// Submits the requests of one stream to the writer.
struct StreamSession {
    handler: RecordHandler,
    caller: Caller,
    sequence: RequestSequence,
    /// How many requests were submitted.
    submitted: u64,
    /// The last of these: at least those that are not answered.
    unanswered: VecDeque<RequestId>,
    /// How many requests were answered.
    answered: watch::Receiver<u64>,
    /// The notes on the stream, for those on its requests.
    notes: Option<AccessNotes>,
}

impl StreamSession {
    async fn submit(
        &mut self,
        message: AppendRequest,
        notes: Option<&AccessNotes>,
    ) -> Result<Next, Status> {
        let request = Request::read_from(message, self.caller.clone());
        let request = request.map_err(status::append_failure)?;
        notes.inspect(|notes| notes.note_events(request.events()));
        let request = Arc::new(request);
        if request.is_validate_only() {
            self.all_answered().await?;
            self.submitted += 1;
            return self.handler.validate(request).await.map(Next::Validated);
        }
        if request.corrects() {
            self.all_answered().await?;
            self.handler.refuse_early(&request).await?;
        }
        // Checked here as well as in the writer: later requests of the stream still
        // wait, so a repeat does not break off the sequence.
        match self.check_duplicate(&request).await? {
            DuplicateCheck::Recorded(receipt) => {
                self.submitted += 1;
                return Ok(Next::Recorded(receipt));
            }
            DuplicateCheck::UnderWay => {
                // The writer will know the result. All earlier requests of the
                // stream have been answered, and no later one is submitted before.
                let pending = self.enqueue(Arc::clone(&request)).await?;
                let receipt = self.handler.writer.answer(pending).await;
                self.sequence = RequestSequence::default();
                return Ok(Next::Recorded(receipt.map_err(status::append_failure)?));
            }
            DuplicateCheck::Never => {}
        }
        let pending = self.enqueue(Arc::clone(&request)).await?;
        Ok(Next::Pending(request, pending))
    }

    async fn enqueue(&mut self, request: Arc<Request>) -> Result<Pending, Status> {
        self.submitted += 1;
        self.unanswered.push_back(request.id());
        let pending = self.handler.writer.enqueue(request, &self.sequence).await;
        pending.map_err(status::append_failure)
    }

    /// Waits until every earlier request of the stream is answered.
    async fn all_answered(&mut self) -> Result<(), Status> {
        let submitted = self.submitted;
        let all_answered = self.answered.wait_for(|answered| *answered >= submitted);
        let all_answered = all_answered.await.map(drop);
        all_answered.map_err(|_| Status::cancelled("one before it was refused"))
    }

    /// Whether the same request came before, in this stream or in another. If it is
    /// under way, this waits until all earlier requests of the stream are answered.
    async fn check_duplicate(&mut self, request: &Arc<Request>) -> Result<DuplicateCheck, Status> {
        let answered = *self.answered.borrow();
        while self.unanswered.len() as u64 > self.submitted.saturating_sub(answered) {
            self.unanswered.pop_front();
        }
        let is_own = self.unanswered.contains(&request.id());
        if !is_own {
            let check = self.handler.writer.check_duplicate(request).await;
            let check = check.map_err(status::append_failure)?;
            if !matches!(check, DuplicateCheck::UnderWay) {
                return Ok(check);
            }
        }
        self.all_answered().await?;
        let check = self.handler.writer.check_duplicate(request).await;
        check.map_err(status::append_failure)
    }
}

/// The next request of a stream, or `None` at its end. An error ends it: the transport has
/// failed, the recorder is idle, or the server stops.
pub(super) async fn next_message(
    requests: &mut Streaming<AppendRequest>,
    limits: RecordLimits,
    stopping: &mut watch::Receiver<bool>,
) -> Result<Option<AppendRequest>, Status> {
    tokio::select! {
        message = tokio::time::timeout(limits.recorder_timeout, requests.message()) => {
            message.unwrap_or_else(|_| Err(status::append_stream_idle())).map_err(with_details)
        }
        _ = stopping.wait_for(|stopping| *stopping) => Err(status::server_stopping()),
    }
}

/// A status of the transport, which has no details, in the form of the others.
fn with_details(status: Status) -> Status {
    if !status.details().is_empty() {
        return status;
    }
    status::transport(status.code(), status.message()).unwrap_or(status)
}

/// Answers each request in order, up to the first that is refused. Returns the status that
/// ends the stream, if there is one.
async fn answer_all(
    handler: &RecordHandler,
    mut due: mpsc::Receiver<(Next, Option<AccessNotes>)>,
    sender: &BoundedSender<AppendResponse>,
    answered: watch::Sender<u64>,
) -> Option<Status> {
    while let Some((next, notes)) = due.recv().await {
        let noted = |receipt: Receipt| {
            if let Some(notes) = &notes {
                notes.note_mandates(&receipt.mandates);
            }
            response(receipt)
        };
        let answer = match next {
            Next::Pending(request, pending) => match handler.writer.answer(pending).await {
                Ok(receipt) => Ok(noted(receipt)),
                Err(failure) => Err(handler.live_refusal(&request, failure).await),
            },
            Next::Validated(answer) => Ok(answer),
            Next::Recorded(receipt) => Ok(noted(receipt)),
            Next::Refused(status) => Err(status),
        };
        if let Some(notes) = &notes {
            let last = answer.iter().flat_map(|answer| answer.receipts.last());
            last.for_each(|receipt| notes.note_position(receipt.position));
            notes.log(answer.as_ref().map(drop));
        }
        let answer = match answer {
            Ok(answer) => answer,
            Err(status) => return Some(status),
        };
        match sender.send(answer).await {
            Ok(()) => answered.send_modify(|answered| *answered += 1),
            Err(SendError::Gone) => return None,
            Err(SendError::Slow) => return Some(status::receipts_unread()),
        }
    }
    None
}
