//! A bounded stream of responses, and the status that ends it.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::sync::{mpsc, oneshot};
use tokio_stream::Stream;
use tonic::Status;

pub struct BoundedSender<T> {
    items: mpsc::Sender<T>,
    end: oneshot::Sender<Status>,
    reader_timeout: Duration,
}

/// The end that the transport reads: every item, then the status, if there is one.
pub struct BoundedStream<T> {
    items: mpsc::Receiver<T>,
    end: oneshot::Receiver<Status>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SendError {
    /// The caller has gone.
    Gone,
    /// The caller has read nothing for `reader_timeout`.
    Slow,
}

/// A stream on which `len` items at most wait for the reader, each for
/// `reader_timeout` at most.
pub fn bounded_stream<T>(
    len: usize,
    reader_timeout: Duration,
) -> (BoundedSender<T>, BoundedStream<T>) {
    let (sender, items) = mpsc::channel(len.max(1));
    let (end, ended) = oneshot::channel();
    let sender = BoundedSender {
        items: sender,
        end,
        reader_timeout,
    };
    (sender, BoundedStream { items, end: ended })
}

impl<T> BoundedSender<T> {
    pub async fn send(&self, item: T) -> Result<(), SendError> {
        match tokio::time::timeout(self.reader_timeout, self.items.send(item)).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) => Err(SendError::Gone),
            Err(_) => Err(SendError::Slow),
        }
    }

    /// Resolves when the caller has gone.
    pub async fn gone(&self) {
        self.items.closed().await;
    }

    /// Ends the stream with a status, after all items.
    pub fn end(self, status: Status) {
        // Before `items` is dropped: the reader looks for a status when they end.
        let _ = self.end.send(status);
    }
}

impl<T> Stream for BoundedStream<T> {
    type Item = Result<T, Status>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.items.poll_recv(cx).map(|item| match item {
            Some(item) => Some(Ok(item)),
            // The status comes once, where there is one; then the stream is over.
            None => self.end.try_recv().ok().map(Err),
        })
    }
}
