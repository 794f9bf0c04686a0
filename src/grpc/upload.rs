//! What a caller sends: how much of it is there, and whether the rest is overdue.
//!
//! A message takes memory from its first byte until its last one came. What all
//! callers together may hold so is limited, beyond a part that everybody has: so
//! that a few who send large messages slowly take nothing from the others.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use tonic::Status;

use super::peer::TransferDirection;
use super::status;

/// What a message may have without counting: nearly all have less.
const FREE_BYTES: usize = 64 << 10;

/// The prefix of a message: whether it is compressed, and its length.
const PREFIX_BYTES: usize = 5;

/// What all callers together may have sent of messages that are not whole.
#[derive(Debug, Clone)]
pub struct UploadBudget {
    taken: Arc<AtomicUsize>,
    max: usize,
}

impl UploadBudget {
    /// So many bytes.
    pub fn new(max: usize) -> Self {
        Self {
            taken: Arc::default(),
            max,
        }
    }
}

/// What one message takes of it.
#[derive(Debug)]
struct BudgetLease {
    of: UploadBudget,
    taken: usize,
}

impl BudgetLease {
    /// Takes as much as so many bytes need, and gives back the rest. Says whether
    /// there was enough.
    fn set(&mut self, bytes: usize) -> bool {
        let needed = bytes.saturating_sub(FREE_BYTES);
        let taken = &self.of.taken;
        if needed <= self.taken {
            taken.fetch_sub(self.taken - needed, Ordering::Relaxed);
            self.taken = needed;
            return true;
        }
        let more = needed - self.taken;
        let is_enough = taken.fetch_add(more, Ordering::Relaxed) + more <= self.of.max;
        self.taken = needed;
        is_enough
    }
}

impl Drop for BudgetLease {
    fn drop(&mut self) {
        self.set(0);
    }
}

/// Where in its messages a body is: RFC "gRPC over HTTP/2", Length-Prefixed-Message.
#[derive(Debug, Default)]
struct Messages {
    prefix: [u8; PREFIX_BYTES],
    /// How much is there of the message that is not whole.
    has: usize,
}

impl Messages {
    /// Takes note of bytes, and says how many there are of a message that is not
    /// whole.
    fn pass(&mut self, mut data: &[u8]) -> usize {
        while !data.is_empty() {
            if self.has < PREFIX_BYTES {
                let some = data.len().min(PREFIX_BYTES - self.has);
                self.prefix[self.has..self.has + some].copy_from_slice(&data[..some]);
                self.has += some;
                data = &data[some..];
            }
            if self.has >= PREFIX_BYTES {
                let [_, length @ ..] = self.prefix;
                let whole = PREFIX_BYTES.saturating_add(u32::from_be_bytes(length) as usize);
                let some = data.len().min(whole - self.has);
                self.has += some;
                data = &data[some..];
                if self.has == whole {
                    self.has = 0;
                }
            }
        }
        self.has
    }
}

/// A request's body.
#[derive(Debug)]
pub struct Upload {
    body: tonic::body::Body,
    /// `None` once it has ended, or where nobody watches.
    direction: Option<TransferDirection>,
    messages: Messages,
    share: BudgetLease,
    /// Whether the caller has begun a message, or owes the first one.
    is_owed: bool,
}

impl Upload {
    /// The body of a call.
    pub fn new(
        body: tonic::body::Body,
        direction: Option<TransferDirection>,
        allowance: &UploadBudget,
    ) -> Self {
        Self {
            body,
            direction,
            messages: Messages::default(),
            share: BudgetLease {
                of: allowance.clone(),
                taken: 0,
            },
            is_owed: true,
        }
    }

    fn pass(&mut self, data: &[u8]) -> Result<(), Status> {
        let has = self.messages.pass(data);
        // Since its first byte, however slowly the others come.
        let is_owed = has > 0;
        if is_owed != self.is_owed
            && let Some(direction) = &self.direction
        {
            if is_owed {
                direction.waits_for_caller();
            } else {
                direction.caller_waits();
            }
        }
        self.is_owed = is_owed;
        if self.share.set(has) {
            Ok(())
        } else {
            let what = "too many large messages are being received";
            Err(status::overloaded(what))
        }
    }
}

impl Body for Upload {
    type Data = Bytes;
    type Error = Status;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Status>>> {
        let polled = Pin::new(&mut self.body).poll_frame(cx);
        match &polled {
            Poll::Pending => {}
            Poll::Ready(Some(Ok(frame))) => {
                if let Some(data) = frame.data_ref()
                    && let Err(status) = self.pass(data)
                {
                    return Poll::Ready(Some(Err(status)));
                }
            }
            Poll::Ready(Some(Err(_)) | None) => self.direction = None,
        }
        polled
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
