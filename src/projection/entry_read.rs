//! Entries read back from the log, for those who need their bytes.

use crate::domain::entry::Entry;
use crate::domain::ids::Position;
use crate::log::{self, Limit, ReadError, Reader};
use crate::wire::entry::{EntryDecodeError, decode, message};
use crate::wire::proto;

/// Why an entry that is in the register cannot be read back.
#[derive(Debug, thiserror::Error)]
pub enum EntryReadError {
    /// The log would not be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// What was read is no entry.
    #[error(transparent)]
    Stored(#[from] EntryDecodeError),
    /// The log ends before an entry that the register has.
    #[error("the log has no entry at position {position}, and the register has")]
    Missing {
        /// The position.
        position: Position,
    },
}

/// The entry at a position, as the domain has it.
pub fn entry_at(reader: &dyn Reader, position: Position) -> Result<Entry, EntryReadError> {
    let one = Limit {
        records: 1,
        bytes: usize::MAX,
    };
    let records = reader.read(log::Position::new(position.get()), one)?;
    match records.first() {
        Some(record) if record.position.get() == position.get() => Ok(decode(&record.bytes)?),
        Some(_) | None => Err(EntryReadError::Missing { position }),
    }
}

/// The published form of `count` entries from `first` on.
pub fn messages(
    reader: &dyn Reader,
    first: Position,
    count: u32,
) -> Result<Vec<proto::Entry>, EntryReadError> {
    // As many as one request may bring, which is little enough to hold.
    let limit = Limit {
        records: count as usize,
        bytes: usize::MAX,
    };
    let records = reader.read(log::Position::new(first.get()), limit)?;
    if records.len() < limit.records {
        let position = Position::new(first.get() + records.len() as u64);
        return Err(EntryReadError::Missing { position });
    }
    records
        .iter()
        .map(|record| Ok(message(&record.bytes)?))
        .collect()
}
