//! `AuditService`: the log itself, its proofs, and the history of a subject.
//!
//! Entries are decoded from the stored bytes. Each stream is fed by a task of its
//! own, see `feed.rs`.

mod diff;
mod evidence;
mod export;
mod feed;
mod filter;
mod history;
mod history_cursor;
mod log_reading;
pub mod reading_list;
mod replay;
mod state;
mod subscription;
mod withheld;

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tonic::{Request, Response, Status};

use self::feed::Feed;
use self::filter::Filter;
use self::history::HistoryRange;
use self::history_cursor::{HistoryCursor, ReadOrder};
use self::log_reading::LogReading;
use self::replay::SubjectEntries;
use self::subscription::Follower;
use super::bounded_stream::{BoundedStream, bounded_stream};
use super::deadline::Deadline;
use super::log_fingerprint::{Fingerprint, LogIdentity};
use super::mandate_roles::{may_ask_who, may_export};
use super::query::{Questions, answer_item, caller_of};
use super::quota::StreamLease;
use super::status;
use crate::wire::proto::audit_service_server::AuditService;
use crate::wire::proto::{
    DiffRequest, DiffResponse, ExportLogRequest, ExportLogResponse, GetCheckpointRequest,
    GetCheckpointResponse, GetConsistencyProofRequest, GetConsistencyProofResponse,
    GetInclusionProofRequest, GetInclusionProofResponse, ListReadingsRequest, ListReadingsResponse,
    ReadHistoryRequest, ReadHistoryResponse, ReplayRequest, ReplayResponse, StateAtRequest,
    StateAtResponse, SubscribeRequest, SubscribeResponse,
};
use minutebook_domain::caller::Caller;
use minutebook_domain::ids::Position;
use minutebook_kernel::blocking::on_behalf_of_caller;
use minutebook_kernel::notary::Notary;
use minutebook_kernel::readings::{ReadingSort, Readings};

/// Limits of the service's streams.
#[derive(Debug, Clone, Copy)]
pub struct AuditLimits {
    /// Messages of a stream that wait for its reader.
    pub stream_len: usize,
    /// How long a stream waits for its reader before it is cut off.
    pub reader_timeout: Duration,
    /// How often a subscriber who has caught up is sent the position.
    pub heartbeat: Duration,
}

/// `AuditService` over a projection and its notary.
#[derive(Clone)]
pub struct AuditHandler {
    questions: Questions,
    stopping: watch::Receiver<bool>,
    notary: Notary,
    log: LogIdentity,
    readings: Readings,
    limits: AuditLimits,
}

impl AuditHandler {
    /// Streams end once `stopping` turns true.
    pub fn new(
        questions: Questions,
        notary: Notary,
        readings: Readings,
        stopping: watch::Receiver<bool>,
        limits: AuditLimits,
    ) -> Self {
        Self {
            log: LogIdentity::new(notary.clone(), Arc::clone(questions.projection.reader())),
            questions,
            notary,
            readings,
            stopping,
            limits,
        }
    }

    fn require_recorded(&self, field: &str, position: Position) -> Result<(), Status> {
        let tail = self.questions.projection.register().tail();
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

    /// Notes that a caller begins to read the log from a position on.
    async fn begin_reading(
        &self,
        sort: ReadingSort,
        caller: &Caller,
        from: Position,
    ) -> LogReading {
        let projection = &self.questions.projection;
        LogReading::begin(&self.readings, projection, sort, caller, from).await
    }

    /// A feed, and the stream that its reader gets. `len` messages may wait.
    fn open_feed<T>(
        &self,
        lease: Option<StreamLease>,
        reading: Option<LogReading>,
        deadline: Deadline,
        len: usize,
    ) -> (Feed<T>, BoundedStream<T>) {
        let (sender, stream) = bounded_stream(len, self.limits.reader_timeout);
        let feed = Feed {
            sender,
            reader: Arc::clone(self.questions.projection.reader()),
            workers: self.questions.workers.clone(),
            deadline,
            reading,
            _lease: lease,
        };
        (feed, stream)
    }
}

#[tonic::async_trait]
impl AuditService for AuditHandler {
    type ReadHistoryStream = BoundedStream<ReadHistoryResponse>;
    type SubscribeStream = BoundedStream<SubscribeResponse>;
    type ExportLogStream = BoundedStream<ExportLogResponse>;
    type ReplayStream = BoundedStream<ReplayResponse>;

