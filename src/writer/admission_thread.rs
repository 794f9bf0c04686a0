//! The writer's threads: one judges what waits, the other makes durable what was
//! judged, each while the other is at it.
//!
//! The register that is judged against runs ahead of what is durable by the group
//! that is being written, so nobody is told anything before that has become
//! durable: the groups are answered in order. Where it does not become durable
//! because the disk is full, what was judged on top of it is undone with it; where
//! it fails in any other way, the writer ends.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, mpsc, oneshot, watch};

use super::append_failure::AppendFailure;
use super::commit_pipeline::CommitPipeline;
use super::receipt::AppendReply;
use super::request::Request;
use super::request_sequence::RequestSequence;
use super::stopped::WriterStopped;

/// What is sent to the thread.
#[derive(Debug)]
pub(super) enum WriterMessage {
    /// Record this.
    Ask(AppendMessage),
    /// Finish what came before this, and end.
    Stop,
}

/// A request, and whom to answer.
#[derive(Debug)]
pub(super) struct AppendMessage {
    pub(super) request: Arc<Request>,
    pub(super) reply: oneshot::Sender<Result<AppendReply, AppendFailure>>,
    /// The requests that it comes after, if any.
    pub(super) sequence: Option<RequestSequence>,
    /// Its place in the queue and its share of the queue's bytes, given back when
    /// it no longer waits to be written.
    pub(super) permits: [OwnedSemaphorePermit; 2],
}

/// What judges.
pub(super) struct AdmissionThread {
    pub(super) waiting: mpsc::Receiver<WriterMessage>,
    pub(super) desk: Arc<CommitPipeline>,
    pub(super) stop: watch::Sender<Option<WriterStopped>>,
}

impl AdmissionThread {
    /// Works until it is asked to end or cannot go on; then tells everyone who
    /// still waits.
    pub(super) fn run(mut self) {
        // The state behind a panic is never used again.
        let stop = catch_unwind(AssertUnwindSafe(|| self.work()));
        let stop = self.desk.close(stop.unwrap_or(WriterStopped::Panicked));
        if stop != WriterStopped::Asked {
            tracing::error!(
                reason = %stop,
                "the writer has stopped: nothing more is recorded before a restart"
            );
        }
        self.stop.send_replace(Some(stop.clone()));
        self.desk.reject_pending(&stop);
        self.waiting.close();
        while let Some(message) = self.waiting.blocking_recv() {
            if let WriterMessage::Ask(ask) = message {
                let _ = ask.reply.send(Err(AppendFailure::Stopped(stop.clone())));
            }
        }
    }

    fn work(&mut self) -> WriterStopped {
        loop {
            let first = match self.waiting.blocking_recv() {
                Some(WriterMessage::Ask(ask)) => ask,
                Some(WriterMessage::Stop) | None => return WriterStopped::Asked,
            };
            let mut turn = match self.desk.begin_group() {
                Ok(turn) => turn,
                Err(stop) => {
                    let _ = first.reply.send(Err(AppendFailure::Stopped(stop.clone())));
                    return stop;
                }
            };
            let mut is_last = false;
            let mut next = Some(first);
            while let Some(ask) = next.take() {
                turn = match turn.add(ask) {
                    Ok(turn) => turn,
                    Err(stop) => return stop,
                };
                next = match self.waiting.try_recv() {
                    Ok(WriterMessage::Ask(ask)) => Some(ask),
                    Ok(WriterMessage::Stop) => {
                        is_last = true;
                        None
                    }
                    Err(_) => None,
                };
            }
            if let Err(stop) = turn.submit() {
                return stop;
            }
            if is_last {
                return WriterStopped::Asked;
            }
        }
    }
}
