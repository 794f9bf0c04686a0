//! What a stream still has to send, bounded, and how it ends.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::sync::{mpsc, oneshot};
use tokio_stream::Stream;
use tonic::Status;

/// The end that is sent from.
pub struct BoundedSender<T> {
    items: mpsc::Sender<T>,
    end: oneshot::Sender<Status>,
    patience: Duration,
}

/// The end that the transport reads from: every item, then the status given.
pub struct BoundedStream<T> {
    items: mpsc::Receiver<T>,
    end: oneshot::Receiver<Status>,
}

/// Why nothing more can be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SendError {
    /// The caller has gone.
    Gone,
    /// The caller has read nothing for as long as patience lasts.
    Slow,
}

/// A stream that holds `len` items at most, and waits for its reader for
/// `patience` at most.
pub fn bounded_stream<T>(len: usize, patience: Duration) -> (BoundedSender<T>, BoundedStream<T>) {
    let (sender, items) = mpsc::channel(len.max(1));
    let (end, ended) = oneshot::channel();
    let outlet = BoundedSender {
        items: sender,
        end,
        patience,
    };
    (outlet, BoundedStream { items, end: ended })
}

impl<T> BoundedSender<T> {
    /// Sends one item.
    pub async fn send(&self, item: T) -> Result<(), SendError> {
        match tokio::time::timeout(self.patience, self.items.send(item)).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) => Err(SendError::Gone),
            Err(_) => Err(SendError::Slow),
        }
    }

    /// Resolves when the caller has gone.
    pub async fn gone(&self) {
        self.items.closed().await;
    }

    /// Ends the stream with a status, after everything that was sent.
    pub fn end(self, status: Status) {
        // In this order: the reader looks for it when the items have ended.
        let _ = self.end.send(status);
    }
}

impl<T> Stream for BoundedStream<T> {
    type Item = Result<T, Status>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.items.poll_recv(cx).map(|item| match item {
            Some(item) => Some(Ok(item)),
            // Given once; after that, or when none was given, this is the end.
            None => self.end.try_recv().ok().map(Err),
        })
    }
}
