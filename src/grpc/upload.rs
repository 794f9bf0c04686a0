//! The body of a request: how much of a message has come, and whether the rest is
//! overdue.
//!
//! A message takes memory from its first byte until its last. The memory of all
//! incomplete messages together is limited; the first [`FREE_BYTES`] of each do
//! not count. So a few callers who send large messages slowly take nothing from
//! the others.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use tonic::Status;

use super::peer::TransferDirection;
use super::status;

/// Bytes of a message that do not count. Nearly all messages are smaller.
const FREE_BYTES: usize = 64 << 10;

/// The prefix of a message: one byte for compression, four for the length.
const PREFIX_BYTES: usize = 5;

/// The bytes that incomplete messages of all callers together may take.
#[derive(Debug, Clone)]
pub struct UploadBudget {
    taken: Arc<AtomicUsize>,
    max: usize,
}

impl UploadBudget {
    pub fn new(max: usize) -> Self {
        Self {
            taken: Arc::default(),
            max,
        }
    }
}

/// The part of the budget that one message takes.
#[derive(Debug)]
struct BudgetLease {
    budget: UploadBudget,
    taken: usize,
}

impl BudgetLease {
    /// Takes or gives back, so that the lease fits a message of `bytes`. Returns
    /// whether the budget had enough.
    fn set(&mut self, bytes: usize) -> bool {
        let needed = bytes.saturating_sub(FREE_BYTES);
        let taken = &self.budget.taken;
        if needed <= self.taken {
            taken.fetch_sub(self.taken - needed, Ordering::Relaxed);
            self.taken = needed;
            return true;
        }
        let more = needed - self.taken;
        let is_enough = taken.fetch_add(more, Ordering::Relaxed) + more <= self.budget.max;
        self.taken = needed;
        is_enough
    }
}

impl Drop for BudgetLease {
    fn drop(&mut self) {
        self.set(0);
    }
}

/// The place of a body in its messages ("gRPC over HTTP/2",
/// Length-Prefixed-Message).
#[derive(Debug, Default)]
struct MessageBoundary {
    prefix: [u8; PREFIX_BYTES],
    /// Bytes of the incomplete message, with its prefix.
    received: usize,
}

impl MessageBoundary {
    /// Takes note of `data`, and returns the length of the incomplete message.
    fn advance(&mut self, mut data: &[u8]) -> usize {
        while !data.is_empty() {
            if self.received < PREFIX_BYTES {
                let some = data.len().min(PREFIX_BYTES - self.received);
                self.prefix[self.received..self.received + some].copy_from_slice(&data[..some]);
                self.received += some;
                data = &data[some..];
            }
            if self.received >= PREFIX_BYTES {
                let [_, length @ ..] = self.prefix;
                let whole = PREFIX_BYTES.saturating_add(u32::from_be_bytes(length) as usize);
                let some = data.len().min(whole - self.received);
                self.received += some;
                data = &data[some..];
                if self.received == whole {
                    self.received = 0;
                }
            }
        }
        self.received
    }
}

#[derive(Debug)]
pub struct Upload {
    body: tonic::body::Body,
    /// `None` once the body has ended, or on a connection that is not watched.
    direction: Option<TransferDirection>,
    boundary: MessageBoundary,
    lease: BudgetLease,
    /// Whether the server waits for the rest of a message, or for the first one.
    waits_for_caller: bool,
}

impl Upload {
    pub fn new(
        body: tonic::body::Body,
        direction: Option<TransferDirection>,
        budget: &UploadBudget,
    ) -> Self {
        Self {
            body,
            direction,
            boundary: MessageBoundary::default(),
            lease: BudgetLease {
                budget: budget.clone(),
                taken: 0,
            },
            waits_for_caller: true,
        }
    }

    fn receive(&mut self, data: &[u8]) -> Result<(), Status> {
        let received = self.boundary.advance(data);
        // The wait counts from the first byte, however slowly the others come.
        let waits_for_caller = received > 0;
        if waits_for_caller != self.waits_for_caller
            && let Some(direction) = &self.direction
        {
            if waits_for_caller {
                direction.waits_for_caller();
            } else {
                direction.caller_waits();
            }
        }
        self.waits_for_caller = waits_for_caller;
        if self.lease.set(received) {
            Ok(())
        } else {
            Err(status::overloaded(
                "too many large messages are being received",
            ))
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
                    && let Err(status) = self.receive(data)
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
