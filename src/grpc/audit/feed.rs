//! A feed: the task behind one stream of entries.
//!
//! It holds one chunk of entries at a time and gives up on a reader who does not
//! keep up, so a slow reader costs the register no more than that chunk.

use std::sync::Arc;

use tonic::Status;

use super::history_cursor::HistoryCursor;
use super::log_reading::LogReading;
use crate::bounded_stream::{BoundedSender, SendError};
use crate::deadline::Deadline;
use crate::quota::StreamLease;
use crate::status;
use crate::wire::proto::ReadHistoryResponse;
use crate::workers::Workers;
use minutebook_domain::ids::Position;
use minutebook_kernel::log::Reader;

pub struct Feed<T> {
    pub sender: BoundedSender<T>,
    pub reader: Arc<dyn Reader>,
    pub workers: Workers,
    pub deadline: Deadline,
    /// Where the log is read as a whole.
    pub reading: Option<LogReading>,
    /// Held until the feed ends.
    pub _lease: Option<StreamLease>,
}

/// Why a feed ends early.
pub enum FeedEnd {
    CallerGone,
    With(Status),
}

impl From<Status> for FeedEnd {
    fn from(status: Status) -> Self {
        Self::With(status)
    }
}

impl<T: prost::Message> Feed<T> {
    /// Does the work of the feed, unless the caller goes or the deadline passes first: then
    /// the work ends there, and so does what workers do for it.
    pub async fn unless_over<R>(
        &self,
        work: impl Future<Output = Result<R, FeedEnd>>,
    ) -> Result<R, FeedEnd> {
        tokio::select! {
            done = work => done,
            () = self.sender.gone() => Err(FeedEnd::CallerGone),
            over = self.deadline.passed() => Err(over.into()),
        }
    }

    /// Sends one message. `next` is the position from which a reader who is too
    /// slow can go on.
    pub async fn send(&self, message: T, next: Position) -> Result<(), FeedEnd> {
        match self.sender.send(message).await {
            Ok(()) => Ok(()),
            Err(SendError::Gone) => Err(FeedEnd::CallerGone),
            Err(SendError::Slow) => Err(status::subscriber_too_slow(next).into()),
        }
    }

    /// Notes that the entry at a position was sent.
    pub fn note_sent(&self, position: Position) {
        if let Some(reading) = &self.reading {
            reading.note_sent(position);
        }
    }

    /// Notes that everything that was asked for was sent.
    pub fn note_finished(&self) {
        if let Some(reading) = &self.reading {
            reading.finish();
        }
    }

    /// Reads the next chunk of entries.
    pub async fn read_chunk(
        &self,
        mut cursor: HistoryCursor,
    ) -> Result<(HistoryCursor, Vec<ReadHistoryResponse>), FeedEnd> {
        let reader = Arc::clone(&self.reader);
        let read = self.workers.read(move || {
            let chunk = cursor.read_chunk(&*reader);
            (cursor, chunk)
        });
        let (cursor, chunk) = read.await?;
        let chunk = chunk.map_err(|error| status::log_unreadable(&error))?;
        Ok((cursor, chunk))
    }

    /// Ends the stream; with a status where the reader is still there.
    pub fn end(self, end: FeedEnd) {
        match end {
            FeedEnd::CallerGone => {}
            FeedEnd::With(status) => self.sender.end(status),
        }
    }
}

pub fn position_of(entry: &ReadHistoryResponse) -> Position {
    let read = entry.entry.as_ref().map(|entry| entry.position);
    let withheld = entry.withheld.as_ref().map(|entry| entry.position);
    Position::new(read.or(withheld).unwrap_or_default())
}

impl Feed<ReadHistoryResponse> {
    /// Sends a part of the history, `limit` entries at most.
    pub async fn send_history(self, cursor: HistoryCursor, limit: u64) {
        let sent = self.send_entries(cursor, limit);
        if let Err(end) = self.unless_over(sent).await {
            self.end(end);
        }
    }

    /// Sends every entry that the cursor still has, `limit` at most.
    async fn send_entries(&self, mut cursor: HistoryCursor, mut limit: u64) -> Result<(), FeedEnd> {
        while cursor.next_position().is_some() && limit > 0 {
            let chunk;
            (cursor, chunk) = self.read_chunk(cursor).await?;
            for entry in chunk {
                if limit == 0 {
                    break;
                }
                limit -= 1;
                let position = position_of(&entry);
                self.send(entry, position).await?;
                self.note_sent(position);
            }
        }
        self.note_finished();
        Ok(())
    }
}
