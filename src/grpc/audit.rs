//! `AuditService`: the log itself, as it was told.
//!
//! What is shown is decoded from the stored bytes. Each stream is fed by a task
//! of its own that holds one chunk at a time and gives up on a reader who does
//! not keep up, so a slow reader costs the register nothing but that chunk.

mod diff;
mod evidence;
mod export;
mod filter;
mod history_cursor;
mod replay;
mod state;

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio::time::MissedTickBehavior;
use tonic::{Request, Response, Status};

use self::filter::Filter;
use self::history_cursor::{HistoryCursor, ReadOrder};
use self::replay::Replaying;
use super::bounded_stream::{BoundedSender, BoundedStream, SendError, bounded_stream};
use super::status;
use crate::blocking::run_blocking;
use crate::domain::ids::Position;
use crate::log::Reader;
use crate::notary::Notary;
use crate::projection::Projection;
use crate::wire::proto::audit_service_server::AuditService;
use crate::wire::proto::subscribe_response::Message;
use crate::wire::proto::{
    DiffRequest, DiffResponse, ExportLogRequest, ExportLogResponse, GetCheckpointRequest,
    GetCheckpointResponse, GetConsistencyProofRequest, GetConsistencyProofResponse,
    GetInclusionProofRequest, GetInclusionProofResponse, ReadDirection, ReadHistoryRequest,
    ReadHistoryResponse, ReplayRequest, ReplayResponse, StateAtRequest, StateAtResponse,
    SubscribeRequest, SubscribeResponse,
};

/// How much the streams take on.
#[derive(Debug, Clone, Copy)]
pub struct AuditLimits {
    /// How many streams there may be at once.
    pub streams_max: usize,
    /// How many messages wait for a reader.
    pub stream_len: usize,
    /// How long a stream waits for its reader.
    pub reader_timeout: Duration,
    /// How often a subscriber is told that it has caught up.
    pub heartbeat: Duration,
}

/// The service.
#[derive(Clone)]
pub struct AuditHandler {
    projection: Projection,
    stopping: watch::Receiver<bool>,
    notary: Notary,
    room: Arc<Semaphore>,
    workers: Arc<Semaphore>,
    limits: AuditLimits,
}

impl AuditHandler {
    /// The service over a projection and its notary, until `stopping` turns true.
    pub fn new(
        projection: Projection,
        notary: Notary,
        stopping: watch::Receiver<bool>,
        limits: AuditLimits,
    ) -> Self {
        Self {
            projection,
            notary,
            stopping,
            room: Arc::new(Semaphore::new(limits.streams_max)),
            workers: Arc::new(Semaphore::new(replay::workers())),
            limits,
        }
    }

    fn is_recorded(&self, field: &str, position: Position) -> Result<(), Status> {
        let tail = self.projection.register().tail();
        if position <= tail {
            return Ok(());
        }
        Err(status::invalid_field(
            field,
            format!(
                "the log ends at position {tail}, so {position} was never recorded here: check \
                 that this is the register you followed before"
            ),
        ))
    }

    fn room(&self) -> Result<OwnedSemaphorePermit, Status> {
        Arc::clone(&self.room)
            .try_acquire_owned()
            .map_err(|_| status::overloaded("too many streams are open"))
    }
}

#[tonic::async_trait]
impl AuditService for AuditHandler {
    type ReadHistoryStream = BoundedStream<ReadHistoryResponse>;
    type SubscribeStream = BoundedStream<SubscribeResponse>;
    type ExportLogStream = BoundedStream<ExportLogResponse>;
    type ReplayStream = BoundedStream<ReplayResponse>;

    async fn state_at(
        &self,
        request: Request<StateAtRequest>,
    ) -> Result<Response<StateAtResponse>, Status> {
        state::state_at(&self.projection, request.get_ref()).await
    }

    async fn replay(
        &self,
        request: Request<ReplayRequest>,
    ) -> Result<Response<Self::ReplayStream>, Status> {
        let replaying = Replaying::read(&self.projection, request.get_ref()).await?;
        let held = self.room()?;
        let len = match replaying.with_state() {
            true => self.limits.stream_len.min(replay::STATES_LEN),
            false => self.limits.stream_len,
        };
        let (outlet, stream) = bounded_stream(len, self.limits.reader_timeout);
        let feed = Feed {
            outlet,
            reader: Arc::clone(self.projection.reader()),
            _held: held,
        };
        let (workers, stopping) = (Arc::clone(&self.workers), self.stopping.clone());
        tokio::spawn(feed.replay(replaying, workers, stopping));
        Ok(Response::new(stream))
    }

    async fn diff(&self, request: Request<DiffRequest>) -> Result<Response<DiffResponse>, Status> {
        diff::diff(&self.projection, request.into_inner()).await
    }

