//! Replays: an entry, what it changed, and the next.
//!
//! Each step compares two whole states, and a long history has thousands. They
//! are made in groups by a few threads at a time, never by all there are, and in
//! order; a group begins with a state of its own, so groups need not wait for one
//! another.

use std::sync::Arc;

use futures::StreamExt;
use futures::stream;
use jiff::civil::Date;
use tokio::sync::{Semaphore, watch};
use tonic::Status;

use super::filter::Filter;
use super::history_cursor::{HistoryCursor, ReadOrder};
use super::{End, Feed, state};
use crate::blocking::run_blocking;
use crate::domain::ids::{Position, SubjectId};
use crate::domain::register::Register;
use crate::grpc::bounded_stream::SendError;
use crate::grpc::register::ask::{self, FieldReader};
use crate::grpc::status;
use crate::projection::Projection;
use crate::views;
use crate::wire::as_of::{AsOf, Known};
use crate::wire::moment;
use crate::wire::proto::{ReadHistoryResponse, ReplayRequest, ReplayResponse};

/// How many entries a group has. Its first state is made in addition.
const GROUP: usize = 16;

/// How many entries a group has where each comes with its state.
const GROUP_WITH_STATE: usize = 4;

/// How many messages with a state wait for a reader.
pub const STATES_LEN: usize = 2;

/// What is replayed.
pub struct Replaying {
    register: Arc<Register>,
    subject: SubjectId,
    as_at: Date,
    from: Position,
    last: Position,
    limit: usize,
    with_state: bool,
}

impl Replaying {
    /// Reads a request, or says everything that is wrong with it.
    pub async fn read(projection: &Projection, request: &ReplayRequest) -> Result<Self, Status> {
        let mut fields = FieldReader::default();
        let subject = state::subject(&mut fields, "subject", &request.subject);
        let as_at = fields.read(moment::day("as_at", request.as_at));
        let until = fields.read(moment::moment("until", request.until.as_ref()));
        let all = subject.zip(as_at.zip(until));
        let (subject, (as_at, until)) = fields.finish(all)?;
        let register = projection.register();
        let last = match until {
            None => register.tail(),
            Some(until) => {
                let seen = projection.resolve(&register, until).await;
                seen.map_err(|error| status::moment("until", &error))?.known
            }
        };
        let from = Position::new(request.from_position);
        if from > last {
            return Err(status::invalid_field(
                "from_position",
                format!("the replay ends at position {last}, and {from} comes after it: swap them"),
            ));
        }
        let question = AsOf {
            as_at,
            known: Known::Position(last),
            at_least: Position::ZERO,
        };
        let vantage = projection.view(&question).await;
        let vantage = vantage.map_err(status::vantage)?;
        let record = register.record(&subject);
        if record.is_none_or(|record| record.known_by(last) == 0) {
            return Err(ask::missing(&vantage, &subject));
        }
        Ok(Self {
            as_at: vantage.as_at(),
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

    /// Whether each entry comes with the whole state.
    pub const fn with_state(&self) -> bool {
        self.with_state
    }

    fn walk(&self) -> HistoryCursor {
        let filter = Filter::of(self.subject.clone());
        let register = Arc::clone(&self.register);
        HistoryCursor::new(register, filter, ReadOrder::Forward, self.from, self.last)
    }

    /// The entries of one group, with what each changed.
    fn group(&self, told: Vec<ReadHistoryResponse>) -> Vec<ReplayResponse> {
        let at = |told: &ReadHistoryResponse| {
            Position::new(told.entry.as_ref().map_or(0, |entry| entry.position))
        };
        let (Some(first), Some(record)) = (told.first(), self.register.record(&self.subject))
        else {
            return Vec::new();
        };
        let before = record.known_by(at(first).before()).checked_sub(1);
        let since = before.and_then(|index| record.history().get(index));
        let since = since.map_or(Position::ZERO, |entry| entry.position);
        let (register, subject) = (Arc::clone(&self.register), self.subject.clone());
        let mut replay = views::replay::SubjectReplay::new(register, self.as_at, subject, since);
        told.into_iter()
            .filter_map(|told| {
                let step = replay.step(record.entry(at(&told))?);
                Some(ReplayResponse {
                    told: Some(told),
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

/// How many states are made at once, for all replays together: one processor is
/// left for everything else.
pub fn workers() -> usize {
    let all = std::thread::available_parallelism().map_or(1, usize::from);
    all.saturating_sub(1).max(1)
}

impl Feed<ReplayResponse> {
    /// Tells a replay and ends.
    pub async fn replay(
        self,
        replaying: Replaying,
        workers: Arc<Semaphore>,
        stopping: watch::Receiver<bool>,
    ) {
        if let Err(end) = self.replayed(Arc::new(replaying), workers, stopping).await {
            self.end(end);
        }
    }

    async fn replayed(
        &self,
        replaying: Arc<Replaying>,
        workers: Arc<Semaphore>,
        stopping: watch::Receiver<bool>,
    ) -> Result<(), End> {
        let (len, at_once) = if replaying.with_state {
            (GROUP_WITH_STATE, 1)
        } else {
            (GROUP, self::workers())
        };
        let (mut walk, mut left) = (replaying.walk(), replaying.limit);
        while walk.next().is_some() && left > 0 {
            let reader = Arc::clone(&self.reader);
            // Reading may wait for the disk.
            let read = run_blocking(move || {
                let chunk = walk.chunk(&*reader);
                (walk, chunk)
            });
            let (walked, chunk) = read.await.map_err(|_| Some(status::failed()))?;
            walk = walked;
            let mut chunk = chunk.map_err(|error| Some(status::unreadable(&error)))?;
            chunk.truncate(left);
            left -= chunk.len();
            let groups: Vec<_> = chunk.chunks(len).map(<[_]>::to_vec).collect();
            let made = groups.into_iter().map(|told| {
                let (replaying, workers) = (Arc::clone(&replaying), Arc::clone(&workers));
                async move {
                    let working = workers.acquire_owned().await;
                    let made = run_blocking(move || {
                        let _working = working;
                        replaying.group(told)
                    });
                    made.await
                }
            });
            let mut made = stream::iter(made).buffered(at_once);
            while let Some(steps) = made.next().await {
                for step in steps.map_err(|_| Some(status::failed()))? {
                    if *stopping.borrow() {
                        return Err(Some(status::stopping()));
                    }
                    self.step(step).await?;
                }
            }
        }
        Ok(())
    }

    async fn step(&self, step: ReplayResponse) -> Result<(), End> {
        let told = step.told.as_ref().and_then(|told| told.entry.as_ref());
        let at = Position::new(told.map_or(0, |entry| entry.position));
        match self.outlet.send(step).await {
            Ok(()) => Ok(()),
            Err(SendError::Gone) => Err(None),
            Err(SendError::Slow) => Err(Some(status::too_slow(at))),
        }
    }
}
