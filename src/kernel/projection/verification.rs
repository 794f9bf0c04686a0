//! Compares a register that began with snapshots with the log, while it is served.
//!
//! A start trusts snapshots, so that it is quick. Then the register is compared with
//! the log, entry by entry. So the whole log is read and its hashes are checked, as a
//! start without snapshots does before it serves.

use crate::log::{self, Limit, ReadError, Reader};
use minutebook_domain::entry::RequestPart;
use minutebook_domain::ids::{Position, RequestId};
use minutebook_domain::register::Register;

use super::replay::{ReplayError, read};
use super::request_index::RequestLocation;

/// Why a register is no longer served.
#[derive(Debug, thiserror::Error)]
pub enum VerificationError {
    #[error(transparent)]
    Read(#[from] ReadError),
    /// The log has an entry that cannot be replayed.
    #[error(transparent)]
    Replay(#[from] ReplayError),
    /// A snapshot differs from the log.
    #[error(
        "a snapshot and the log differ at position {position}: every snapshot was removed, and \
         answers since the start may have been wrong; start again, and the whole log is read"
    )]
    Differs { position: Position },
    /// A snapshot could not be folded.
    #[error(
        "a snapshot could not be read: every snapshot was removed; start again, and the whole \
         log is read"
    )]
    Panicked,
}

/// Requires that a register has exactly the entries of the log up to its tail, and that
/// `recorded` finds their requests. `goes_on` is called before each page; it returns
/// false to stop.
pub fn verify_against_log(
    register: &Register,
    recorded: impl Fn(RequestId) -> Option<RequestLocation>,
    reader: &dyn Reader,
    mut goes_on: impl FnMut() -> bool,
) -> Result<(), VerificationError> {
    let tail = register.tail();
    let mut next = Position::new(1);
    while next <= tail {
        if !goes_on() {
            return Ok(());
        }
        let records = reader.read(log::Position::new(next.get()), Limit::PAGE)?;
        if records.is_empty() {
            return Err(VerificationError::Differs { position: next });
        }
        for record in records {
            let entry = read(&record)?;
            let position = entry.position;
            if position > tail {
                break;
            }
            let record = register.record(&entry.event.subject);
            let is_folded = record
                .and_then(|record| record.entry(position))
                .is_some_and(|folded| **folded == entry);
            let RequestPart { index, count } = entry.request_part;
            let first = Position::new(position.get().saturating_sub(index.into()));
            if !is_folded || recorded(entry.request) != Some(RequestLocation { first, count }) {
                return Err(VerificationError::Differs { position });
            }
            next = position.next();
        }
    }
    let lens = register.records().map(|(_, record)| record.history().len());
    if lens.sum::<usize>() as u64 != tail.get() {
        // The register has an entry that the log does not have.
        return Err(VerificationError::Differs { position: tail });
    }
    Ok(())
}
