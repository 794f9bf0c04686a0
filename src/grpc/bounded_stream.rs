//! A bounded stream of responses, and the status that ends it. The responses that wait
//! for the reader are bounded in number and in bytes.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use prost::Message;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc, oneshot};
use tokio_stream::Stream;
use tonic::Status;

/// The most bytes that wait for the reader of one stream. A longer response waits
/// alone.
const BYTES_MAX: u32 = 512 << 10;

pub struct BoundedSender<T> {
    items: mpsc::Sender<WaitingItem<T>>,
    room: Arc<Semaphore>,
    end: oneshot::Sender<Status>,
    reader_timeout: Duration,
}

/// The end that the transport reads: every item, then the status, if there is one.
pub struct BoundedStream<T> {
    items: mpsc::Receiver<WaitingItem<T>>,
    end: oneshot::Receiver<Status>,
}

/// A response, and the room that it takes until the transport has it.
struct WaitingItem<T> {
    item: T,
    _room: Option<OwnedSemaphorePermit>,
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
        room: Arc::new(Semaphore::new(BYTES_MAX as usize)),
        end,
        reader_timeout,
    };
    (sender, BoundedStream { items, end: ended })
}

impl<T: Message> BoundedSender<T> {
    pub async fn send(&self, item: T) -> Result<(), SendError> {
        let bytes = u32::try_from(item.encoded_len()).unwrap_or(u32::MAX);
        let room = Arc::clone(&self.room).acquire_many_owned(bytes.clamp(1, BYTES_MAX));
        let sent = async {
            // A reader who goes gives back the room of everything that waits.
            let _room = room.await.ok();
            self.items.send(WaitingItem { item, _room }).await
        };
        match tokio::time::timeout(self.reader_timeout, sent).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) => Err(SendError::Gone),
            Err(_) => Err(SendError::Slow),
        }
    }
}

impl<T> BoundedSender<T> {
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
            Some(waiting) => Some(Ok(waiting.item)),
            // The status comes once, where there is one; then the stream is over.
            None => self.end.try_recv().ok().map(Err),
        })
    }
}

#[cfg(test)]
mod tests {
    use futures::FutureExt;
    use tokio_stream::StreamExt;

    use super::*;

    #[tokio::test]
    async fn the_bytes_that_wait_are_bounded_and_a_reader_who_goes_frees_them() {
        let (sender, mut stream) = bounded_stream::<String>(64, Duration::from_secs(60));
        let item = || "x".repeat(200 << 10);
        assert_eq!(sender.send(item()).now_or_never(), Some(Ok(())));
        assert_eq!(sender.send(item()).now_or_never(), Some(Ok(())));
        assert_eq!(sender.send(item()).now_or_never(), None);
        assert!(stream.next().await.is_some());
        assert_eq!(sender.send(item()).now_or_never(), Some(Ok(())));
        // One that is longer than the limit waits until nothing else does.
        let long = sender.send("x".repeat(2 << 20));
        let read = async {
            assert!(stream.next().await.is_some());
            assert!(stream.next().await.is_some());
            assert_eq!(stream.next().await.expect("it").expect("it").len(), 2 << 20);
        };
        let (sent, ()) = tokio::join!(long, read);
        assert_eq!(sent, Ok(()));
        let next = sender.send("x".repeat(2 << 20)).now_or_never();
        assert_eq!(next, Some(Ok(())));
        drop(stream);
        assert_eq!(sender.send(item()).await, Err(SendError::Gone));
    }
}
