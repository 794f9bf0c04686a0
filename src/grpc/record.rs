//! `RecordService`: hands requests to the writer, and explains events.

mod stream;

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{Semaphore, watch};
use tonic::{Request, Response, Status, Streaming};

use super::bounded_stream::BoundedStream;
use super::query::answer_blocking;
use super::{access_log, status};
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

/// Limits of the service's streams.
#[derive(Debug, Clone, Copy)]
pub struct RecordLimits {
    /// Streams at once.
    pub streams_max: usize,
    /// Requests of a stream that are under way, and answers that wait for its reader.
    pub stream_len: usize,
    /// How long a stream waits for the recorder to read an answer.
    pub reader_timeout: Duration,
    /// How long a stream waits for the recorder to send a request.
    pub recorder_timeout: Duration,
}

/// `RecordService` over a writer and the register that it publishes.
#[derive(Clone)]
pub struct RecordHandler {
    writer: Handle,
    projection: Projection,
    stopping: watch::Receiver<bool>,
    streams: Arc<Semaphore>,
    limits: RecordLimits,
}

impl RecordHandler {
    /// Streams end once `stopping` turns true.
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
            streams: Arc::new(Semaphore::new(limits.streams_max)),
            limits,
        }
    }

    /// The answer to a request that was accepted. `validated` holds the events of a
    /// request that only asks; its answer explains them.
    async fn answer(
        &self,
        receipt: Receipt,
        validated: Option<Vec<Event>>,
    ) -> Result<AppendResponse, Status> {
        let mut response = response(receipt);
        if let Some(events) = validated.filter(|_| response.validated_only) {
            let projection = self.projection.clone();
            let explained = answer_blocking(move || Ok(Self::explanations(&projection, &events).1));
            response.explanations = explained.await?.into_inner();
        }
        Ok(response)
    }

    /// Explains events on top of the latest register.
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
            .map(|explained| explained.entry.effective_on().first_day());
        let latest = days.max().map_or(today, |day| day.max(today));
        let known = after.tail();
        let view = RegisterView::new(Arc::new(after), latest, known);
        (answered_from, explanation::list(&view, &explained))
    }
}

#[tonic::async_trait]
impl RecordService for RecordHandler {
    async fn append(
        &self,
        request: Request<AppendRequest>,
    ) -> Result<Response<AppendResponse>, Status> {
        let request =
            writer::Request::read(request.into_inner()).map_err(status::append_failure)?;
        access_log::note_events(request.events());
        let validated = events_to_validate(&request);
        let receipt = self
            .writer
            .append(request)
            .await
            .map_err(status::append_failure)?;
        if let Some(line) = receipt.lines.last() {
            access_log::note_position(line.position.get());
        }
        Ok(Response::new(self.answer(receipt, validated).await?))
    }

    type AppendStreamStream = BoundedStream<AppendResponse>;

    async fn append_stream(
        &self,
        request: Request<Streaming<AppendRequest>>,
    ) -> Result<Response<Self::AppendStreamStream>, Status> {
        let permit = Arc::clone(&self.streams).try_acquire_owned();
        let permit = permit.map_err(|_| status::overloaded("too many streams are open"))?;
        let answers = stream::serve(self.clone(), request.into_inner(), permit);
        Ok(Response::new(answers))
    }

    async fn explain(
        &self,
        request: Request<ExplainRequest>,
    ) -> Result<Response<ExplainResponse>, Status> {
        let events = explained(&request.into_inner())
            .map_err(|faults| status::append_failure(AppendFailure::Invalid(faults)))?;
        access_log::note_events(&events);
        access_log::note_position(self.projection.register().tail().get());
        let projection = self.projection.clone();
        answer_blocking(move || {
            let (answered_from, explanations) = Self::explanations(&projection, &events);
            Ok(ExplainResponse {
                answered_from: Some(answered_from),
                explanations,
            })
        })
        .await
    }
}

/// The events of a request with `validate_only`.
fn events_to_validate(request: &writer::Request) -> Option<Vec<Event>> {
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
