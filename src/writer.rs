//! The one writer.
//!
//! Every change enters here, one group at a time, so the door always judges
//! against the state left by every earlier entry. Callers hold a [`Handle`];
//! nobody else holds the `Appender`. A reply leaves only after its group is
//! durable: a crash may lose an unanswered request, never an answered one. That
//! goes for refusals and repeats too, since they may rest on an entry of the
//! same group.
//!
//! Groups need no timer: whatever comes while one group is being made durable is
//! judged meanwhile, and is the next one. When an append ends without a known
//! outcome the writer stops for ever, says so to everyone it owes an answer, and
//! takes nothing more; reading goes on.

#![warn(clippy::wildcard_enum_match_arm)]

mod admission_thread;
mod append_failure;
mod commit;
mod commit_pipeline;
mod group;
mod handle;
mod receipt;
mod request;
mod request_sequence;
mod stopped;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, RwLock};
use std::time::Duration;

use tokio::sync::{mpsc, watch};

pub use self::append_failure::AppendFailure;
pub use self::handle::{DuplicateCheck, Handle, Pending};
pub use self::receipt::{AppendOutcome, AppendReply, Receipt};
pub use self::request::{REQUEST_BYTES_MAX, Request};
pub use self::request_sequence::RequestSequence;
pub use self::stopped::WriterStopped;

use self::admission_thread::{AdmissionThread, WriterMessage};
use self::commit::Committer;
use self::commit_pipeline::CommitPipeline;
use crate::clock::Clock;
use crate::log::Appender;
use crate::projection::{Projection, Publisher, RequestIndex};

/// How much the writer takes on.
#[derive(Debug, Clone, Copy)]
pub struct WriterLimits {
    /// How many requests may wait.
    pub queue_len: usize,
    /// How many bytes of events may wait.
    pub queue_bytes: usize,
    /// How long a request waits for its answer.
    pub answer_within: Duration,
}

/// The writer, for the one who started it.
#[derive(Debug)]
pub struct Writer {
    thread: std::thread::JoinHandle<()>,
    queue: mpsc::Sender<WriterMessage>,
}

impl Writer {
    /// Starts the writer on a log, with what its replay left behind.
    ///
    /// `projection` and `publisher` belong together, and hold the register of
    /// that replay.
    pub fn start(
        appender: Box<dyn Appender>,
        projection: &Projection,
        publisher: Publisher,
        requests: RequestIndex,
        clock: Clock,
        limits: WriterLimits,
    ) -> std::io::Result<(Self, Handle)> {
        let (queue, waiting) = mpsc::channel(limits.queue_len);
        let (stop, stopped) = watch::channel(None);
        let durable = projection.register();
        let committer = Committer {
            appender,
            publisher,
            tail: durable.tail(),
            stop: stop.clone(),
        };
        let recorded = Arc::new(RwLock::new(requests));
        let desk = CommitPipeline::new(durable, Arc::clone(&recorded), committer, clock);
        let desk = Arc::new(desk);
        let committing = {
            let (desk, lost) = (Arc::clone(&desk), stop.clone());
            std::thread::Builder::new()
                .name("committer".into())
                .spawn(move || {
                    // The state behind a panic is never used again.
                    if catch_unwind(AssertUnwindSafe(|| desk.run_committer())).is_err() {
                        lost.send_replace(Some(WriterStopped::Panicked));
                        desk.close_after_panic();
                    }
                })?
        };
        let thread = AdmissionThread {
            waiting,
            desk,
            stop,
        };
        let thread = std::thread::Builder::new()
            .name("writer".into())
            .spawn(move || {
                thread.run();
                let _ = committing.join();
            })?;
        let reader = Arc::clone(projection.reader());
        let handle = Handle::new(queue.clone(), limits, stopped, recorded, reader);
        Ok((Self { thread, queue }, handle))
    }

    /// Takes no new requests, finishes those that wait, and lets go of the log.
    pub async fn stop(self) {
        // Fails only when the thread has ended already.
        let _ = self.queue.send(WriterMessage::Stop).await;
        let joined = tokio::task::spawn_blocking(|| self.thread.join());
        if !matches!(joined.await, Ok(Ok(()))) {
            tracing::error!("the writer ended in a panic");
        }
    }
}