    async fn get_checkpoint(
        &self,
        request: Request<GetCheckpointRequest>,
    ) -> Result<Response<GetCheckpointResponse>, Status> {
        let at_least = Position::new(request.into_inner().at_least_position);
        let signed = evidence::checkpoint(&self.notary, at_least).await?;
        Ok(Response::new(evidence::published(&self.notary, &signed)))
    }

    async fn get_inclusion_proof(
        &self,
        request: Request<GetInclusionProofRequest>,
    ) -> Result<Response<GetInclusionProofResponse>, Status> {
        let reader = self.projection.reader();
        let proof = evidence::inclusion(&self.notary, reader, &request.into_inner()).await?;
        Ok(Response::new(proof))
    }

    async fn get_consistency_proof(
        &self,
        request: Request<GetConsistencyProofRequest>,
    ) -> Result<Response<GetConsistencyProofResponse>, Status> {
        let proof = evidence::consistency(&self.notary, &request.into_inner()).await?;
        Ok(Response::new(proof))
    }

    async fn export_log(
        &self,
        request: Request<ExportLogRequest>,
    ) -> Result<Response<Self::ExportLogStream>, Status> {
        let after = Position::new(request.into_inner().after_position);
        self.is_recorded("after_position", after)?;
        let held = self.room()?;
        // Everything that was recorded when it was asked for.
        let tail = self.projection.register().tail();
        let signed = evidence::checkpoint(&self.notary, tail).await?;
        let checkpoint = evidence::published(&self.notary, &signed);
        let reader = Arc::clone(self.projection.reader());
        let stream = export::export(reader, self.limits, after, checkpoint, held);
        Ok(Response::new(stream))
    }

    async fn read_history(
        &self,
        request: Request<ReadHistoryRequest>,
    ) -> Result<Response<Self::ReadHistoryStream>, Status> {
        let request = request.into_inner();
        let (walk, limit) = history(&request, &self.projection)?;
        let held = self.room()?;
        let reader = Arc::clone(self.projection.reader());
        let (outlet, stream) = bounded_stream(self.limits.stream_len, self.limits.reader_timeout);
        tokio::spawn(async move {
            let feed = Feed {
                outlet,
                reader,
                _held: held,
            };
            feed.tell(walk, limit).await;
        });
        Ok(Response::new(stream))
    }

    async fn subscribe(
        &self,
        request: Request<SubscribeRequest>,
    ) -> Result<Response<Self::SubscribeStream>, Status> {
        let request = request.into_inner();
        let filter = Filter::read(request.filter).map_err(status::invalid)?;
        let after = Position::new(request.after_position);
        self.is_recorded("after_position", after)?;
        let register = self.projection.register();
        let held = self.room()?;
        let last = register.tail();
        let walk = HistoryCursor::new(register, filter, ReadOrder::Forward, after.next(), last);
        let (outlet, stream) = bounded_stream(self.limits.stream_len, self.limits.reader_timeout);
        let feed = Feed {
            outlet,
            reader: Arc::clone(self.projection.reader()),
            _held: held,
        };
        let (projection, stopping) = (self.projection.clone(), self.stopping.clone());
        let heartbeat = self.limits.heartbeat;
        tokio::spawn(async move { feed.follow(walk, projection, stopping, heartbeat).await });
        Ok(Response::new(stream))
    }
}

/// The walk that a request for history asks for, and how many entries it tells.
fn history(
    request: &ReadHistoryRequest,
    projection: &Projection,
) -> Result<(HistoryCursor, u64), Status> {
    let mut found = Vec::new();
    let filter = Filter::read(request.filter.clone()).unwrap_or_else(|violations| {
        found.extend(violations);
        Filter::default()
    });
    let direction = match ReadDirection::try_from(request.direction) {
        Ok(ReadDirection::Unspecified | ReadDirection::Forward) => ReadOrder::Forward,
        Ok(ReadDirection::Backward) => ReadOrder::Backward,
        Err(_) => {
            let known = "READ_DIRECTION_FORWARD or READ_DIRECTION_BACKWARD";
            found.push(violation(
                "direction",
                format!("{} is no direction: give {known}", request.direction),
            ));
            ReadOrder::Forward
        }
    };
    let (from, to) = (request.from_position, request.to_position);
    if from != 0 && to != 0 {
        match direction {
            ReadOrder::Forward if to < from => found.push(violation(
                "to_position",
                format!("{to} comes before {from}: swap them, or read backward"),
            )),
            ReadOrder::Backward if to > from => found.push(violation(
                "to_position",
                format!("{to} comes after {from}: swap them, or read forward"),
            )),
            ReadOrder::Forward | ReadOrder::Backward => {}
        }
    }
    if !found.is_empty() {
        return Err(status::invalid(found));
    }
    let register = projection.register();
    let tail = register.tail();
    let or = |given: u64, otherwise| match given {
        0 => otherwise,
        given => Position::new(given),
    };
    let (from, last) = match direction {
        ReadOrder::Forward => (or(from, Position::new(1)), or(to, tail)),
        ReadOrder::Backward => (or(from, tail), or(to, Position::new(1))),
    };
    let limit = match request.limit {
        0 => u64::MAX,
        limit => limit,
    };
    Ok((
        HistoryCursor::new(register, filter, direction, from, last),
        limit,
    ))
}

