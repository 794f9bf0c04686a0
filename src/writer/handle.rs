//! What appends go through, and what is waited for.

use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc, oneshot, watch};

use super::WriterLimits;
use super::admission_thread::{AppendMessage, WriterMessage};
use super::append_failure::AppendFailure;
use super::receipt::{AppendReply, Receipt, repeated};
use super::request::Request;
use super::request_sequence::RequestSequence;
use super::stopped::WriterStopped;
use crate::domain::ids::RequestId;
use crate::log::Reader;
use crate::projection::{RequestIndex, RequestLocation};

/// What appends go through. Clones reach the same writer.
#[derive(Clone)]
pub struct Handle {
    queue: mpsc::Sender<WriterMessage>,
    places: Arc<Semaphore>,
    room: Arc<Semaphore>,
    stopped: watch::Receiver<Option<WriterStopped>>,
    recorded: Arc<RwLock<RequestIndex>>,
    reader: Arc<dyn Reader>,
    answer_within: Duration,
}

/// A request that was handed to the writer, and is not answered yet.
#[derive(Debug)]
pub struct Pending {
    request: Arc<Request>,
    answer: oneshot::Receiver<Result<AppendReply, AppendFailure>>,
}

/// Whether a request came before.
#[derive(Debug)]
pub enum DuplicateCheck {
    /// Not that it is known.
    Never,
    /// It is being made durable, or that failed.
    UnderWay,
    /// It is durable.
    Recorded(Receipt),
}

impl Handle {
    pub(super) fn new(
        queue: mpsc::Sender<WriterMessage>,
        limits: WriterLimits,
        stopped: watch::Receiver<Option<WriterStopped>>,
        recorded: Arc<RwLock<RequestIndex>>,
        reader: Arc<dyn Reader>,
    ) -> Self {
        Self {
            queue,
            places: Arc::new(Semaphore::new(limits.queue_len)),
            room: Arc::new(Semaphore::new(limits.queue_bytes)),
            stopped,
            recorded,
            reader,
            answer_within: limits.answer_within,
        }
    }

    /// Records a request, judges it, or finds it recorded already.
    ///
    /// An `Ok` that says recorded means that the entries survive power loss and
    /// that the projection shows them. A caller that goes away while waiting
    /// changes nothing: what was sent may be recorded all the same.
    pub async fn append(&self, request: Request) -> Result<Receipt, AppendFailure> {
        let place = Arc::clone(&self.places).try_acquire_owned();
        let room = Arc::clone(&self.room).try_acquire_many_owned(bytes(&request));
        let (Ok(place), Ok(room)) = (place, room) else {
            return Err(AppendFailure::Overloaded);
        };
        let pending = self.hand_over(Arc::new(request), None, [place, room])?;
        self.answer(pending).await
    }

    /// Hands a request over behind those of its line that were handed over before,
    /// and waits for room rather than be refused.
    pub async fn enqueue(
        &self,
        request: Arc<Request>,
        line: &RequestSequence,
    ) -> Result<Pending, AppendFailure> {
        let waited = async {
            let place = Arc::clone(&self.places).acquire_owned().await.ok()?;
            let room = Arc::clone(&self.room).acquire_many_owned(bytes(&request));
            Some([place, room.await.ok()?])
        };
        let room = match tokio::time::timeout(self.answer_within, waited).await {
            Ok(Some(room)) => room,
            Ok(None) => return Err(AppendFailure::Stopped(self.why())),
            Err(_) => return Err(AppendFailure::Overloaded),
        };
        self.hand_over(request, Some(line.clone()), room)
    }

    /// Whether a request came before, as far as can be told without asking the
    /// writer.
    pub async fn check_duplicate(
        &self,
        request: &Arc<Request>,
    ) -> Result<DuplicateCheck, AppendFailure> {
        let Some(found) = self.find(request.id()) else {
            return Ok(DuplicateCheck::Never);
        };
        let last = found.first.get() + u64::from(found.count.saturating_sub(1));
        if self.reader.tail().get() < last {
            return Ok(DuplicateCheck::UnderWay);
        }
        let receipt = self.compared(Arc::clone(request), found).await?;
        Ok(DuplicateCheck::Recorded(receipt))
    }

    /// Where a request is recorded, or is being.
    pub fn find(&self, request: RequestId) -> Option<RequestLocation> {
        let recorded = self.recorded.read();
        recorded
            .unwrap_or_else(PoisonError::into_inner)
            .get(request)
    }

    fn hand_over(
        &self,
        request: Arc<Request>,
        line: Option<RequestSequence>,
        room: [OwnedSemaphorePermit; 2],
    ) -> Result<Pending, AppendFailure> {
        let (reply, answer) = oneshot::channel();
        let ask = AppendMessage {
            request: Arc::clone(&request),
            reply,
            sequence: line,
            permits: room,
        };
        match self.queue.try_send(WriterMessage::Ask(ask)) {
            Ok(()) => Ok(Pending { request, answer }),
            Err(mpsc::error::TrySendError::Full(_)) => Err(AppendFailure::Overloaded),
            Err(mpsc::error::TrySendError::Closed(_)) => Err(AppendFailure::Stopped(self.why())),
        }
    }

    /// Waits for what the writer says of a request.
    pub async fn answer(&self, pending: Pending) -> Result<Receipt, AppendFailure> {
        let Pending { request, answer } = pending;
        let taken = match tokio::time::timeout(self.answer_within, answer).await {
            Ok(Ok(judged)) => judged?,
            // The thread answers everyone, even when it panics; should it not,
            // or not in time, nothing is known.
            Ok(Err(_)) | Err(_) => {
                return Err(AppendFailure::OutcomeUnknown {
                    request: request.id(),
                });
            }
        };
        match taken {
            AppendReply::Now(receipt) => Ok(receipt),
            AppendReply::Before(recorded) => self.compared(request, recorded).await,
        }
    }

    async fn compared(
        &self,
        request: Arc<Request>,
        found: RequestLocation,
    ) -> Result<Receipt, AppendFailure> {
        let reader = Arc::clone(&self.reader);
        let found = tokio::task::spawn_blocking(move || repeated(&*reader, &request, found));
        match found.await {
            Ok(found) => found,
            Err(_) => Err(AppendFailure::Stopped(WriterStopped::Panicked)),
        }
    }

    /// Why the writer takes nothing more; `None` while it does.
    pub fn stopped(&self) -> Option<WriterStopped> {
        self.stopped.borrow().clone()
    }

    /// Waits until the writer takes nothing more, and says why.
    pub async fn until_stopped(&self) -> WriterStopped {
        let mut stopped = self.stopped.clone();
        match stopped.wait_for(Option::is_some).await {
            Ok(stop) => stop.clone().unwrap_or(WriterStopped::Asked),
            Err(_) => self.why(),
        }
    }

    fn why(&self) -> WriterStopped {
        self.stopped().unwrap_or(WriterStopped::Asked)
    }
}

/// Together bounded by `queue_bytes`; one request is far below 4 GiB.
fn bytes(request: &Request) -> u32 {
    u32::try_from(request.bytes_max()).unwrap_or(u32::MAX)
}
