//! The one writer.
//!
//! Every change enters here, one group at a time, so `admit` always judges against
//! the state left by every earlier entry. Callers hold a [`Handle`]; only the
//! committer holds the `Appender`. A reply leaves only after its group is durable: a crash
//! may lose an unanswered request, never an answered one. That includes refusals
//! and repeats, since they may depend on an entry of the same group.
//!
//! Groups need no timer: requests that arrive while a group is being made durable
//! are judged meanwhile, and form the next group. When an append ends without a
//! known outcome, the writer stops until a restart and reports that to every caller
//! that waits; reading goes on.

#![warn(clippy::wildcard_enum_match_arm)]

mod admission_thread;
mod append_failure;
mod commit;
mod commit_pipeline;
mod group;
mod handle;
mod judge;
mod limits;
mod message;
mod receipt;
mod request;
mod request_sequence;
mod salt;
mod stopped;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, RwLock};

use tokio::sync::{mpsc, watch};

pub use self::append_failure::AppendFailure;
pub use self::handle::{DuplicateCheck, Handle, Pending};
pub use self::judge::{JudgedRequest, judge, validate};
pub use self::limits::WriterLimits;
pub use self::receipt::{AppendOutcome, AppendReply, Receipt, ReceiptLine};
pub use self::request::{REQUEST_BYTES_MAX, Request};
pub use self::request_sequence::RequestSequence;
pub use self::salt::draw_salt;
pub use self::stopped::WriterStopped;

use self::admission_thread::AdmissionThread;
use self::commit::Committer;
use self::commit_pipeline::CommitPipeline;
use self::message::WriterMessage;
use crate::clock::{Clock, ClockWatch};
use crate::log::Appender;
use crate::projection::{Projection, Publisher, RequestIndex};

/// The writer, for its owner; everything else has a [`Handle`].
#[derive(Debug)]
pub struct Writer {
    thread: std::thread::JoinHandle<()>,
    queue: mpsc::Sender<WriterMessage>,
}

impl Writer {
    /// Starts the writer on a log, with the results of its replay.
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
        let (queue, receiver) = mpsc::channel(limits.queue_len);
        let (stop, stopped) = watch::channel(None);
        let durable = projection.register();
        let committer = Committer {
            appender,
            publisher,
            tail: durable.tail(),
            stop: stop.clone(),
        };
        let requests = Arc::new(RwLock::new(requests));
        let clock = Arc::new(ClockWatch::new(clock, durable.recorded_at()));
        let watched = Arc::clone(&clock);
        let pipeline = CommitPipeline::new(durable, Arc::clone(&requests), committer, watched);
        let pipeline = Arc::new(pipeline);
        let committer = {
            let (pipeline, stop) = (Arc::clone(&pipeline), stop.clone());
            std::thread::Builder::new()
                .name("committer".into())
                .spawn(move || {
                    // The state behind a panic is never used again.
                    if catch_unwind(AssertUnwindSafe(|| pipeline.run_committer())).is_err() {
                        stop.send_replace(Some(WriterStopped::Panicked));
                        pipeline.close_after_panic();
                    }
                })?
        };
        let admission = AdmissionThread {
            queue: receiver,
            pipeline,
            stop,
        };
        let thread = std::thread::Builder::new()
            .name("admission".into())
            .spawn(move || {
                admission.run();
                let _ = committer.join();
            })?;
        let reader = Arc::clone(projection.reader());
        let handle = Handle::new(queue.clone(), limits, stopped, requests, reader, clock);
        Ok((Self { thread, queue }, handle))
    }

    /// Accepts no more requests, finishes those that wait, and closes the log.
    pub async fn stop(self) {
        // Fails only when the thread has ended already.
        let _ = self.queue.send(WriterMessage::Stop).await;
        let joined = tokio::task::spawn_blocking(|| self.thread.join());
        if !matches!(joined.await, Ok(Ok(()))) {
            tracing::error!("the writer ended in a panic");
        }
    }
}
