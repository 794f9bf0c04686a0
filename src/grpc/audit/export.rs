//! The stored bytes of the log, as they are sent to whoever keeps a copy.

use std::sync::Arc;

use super::AuditLimits;
use crate::blocking::run_blocking;
use crate::domain::ids::Position;
use crate::grpc::bounded_stream::{BoundedSender, BoundedStream, SendError, bounded_stream};
use crate::grpc::status;
use crate::log::{self, Limit, Reader};
use crate::projection::EntryReadError;
use crate::wire::proto::export_log_response::{Message, Records};
use crate::wire::proto::{ExportLogResponse, GetCheckpointResponse};

/// What one message holds at most; a record alone may be longer.
const CHUNK: Limit = Limit {
    records: 2_048,
    bytes: 256 * 1024,
};

/// How many messages wait for the reader: they are large.
const STREAM_LEN: usize = 4;

/// Sends the checkpoint, and every record after a position up to it.
pub(super) fn export(
    reader: Arc<dyn Reader>,
    limits: AuditLimits,
    after: Position,
    checkpoint: GetCheckpointResponse,
    held: tokio::sync::OwnedSemaphorePermit,
) -> BoundedStream<ExportLogResponse> {
    let len = limits.stream_len.min(STREAM_LEN);
    let (outlet, stream) = bounded_stream(len, limits.reader_timeout);
    tokio::spawn(async move {
        let _held = held;
        if let Err(status) = send(&outlet, reader, after, checkpoint).await {
            outlet.end(status);
        }
    });
    stream
}

async fn send(
    outlet: &BoundedSender<ExportLogResponse>,
    reader: Arc<dyn Reader>,
    after: Position,
    checkpoint: GetCheckpointResponse,
) -> Result<(), tonic::Status> {
    let last = checkpoint.tree_size;
    let mut next = after.get() + 1;
    if !sent(outlet, Message::Checkpoint(checkpoint), next).await? {
        return Ok(());
    }
    while next <= last {
        let reader = Arc::clone(&reader);
        let from = log::Position::new(next);
        let read = run_blocking(move || reader.read(from, CHUNK)).await;
        let read = read.map_err(|_| status::failed())?;
        let read = read.map_err(|error| status::unreadable(&EntryReadError::Read(error)))?;
        let records: Vec<Vec<u8>> = read
            .iter()
            .take_while(|record| record.position.get() <= last)
            .map(|record| record.bytes.to_vec())
            .collect();
        if records.is_empty() {
            let position = Position::new(next);
            return Err(status::unreadable(&EntryReadError::Missing { position }));
        }
        let count = records.len() as u64;
        let chunk = Records {
            first_position: next,
            records,
        };
        if !sent(outlet, Message::Records(chunk), next).await? {
            return Ok(());
        }
        next += count;
    }
    Ok(())
}

/// Whether there is still somebody to send to.
async fn sent(
    outlet: &BoundedSender<ExportLogResponse>,
    message: Message,
    next: u64,
) -> Result<bool, tonic::Status> {
    let message = ExportLogResponse {
        message: Some(message),
    };
    match outlet.send(message).await {
        Ok(()) => Ok(true),
        Err(SendError::Gone) => Ok(false),
        Err(SendError::Slow) => Err(status::too_slow(Position::new(next))),
    }
}
