//! The writer's handle: how requests reach the writer.

use std::sync::{Arc, PoisonError, RwLock};

use jiff::Timestamp;
use tokio::sync::{Semaphore, mpsc, oneshot, watch};

use super::append_failure::AppendFailure;
use super::judge::date_request;
use super::limits::WriterLimits;
use super::message::{AppendMessage, QueuePermits, WriterMessage};
use super::receipt::{AppendReply, Receipt, repeated};
use super::request::Request;
use super::request_sequence::RequestSequence;
use super::stopped::WriterStopped;
use crate::clock::{ClockFault, ClockWatch};
use crate::log::Reader;
use crate::projection::{RequestIndex, RequestLocation};
use minutebook_domain::ids::RequestId;

/// A handle on the writer. Clones reach the same writer.
#[derive(Clone)]
pub struct Handle {
    queue: mpsc::Sender<WriterMessage>,
    /// One permit for each request that may wait.
    places: Arc<Semaphore>,
    /// One permit for each byte that may wait.
    bytes: Arc<Semaphore>,
    stopped: watch::Receiver<Option<WriterStopped>>,
    requests: Arc<RwLock<RequestIndex>>,
    reader: Arc<dyn Reader>,
    limits: WriterLimits,
    clock: Arc<ClockWatch>,
}

/// A request that the writer has and has not answered yet.
#[derive(Debug)]
pub struct Pending {
    request: Arc<Request>,
    answer: oneshot::Receiver<Result<AppendReply, AppendFailure>>,
}

/// Whether a request was recorded before.
#[derive(Debug)]
pub enum DuplicateCheck {
    /// No such request is known.
    Never,
    /// It is being made durable, or its durability is unknown.
    UnderWay,
    Recorded(Receipt),
}

impl Handle {
    pub(super) fn new(
        queue: mpsc::Sender<WriterMessage>,
        limits: WriterLimits,
        stopped: watch::Receiver<Option<WriterStopped>>,
        requests: Arc<RwLock<RequestIndex>>,
        reader: Arc<dyn Reader>,
        clock: Arc<ClockWatch>,
    ) -> Self {
        Self {
            queue,
            places: Arc::new(Semaphore::new(limits.queue_len)),
            bytes: Arc::new(Semaphore::new(limits.queue_bytes)),
            stopped,
            requests,
            reader,
            limits,
            clock,
        }
    }

    /// Records a request, or finds it recorded before.
    ///
    /// `Ok` with a recorded outcome means that the entries survive power loss and
    /// that the projection has them. If the caller drops the future, the request may
    /// be recorded all the same.
    pub async fn append(&self, request: impl Into<Arc<Request>>) -> Result<Receipt, AppendFailure> {
        let request = request.into();
        let place = Arc::clone(&self.places).try_acquire_owned();
        let bytes = Arc::clone(&self.bytes).try_acquire_many_owned(byte_count(&request));
        let (Ok(place), Ok(bytes)) = (place, bytes) else {
            return Err(AppendFailure::Overloaded);
        };
        let permits = QueuePermits {
            _place: place,
            _bytes: bytes,
        };
        let pending = self.send(request, None, permits)?;
        self.answer(pending).await
    }

    /// Hands a request to the writer, after the earlier ones of its sequence. Waits
    /// for room in the queue.
    pub async fn enqueue(
        &self,
        request: Arc<Request>,
        sequence: &RequestSequence,
    ) -> Result<Pending, AppendFailure> {
        let acquire = async {
            let place = Arc::clone(&self.places).acquire_owned().await.ok()?;
            let bytes = Arc::clone(&self.bytes).acquire_many_owned(byte_count(&request));
            Some(QueuePermits {
                _place: place,
                _bytes: bytes.await.ok()?,
            })
        };
        let permits = match tokio::time::timeout(self.limits.answer_within, acquire).await {
            Ok(Some(permits)) => permits,
            Ok(None) => return Err(AppendFailure::Stopped(self.stop_reason())),
            Err(_) => return Err(AppendFailure::Overloaded),
        };
        self.send(request, Some(sequence.clone()), permits)
    }

    /// Whether a request was recorded before, as far as the index of requests shows.
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
        let receipt = self.repeat_receipt(Arc::clone(request), found).await?;
        Ok(DuplicateCheck::Recorded(receipt))
    }

    /// The instant that a request would be recorded at, after an entry of `last`.
    pub fn date(
        &self,
        request: &Request,
        last: Option<Timestamp>,
    ) -> Result<Timestamp, AppendFailure> {
        date_request(request, self.clock.check(last))
    }

    /// Where a request is recorded, or is being recorded.
    pub fn find(&self, request: RequestId) -> Option<RequestLocation> {
        let requests = self.requests.read();
        requests
            .unwrap_or_else(PoisonError::into_inner)
            .get(request)
    }

    fn send(
        &self,
        request: Arc<Request>,
        sequence: Option<RequestSequence>,
        permits: QueuePermits,
    ) -> Result<Pending, AppendFailure> {
        // A request that only asks is answered by `validate`. Here it would be recorded.
        assert!(!request.is_validate_only(), "only requests to be recorded");
        let (reply, answer) = oneshot::channel();
        let message = AppendMessage {
            request: Arc::clone(&request),
            reply,
            sequence,
            permits,
        };
        match self.queue.try_send(WriterMessage::Append(message)) {
            Ok(()) => Ok(Pending { request, answer }),
            Err(mpsc::error::TrySendError::Full(_)) => Err(AppendFailure::Overloaded),
            Err(mpsc::error::TrySendError::Closed(_)) => {
                Err(AppendFailure::Stopped(self.stop_reason()))
            }
        }
    }

    /// Waits for the answer to a request.
    pub async fn answer(&self, pending: Pending) -> Result<Receipt, AppendFailure> {
        let Pending { request, answer } = pending;
        let reply = match tokio::time::timeout(self.limits.answer_within, answer).await {
            Ok(Ok(reply)) => reply?,
            // The writer answers every request, even after a panic. Without an answer,
            // or without one in time, nothing is known.
            Ok(Err(_)) | Err(_) => {
                return Err(AppendFailure::OutcomeUnknown {
                    request: request.id(),
                });
            }
        };
        match reply {
            AppendReply::Now(receipt) => Ok(receipt),
            AppendReply::Repeated(recorded) => self.repeat_receipt(request, recorded).await,
        }
    }

    /// The receipt of a request that was recorded before, compared with its entries.
    async fn repeat_receipt(
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

    /// Why the writer stopped; `None` while it runs.
    pub fn stopped(&self) -> Option<WriterStopped> {
        self.stopped.borrow().clone()
    }

    /// Why the clock cannot date an entry after one of `last`; `None` while it can.
    pub fn clock_fault(&self, last: Option<Timestamp>) -> Option<ClockFault> {
        self.clock.check(last).err()
    }

    /// Waits until the writer stops, and returns why.
    pub async fn until_stopped(&self) -> WriterStopped {
        let mut stopped = self.stopped.clone();
        match stopped.wait_for(Option::is_some).await {
            Ok(stop) => stop.clone().unwrap_or(WriterStopped::Asked),
            Err(_) => self.stop_reason(),
        }
    }

    fn stop_reason(&self) -> WriterStopped {
        self.stopped().unwrap_or(WriterStopped::Asked)
    }
}

/// Saturates: the queue holds far less than 4 GiB.
fn byte_count(request: &Request) -> u32 {
    u32::try_from(request.bytes_max()).unwrap_or(u32::MAX)
}
