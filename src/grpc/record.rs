//! `RecordService`: hands requests to the writer, and explains them.

mod stream;

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{Semaphore, watch};
use tonic::{Request, Response, Status, Streaming};

use super::bounded_stream::BoundedStream;
use super::register::run_blocking;
use super::status;
use crate::domain::admit::{Context, explain};
use crate::domain::event::Event;
use crate::domain::register_view::RegisterView;
use crate::projection::Projection;
use crate::views::explanation;
use crate::wire::proto::record_service_server::RecordService;
use crate::wire::proto::{
    AnsweredFrom, AppendRequest, AppendResponse, ExplainRequest, ExplainResponse, Explanation,
    append_response,
};
use crate::wire::reply::{day, timestamp};
use crate::wire::request::explained;
use crate::writer::{self, AppendFailure, AppendOutcome, Handle, Receipt};

/// How much the streams take on.
#[derive(Debug, Clone, Copy)]
pub struct RecordLimits {
    /// How many streams there may be at once.
    pub streams_max: usize,
    /// How many requests of a stream are under way, and answers wait for a reader.
    pub stream_len: usize,
    /// How long a stream waits for its reader.
    pub reader_timeout: Duration,
    /// How long it waits for its recorder.
    pub recorder_timeout: Duration,
}

/// The service.
#[derive(Clone)]
pub struct RecordHandler {
    writer: Handle,
    projection: Projection,
    stopping: watch::Receiver<bool>,
    room: Arc<Semaphore>,
    limits: RecordLimits,
}

impl RecordHandler {
    /// The service before a writer, and what it has written, until `stopping` turns
    /// true.
    pub fn new(
        writer: Handle,
        projection: Projection,
        stopping: watch::Receiver<bool>,
        limits: RecordLimits,
    ) -> Self {
        Self {
            writer,
            projection,
            stopping,
            room: Arc::new(Semaphore::new(limits.streams_max)),
            limits,
        }
    }

    /// The answer to a request that was not refused. Whoever only asked is told
    /// why, too.
    async fn answer(
        &self,
        receipt: Receipt,
        asked: Option<Vec<Event>>,
    ) -> Result<AppendResponse, Status> {
        let mut response = response(receipt);
        if let Some(events) = asked.filter(|_| response.validated_only) {
            let projection = self.projection.clone();
            let explained = run_blocking(move || Ok(Self::explanations(&projection, &events).1));
            response.explanations = explained.await?.into_inner();
        }
        Ok(response)
    }

    /// What the register says of events as it is now.
    fn explanations(projection: &Projection, events: &[Event]) -> (AnsweredFrom, Vec<Explanation>) {
        let register = projection.register();
        let recorded_at = projection.now();
        let (explained, after) = explain(&register, events, &Context { recorded_at });
        let today = crate::domain::date::day_of(recorded_at);
        let answered_from = AnsweredFrom {
            position: register.tail().get(),
            as_at: Some(day(today)),
            known_at: register.recorded_at().map(timestamp),
        };
        let days = explained
            .iter()
            .map(|said| said.entry.effective_on().first_day());
        let latest = days.max().map_or(today, |day| day.max(today));
        let known = after.tail();
        let outlook = RegisterView::new(Arc::new(after), latest, known);
        (answered_from, explanation::list(&outlook, &explained))
    }
}

#[tonic::async_trait]
impl RecordService for RecordHandler {
    async fn append(
        &self,
        request: Request<AppendRequest>,
    ) -> Result<Response<AppendResponse>, Status> {
        let request = writer::Request::read(request.into_inner()).map_err(status::refused)?;
        let asked = asked(&request);
        let receipt = self.writer.append(request).await.map_err(status::refused)?;
        Ok(Response::new(self.answer(receipt, asked).await?))
    }

    type AppendStreamStream = BoundedStream<AppendResponse>;

    async fn append_stream(
        &self,
        request: Request<Streaming<AppendRequest>>,
    ) -> Result<Response<Self::AppendStreamStream>, Status> {
        let held = Arc::clone(&self.room).try_acquire_owned();
        let held = held.map_err(|_| status::overloaded("too many streams are open"))?;
        let answers = stream::serve(self.clone(), request.into_inner(), held);
        Ok(Response::new(answers))
    }

    async fn explain(
        &self,
        request: Request<ExplainRequest>,
    ) -> Result<Response<ExplainResponse>, Status> {
        let events = explained(&request.into_inner())
            .map_err(|found| status::refused(AppendFailure::Invalid(found)))?;
        let projection = self.projection.clone();
        run_blocking(move || {
            let (answered_from, explanations) = Self::explanations(&projection, &events);
            Ok(ExplainResponse {
                answered_from: Some(answered_from),
                explanations,
            })
        })
        .await
    }
}

/// What is asked about, where nothing is to be recorded.
fn asked(request: &writer::Request) -> Option<Vec<Event>> {
    request
        .is_validate_only()
        .then(|| request.events().to_vec())
}

fn response(receipt: Receipt) -> AppendResponse {
    let recorded_at = match receipt.outcome {
        AppendOutcome::Recorded(at) | AppendOutcome::AlreadyRecorded(at) => Some(timestamp(at)),
        AppendOutcome::Validated => None,
    };
    AppendResponse {
        request_id: receipt.request.to_string(),
        receipts: receipt
            .lines
            .into_iter()
            .map(|line| append_response::Receipt {
                position: line.position.get(),
                subject: line.subject.to_string(),
                revision: line.revision.get(),
            })
            .collect(),
        recorded_at,
        already_recorded: matches!(receipt.outcome, AppendOutcome::AlreadyRecorded(_)),
        explanations: Vec::new(),
        validated_only: receipt.outcome == AppendOutcome::Validated,
    }
}
