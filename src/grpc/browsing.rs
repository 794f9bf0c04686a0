//! Marks the requests of browsers for pages. The layers in front of the services sign in
//! and count them as they do calls; their bodies have no messages.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body::{Body as HttpBody, Frame, SizeHint};
use tonic::Status;
use tonic::body::Body;

use super::download::CallHold;

/// The path of the stream that says when there is a new entry. It lasts, so it counts as a
/// stream and not as a call.
pub const NEWS: &str = "/news";

/// In the extensions of a request for a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Browsing {
    /// It changes nothing.
    Reads,
    /// It may record.
    Records,
    /// It signs in or out, and asks the register nothing.
    SignsIn,
}

/// The body of a page, which counts as under way until its last byte is gone.
pub struct HeldBody {
    body: Body,
    _hold: Arc<CallHold>,
}

impl HeldBody {
    pub fn new(body: Body, hold: CallHold) -> Self {
        Self {
            body,
            _hold: Arc::new(hold),
        }
    }
}

impl HttpBody for HeldBody {
    type Data = Bytes;
    type Error = Status;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Status>>> {
        Pin::new(&mut self.body).poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
