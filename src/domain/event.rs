//! Events: facts as recorders state them, with every field already checked for
//! form.
//!
//! `proto/minutebook/v1/event.proto` specifies the meaning, limits and defaults of
//! each event and field. They are not repeated here.

pub mod approvable_act;
pub mod approval_rules;
pub mod assurance;
pub mod boards;
pub mod bodies;
pub mod budget_lines;
pub mod budgets;
pub mod challenges;
pub mod collaborations;
pub mod corrections;
pub mod decisions;
pub mod delegations;
pub mod funding_formulas;
pub mod instruments;
pub mod invoices;
pub mod keys;
pub mod kinds;
pub mod mandates;
pub mod marking;
pub mod meetings;
pub mod money;
pub mod notices;
pub mod publications;
pub mod savings;
pub mod services;
pub mod settlements;
pub mod virements;
pub mod voting;

use std::fmt;
use std::sync::Arc;

pub use approvable_act::{Act, ApprovableAct, Difference, Portion};
pub use approval_rules::*;
pub use assurance::*;
pub use boards::*;
pub use bodies::*;
pub use budget_lines::*;
pub use budgets::*;
pub use challenges::*;
pub use collaborations::*;
pub use corrections::*;
pub use decisions::*;
pub use delegations::*;
pub use funding_formulas::*;
pub use instruments::*;
pub use invoices::*;
pub use keys::*;
pub use kinds::AllowedSubject;
pub use kinds::event_kinds;
pub use mandates::*;
pub use marking::*;
pub use meetings::*;
pub use money::*;
pub use notices::*;
pub use publications::*;
pub use savings::*;
pub use services::*;
pub use settlements::*;
pub use virements::*;
pub use voting::*;

use super::currency::Currency;
use super::date::PartialDate;
use super::ids::{BodyId, EventId, ItemId, ProposalId, SubjectId};
use super::text::{Name, Sha256, Text};

/// One fact, as its recorder stated it. Every field has been checked for form.
///
/// # Examples
///
/// ```
/// use minutebook_domain::event::{BodyKind, BodyRegistered, Event};
/// use minutebook_domain::text::{Name, Text};
///
/// let event = Event {
///     subject: "bodies/leicestershire-opcc".parse()?,
///     // A date may be partial: this one is known to the month.
///     effective_on: Some("2012-11".parse()?),
///     decided_on: None,
///     acted_by: None,
///     authority: None,
///     sources: vec![],
///     note: Text::default(),
///     event_id: None,
///     currency: None,
///     marking: None,
///     effective_on_is: None,
///     kind: BodyRegistered {
///         name: Name::new("Leicestershire Police and Crime Commissioner")?,
///         kind: BodyKind::PolicingBody,
///         force: Some("leicestershire".parse()?),
///         area: None,
///         identifiers: vec![],
///         capacities: vec![],
///     }
///     .into(),
/// };
///
/// assert_eq!(event.kind.name(), "body_registered");
/// // Nobody has to approve the registration of a body.
/// assert!(event.kind.act().is_none());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    pub subject: SubjectId,
    /// The day from which the fact holds; `None` for the day on which it is recorded.
    pub effective_on: Option<PartialDate>,
    pub decided_on: Option<PartialDate>,
    pub acted_by: Option<Actor>,
    pub authority: Option<Authority>,
    pub sources: Vec<Source>,
    pub note: Text,
    /// An id by which other events may name this one.
    pub event_id: Option<EventId>,
    /// How `effective_on` is to be read; `None` as given.
    pub effective_on_is: Option<DateIs>,
    /// The currency of its amounts; `None` where it has none.
    pub currency: Option<Currency>,
    /// `None` for that of the things it is about.
    pub marking: Option<ProtectiveMarking>,
    pub kind: Kind,
}

/// How a date is to be read, where the source does not give the day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DateIs {
    /// Near it, before or after.
    About,
    /// Then or earlier.
    By,
    /// Then or later.
    From,
}

/// A body, an office of it, or an office that belongs to no registered body.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Actor {
    /// A body, through one of its offices where one is named.
    Body { body: BodyId, office: Option<Name> },
    /// An office of no registered body.
    Office(Name),
}

impl Actor {
    pub const fn body(&self) -> Option<&BodyId> {
        match self {
            Self::Body { body, .. } => Some(body),
            Self::Office(_) => None,
        }
    }

    pub const fn office(&self) -> Option<&Name> {
        match self {
            Self::Body { office, .. } => office.as_ref(),
            Self::Office(office) => Some(office),
        }
    }

    /// Whether both name the same body and the same office, however they are written.
    pub fn is_same(&self, other: &Self) -> bool {
        self.body() == other.body()
            && match (self.office(), other.office()) {
                (Some(one), Some(other)) => one.is_same(other),
                (one, other) => one.is_none() && other.is_none(),
            }
    }
}

