//! `RecordService`: hands requests to the writer, and explains them.

use std::sync::Arc;

use tonic::{Request, Response, Status};

use super::register::off_thread;
use super::status;
use crate::domain::admit::{Context, explain};
use crate::domain::event::Event;
use crate::domain::outlook::Outlook;
use crate::projection::Projection;
use crate::views::explanation;
use crate::wire::proto::record_service_server::RecordService;
use crate::wire::proto::{
    AnsweredFrom, AppendRequest, AppendResponse, ExplainRequest, ExplainResponse, Explanation,
    append_response,
};
use crate::wire::reply::{day, timestamp};
use crate::wire::request::explained;
use crate::writer::{self, Handle, Outcome, Receipt, Refused};

/// The service.
#[derive(Clone)]
pub struct Record {
    writer: Handle,
    projection: Projection,
}

impl Record {
    /// The service before a writer, and what it has written.
    pub const fn new(writer: Handle, projection: Projection) -> Self {
        Self { writer, projection }
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
        let outlook = Outlook::new(Arc::new(after), latest, known);
        (answered_from, explanation::list(&outlook, &explained))
    }
}

#[tonic::async_trait]
impl RecordService for Record {
    async fn append(
        &self,
        request: Request<AppendRequest>,
    ) -> Result<Response<AppendResponse>, Status> {
        let request = writer::Request::read(request.into_inner()).map_err(status::refused)?;
        // Whoever only asks is told why, too.
        let asked = request
            .is_validate_only()
            .then(|| request.events().to_vec());
        let receipt = self.writer.append(request).await.map_err(status::refused)?;
        let mut response = response(receipt);
        if let Some(events) = asked.filter(|_| response.validated_only) {
            let projection = self.projection.clone();
            let explained = off_thread(move || Ok(Self::explanations(&projection, &events).1));
            response.explanations = explained.await?.into_inner();
        }
        Ok(Response::new(response))
    }

    async fn explain(
        &self,
        request: Request<ExplainRequest>,
    ) -> Result<Response<ExplainResponse>, Status> {
        let events = explained(&request.into_inner())
            .map_err(|found| status::refused(Refused::Invalid(found)))?;
        let projection = self.projection.clone();
        off_thread(move || {
            let (answered_from, explanations) = Self::explanations(&projection, &events);
            Ok(ExplainResponse {
                answered_from: Some(answered_from),
                explanations,
            })
        })
        .await
    }
}

fn response(receipt: Receipt) -> AppendResponse {
    let recorded_at = match receipt.outcome {
        Outcome::Recorded(at) | Outcome::AlreadyRecorded(at) => Some(timestamp(at)),
        Outcome::Validated => None,
    };
    AppendResponse {
        request_id: receipt.request.to_string(),
        receipts: receipt
            .entries
            .into_iter()
            .map(|(position, subject, revision)| append_response::Receipt {
                position: position.get(),
                subject: subject.to_string(),
                revision: revision.get(),
            })
            .collect(),
        recorded_at,
        already_recorded: matches!(receipt.outcome, Outcome::AlreadyRecorded(_)),
        explanations: Vec::new(),
        validated_only: receipt.outcome == Outcome::Validated,
    }
}
