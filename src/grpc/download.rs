//! The body of a response: how much of it the caller has not read yet.
//!
//! An answer takes memory from when it is encoded until the socket has taken its last
//! byte. The transport takes a whole message as soon as the caller has room for one
//! byte of it, and keeps the rest. So the bytes themselves hold what counts: while
//! any of them is somewhere in memory, the call is under way, and its answer counts.

use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body::{Body, Frame};
use tonic::Status;

use super::denials::DenialWatch;
use super::peer::TransferDirection;
use super::quota::{HolderQuota, QuotaLease, Resource};
use super::status;
use super::upload::PREFIX_BYTES;

/// The most bytes of an answer that is never refused: the receipts of an append, and
/// nearly all others. Such answers count, and the limit of calls bounds them.
const SMALL_BYTES: usize = 64 << 10;

type PolledFrame = Option<Result<Frame<Bytes>, Status>>;

#[derive(Debug)]
pub struct Download {
    body: tonic::body::Body,
    /// The beginning, where it was ready before the transport asked for it.
    first: Option<PolledFrame>,
    /// `None` once the body has ended.
    call: Option<Arc<CallHold>>,
    /// Whether the transport last found nothing to send.
    is_waiting: bool,
    answer_bytes_max: usize,
    /// Sees the trailers.
    denials: Option<DenialWatch>,
}

/// The hold of a call on the limits of the server, until its last byte is gone.
#[derive(Debug)]
pub struct CallHold {
    direction: Option<TransferDirection>,
    quota: Arc<HolderQuota>,
    _leases: Vec<QuotaLease>,
}

impl CallHold {
    /// `leases` are what the call counts as.
    pub const fn new(
        direction: Option<TransferDirection>,
        quota: Arc<HolderQuota>,
        leases: Vec<QuotaLease>,
    ) -> Self {
        Self {
            direction,
            quota,
            _leases: leases,
        }
    }
}

/// Bytes of an answer, with what counts as long as they are in memory.
struct CountedBytes {
    bytes: Bytes,
    _lease: QuotaLease,
    _call: Arc<CallHold>,
}

impl AsRef<[u8]> for CountedBytes {
    fn as_ref(&self) -> &[u8] {
        &self.bytes
    }
}

impl Download {
    /// Messages have at most `answer_bytes_max` bytes.
    pub fn new(
        body: tonic::body::Body,
        call: CallHold,
        answer_bytes_max: usize,
        denials: Option<DenialWatch>,
    ) -> Self {
        if let Some(direction) = &call.direction {
            direction.waits_for_caller();
        }
        Self {
            body,
            first: None,
            call: Some(Arc::new(call)),
            is_waiting: false,
            answer_bytes_max,
            denials,
        }
    }

    /// Reads the beginning of the answer, if it is there. An error means that the answer
    /// cannot be sent, and nothing of it was. `make_room` ends another answer of the
    /// same address that is not read, and returns whether there was one.
    pub async fn begin(&mut self, make_room: impl Fn() -> bool) -> Result<(), Status> {
        if self.body.is_end_stream() {
            return Ok(());
        }
        let polled = poll_fn(|cx| Poll::Ready(Pin::new(&mut self.body).poll_frame(cx))).await;
        let Poll::Ready(frame) = polled else {
            return Ok(());
        };
        let Some(Ok(frame)) = frame else {
            self.first = Some(frame);
            return Ok(());
        };
        let frame = match frame.into_data() {
            Ok(data) => {
                self.check_messages(&data)?;
                let lease = self.lease(data.len(), make_room)?;
                Frame::data(self.count(data, lease))
            }
            Err(frame) => frame,
        };
        self.first = Some(Some(Ok(frame)));
        Ok(())
    }

    /// Refuses messages that are too large. `data` begins with a message, and holds
    /// whole ones.
    fn check_messages(&self, mut data: &[u8]) -> Result<(), Status> {
        while let Some(([_, length @ ..], rest)) = data.split_first_chunk::<PREFIX_BYTES>() {
            let bytes = u32::from_be_bytes(*length) as usize;
            if bytes > self.answer_bytes_max {
                return Err(status::answer_too_large(bytes, self.answer_bytes_max));
            }
            data = rest.get(bytes..).unwrap_or_default();
        }
        Ok(())
    }

