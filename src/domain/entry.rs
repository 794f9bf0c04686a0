//! Entries: events as the register keeps them.

use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::Date;

use super::caller::Pseudonym;
use super::date::PartialDate;
use super::event::{Authority, Event, Kind};
use super::ids::{Position, ProposalId, RequestId, Revision};

/// An event, with the fields that the register added when it was recorded.
///
/// # Examples
///
/// ```
/// use std::sync::Arc;
///
/// use minutebook_domain::entry::{Entry, RecordedCaller, RequestPart};
/// # use minutebook_domain::event::{BodyKind, BodyRegistered, Event};
/// use minutebook_domain::ids::{Position, Revision};
/// use minutebook_domain::register::Register;
/// # use minutebook_domain::text::{Name, Text};
///
/// # let event = Event {
/// #     subject: "bodies/northshire-council".parse()?,
/// #     effective_on: None,
/// #     decided_on: None,
/// #     acted_by: None,
/// #     authority: None,
/// #     sources: vec![],
/// #     note: Text::default(),
/// #     event_id: None,
/// #     currency: None,
/// #     marking: None,
/// #     effective_on_is: None,
/// #     kind: BodyRegistered {
/// #         name: Name::new("Northshire Council")?,
/// #         kind: BodyKind::Council,
/// #         force: None,
/// #         area: None,
/// #         identifiers: vec![],
/// #         capacities: vec![],
/// #     }
/// #     .into(),
/// # };
/// // `event` registers Northshire Council, and does not state a date.
/// let entry = Entry {
///     position: Position::new(1),
///     revision: Revision::new(1),
///     recorded_at: "2026-11-27T10:00:00Z".parse()?,
///     recorded_on: "2026-11-27".parse()?,
///     recorded_by: "Registrar".into(),
///     request: "0198c7a4-0f3e-7b62-9c1d-5d3f1f6f7a10".parse()?,
///     request_part: RequestPart { index: 0, count: 1 },
///     caller: RecordedCaller::Local,
///     salt: None,
///     event,
/// };
/// assert_eq!(entry.effective_on(), "2026-11-27".parse()?, "the day it was recorded");
///
/// let mut register = Register::default();
/// register.apply(Arc::new(entry));
/// assert_eq!(register.tail(), Position::new(1));
/// assert!(register.subject(&"bodies/northshire-council".parse()?).is_some());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// Its number in the log, from 1.
    pub position: Position,
    /// Its number within its subject, from 1.
    pub revision: Revision,
    pub recorded_at: Timestamp,
    /// The day of `recorded_at` in the register's time zone.
    pub recorded_on: Date,
    /// The office or system that recorded it.
    pub recorded_by: Arc<str>,
    pub request: RequestId,
    pub request_part: RequestPart,
    pub caller: RecordedCaller,
    pub salt: Option<Salt>,
    pub event: Event,
}

/// 16 random bytes in an entry, so that nobody can guess the entry from its hash.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Salt(pub [u8; 16]);

/// Who was signed in when an entry was recorded.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum RecordedCaller {
    /// Nobody: the register was open to every program on its machine.
    #[default]
    Local,
    /// A command at the store recorded it, without a mandate.
    Store,
    Mandated(Arc<MandatedCaller>),
}

/// A caller, by the mandates on which an entry rests.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MandatedCaller {
    /// The entries that grant them; at least one. The first names the recorder.
    pub mandates: Vec<Position>,
    pub pseudonym: Pseudonym,
}

impl RecordedCaller {
    /// `None` where nobody was signed in.
    pub fn pseudonym(&self) -> Option<Pseudonym> {
        match self {
            Self::Mandated(caller) => Some(caller.pseudonym),
            Self::Local | Self::Store => None,
        }
    }
}

/// The place of an entry in its request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RequestPart {
    /// From 0.
    pub index: u32,
    /// The number of entries of the request.
    pub count: u32,
}

impl Entry {
    /// The date from which it holds: as stated, or else the day it was recorded.
    pub fn effective_on(&self) -> PartialDate {
        self.event
            .effective_on
            .unwrap_or_else(|| self.recorded_on.into())
    }

    /// The proposal that its authority names, also if it is acknowledged as a breach.
    pub fn relies_on(&self) -> Option<ProposalId> {
        self.event.authority.as_ref()?.proposal()
    }

    /// Whether it is no act that may need approval, and rests on a proposal all the same: a
    /// decision that names another than the one that it decides, or a statement of something
    /// that was done.
    pub fn rests_on_proposal(&self) -> bool {
        let Some(Authority::Proposal(cited)) = &self.event.authority else {
            return false;
        };
        match &self.event.kind {
            Kind::DecisionMade(made) => made.proposal.as_ref() != Some(cited),
            kind => kind.act().is_none() && !is_of_proceedings(kind),
        }
    }

    /// Whether it acknowledges that it lacked its approval.
    pub const fn acknowledges_breach(&self) -> bool {
        matches!(self.event.authority, Some(Authority::AcknowledgedBreach(_)))
    }
}

/// Whether a kind is about how matters are decided, or the record of that, and carries
/// nothing out.
const fn is_of_proceedings(kind: &Kind) -> bool {
    matches!(
        kind,
        Kind::MatterProposed(_)
            | Kind::VirementRequested(_)
            | Kind::VoteCast(_)
            | Kind::VirementApproved(_)
            | Kind::ExternalDecisionReceived(_)
            | Kind::ProposalWithdrawn(_)
            | Kind::OutcomeNotKnown(_)
            | Kind::ConditionSettled(_)
            | Kind::DecisionPublished(_)
            | Kind::DecisionWithheld(_)
            | Kind::DecisionCalledIn(_)
            | Kind::CallInSettled(_)
            | Kind::DecisionChallenged(_)
            | Kind::ChallengeStepTaken(_)
            | Kind::MeetingCalled(_)
            | Kind::MeetingHeld(_)
            | Kind::MeetingCancelled(_)
            | Kind::MinutesApproved(_)
            | Kind::EntryCorrected(_)
    )
}
