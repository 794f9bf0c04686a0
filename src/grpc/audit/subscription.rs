//! A subscription: what is recorded already, and then the log as it grows.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::MissedTickBehavior;

use super::feed::{Feed, FeedEnd, position_of};
use super::history_cursor::HistoryCursor;
use crate::log_fingerprint::{Fingerprint, Trail};
use crate::query::Questions;
use crate::status;
use crate::wire::proto::SubscribeResponse;
use crate::wire::proto::subscribe_response::Message;
use minutebook_domain::caller::Caller;
use minutebook_domain::ids::Position;
use minutebook_domain::register::Register;
use minutebook_kernel::projection::ClearedProjection;

/// How far a subscription has come: the entries to send, and the log's fingerprint.
struct Progress {
    cursor: HistoryCursor,
    trail: Trail,
}

/// Who follows the log. What they may read is asked again whenever it grows.
pub struct Follower {
    pub questions: Questions,
    pub caller: Caller,
}

impl Follower {
    /// The register as the follower may read it now; an error if that is nothing any more.
    fn cleared(&self) -> Result<ClearedProjection, FeedEnd> {
        let cleared = self.questions.cleared(&self.caller);
        Ok(cleared.map_err(status::reading_refused)?)
    }

    /// The latest register, as the follower may read it now.
    async fn register(&self) -> Result<Arc<Register>, FeedEnd> {
        Ok(self.cleared()?.register().await)
    }
}

impl Feed<SubscribeResponse> {
    /// Catches up, then follows the log until the caller goes or the server stops.
    pub async fn follow(
        self,
        cursor: HistoryCursor,
        trail: Trail,
        follower: Follower,
        stopping: watch::Receiver<bool>,
        heartbeat: Duration,
    ) {
        let progress = Progress { cursor, trail };
        let followed = self.send_and_follow(progress, &follower, stopping, heartbeat);
        if let Err(end) = self.unless_over(followed).await {
            self.end(end);
        }
    }

    async fn send_and_follow(
        &self,
        mut progress: Progress,
        follower: &Follower,
        mut stopping: watch::Receiver<bool>,
        heartbeat: Duration,
    ) -> Result<(), FeedEnd> {
        let mut tail = follower.questions.projection.tail();
        let mut beats = tokio::time::interval(heartbeat);
        beats.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut has_caught_up = false;
        loop {
            progress = self.send_new_entries(progress, &stopping).await?;
            if *tail.borrow_and_update() > progress.cursor.last() {
                progress.cursor.extend(follower.register().await?);
                continue;
            }
            let known = progress.cursor.last();
            if !has_caught_up {
                has_caught_up = true;
                progress = self.send_caught_up(progress, known).await?;
                beats.reset();
            }
            tokio::select! {
                // The projection outlives its followers.
                () = changed(tail.wait_for(|tail| *tail > known)) => {}
                _ = beats.tick() => {
                    // A mandate can also end on a day on which nothing is recorded.
                    follower.cleared()?;
                    progress = self.send_caught_up(progress, known).await?;
                }
                () = changed(stopping.wait_for(|stopping| *stopping)) => {
                    return Err(status::server_stopping().into());
                }
            }
        }
    }

    /// Sends every entry that the cursor still has.
    async fn send_new_entries(
        &self,
        mut progress: Progress,
        stopping: &watch::Receiver<bool>,
    ) -> Result<Progress, FeedEnd> {
        while progress.cursor.next_position().is_some() {
            if *stopping.borrow() {
                return Err(status::server_stopping().into());
            }
            let Progress { cursor, trail } = progress;
            let (cursor, chunk) = self.read_chunk(cursor).await?;
            let positions = chunk.iter().map(position_of).collect();
            let (trail, fingerprints) = self.fingerprints(trail, positions).await?;
            for (entry, fingerprint) in chunk.into_iter().zip(fingerprints) {
                let position = position_of(&entry);
                let message = response(Message::Entry(entry), fingerprint);
                self.send(message, position).await?;
                self.note_sent(position);
            }
            progress = Progress { cursor, trail };
        }
        Ok(progress)
    }

    async fn send_caught_up(
        &self,
        progress: Progress,
        position: Position,
    ) -> Result<Progress, FeedEnd> {
        let Progress { cursor, trail } = progress;
        let (trail, fingerprints) = self.fingerprints(trail, vec![position]).await?;
        for fingerprint in fingerprints {
            let message = response(Message::CaughtUpToPosition(position.get()), fingerprint);
            self.send(message, position.next()).await?;
            self.note_finished();
        }
        Ok(Progress { cursor, trail })
    }

    /// The fingerprint of the log at each of these positions, which are in order and
    /// recorded.
    async fn fingerprints(
        &self,
        mut trail: Trail,
        positions: Vec<Position>,
    ) -> Result<(Trail, Vec<Fingerprint>), FeedEnd> {
        let found = self.workers.read(move || {
            let each = positions.into_iter().map(|position| {
                let found = trail.fingerprint(position)?;
                Ok(found.unwrap_or_default())
            });
            let all: Result<Vec<Fingerprint>, _> = each.collect();
            (trail, all)
        });
        let (trail, found) = found.await?;
        let found = found.map_err(|error| status::tree_error(&error))?;
        Ok((trail, found))
    }
}

/// Waits for a change and lets go of the watched value, which would otherwise
/// stay locked.
async fn changed<T>(change: impl Future<Output = T>) {
    drop(change.await);
}

fn response(message: Message, fingerprint: Fingerprint) -> SubscribeResponse {
    SubscribeResponse {
        message: Some(message),
        log_fingerprint: fingerprint.to_vec(),
    }
}