/// `kent-pcc`, `Chief Finance Officer of kent-pcc`, `Home Secretary`.
impl fmt::Display for Actor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Body { body, office: None } => body.fmt(f),
            Self::Body {
                body,
                office: Some(office),
            } => write!(f, "{office} of {body}"),
            Self::Office(office) => office.fmt(f),
        }
    }
}

/// The basis on which an act was done.
///
/// # Examples
///
/// ```
/// use minutebook_domain::event::{AcknowledgedBreach, Authority};
/// use minutebook_domain::text::{Name, Text};
///
/// let proposal = "01890a5d-ac96-774b-bcce-b302099a8057".parse()?;
/// let carried = Authority::Proposal(proposal);
/// let delegated = Authority::Delegation(Name::new("Scheme of delegation, section 4")?);
/// let breach = Authority::AcknowledgedBreach(AcknowledgedBreach {
///     reason: Text::required("The board met a week after the virement.")?,
///     proposal: Some(proposal),
/// });
///
/// // A breach may name the proposal that came too late.
/// assert_eq!(carried.proposal(), breach.proposal());
/// assert_eq!(delegated.proposal(), None);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Authority {
    /// A carried proposal.
    Proposal(ProposalId),
    /// A delegation, as the recorder cites it.
    Delegation(Name),
    /// A delegation on record.
    RecordedDelegation(DelegationRef),
    /// None: the recorder states that prior approval was missing.
    AcknowledgedBreach(AcknowledgedBreach),
}

impl Authority {
    /// The proposal that the act relies on or, for an acknowledged breach, should
    /// have relied on.
    pub const fn proposal(&self) -> Option<ProposalId> {
        match self {
            Self::Proposal(id) => Some(*id),
            Self::AcknowledgedBreach(breach) => breach.proposal,
            Self::Delegation(_) | Self::RecordedDelegation(_) => None,
        }
    }
}

/// A delegation, and the subject on which it is recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DelegationRef {
    pub delegation: ItemId,
    /// `None` for the subject of the event.
    pub subject: Option<SubjectId>,
}

/// The recorder's own statement that an act lacked its prior approval.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AcknowledgedBreach {
    /// Why the act is recorded all the same.
    pub reason: Text,
    /// The proposal that should have allowed the act and was not carried in time.
    pub proposal: Option<ProposalId>,
}

/// A place in a document where a fact can be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    pub title: Name,
    /// The place in the document, such as a page.
    pub place: Text,
    pub uri: Text,
    pub sha256: Option<Sha256>,
}

/// A document that the register points to and never holds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Document {
    pub title: Option<Name>,
    pub uri: Text,
    pub sha256: Option<Sha256>,
}

// `event/kinds.rs` says what each column is.
macro_rules! define_kind {
    ($($name:ident $kind:ident $noun:ident $subject:ident $role:ident $until:ident;)*) => {
        /// What happened. The payload is shared between the entry and the state
        /// folded from it.
        #[derive(Debug, Clone, PartialEq)]
        pub enum Kind {
            $(#[doc = concat!("`", stringify!($name), "`")] $kind(Arc<$noun::$kind>),)*
        }

        impl Kind {
            /// Every kind by its name on the wire, in the order of the catalogue.
            pub const NAMES: &'static [&'static str] = &[$(stringify!($name)),*];

            /// Its name on the wire: the field name in `Event.kind`.
            pub const fn name(&self) -> &'static str {
                match self {
                    $(Self::$kind(_) => stringify!($name),)*
                }
            }

            /// What the event carries out; `None` for a kind that never needs prior
            /// approval.
            pub fn act(&self) -> Option<ApprovableAct<'_>> {
                match self {
                    $(Self::$kind(_event) => act_of!($role _event),)*
                }
            }

            /// The proposal that the event opens, for a kind that asks for approval.
            pub fn opened_proposal(&self) -> Option<ProposalId> {
                match self {
                    $(Self::$kind(_event) => opened_by!($role _event),)*
                }
            }

            /// Whether the event changes what a collaboration is. Such an event is
            /// refused after the end of the collaboration; assurance, outturns and
            /// decisions go on.
            pub const fn changes_collaboration(&self) -> bool {
                match self {
                    $(Self::$kind(_) => is_until_end!($until),)*
                }
            }
        }

        $(impl From<$noun::$kind> for Kind {
            fn from(event: $noun::$kind) -> Self {
                Self::$kind(Arc::new(event))
            }
        })*
    };
}

macro_rules! act_of {
    (act $event:ident) => {
        Some($event.act())
    };
    (proposal $event:ident) => {
        None
    };
    (opinion $event:ident) => {
        None
    };
    (statement $event:ident) => {
        None
    };
}

macro_rules! opened_by {
    (proposal $event:ident) => {
        Some($event.proposal)
    };
    (act $event:ident) => {
        None
    };
    (opinion $event:ident) => {
        None
    };
    (statement $event:ident) => {
        None
    };
}

macro_rules! is_until_end {
    (until_end) => {
        true
    };
    (always) => {
        false
    };
}

event_kinds!(define_kind);