    /// The lease for the first bytes of an answer.
    fn lease(&self, bytes: usize, make_room: impl Fn() -> bool) -> Result<QuotaLease, Status> {
        let no_room = || {
            status::overloaded(
                "too many bytes of answers wait to be read, in all or at your address",
            )
        };
        let quota = &self.call.as_ref().ok_or_else(no_room)?.quota;
        let take = || quota.take(Resource::AnswerBytes, bytes);
        match take() {
            Some(lease) => Ok(lease),
            None if bytes <= SMALL_BYTES => Ok(quota.take_over(Resource::AnswerBytes, bytes)),
            // How much that frees is not known, nor when: mostly, the next call finds room.
            None if make_room() => take().ok_or_else(no_room),
            None => Err(no_room()),
        }
    }

    fn count(&self, bytes: Bytes, lease: QuotaLease) -> Bytes {
        match &self.call {
            Some(call) => Bytes::from_owner(CountedBytes {
                bytes,
                _lease: lease,
                _call: Arc::clone(call),
            }),
            None => bytes,
        }
    }

    /// Later bytes of a stream. They come only as fast as the caller reads, so they
    /// count and are not refused.
    fn count_later(&self, frame: Frame<Bytes>) -> Result<Frame<Bytes>, Status> {
        let data = match frame.into_data() {
            Ok(data) => data,
            Err(frame) => return Ok(frame),
        };
        self.check_messages(&data)?;
        let Some(call) = &self.call else {
            return Ok(Frame::data(data));
        };
        let lease = call.quota.take_over(Resource::AnswerBytes, data.len());
        Ok(Frame::data(self.count(data, lease)))
    }

    fn poll_body(&mut self, cx: &mut Context<'_>) -> Poll<PolledFrame> {
        let polled = self.poll_counted(cx);
        if let Poll::Ready(Some(Ok(frame))) = &polled
            && let (Some(trailers), Some(denials)) = (frame.trailers_ref(), &self.denials)
        {
            denials.see(trailers);
        }
        polled
    }

    fn poll_counted(&mut self, cx: &mut Context<'_>) -> Poll<PolledFrame> {
        if let Some(first) = self.first.take() {
            return Poll::Ready(first);
        }
        let polled = Pin::new(&mut self.body).poll_frame(cx);
        polled.map(|frame| {
            let counted = self.count_later(match frame? {
                Ok(frame) => frame,
                Err(status) => return Some(Err(status)),
            });
            Some(counted.or_else(|status| {
                // The messages before it stay valid; the stream ends with the reason.
                self.body = tonic::body::Body::empty();
                let mut trailers = http::HeaderMap::new();
                status.add_header(&mut trailers)?;
                Ok(Frame::trailers(trailers))
            }))
        })
    }

    fn direction(&self) -> Option<&TransferDirection> {
        self.call.as_ref().and_then(|call| call.direction.as_ref())
    }
}

impl Body for Download {
    type Data = Bytes;
    type Error = Status;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Status>>> {
        let polled = self.poll_body(cx);
        match &polled {
            // The transport polls only when it could send.
            Poll::Pending if !self.is_waiting => {
                self.is_waiting = true;
                if let Some(direction) = self.direction() {
                    direction.caller_waits();
                }
            }
            Poll::Pending => {}
            // It polls again once the caller has room for this frame.
            Poll::Ready(Some(Ok(_))) if !self.is_end_stream() => {
                self.is_waiting = false;
                if let Some(direction) = self.direction() {
                    direction.waits_for_caller();
                }
            }
            // The last bytes still hold the call.
            Poll::Ready(_) => self.call = None,
        }
        polled
    }

    fn is_end_stream(&self) -> bool {
        self.first.is_none() && self.body.is_end_stream()
    }
}
