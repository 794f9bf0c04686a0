//! The header of a stored entry: enough to find the entry again, without reading
//! its event into the domain.

use jiff::Timestamp;
use uuid::Uuid;

use super::entry::{EntryDecodeError, message};
use super::proto::event::Kind;
use minutebook_domain::entry::RequestPart;
use minutebook_domain::event::event_kinds;
use minutebook_domain::ids::{EventId, ProposalId, RequestId};

/// The fields by which entries are indexed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntryHeader {
    /// As it is written in the event.
    pub subject: String,
    pub recorded_at: Timestamp,
    pub request: RequestId,
    /// The index of the event in its request, and the number of events there.
    pub request_part: RequestPart,
    /// The `event_id` of its event.
    pub event: Option<EventId>,
    /// The proposal that it opens.
    pub proposal: Option<ProposalId>,
    /// Whether an index depends on the fold of its subject: it corrects an entry, or
    /// names the successor of a body.
    pub folds_first: bool,
}

/// Reads the header of a stored record that an earlier run has read in full. Other
/// faults of the record are not looked for.
pub fn entry_header(bytes: &[u8]) -> Result<EntryHeader, EntryDecodeError> {
    let entry = message(bytes)?;
    let request = Uuid::from_slice(&entry.request_id).map_err(|_| EntryDecodeError::NotAnEntry)?;
    let recorded_at = entry.recorded_at.as_ref();
    let recorded_at = recorded_at.and_then(|at| Timestamp::new(at.seconds, at.nanos).ok());
    let event = entry.event.ok_or(EntryDecodeError::NotAnEntry)?;
    Ok(EntryHeader {
        recorded_at: recorded_at.ok_or(EntryDecodeError::NotAnEntry)?,
        request: RequestId::new(request),
        request_part: RequestPart {
            index: entry.request_index,
            count: entry.request_size,
        },
        event: event.event_id.parse().ok(),
        proposal: event.kind.as_ref().and_then(opened_proposal),
        folds_first: matches!(
            event.kind,
            Some(Kind::EntryCorrected(_) | Kind::BodySucceeded(_))
        ),
        subject: event.subject,
    })
}

// `event/kinds.rs` says what each column is.
macro_rules! define_opened_proposal {
    ($($name:ident $kind:ident $noun:ident $subject:ident $role:ident $until:ident;)*) => {
        fn opened_proposal(kind: &Kind) -> Option<ProposalId> {
            match kind {
                $(Kind::$kind(_message) => opened_by!($role _message),)*
            }
        }
    };
}

macro_rules! opened_by {
    (proposal $message:ident) => {
        $message.proposal_id.parse().ok()
    };
    (act $message:ident) => {
        None
    };
    (opinion $message:ident) => {
        None
    };
    (statement $message:ident) => {
        None
    };
}

event_kinds!(define_opened_proposal);