    async fn read_history(
        &self,
        request: Request<ReadHistoryRequest>,
    ) -> Result<Response<Self::ReadHistoryStream>, Status> {
        let lease = request.extensions().get().cloned();
        let deadline = Deadline::of(&request);
        let questions = self.questions.of(&request)?;
        let caller = caller_of(&request);
        let range = HistoryRange::read(request.into_inner(), questions.cleared.register().await)?;
        let reading = match range.is_of_all {
            true => {
                let (sort, from) = (ReadingSort::History, range.first);
                Some(self.begin_reading(sort, &caller, from).await)
            }
            false => None,
        };
        let (feed, stream) = self.open_feed(lease, reading, deadline, self.limits.stream_len);
        let sent = feed.send_history(range.cursor, range.limit);
        tokio::spawn(on_behalf_of_caller(sent));
        Ok(Response::new(stream))
    }

    async fn subscribe(
        &self,
        request: Request<SubscribeRequest>,
    ) -> Result<Response<Self::SubscribeStream>, Status> {
        let lease = request.extensions().get().cloned();
        let deadline = Deadline::of(&request);
        let cleared = self.questions.of(&request)?.cleared;
        let caller = caller_of(&request);
        let request = request.into_inner();
        let filter = Filter::read(request.filter).map_err(status::invalid_fields)?;
        let after = Position::new(request.after_position);
        if request.log_fingerprint.is_empty() {
            self.require_recorded("after_position", after)?;
        } else {
            let fingerprint = Fingerprint::try_from(request.log_fingerprint.as_slice());
            let fingerprint = fingerprint.map_err(|_| {
                let sentence = "it is not one that a server sent: send the last one unchanged, or \
                                leave it out";
                status::invalid_field("log_fingerprint", sentence)
            })?;
            self.log.require(after, fingerprint).await?;
        }
        let reading = match filter.wants_all() {
            true => {
                let sort = ReadingSort::Subscription;
                Some(self.begin_reading(sort, &caller, after.next()).await)
            }
            false => None,
        };
        let register = cleared.register().await;
        let last = register.tail();
        let cursor = HistoryCursor::new(register, filter, ReadOrder::Forward, after.next(), last);
        let (feed, stream) = self.open_feed(lease, reading, deadline, self.limits.stream_len);
        tokio::spawn(on_behalf_of_caller(feed.follow(
            cursor,
            self.log.trail(),
            Follower {
                questions: self.questions.clone(),
                caller,
            },
            self.stopping.clone(),
            self.limits.heartbeat,
        )));
        Ok(Response::new(stream))
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
        let cleared = self.questions.of(&request)?.cleared;
        let proof = evidence::inclusion(&self.notary, &cleared, &request.into_inner()).await?;
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
        let deadline = Deadline::of(&request);
        let reads_all = self.questions.of(&request)?.cleared.clearance().is_whole();
        let caller = caller_of(&request);
        if !reads_all || !may_export(&self.questions.projection, &caller) {
            return Err(status::export_refused());
        }
        let after = Position::new(request.into_inner().after_position);
        self.require_recorded("after_position", after)?;
        // All entries that are recorded when the request comes.
        let tail = self.questions.projection.register().tail();
        let signed = evidence::checkpoint(&self.notary, tail).await?;
        let checkpoint = evidence::published(&self.notary, &signed);
        let len = self.limits.stream_len.min(export::STREAM_LEN);
        let reading = self.begin_reading(ReadingSort::Export, &caller, after.next());
        let reading = Some(reading.await);
        let (feed, stream) = self.open_feed(None, reading, deadline, len);
        tokio::spawn(on_behalf_of_caller(feed.export(after, checkpoint)));
        Ok(Response::new(stream))
    }

    async fn state_at(
        &self,
        request: Request<StateAtRequest>,
    ) -> Result<Response<StateAtResponse>, Status> {
        answer_item(&self.questions, request).await
    }

    async fn replay(
        &self,
        request: Request<ReplayRequest>,
    ) -> Result<Response<Self::ReplayStream>, Status> {
        let deadline = Deadline::of(&request);
        let cleared = self.questions.of(&request)?.cleared;
        let entries = SubjectEntries::read(&cleared, request.get_ref()).await?;
        let lease = request.extensions().get().cloned();
        let len = if entries.with_state() {
            self.limits.stream_len.min(replay::STATES_LEN)
        } else {
            self.limits.stream_len
        };
        let (feed, stream) = self.open_feed(lease, None, deadline, len);
        let stopping = self.stopping.clone();
        tokio::spawn(on_behalf_of_caller(feed.replay(entries, stopping)));
        Ok(Response::new(stream))
    }

    async fn diff(&self, request: Request<DiffRequest>) -> Result<Response<DiffResponse>, Status> {
        let questions = self.questions.of(&request)?;
        diff::diff(&questions, &self.log, request.into_inner()).await
    }

    async fn list_readings(
        &self,
        request: Request<ListReadingsRequest>,
    ) -> Result<Response<ListReadingsResponse>, Status> {
        if !may_ask_who(&self.questions.projection, &caller_of(&request)) {
            return Err(status::auditors_only());
        }
        reading_list::list(&self.readings, request.get_ref()).map(Response::new)
    }
}
