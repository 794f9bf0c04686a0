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
//! judged meanwhile, and is the next one. When an append ends without a known outcome the writer
//! stops for ever, says so to everyone it owes an answer, and takes nothing
//! more; reading goes on.

mod commit;
mod desk;
mod group;
mod receipt;
mod refused;
mod request;
mod stop;
mod thread;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{Semaphore, mpsc, oneshot, watch};

pub use self::receipt::{Outcome, Receipt, Taken};
pub use self::refused::Refused;
pub use self::request::{REQUEST_BYTES_MAX, Request};
pub use self::stop::Stop;

use self::commit::Committer;
use self::desk::Desk;
use self::receipt::repeated;
use self::thread::{Message, Thread};
use crate::clock::Clock;
use crate::log::{Appender, Reader};
use crate::projection::{Projection, Publisher, Requests};

/// How much the writer takes on.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
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
    queue: mpsc::Sender<Message>,
}

/// What appends go through. Clones reach the same writer.
#[derive(Clone)]
pub struct Handle {
    queue: mpsc::Sender<Message>,
    places: Arc<Semaphore>,
    room: Arc<Semaphore>,
    stopped: watch::Receiver<Option<Stop>>,
    reader: Arc<dyn Reader>,
    answer_within: Duration,
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
        requests: Requests,
        clock: Clock,
        limits: Limits,
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
        let desk = Arc::new(Desk::new(durable, requests, committer, clock));
        let committing = {
            let (desk, lost) = (Arc::clone(&desk), stop.clone());
            std::thread::Builder::new()
                .name("committer".into())
                .spawn(move || {
                    // The state behind a panic is never used again.
                    if catch_unwind(AssertUnwindSafe(|| desk.commit())).is_err() {
                        lost.send_replace(Some(Stop::Panicked));
                        desk.lost();
                    }
                })?
        };
        let thread = Thread {
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
        let handle = Handle {
            queue: queue.clone(),
            places: Arc::new(Semaphore::new(limits.queue_len)),
            room: Arc::new(Semaphore::new(limits.queue_bytes)),
            stopped,
            reader: Arc::clone(projection.reader()),
            answer_within: limits.answer_within,
        };
        Ok((Self { thread, queue }, handle))
    }

    /// Takes no new requests, finishes those that wait, and lets go of the log.
    pub async fn stop(self) {
        // Fails only when the thread has ended already.
        let _ = self.queue.send(Message::Stop).await;
        let joined = tokio::task::spawn_blocking(|| self.thread.join());
        if !matches!(joined.await, Ok(Ok(()))) {
            tracing::error!("the writer ended in a panic");
        }
    }
}

impl Handle {
    /// Records a request, judges it, or finds it recorded already.
    ///
    /// An `Ok` that says recorded means that the entries survive power loss and
    /// that the projection shows them. A caller that goes away while waiting
    /// changes nothing: what was sent may be recorded all the same.
    pub async fn append(&self, request: Request) -> Result<Receipt, Refused> {
        let request = Arc::new(request);
        // Together bounded by `queue_bytes`; one request is far below 4 GiB.
        let bytes = u32::try_from(request.bytes_max()).unwrap_or(u32::MAX);
        let place = Arc::clone(&self.places).try_acquire_owned();
        let room = Arc::clone(&self.room).try_acquire_many_owned(bytes);
        let (Ok(place), Ok(room)) = (place, room) else {
            return Err(Refused::Overloaded);
        };
        let (reply, answer) = oneshot::channel();
        let ask = thread::Ask {
            request: Arc::clone(&request),
            reply,
            room: [place, room],
        };
        match self.queue.try_send(Message::Ask(ask)) {
            Ok(()) => {}
            Err(mpsc::error::TrySendError::Full(_)) => return Err(Refused::Overloaded),
            Err(mpsc::error::TrySendError::Closed(_)) => return Err(Refused::Stopped(self.why())),
        }
        let taken = match tokio::time::timeout(self.answer_within, answer).await {
            Ok(Ok(judged)) => judged?,
            // The thread answers everyone, even when it panics; should it not,
            // or not in time, nothing is known.
            Ok(Err(_)) | Err(_) => {
                return Err(Refused::OutcomeUnknown {
                    request: request.id(),
                });
            }
        };
        match taken {
            Taken::Now(receipt) => Ok(receipt),
            Taken::Before(recorded) => {
                let reader = Arc::clone(&self.reader);
                let found =
                    tokio::task::spawn_blocking(move || repeated(&*reader, &request, recorded));
                match found.await {
                    Ok(found) => found,
                    Err(_) => Err(Refused::Stopped(Stop::Panicked)),
                }
            }
        }
    }

    /// Why the writer takes nothing more; `None` while it does.
    pub fn stopped(&self) -> Option<Stop> {
        self.stopped.borrow().clone()
    }

    /// Waits until the writer takes nothing more, and says why.
    pub async fn until_stopped(&self) -> Stop {
        let mut stopped = self.stopped.clone();
        match stopped.wait_for(Option::is_some).await {
            Ok(stop) => stop.clone().unwrap_or(Stop::Asked),
            Err(_) => self.why(),
        }
    }

    fn why(&self) -> Stop {
        self.stopped().unwrap_or(Stop::Asked)
    }
}