fn violation(field: &str, description: String) -> crate::wire::violation::FieldViolation {
    crate::wire::violation::FieldViolation {
        field: field.to_owned(),
        description,
    }
}

/// What feeds one stream.
struct Feed<T> {
    outlet: BoundedSender<T>,
    reader: Arc<dyn Reader>,
    _held: OwnedSemaphorePermit,
}

/// How a feed ends: with a status, or with nothing more to say.
type End = Option<Status>;

impl<T> Feed<T> {
    /// Tells what the walk still has, each entry put into a message by `into`.
    /// `limit` counts down; returns why it had to end early.
    async fn walk(
        &self,
        mut walk: HistoryCursor,
        limit: &mut u64,
        into: impl Fn(ReadHistoryResponse) -> T,
        stopping: Option<&watch::Receiver<bool>>,
    ) -> Result<HistoryCursor, End> {
        while walk.next().is_some() && *limit > 0 {
            if stopping.is_some_and(|stopping| *stopping.borrow()) {
                return Err(Some(status::stopping()));
            }
            let from = walk.next();
            let reader = Arc::clone(&self.reader);
            // Reading may wait for the disk.
            let read = run_blocking(move || {
                let chunk = walk.chunk(&*reader);
                (walk, chunk)
            });
            let Ok((walked, chunk)) = read.await else {
                return Err(Some(status::failed()));
            };
            walk = walked;
            for told in chunk.map_err(|error| Some(status::unreadable(&error)))? {
                if *limit == 0 {
                    break;
                }
                *limit -= 1;
                let at = told.entry.as_ref().map_or(0, |entry| entry.position);
                match self.outlet.send(into(told)).await {
                    Ok(()) => {}
                    Err(SendError::Gone) => return Err(None),
                    Err(SendError::Slow) => {
                        let next = if at > 0 {
                            Some(Position::new(at))
                        } else {
                            from
                        };
                        return Err(Some(status::too_slow(next.unwrap_or_default())));
                    }
                }
            }
        }
        Ok(walk)
    }

    fn end(self, end: End) {
        if let Some(status) = end {
            self.outlet.end(status);
        }
    }
}

impl Feed<ReadHistoryResponse> {
    /// Tells a stretch of history and ends.
    async fn tell(self, walk: HistoryCursor, mut limit: u64) {
        if let Err(end) = self.walk(walk, &mut limit, |told| told, None).await {
            self.end(end);
        }
    }
}

impl Feed<SubscribeResponse> {
    /// Catches up, then follows, until the caller goes or the server stops.
    async fn follow(
        self,
        walk: HistoryCursor,
        projection: Projection,
        stopping: watch::Receiver<bool>,
        heartbeat: Duration,
    ) {
        if let Err(end) = self.followed(walk, &projection, stopping, heartbeat).await {
            self.end(end);
        }
    }

    async fn followed(
        &self,
        mut walk: HistoryCursor,
        projection: &Projection,
        mut stopping: watch::Receiver<bool>,
        heartbeat: Duration,
    ) -> Result<(), End> {
        let mut tail = projection.tail();
        let mut beats = tokio::time::interval(heartbeat);
        beats.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut is_told = false;
        loop {
            let entry = |told| response(Message::Entry(told));
            let mut limit = u64::MAX;
            walk = self.walk(walk, &mut limit, entry, Some(&stopping)).await?;
            let register = projection.register();
            if register.tail() > walk.last() {
                walk.go_on(register);
                continue;
            }
            if !is_told {
                is_told = true;
                self.caught_up(walk.last()).await?;
                beats.reset();
            }
            let known = walk.last();
            tokio::select! {
                // The projection outlives its followers.
                () = seen(tail.wait_for(|tail| *tail > known)) => {}
                _ = beats.tick() => self.caught_up(known).await?,
                () = seen(stopping.wait_for(|stopping| *stopping)) => {
                    return Err(Some(status::stopping()));
                }
                () = self.outlet.gone() => return Err(None),
            }
        }
    }

    async fn caught_up(&self, position: Position) -> Result<(), End> {
        let message = response(Message::CaughtUpToPosition(position.get()));
        match self.outlet.send(message).await {
            Ok(()) => Ok(()),
            Err(SendError::Gone) => Err(None),
            Err(SendError::Slow) => Err(Some(status::too_slow(position.next()))),
        }
    }
}

/// Waits for a change, without holding on to what is watched.
async fn seen<T>(change: impl Future<Output = T>) {
    drop(change.await);
}

const fn response(message: Message) -> SubscribeResponse {
    SubscribeResponse {
        message: Some(message),
    }
}
