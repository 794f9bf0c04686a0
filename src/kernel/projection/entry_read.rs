//! Reads entries back from the log, for callers that need their stored form.

use crate::log::{self, Limit, ReadError, Reader};
use minutebook_domain::entry::Entry;
use minutebook_domain::ids::Position;
use minutebook_wire::entry::{EntryDecodeError, decode, message};
use minutebook_wire::proto;

#[derive(Debug, thiserror::Error)]
pub enum EntryReadError {
    #[error(transparent)]
    Read(#[from] ReadError),
    #[error(transparent)]
    Stored(#[from] EntryDecodeError),
    /// The log ends before an entry that the register has.
    #[error("the register has an entry at position {position}, and the log does not")]
    Missing { position: Position },
}

/// Reads the entry at a position, as a domain type.
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

/// Reads the published form of `count` entries from `first` on.
pub fn messages(
    reader: &dyn Reader,
    first: Position,
    count: u32,
) -> Result<Vec<proto::Entry>, EntryReadError> {
    // At most as many as one request may record, so they fit into memory.
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
