//! What is known of a stored entry without reading its event as the domain has it:
//! enough to find the entry again.

use jiff::Timestamp;
use uuid::Uuid;

use super::entry::{EntryDecodeError, message};
use super::proto::event::Kind;
use crate::domain::event::event_kinds;
use crate::domain::ids::{EventId, ProposalId, RequestId};

/// What is known of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntryHeader {
    /// Its subject, as it is written.
    pub subject: String,
    /// When it was recorded.
    pub recorded_at: Timestamp,
    /// The request that brought it.
    pub request: RequestId,
    /// Its place in that request, and how many events that request brought.
    pub request_part: (u32, u32),
    /// The id that its event carries.
    pub event: Option<EventId>,
    /// The proposal that it puts up.
    pub proposal: Option<ProposalId>,
    /// Whether it corrects another.
    pub corrects: bool,
}

/// The outline of a stored record that was read before, by this program or one like
/// it: what else may be wrong with it is not looked at.
pub fn entry_header(bytes: &[u8]) -> Result<EntryHeader, EntryDecodeError> {
    let entry = message(bytes)?;
    let request = Uuid::from_slice(&entry.request_id).map_err(|_| EntryDecodeError::NotAnEntry)?;
    let recorded_at = entry.recorded_at.as_ref();
    let recorded_at = recorded_at.and_then(|at| Timestamp::new(at.seconds, at.nanos).ok());
    let event = entry.event.ok_or(EntryDecodeError::NotAnEntry)?;
    Ok(EntryHeader {
        recorded_at: recorded_at.ok_or(EntryDecodeError::NotAnEntry)?,
        request: RequestId::new(request),
        request_part: (entry.request_index, entry.request_size),
        event: event.event_id.parse().ok(),
        proposal: event.kind.as_ref().and_then(opened_proposal),
        corrects: matches!(event.kind, Some(Kind::EntryCorrected(_))),
        subject: event.subject,
    })
}

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
