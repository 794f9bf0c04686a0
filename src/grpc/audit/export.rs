//! The stored bytes of the log, as they are sent to those who keep a copy.

use std::sync::Arc;

use super::feed::{Feed, FeedEnd};
use crate::status;
use crate::wire::proto::export_log_response::{Message, Records};
use crate::wire::proto::{ExportLogResponse, GetCheckpointResponse};
use minutebook_domain::ids::Position;
use minutebook_kernel::log::{self, Limit};
use minutebook_kernel::projection::EntryReadError;

/// The most that one message holds; a single record may be longer.
const CHUNK: Limit = Limit {
    records: 2_048,
    bytes: 256 * 1024,
};

/// Messages that wait for the reader. They are large.
pub const STREAM_LEN: usize = 4;

impl Feed<ExportLogResponse> {
    /// Sends the checkpoint, then every record after a position up to it.
    pub async fn export(self, after: Position, checkpoint: GetCheckpointResponse) {
        let sent = self.send_records(after, checkpoint);
        if let Err(end) = self.unless_over(sent).await {
            self.end(end);
        }
    }

    async fn send_records(
        &self,
        after: Position,
        checkpoint: GetCheckpointResponse,
    ) -> Result<(), FeedEnd> {
        let last = checkpoint.tree_size;
        let mut next = after.next();
        self.send(response(Message::Checkpoint(checkpoint)), next)
            .await?;
        while next.get() <= last {
            let records = self.read_records(next, last).await?;
            let count = records.len() as u64;
            let chunk = Records {
                first_position: next.get(),
                records,
            };
            self.send(response(Message::Records(chunk)), next).await?;
            next = Position::new(next.get() + count);
            self.note_sent(Position::new(next.get() - 1));
        }
        self.note_finished();
        Ok(())
    }

    /// The stored bytes from `from` on, one chunk at most and none after `last`.
    async fn read_records(&self, from: Position, last: u64) -> Result<Vec<Vec<u8>>, FeedEnd> {
        let reader = Arc::clone(&self.reader);
        let read = self
            .workers
            .read(move || reader.read(log::Position::new(from.get()), CHUNK));
        let read = read
            .await?
            .map_err(|error| status::log_unreadable(&EntryReadError::Read(error)))?;
        let records: Vec<Vec<u8>> = read
            .iter()
            .take_while(|record| record.position.get() <= last)
            .map(|record| record.bytes.to_vec())
            .collect();
        if records.is_empty() {
            let missing = EntryReadError::Missing { position: from };
            return Err(status::log_unreadable(&missing).into());
        }
        Ok(records)
    }
}

const fn response(message: Message) -> ExportLogResponse {
    ExportLogResponse {
        message: Some(message),
    }
}
