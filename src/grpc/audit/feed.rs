//! A feed: the task behind one stream of entries.
//!
//! It holds one chunk of entries at a time and gives up on a reader who does not
//! keep up, so a slow reader costs the register no more than that chunk.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::MissedTickBehavior;
use tonic::Status;

use super::history_cursor::HistoryCursor;
use crate::domain::ids::Position;
use crate::grpc::bounded_stream::{BoundedSender, SendError};
use crate::grpc::deadline::Deadline;
use crate::grpc::quota::StreamLease;
use crate::grpc::status;
use crate::grpc::workers::Workers;
use crate::log::Reader;
use crate::projection::Projection;
use crate::wire::proto::subscribe_response::Message;
use crate::wire::proto::{ReadHistoryResponse, SubscribeResponse};

pub struct Feed<T> {
    pub sender: BoundedSender<T>,
    pub reader: Arc<dyn Reader>,
    pub workers: Workers,
    pub deadline: Deadline,
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
            () = self.deadline.passed() => Err(status::deadline_passed().into()),
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

    /// Sends every entry that the cursor still has, `limit` at most.
    async fn send_entries(
        &self,
        mut cursor: HistoryCursor,
        mut limit: u64,
        into_message: impl Fn(ReadHistoryResponse) -> T,
        stopping: Option<&watch::Receiver<bool>>,
    ) -> Result<HistoryCursor, FeedEnd> {
        while cursor.next_position().is_some() && limit > 0 {
            if stopping.is_some_and(|stopping| *stopping.borrow()) {
                return Err(status::server_stopping().into());
            }
            let chunk;
            (cursor, chunk) = self.read_chunk(cursor).await?;
            for entry in chunk {
                if limit == 0 {
                    break;
                }
                limit -= 1;
                let position = position_of(&entry);
                self.send(into_message(entry), position).await?;
            }
        }
        Ok(cursor)
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
    Position::new(entry.entry.as_ref().map_or(0, |entry| entry.position))
}

impl Feed<ReadHistoryResponse> {
    /// Sends a part of the history, `limit` entries at most.
    pub async fn send_history(self, cursor: HistoryCursor, limit: u64) {
        let sent = self.send_entries(cursor, limit, |entry| entry, None);
        if let Err(end) = self.unless_over(sent).await {
            self.end(end);
        }
    }
}

impl Feed<SubscribeResponse> {
    /// Catches up, then follows the log until the caller goes or the server stops.
    pub async fn follow(
        self,
        cursor: HistoryCursor,
        projection: Projection,
        stopping: watch::Receiver<bool>,
        heartbeat: Duration,
    ) {
        let followed = self.send_and_follow(cursor, &projection, stopping, heartbeat);
        if let Err(end) = self.unless_over(followed).await {
            self.end(end);
        }
    }

    async fn send_and_follow(
        &self,
        mut cursor: HistoryCursor,
        projection: &Projection,
        mut stopping: watch::Receiver<bool>,
        heartbeat: Duration,
    ) -> Result<(), FeedEnd> {
        let mut tail = projection.tail();
        let mut beats = tokio::time::interval(heartbeat);
        beats.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut has_caught_up = false;
        loop {
            let into_message = |entry| response(Message::Entry(entry));
            let sent = self.send_entries(cursor, u64::MAX, into_message, Some(&stopping));
            cursor = sent.await?;
            let register = projection.register();
            if register.tail() > cursor.last() {
                cursor.extend(register);
                continue;
            }
            let known = cursor.last();
            if !has_caught_up {
                has_caught_up = true;
                self.send_caught_up(known).await?;
                beats.reset();
            }
            tokio::select! {
                // The projection outlives its followers.
                () = changed(tail.wait_for(|tail| *tail > known)) => {}
                _ = beats.tick() => self.send_caught_up(known).await?,
                () = changed(stopping.wait_for(|stopping| *stopping)) => {
                    return Err(status::server_stopping().into());
                }
            }
        }
    }

    async fn send_caught_up(&self, position: Position) -> Result<(), FeedEnd> {
        let message = response(Message::CaughtUpToPosition(position.get()));
        self.send(message, position.next()).await
    }
}

/// Waits for a change and lets go of the watched value, which would otherwise
/// stay locked.
async fn changed<T>(change: impl Future<Output = T>) {
    drop(change.await);
}

const fn response(message: Message) -> SubscribeResponse {
    SubscribeResponse {
        message: Some(message),
    }
}
