//! A stream of requests: taken as fast as the writer has room for them, answered in
//! order, up to the first that is refused.
//!
//! Two tasks: one reads requests and hands them over, the other waits for what
//! becomes of each and answers. The channel between them is the window: when it is
//! full nothing more is read, and the transport holds the recorder back.

use std::collections::VecDeque;
use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, mpsc, watch};
use tonic::{Status, Streaming};

use super::{RecordHandler, asked};
use crate::domain::event::Event;
use crate::domain::ids::RequestId;
use crate::grpc::bounded_stream::{BoundedSender, BoundedStream, SendError, bounded_stream};
use crate::grpc::status;
use crate::wire::proto::{AppendRequest, AppendResponse};
use crate::writer::{DuplicateCheck, Pending, Receipt, Request, RequestSequence};

/// What is to be answered next.
enum Next {
    /// What becomes of a request that the writer has; for one that is only judged,
    /// what is asked about.
    Waits(Pending, Option<Vec<Event>>),
    /// A request that was recorded before.
    Recorded(Receipt),
    /// The end: a refusal, or why no more is taken.
    Refused(Status),
}

/// Takes a stream; gives the answers.
pub fn serve(
    record: RecordHandler,
    requests: Streaming<AppendRequest>,
    held: OwnedSemaphorePermit,
) -> BoundedStream<AppendResponse> {
    let limits = record.limits;
    let (outlet, answers) = bounded_stream(limits.stream_len, limits.reader_timeout);
    let (window, waiting) = mpsc::channel(limits.stream_len.max(1));
    let (count, answered) = watch::channel(0);
    let line = StreamSession {
        record: record.clone(),
        line: RequestSequence::default(),
        handed: 0,
        waiting: VecDeque::new(),
        answered,
    };
    tokio::spawn(hand_over(line, requests, window));
    tokio::spawn(async move {
        answer(&record, waiting, outlet, count).await;
        drop(held);
    });
    answers
}

/// Reads requests and hands each to the writer, in order, until one is refused or
/// nobody waits for the answers any more.
async fn hand_over(
    mut line: StreamSession,
    mut requests: Streaming<AppendRequest>,
    window: mpsc::Sender<Next>,
) {
    let limits = line.record.limits;
    let mut stopping = line.record.stopping.clone();
    loop {
        let message = tokio::select! {
            message = tokio::time::timeout(limits.recorder_timeout, requests.message()) => {
                message.unwrap_or_else(|_| Err(status::nothing_sent()))
            }
            _ = stopping.wait_for(|stopping| *stopping) => Err(status::stopping()),
            () = window.closed() => return,
        };
        let next = match message {
            Ok(Some(message)) => tokio::select! {
                next = line.submit(message) => next,
                () = window.closed() => return,
            },
            Ok(None) => return,
            Err(status) => Err(formed(status)),
        };
        let next = next.unwrap_or_else(Next::Refused);
        let is_last = matches!(next, Next::Refused(_));
        if window.send(next).await.is_err() || is_last {
            return;
        }
    }
}

/// The requests of one stream, on their way to the writer.
struct StreamSession {
    record: RecordHandler,
    line: RequestSequence,
    /// How many requests were handed over.
    handed: u64,
    /// Of those, the ones that were not answered when it was last looked.
    waiting: VecDeque<RequestId>,
    /// How many were answered.
    answered: watch::Receiver<u64>,
}

impl StreamSession {
    /// Hands one request over.
    async fn submit(&mut self, message: AppendRequest) -> Result<Next, Status> {
        let request = Request::read(message).map_err(status::refused)?;
        let asked = asked(&request);
        let request = Arc::new(request);
        // Compared here, where those after it still wait, and not in the writer.
        match self.before(&request).await? {
            DuplicateCheck::Recorded(receipt) => {
                self.handed += 1;
                return Ok(Next::Recorded(receipt));
            }
            DuplicateCheck::UnderWay => {
                // The writer knows what comes of it. Nothing is before it in line any
                // more, and nothing is handed over after it before it is known.
                let pending = self.pending(Arc::clone(&request)).await?;
                let receipt = self.record.writer.answer(pending).await;
                self.line = RequestSequence::default();
                return Ok(Next::Recorded(receipt.map_err(status::refused)?));
            }
            DuplicateCheck::Never => {}
        }
        let pending = self.pending(request).await?;
        Ok(Next::Waits(pending, asked))
    }

    async fn pending(&mut self, request: Arc<Request>) -> Result<Pending, Status> {
        self.handed += 1;
        self.waiting.push_back(request.id());
        let pending = self.record.writer.enqueue(request, &self.line).await;
        pending.map_err(status::refused)
    }

    /// Whether a request came before, in this stream or in another. When it is under
    /// way, everything that was handed over before has been answered.
    async fn before(&mut self, request: &Arc<Request>) -> Result<DuplicateCheck, Status> {
        let answered = *self.answered.borrow();
        while self.waiting.len() as u64 > self.handed.saturating_sub(answered) {
            self.waiting.pop_front();
        }
        let is_own = self.waiting.contains(&request.id());
        if !is_own {
            let before = self.record.writer.check_duplicate(request).await;
            let before = before.map_err(status::refused)?;
            if !matches!(before, DuplicateCheck::UnderWay) {
                return Ok(before);
            }
        }
        let handed = self.handed;
        let all = self.answered.wait_for(|answered| *answered >= handed).await;
        all.map_err(|_| Status::cancelled("one before it was refused"))?;
        let before = self.record.writer.check_duplicate(request).await;
        before.map_err(status::refused)
    }
}

/// What the transport says, in the form of every other status.
fn formed(status: Status) -> Status {
    if !status.details().is_empty() {
        return status;
    }
    status::transport(status.code(), status.message()).unwrap_or(status)
}

/// Answers each in order, up to the first that is refused.
async fn answer(
    record: &RecordHandler,
    mut waiting: mpsc::Receiver<Next>,
    outlet: BoundedSender<AppendResponse>,
    answered: watch::Sender<u64>,
) {
    while let Some(next) = waiting.recv().await {
        let (receipt, asked) = match next {
            Next::Waits(pending, asked) => (record.writer.answer(pending).await, asked),
            Next::Recorded(receipt) => (Ok(receipt), None),
            Next::Refused(status) => return outlet.end(status),
        };
        let answer = match receipt {
            Ok(receipt) => record.answer(receipt, asked).await,
            Err(refused) => Err(status::refused(refused)),
        };
        match answer {
            Ok(answer) => match outlet.send(answer).await {
                Ok(()) => answered.send_modify(|answered| *answered += 1),
                Err(SendError::Gone) => return,
                Err(SendError::Slow) => return outlet.end(status::unread()),
            },
            Err(status) => return outlet.end(status),
        }
    }
}
