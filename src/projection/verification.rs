//! Holding a register that began with snapshots against the log, while it is served.
//!
//! Snapshots are trusted at a start, so that it is quick. What was made of them is
//! then compared with the log, entry by entry; and so the whole log is read and its
//! hashes are checked, as a start without snapshots does before it serves.

use crate::domain::entry::RequestPart;
use crate::domain::ids::{Position, RequestId};
use crate::domain::register::Register;
use crate::log::{self, Limit, ReadError, Reader};

use super::replay::{ReplayError, read};
use super::request_index::RequestLocation;

/// Why a register is not served any longer.
#[derive(Debug, thiserror::Error)]
pub enum VerificationError {
    /// The log would not be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// It holds what cannot be replayed.
    #[error(transparent)]
    Replay(#[from] ReplayError),
    /// A snapshot was not what the log says.
    #[error(
        "what a snapshot says of position {position} is not what the log says: every snapshot was \
         removed, and what was answered since the start may have been wrong; start again, and the \
         log is read whole"
    )]
    Differs {
        /// The position.
        position: Position,
    },
    /// A snapshot could not be read after all.
    #[error(
        "a snapshot could not be read: every snapshot was removed; start again, and the log is \
         read whole"
    )]
    Panicked,
}

/// Demands that a register has exactly what the log says up to its tail, and that the
/// requests in it are known. `goes_on` is asked every now and then.
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
            let kept = register.record(&entry.event.subject);
            let is_kept = kept
                .and_then(|kept| kept.entry(position))
                .is_some_and(|kept| **kept == entry);
            let RequestPart { index, count } = entry.request_part;
            let first = Position::new(position.get().saturating_sub(index.into()));
            if !is_kept || recorded(entry.request) != Some(RequestLocation { first, count }) {
                return Err(VerificationError::Differs { position });
            }
            next = position.next();
        }
    }
    let lens = register.records().map(|(_, kept)| kept.history().len());
    if lens.sum::<usize>() as u64 != tail.get() {
        // There is one that the log does not have.
        return Err(VerificationError::Differs { position: tail });
    }
    Ok(())
}
