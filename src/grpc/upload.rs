//! The body of a request: how much of a message has come, and whether the rest is
//! overdue.
//!
//! A message takes memory from its first byte until its last. The memory of all
//! incomplete messages together is limited, and that of one peer address; the first
//! [`FREE_BYTES`] of each do not count. So a few callers who send large messages
//! slowly take nothing from the others.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use tonic::Status;

use super::peer::TransferDirection;
use super::quota::{HolderQuota, QuotaLease, Resource};
use super::status;

/// Bytes of a message that do not count. Nearly all messages are smaller.
const FREE_BYTES: usize = 64 << 10;

/// The prefix of a message: one byte for compression, four for the length.
pub const PREFIX_BYTES: usize = 5;

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
    lease: QuotaLease,
    /// Whether the call takes messages until the caller ends them. Otherwise the server
    /// waits for the end too: a message without it does not begin the call.
    takes_stream: bool,
    /// Whether the server waits for the rest of a message, or for the first one.
    waits_for_caller: bool,
}

impl Upload {
    pub fn new(
        body: tonic::body::Body,
        direction: Option<TransferDirection>,
        quota: &Arc<HolderQuota>,
        takes_stream: bool,
    ) -> Self {
        Self {
            body,
            direction,
            boundary: MessageBoundary::default(),
            lease: quota.take_over(Resource::UploadBytes, 0),
            takes_stream,
            waits_for_caller: true,
        }
    }

    fn receive(&mut self, data: &[u8]) -> Result<(), Status> {
        let received = self.boundary.advance(data);
        // The wait counts from the first byte, however slowly the others come.
        let waits_for_caller = received > 0 || !self.takes_stream;
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
        if self.lease.resize(received.saturating_sub(FREE_BYTES)) {
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
        if let Some(direction) = &self.direction
            && direction.is_cut(cx)
        {
            self.direction = None;
            return Poll::Ready(Some(Err(status::overloaded(
                "the rest of the message did not come, and another call needed the room",
            ))));
        }
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
