//! Replays: for each entry of a subject, what the entry changed.
//!
//! Each step compares two whole states, and a long history has thousands of them.
//! A few threads compute them in groups, never on all processors, and the feed
//! sends them in order. A group computes its own first state, so that groups need
//! not wait for one another.

use std::sync::Arc;

use futures::StreamExt;
use futures::stream;
use jiff::civil::Date;
use tokio::sync::{Semaphore, watch};
use tonic::Status;

use super::feed::{Feed, FeedEnd, position_of};
use super::filter::Filter;
use super::history_cursor::{HistoryCursor, ReadOrder};
use super::state::read_stateful_subject;
use crate::blocking::run_blocking;
use crate::domain::ids::{Position, SubjectId};
use crate::domain::register::Register;
use crate::grpc::field_reader::FieldReader;
use crate::grpc::missing::subject_not_found;
use crate::grpc::query::pin;
use crate::grpc::status;
use crate::projection::Projection;
use crate::views;
use crate::wire::as_of::{AsOf, Known};
use crate::wire::moment;
use crate::wire::proto::{ReadHistoryResponse, ReplayRequest, ReplayResponse};

/// Entries in a group, besides the state that it begins with.
const GROUP_LEN: usize = 16;

/// Entries in a group where each is sent with its state.
const GROUP_WITH_STATE_LEN: usize = 4;

/// Messages with a state that wait for a reader.
pub const STATES_LEN: usize = 2;

/// The entries of one subject that a request asks to replay.
pub struct SubjectEntries {
    register: Arc<Register>,
    subject: SubjectId,
    as_at: Date,
    from: Position,
    last: Position,
    limit: usize,
    with_state: bool,
}

impl SubjectEntries {
    pub async fn read(projection: &Projection, request: &ReplayRequest) -> Result<Self, Status> {
        let mut fields = FieldReader::default();
        let subject = read_stateful_subject(&mut fields, "subject", &request.subject);
        let as_at = fields.keep_faults(moment::day("as_at", request.as_at));
        let until = fields.keep_faults(moment::moment("until", request.until.as_ref()));
        let values = subject.zip(as_at.zip(until));
        let (subject, (as_at, until)) = fields.finish(values)?;
        let register = projection.register();
        let last = match until {
            None => register.tail(),
            Some(until) => {
                let resolved = projection.resolve(&register, until).await;
                let resolved = resolved.map_err(|error| status::unresolved("until", &error))?;
                resolved.known
            }
        };
        let from = Position::new(request.from_position);
        if from > last {
            return Err(status::invalid_field(
                "from_position",
                format!("the replay ends at position {last}, and {from} comes after it: swap them"),
            ));
        }
        let as_of = AsOf {
            as_at,
            known: Known::Position(last),
            at_least: Position::ZERO,
        };
        let view = pin(projection, &as_of).await?;
        let record = register.record(&subject);
        if record.is_none_or(|record| record.count_known_by(last) == 0) {
            return Err(subject_not_found(&view, &subject));
        }
        Ok(Self {
            as_at: view.as_at(),
            register,
            subject,
            from,
            last,
            limit: match usize::try_from(request.limit) {
                Ok(0) | Err(_) => usize::MAX,
                Ok(limit) => limit,
            },
            with_state: request.with_state,
        })
    }

    /// Whether each entry is sent with the whole state after it.
    pub const fn with_state(&self) -> bool {
        self.with_state
    }

    fn cursor(&self) -> HistoryCursor {
        let filter = Filter::only(self.subject.clone());
        let register = Arc::clone(&self.register);
        HistoryCursor::new(register, filter, ReadOrder::Forward, self.from, self.last)
    }

    /// Computes the steps of one group of consecutive entries.
    fn replay_group(&self, entries: Vec<ReadHistoryResponse>) -> Vec<ReplayResponse> {
        let (Some(first), Some(record)) = (entries.first(), self.register.record(&self.subject))
        else {
            return Vec::new();
        };
        let before = record
            .count_known_by(position_of(first).before())
            .checked_sub(1);
        let before = before.and_then(|index| record.history().get(index));
        let before = before.map_or(Position::ZERO, |entry| entry.position);
        let (register, subject) = (Arc::clone(&self.register), self.subject.clone());
        let mut replay = views::replay::SubjectReplay::new(register, self.as_at, subject, before);
        entries
            .into_iter()
            .filter_map(|entry| {
                let step = replay.step(record.entry(position_of(&entry))?);
                Some(ReplayResponse {
                    told: Some(entry),
                    changes: step.changes,
                    meanwhile: step.meanwhile,
                    unchanged: step.unchanged,
                    corrects: step.corrects,
                    state: step.state.filter(|_| self.with_state),
                })
            })
            .collect()
    }
}

/// Groups computed at once, for all replays together. One processor is left for
/// everything else.
pub fn workers_max() -> usize {
    let processors = std::thread::available_parallelism().map_or(1, usize::from);
    processors.saturating_sub(1).max(1)
}

impl Feed<ReplayResponse> {
    pub async fn replay(
        self,
        entries: SubjectEntries,
        workers: Arc<Semaphore>,
        stopping: watch::Receiver<bool>,
    ) {
        let sent = self.send_steps(Arc::new(entries), workers, stopping);
        if let Err(end) = sent.await {
            self.end(end);
        }
    }

    async fn send_steps(
        &self,
        entries: Arc<SubjectEntries>,
        workers: Arc<Semaphore>,
        stopping: watch::Receiver<bool>,
    ) -> Result<(), FeedEnd> {
        let (group_len, groups_at_once) = if entries.with_state {
            (GROUP_WITH_STATE_LEN, 1)
        } else {
            (GROUP_LEN, workers_max())
        };
        let (mut cursor, mut left) = (entries.cursor(), entries.limit);
        while cursor.next_position().is_some() && left > 0 {
            let mut chunk;
            (cursor, chunk) = self.read_chunk(cursor).await?;
            chunk.truncate(left);
            left -= chunk.len();
            let groups: Vec<_> = chunk.chunks(group_len).map(<[_]>::to_vec).collect();
            let replayed = groups.into_iter().map(|group| {
                let (entries, workers) = (Arc::clone(&entries), Arc::clone(&workers));
                async move {
                    let permit = workers.acquire_owned().await;
                    run_blocking(move || {
                        let _permit = permit;
                        entries.replay_group(group)
                    })
                    .await
                }
            });
            let mut replayed = stream::iter(replayed).buffered(groups_at_once);
            while let Some(steps) = replayed.next().await {
                for step in steps.map_err(|_| status::internal())? {
                    if *stopping.borrow() {
                        return Err(status::server_stopping().into());
                    }
                    let position = step.told.as_ref().map_or(Position::ZERO, position_of);
                    self.send(step, position).await?;
                }
            }
        }
        Ok(())
    }
}
