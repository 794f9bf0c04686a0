//! Reading the log from its first entry when the server starts.

use std::sync::Arc;

use super::requests::Requests;
use crate::domain::ids::Position;
use crate::domain::register::Register;
use crate::log::{self, Limit, ReadError, Reader, Record};
use crate::wire::entry::{StoredError, decode};

/// How often progress is told, in entries.
const PROGRESS_EVERY: u64 = 100_000;

/// What the entries read so far leave behind.
#[derive(Debug, Default)]
pub struct Replay {
    /// The register folded from them.
    pub register: Register,
    /// The requests that brought them.
    pub requests: Requests,
}

/// Why the log cannot be replayed. Nothing is ever skipped: the server does not
/// start on a register that lacks an entry.
#[derive(Debug, thiserror::Error)]
pub enum ReplayError {
    /// An entry that this program cannot read.
    #[error("the entry at position {position} cannot be read")]
    Stored {
        /// Where it is.
        position: Position,
        /// Why.
        source: StoredError,
    },
    /// An entry that says it belongs elsewhere.
    #[error(
        "the entry at position {position} says that it is at position {says}: the log was put \
         together from other logs; restore it from a backup"
    )]
    Misplaced {
        /// Where it is.
        position: Position,
        /// Where it says it is.
        says: Position,
    },
    /// The log would not be read.
    #[error(transparent)]
    Read(#[from] ReadError),
}

impl Replay {
    /// Replays a log from its first record to its tail.
    pub fn of(reader: &dyn Reader) -> Result<Self, ReplayError> {
        let mut replay = Self::default();
        loop {
            let from = log::Position::new(replay.register.tail().next().get());
            let records = reader.read(from, Limit::PAGE)?;
            if records.is_empty() {
                return Ok(replay);
            }
            for record in &records {
                replay.record(record)?;
            }
        }
    }

    /// Folds the next record.
    pub fn record(&mut self, record: &Record) -> Result<(), ReplayError> {
        let position = Position::new(record.position.get());
        let entry =
            decode(&record.bytes).map_err(|source| ReplayError::Stored { position, source })?;
        if entry.position != position || position != self.register.tail().next() {
            return Err(ReplayError::Misplaced {
                position,
                says: entry.position,
            });
        }
        self.requests.note(&entry);
        self.register.apply(Arc::new(entry));
        if position.get().is_multiple_of(PROGRESS_EVERY) {
            tracing::info!(%position, "replaying the log");
        }
        Ok(())
    }
}
