//! `RecordService`: hands requests to the writer.

use tonic::{Request, Response, Status};

use super::status;
use crate::wire::proto::record_service_server::RecordService;
use crate::wire::proto::{
    AppendRequest, AppendResponse, ExplainRequest, ExplainResponse, append_response,
};
use crate::wire::reply::timestamp;
use crate::writer::{self, Handle, Outcome, Receipt};

/// The service.
#[derive(Clone)]
pub struct Record {
    writer: Handle,
}

impl Record {
    /// The service before a writer.
    pub const fn new(writer: Handle) -> Self {
        Self { writer }
    }
}

#[tonic::async_trait]
impl RecordService for Record {
    async fn append(
        &self,
        request: Request<AppendRequest>,
    ) -> Result<Response<AppendResponse>, Status> {
        let request = writer::Request::read(request.into_inner()).map_err(status::refused)?;
        let receipt = self.writer.append(request).await.map_err(status::refused)?;
        Ok(Response::new(response(receipt)))
    }

    async fn explain(
        &self,
        _request: Request<ExplainRequest>,
    ) -> Result<Response<ExplainResponse>, Status> {
        Err(Status::unimplemented("not yet"))
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
