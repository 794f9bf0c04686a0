//! Receipts: the answer to a request that was not refused.

use std::sync::Arc;

use jiff::Timestamp;

use super::append_failure::AppendFailure;
use super::request::Request;
use crate::log::Reader;
use crate::projection::{EntryReadError, RequestLocation, messages};
use minutebook_domain::append_command::AppendCommand;
use minutebook_domain::caller::Caller;
use minutebook_domain::entry::{Entry, RecordedCaller};
use minutebook_domain::ids::{Position, RequestId, Revision, SubjectId};
use minutebook_domain::text::Name;
use minutebook_wire::entry::EntryDecodeError;
use minutebook_wire::proto;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    pub request: RequestId,
    /// A line for each event, in order.
    pub lines: Vec<ReceiptLine>,
    /// The mandates on which its entries rest, each once, by the entries that grant them.
    pub mandates: Vec<Position>,
    pub outcome: AppendOutcome,
}

/// The entry that an event became.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReceiptLine {
    /// Zero if the request was only judged.
    pub position: Position,
    pub subject: SubjectId,
    pub revision: Revision,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AppendOutcome {
    Recorded(Timestamp),
    /// It had been recorded before, at this time. Nothing was done.
    AlreadyRecorded(Timestamp),
    /// It was only judged, and would be recorded.
    Validated,
}

/// The writer's reply to a request that it does not refuse.
#[derive(Debug)]
pub enum AppendReply {
    /// It was recorded or judged now.
    Now(Receipt),
    /// A request of that id was recorded before. The caller compares the two.
    Repeated(RequestLocation),
}

impl Receipt {
    /// The receipt of entries that are recorded.
    pub(super) fn recorded(entries: &[Arc<Entry>], request: RequestId, at: Timestamp) -> Self {
        Self {
            request,
            lines: lines(entries, |entry| entry.position),
            mandates: mandates(entries),
            outcome: AppendOutcome::Recorded(at),
        }
    }

    /// The receipt of entries that would be recorded.
    pub(super) fn validated(entries: &[Arc<Entry>], request: RequestId) -> Self {
        Self {
            request,
            lines: lines(entries, |_| Position::ZERO),
            mandates: mandates(entries),
            outcome: AppendOutcome::Validated,
        }
    }
}

fn lines(entries: &[Arc<Entry>], position: impl Fn(&Entry) -> Position) -> Vec<ReceiptLine> {
    let line = |entry: &Arc<Entry>| ReceiptLine {
        position: position(entry),
        subject: entry.event.subject.clone(),
        revision: entry.revision,
    };
    entries.iter().map(line).collect()
}

fn mandates(entries: &[Arc<Entry>]) -> Vec<Position> {
    let of_entry = |entry: &Arc<Entry>| match &entry.caller {
        RecordedCaller::Mandated(caller) => caller.mandates.clone(),
        RecordedCaller::Local | RecordedCaller::Store => Vec::new(),
    };
    distinct(entries.iter().flat_map(of_entry))
}

fn distinct(positions: impl Iterator<Item = Position>) -> Vec<Position> {
    let mut distinct: Vec<Position> = positions.collect();
    distinct.sort_unstable();
    distinct.dedup();
    distinct
}

/// Whether the caller of a request recorded an entry.
fn is_of_caller(entry: &proto::Entry, command: &AppendCommand) -> bool {
    let pseudonym = entry
        .caller
        .as_ref()
        .map(|caller| caller.pseudonym.as_slice());
    match &command.caller {
        Caller::Known(known) => pseudonym == Some(known.pseudonym.0.as_slice()),
        Caller::Local | Caller::Public | Caller::Store => {
            let stated = command.recorded_by.as_ref().map(Name::as_str);
            pseudonym.is_none() && stated == Some(entry.recorded_by.as_str())
        }
    }
}

/// The first receipt of a request that was recorded before.
///
/// [`AppendFailure::Reused`] unless it is the same request: the same caller and recorder
/// and, byte for byte, the same events. Expected revisions are not compared: they were
/// judged the first time.
pub(super) fn repeated(
    reader: &dyn Reader,
    request: &Request,
    recorded: RequestLocation,
) -> Result<Receipt, AppendFailure> {
    let stored = messages(reader, recorded.first, recorded.count)?;
    // Stored entries were encoded from such messages, in one way only: equal
    // messages have equal bytes.
    let is_same = stored.len() == request.events.len()
        && stored.iter().zip(&request.events).all(|(entry, event)| {
            is_of_caller(entry, &request.command) && entry.event.as_ref() == Some(event)
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
    let callers = stored.iter().filter_map(|entry| entry.caller.as_ref());
    let mandates = callers.flat_map(|caller| &caller.mandate_positions);
    let mandates = distinct(mandates.map(|position| Position::new(*position)));
    let subjects = request.command.events.iter().map(|event| &event.subject);
    Ok(Receipt {
        request: request.id(),
        mandates,
        lines: stored
            .iter()
            .zip(subjects)
            .map(|(entry, subject)| ReceiptLine {
                position: Position::new(entry.position),
                subject: subject.clone(),
                revision: Revision::new(entry.revision),
            })
            .collect(),
        outcome: AppendOutcome::AlreadyRecorded(recorded_at),
    })
}
