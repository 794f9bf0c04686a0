//! The appends of books, fed to a stream as fast as it takes them.

use std::sync::Arc;

use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;

use super::book::BookFile;
use minutebook_grpc::wire::proto::AppendRequest;

/// The number of appends that wait to be sent.
const READY: usize = 16;

/// The appends of books, in order.
pub struct AppendFeed(Arc<Vec<AppendRequest>>);

impl AppendFeed {
    pub fn of(books: &[BookFile]) -> Self {
        let appends = books.iter().flat_map(|book| book.appends.iter().cloned());
        Self(Arc::new(appends.collect()))
    }

    /// A stream of the appends from this index on.
    pub fn from(&self, index: usize) -> ReceiverStream<AppendRequest> {
        let (ready, sent) = mpsc::channel(READY);
        let appends = Arc::clone(&self.0);
        tokio::spawn(async move {
            for append in appends.iter().skip(index) {
                if ready.send(append.clone()).await.is_err() {
                    // The stream has ended.
                    return;
                }
            }
        });
        ReceiverStream::new(sent)
    }
}
