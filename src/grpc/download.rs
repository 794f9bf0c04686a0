//! The body of a response. Its call counts as under way until the transport has
//! taken all of it.

use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use tokio::sync::OwnedSemaphorePermit;
use tonic::Status;

use super::peer::TransferDirection;

#[derive(Debug)]
pub struct Download {
    body: tonic::body::Body,
    /// `None` once the body has ended.
    call: Option<Call>,
    /// Whether the transport last found nothing to send.
    is_waiting: bool,
}

/// The hold of a response on the limits of the server.
#[derive(Debug)]
struct Call {
    direction: Option<TransferDirection>,
    _permit: OwnedSemaphorePermit,
}

impl Download {
    /// `permit` is released when the body has ended.
    pub fn new(
        body: tonic::body::Body,
        direction: Option<TransferDirection>,
        permit: OwnedSemaphorePermit,
    ) -> Self {
        if let Some(direction) = &direction {
            direction.waits_for_caller();
        }
        Self {
            body,
            call: Some(Call {
                direction,
                _permit: permit,
            }),
            is_waiting: false,
        }
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
        let polled = Pin::new(&mut self.body).poll_frame(cx);
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
            Poll::Ready(_) => self.call = None,
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
