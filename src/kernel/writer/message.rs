//! Messages to the admission thread.

use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, oneshot};

use super::append_failure::AppendFailure;
use super::receipt::AppendReply;
use super::request::Request;
use super::request_sequence::RequestSequence;

#[derive(Debug)]
pub(super) enum WriterMessage {
    Append(AppendMessage),
    /// Finish the requests that came before this, and end.
    Stop,
}

/// Where the reply to a request goes.
pub(super) type ReplySender = oneshot::Sender<Result<AppendReply, AppendFailure>>;

/// A request, and where its reply goes.
#[derive(Debug)]
pub(super) struct AppendMessage {
    pub(super) request: Arc<Request>,
    pub(super) reply: ReplySender,
    /// The sequence it belongs to, if any.
    pub(super) sequence: Option<RequestSequence>,
    pub(super) permits: QueuePermits,
}

/// A request's share of the queue, returned when it is dropped: the request no
/// longer waits to be written.
#[derive(Debug)]
pub(super) struct QueuePermits {
    pub(super) _place: OwnedSemaphorePermit,
    pub(super) _bytes: OwnedSemaphorePermit,
}
