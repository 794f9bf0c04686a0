//! Receipts: what a recorder is told was recorded.

use std::sync::Arc;

use jiff::Timestamp;

use super::append_failure::AppendFailure;
use super::request::Request;
use crate::domain::entry::Entry;
use crate::domain::ids::{Position, RequestId, Revision, SubjectId};
use crate::log::Reader;
use crate::projection::{EntryReadError, RequestLocation, messages};
use crate::wire::entry::EntryDecodeError;

/// What became of a request that was not refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// The request.
    pub request: RequestId,
    /// Its entries, in order: position, subject, revision. The position is zero
    /// when the request was only judged.
    pub entries: Vec<(Position, SubjectId, Revision)>,
    /// What was done.
    pub outcome: AppendOutcome,
}

/// What was done about a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AppendOutcome {
    /// It was recorded now.
    Recorded(Timestamp),
    /// It had been recorded then, and nothing was done.
    AlreadyRecorded(Timestamp),
    /// It was only judged, and would be recorded.
    Validated,
}

/// What the writer says of a request that it does not refuse.
#[derive(Debug)]
pub enum AppendReply {
    /// It was dealt with now.
    Now(Receipt),
    /// A request of that id was recorded before: to be compared with it.
    Before(RequestLocation),
}

impl Receipt {
    /// The receipt of entries that are recorded.
    pub(super) fn recorded(entries: &[Arc<Entry>], request: RequestId, at: Timestamp) -> Self {
        Self {
            request,
            entries: lines(entries, |entry| entry.position),
            outcome: AppendOutcome::Recorded(at),
        }
    }

    /// The receipt of entries that would be recorded.
    pub(super) fn validated(entries: &[Arc<Entry>], request: RequestId) -> Self {
        Self {
            request,
            entries: lines(entries, |_| Position::ZERO),
            outcome: AppendOutcome::Validated,
        }
    }
}

fn lines(
    entries: &[Arc<Entry>],
    position: impl Fn(&Entry) -> Position,
) -> Vec<(Position, SubjectId, Revision)> {
    let line = |entry: &Arc<Entry>| {
        let subject = entry.event.subject.clone();
        (position(entry), subject, entry.revision)
    };
    entries.iter().map(line).collect()
}

/// The first receipt of a request that was recorded before, if it is the same
/// request: the same recorder and, byte for byte, the same events. What was
/// expected of revisions is no content: it was judged the first time.
pub(super) fn repeated(
    reader: &dyn Reader,
    request: &Request,
    recorded: RequestLocation,
) -> Result<Receipt, AppendFailure> {
    let stored = messages(reader, recorded.first, recorded.count)?;
    // What is stored was encoded from such messages, in one way only: equal
    // messages are equal bytes.
    let is_same = stored.len() == request.events.len()
        && stored.iter().zip(&request.events).all(|(entry, event)| {
            entry.recorded_by == request.draft.recorded_by.as_str()
                && entry.event.as_ref() == Some(event)
        });
    let recorded_at = stored
        .first()
        .and_then(|entry| entry.recorded_at.as_ref())
        .and_then(|at| Timestamp::new(at.seconds, at.nanos).ok())
        .ok_or(EntryReadError::Stored(EntryDecodeError::NotAnEntry))?;
    if !is_same {
        return Err(AppendFailure::Reused {
            request: request.id(),
            first: recorded.first,
            recorded_at,
        });
    }
    let subjects = request.draft.events.iter().map(|event| &event.subject);
    Ok(Receipt {
        request: request.id(),
        entries: stored
            .iter()
            .zip(subjects)
            .map(|(entry, subject)| {
                let (position, revision) = (entry.position, entry.revision);
                (
                    Position::new(position),
                    subject.clone(),
                    Revision::new(revision),
                )
            })
            .collect(),
        outcome: AppendOutcome::AlreadyRecorded(recorded_at),
    })
}
