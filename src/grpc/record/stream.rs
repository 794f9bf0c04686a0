//! A stream of requests: taken as fast as the writer has room for them, answered in
//! order, up to the first that is refused.
//!
//! Two tasks: one reads requests and hands them over, the other waits for what
//! becomes of each and answers. The channel between them is the window: when it is
//! full nothing more is read, and the transport holds the recorder back.

use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, mpsc};
use tonic::{Status, Streaming};

use super::{Record, asked};
use crate::domain::event::Event;
use crate::grpc::outgoing::{Blocked, Outgoing, Outlet, outgoing};
use crate::grpc::status;
use crate::wire::proto::{AppendRequest, AppendResponse};
use crate::writer::{Line, Pending, Receipt, Request};

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
pub fn taken(
    record: Record,
    requests: Streaming<AppendRequest>,
    held: OwnedSemaphorePermit,
) -> Outgoing<AppendResponse> {
    let limits = record.limits;
    let (outlet, answers) = outgoing(limits.stream_len, limits.reader_timeout);
    let (window, waiting) = mpsc::channel(limits.stream_len.max(1));
    tokio::spawn(hand_over(record.clone(), requests, window));
    tokio::spawn(async move {
        answer(&record, waiting, outlet).await;
        drop(held);
    });
    answers
}

/// Reads requests and hands each to the writer, in order, until one is refused or
/// nobody waits for the answers any more.
async fn hand_over(
    record: Record,
    mut requests: Streaming<AppendRequest>,
    window: mpsc::Sender<Next>,
) {
    let line = Line::default();
    let mut stopping = record.stopping.clone();
    loop {
        let message = tokio::select! {
            message = tokio::time::timeout(record.limits.recorder_timeout, requests.message()) => {
                message.unwrap_or_else(|_| Err(status::nothing_sent()))
            }
            _ = stopping.wait_for(|stopping| *stopping) => Err(status::stopping()),
            () = window.closed() => return,
        };
        let next = match message {
            Ok(Some(message)) => given(&record, message, &line).await,
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

/// Hands one request over.
async fn given(record: &Record, message: AppendRequest, line: &Line) -> Result<Next, Status> {
    let request = Request::read(message).map_err(status::refused)?;
    let asked = asked(&request);
    let request = Arc::new(request);
    // Compared here, where those after it still wait, and not in the writer.
    let recorded = record.writer.recorded(&request).await;
    if let Some(receipt) = recorded.map_err(status::refused)? {
        return Ok(Next::Recorded(receipt));
    }
    let pending = record.writer.enqueue(request, line).await;
    Ok(Next::Waits(pending.map_err(status::refused)?, asked))
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
    record: &Record,
    mut waiting: mpsc::Receiver<Next>,
    outlet: Outlet<AppendResponse>,
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
                Ok(()) => {}
                Err(Blocked::Gone) => return,
                Err(Blocked::Slow) => return outlet.end(status::unread()),
            },
            Err(status) => return outlet.end(status),
        }
    }
}
