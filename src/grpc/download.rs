//! What a caller is sent: it counts as a call until the transport has taken it.

use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use tokio::sync::OwnedSemaphorePermit;
use tonic::Status;

use super::peer::TransferDirection;

/// A response's body.
#[derive(Debug)]
pub struct Download {
    body: tonic::body::Body,
    /// What it holds until it has ended.
    held: Option<(Option<TransferDirection>, OwnedSemaphorePermit)>,
    /// Whether there was nothing to send when it was last asked.
    is_waiting: bool,
}

impl Download {
    /// The body of a response, for as long as a call is under way.
    pub fn new(
        body: tonic::body::Body,
        direction: Option<TransferDirection>,
        call: OwnedSemaphorePermit,
    ) -> Self {
        if let Some(direction) = &direction {
            direction.waits_for_caller();
        }
        Self {
            body,
            held: Some((direction, call)),
            is_waiting: false,
        }
    }

    fn direction(&self) -> Option<&TransferDirection> {
        self.held
            .as_ref()
            .and_then(|(direction, _)| direction.as_ref())
    }
}

impl Body for Download {
    type Data = Bytes;
    type Error = Status;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Status>>> {
        let polled = Pin::new(&mut self.body).poll_frame(cx);
        match &polled {
            // The transport asks only when it could send.
            Poll::Pending if !self.is_waiting => {
                self.is_waiting = true;
                if let Some(direction) = self.direction() {
                    direction.caller_waits();
                }
            }
            Poll::Pending => {}
            // And it asks again when the caller has room for what it was given.
            Poll::Ready(Some(Ok(_))) if !self.is_end_stream() => {
                self.is_waiting = false;
                if let Some(direction) = self.direction() {
                    direction.waits_for_caller();
                }
            }
            Poll::Ready(_) => self.held = None,
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
