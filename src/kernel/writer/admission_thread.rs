//! The thread that judges requests, while the committer thread makes the group
//! before durable. A small group, while nothing is being written, it commits itself.
//!
//! Requests are judged against a register that is ahead of the durable one by the
//! group that is being written. So no reply is sent before that group is durable,
//! and groups are answered in order. If the disk is full, the group is undone and
//! the requests judged on top of it are refused with it. After any other failure
//! the writer ends.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use tokio::sync::{mpsc, watch};

use super::append_failure::AppendFailure;
use super::commit_pipeline::CommitPipeline;
use super::message::WriterMessage;
use super::stopped::WriterStopped;

pub(super) struct AdmissionThread {
    pub(super) queue: mpsc::Receiver<WriterMessage>,
    pub(super) pipeline: Arc<CommitPipeline>,
    pub(super) stop: watch::Sender<Option<WriterStopped>>,
}

impl AdmissionThread {
    /// Judges requests until it is asked to stop or cannot go on; then refuses
    /// every request that still waits.
    pub(super) fn run(mut self) {
        // The state behind a panic is never used again.
        let stop = catch_unwind(AssertUnwindSafe(|| self.judge_requests()));
        let stop = self.pipeline.close(stop.unwrap_or(WriterStopped::Panicked));
        if stop != WriterStopped::Asked {
            tracing::error!(
                reason = %stop,
                "the writer has stopped: nothing more is recorded before a restart"
            );
        }
        self.stop.send_replace(Some(stop.clone()));
        self.pipeline.reject_pending(&stop);
        self.queue.close();
        while let Some(message) = self.queue.blocking_recv() {
            if let WriterMessage::Append(message) = message {
                let _ = message
                    .reply
                    .send(Err(AppendFailure::Stopped(stop.clone())));
            }
        }
    }

    fn judge_requests(&mut self) -> WriterStopped {
        loop {
            let first = match self.queue.blocking_recv() {
                Some(WriterMessage::Append(message)) => message,
                Some(WriterMessage::Stop) | None => return WriterStopped::Asked,
            };
            let mut group = match self.pipeline.begin_group() {
                Ok(group) => group,
                Err(stop) => {
                    let _ = first.reply.send(Err(AppendFailure::Stopped(stop.clone())));
                    return stop;
                }
            };
            let mut is_last = false;
            let mut next = Some(first);
            while let Some(message) = next.take() {
                group = match group.add(message) {
                    Ok(group) => group,
                    Err(stop) => return stop,
                };
                next = match self.queue.try_recv() {
                    Ok(WriterMessage::Append(message)) => Some(message),
                    Ok(WriterMessage::Stop) => {
                        is_last = true;
                        None
                    }
                    Err(_) => None,
                };
            }
            if let Err(stop) = group.submit() {
                return stop;
            }
            if is_last {
                return WriterStopped::Asked;
            }
        }
    }
}
