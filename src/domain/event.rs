//! Events: facts as recorders state them, with every field already checked for
//! form. The published form is `proto/minutebook/v1/event.proto`; what each one
//! means, its limits and defaults are said there and not again here.

pub mod assurance;
pub mod boards;
pub mod bodies;
pub mod collaborations;
pub mod corrections;
pub mod decisions;
pub mod instruments;
pub mod keys;
pub mod money;
pub mod services;

use std::sync::Arc;

pub use assurance::*;
pub use boards::*;
pub use bodies::*;
pub use collaborations::*;
pub use corrections::*;
pub use decisions::*;
pub use instruments::*;
pub use keys::*;
pub use money::*;
pub use services::*;

use super::date::PartialDate;
use super::ids::{BodyId, EventId, ProposalId, SubjectId};
use super::text::{Name, Sha256, Text};

/// One stated fact.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    /// What it is about.
    pub subject: SubjectId,
    /// From when it holds; `None` means the day it is recorded.
    pub effective_on: Option<PartialDate>,
    /// When it was decided.
    pub decided_on: Option<PartialDate>,
    /// Who acted.
    pub acted_by: Option<Actor>,
    /// What the act rests on.
    pub authority: Option<Authority>,
    /// Where it can be read.
    pub sources: Vec<Source>,
    /// Anything a reader should know.
    pub note: Text,
    /// A name others may use for it.
    pub event_id: Option<EventId>,
    /// What happened.
    pub kind: Kind,
}

/// A body, an office of it, or an office that belongs to no registered body.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Actor {
    /// A body, through one of its offices where that is said.
    Body {
        /// The body.
        body: BodyId,
        /// The office.
        office: Option<Name>,
    },
    /// An office alone.
    Office(Name),
}

impl Actor {
    /// The body, where there is one.
    pub const fn body(&self) -> Option<&BodyId> {
        match self {
            Self::Body { body, .. } => Some(body),
            Self::Office(_) => None,
        }
    }

    /// The office, where there is one.
    pub const fn office(&self) -> Option<&Name> {
        match self {
            Self::Body { office, .. } => office.as_ref(),
            Self::Office(office) => Some(office),
        }
    }
}

/// What an act rests on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Authority {
    /// A proposal that was carried.
    Proposal(ProposalId),
    /// A delegation, as cited.
    Delegation(Name),
    /// Nothing, said outright.
    AcknowledgedBreach(AcknowledgedBreach),
}

/// The recorder's own statement that an act lacked its prior approval.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AcknowledgedBreach {
    /// Why it is recorded all the same.
    pub reason: Text,
    /// The proposal that was to allow it and did not in time.
    pub proposal: Option<ProposalId>,
}

/// Where a fact can be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// The document.
    pub title: Name,
    /// The place in it.
    pub place: Text,
    /// A link to it.
    pub uri: Text,
    /// Its hash.
    pub sha256: Option<Sha256>,
}

/// A document the register points to and never holds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Document {
    /// Its title.
    pub title: Option<Name>,
    /// A link to it.
    pub uri: Text,
    /// Its hash.
    pub sha256: Option<Sha256>,
}

macro_rules! kinds {
    ($($name:literal $kind:ident,)*) => {
        /// What happened. The payload is shared between the entry and the state
        /// folded from it.
        #[derive(Debug, Clone, PartialEq)]
        pub enum Kind {
            $(#[doc = concat!("`", $name, "`")] $kind(Arc<$kind>),)*
        }

        impl Kind {
            /// Every kind by its name on the wire, in the order of the catalogue.
            pub const NAMES: &'static [&'static str] = &[$($name),*];

            /// Its name on the wire: the field name in `Event.kind`.
            pub const fn name(&self) -> &'static str {
                match self {
                    $(Self::$kind(_) => $name,)*
                }
            }
        }

        $(impl From<$kind> for Kind {
            fn from(what: $kind) -> Self {
                Self::$kind(Arc::new(what))
            }
        })*
    };
}

kinds! {
    "body_registered" BodyRegistered,
    "body_succeeded" BodySucceeded,
    "identifier_added" IdentifierAdded,
    "alias_added" AliasAdded,
    "board_constituted" BoardConstituted,
    "chair_appointed" ChairAppointed,
    "board_membership_changed" BoardMembershipChanged,
    "meeting_called" MeetingCalled,
    "collaboration_established" CollaborationEstablished,
    "party_joined" PartyJoined,
    "party_withdrew" PartyWithdrew,
    "lead_appointed" LeadAppointed,
    "opportunity_considered" OpportunityConsidered,
    "dependency_noted" DependencyNoted,
    "notice_given" NoticeGiven,
    "notice_extended" NoticeExtended,
    "notice_revoked" NoticeRevoked,
    "direction_issued" DirectionIssued,
    "collaboration_ended" CollaborationEnded,
    "instrument_drafted" InstrumentDrafted,
    "consultation_recorded" ConsultationRecorded,
    "agreement_signed" AgreementSigned,
    "mou_updated" MouUpdated,
    "instrument_varied" InstrumentVaried,
    "instrument_renewed" InstrumentRenewed,
    "instrument_superseded" InstrumentSuperseded,
    "instrument_ended" InstrumentEnded,
    "instrument_reviewed" InstrumentReviewed,
    "service_added" ServiceAdded,
    "service_units_changed" ServiceUnitsChanged,
    "service_parties_changed" ServicePartiesChanged,
    "service_lead_transferred" ServiceLeadTransferred,
    "service_removed" ServiceRemoved,
    "approval_rules_adopted" ApprovalRulesAdopted,
    "matter_proposed" MatterProposed,
    "vote_cast" VoteCast,
    "decision_made" DecisionMade,
    "external_decision_received" ExternalDecisionReceived,
    "proposal_withdrawn" ProposalWithdrawn,
    "action_agreed" ActionAgreed,
    "action_closed" ActionClosed,
    "decision_published" DecisionPublished,
    "decision_withheld" DecisionWithheld,
    "funding_formula_set" FundingFormulaSet,
    "budget_approved" BudgetApproved,
    "forecast_reported" ForecastReported,
    "outturn_reported" OutturnReported,
    "grant_awarded" GrantAwarded,
    "savings_planned" SavingsPlanned,
    "savings_realised" SavingsRealised,
    "virement_requested" VirementRequested,
    "virement_approved" VirementApproved,
    "virement_made" VirementMade,
    "virement_reversed" VirementReversed,
    "underspend_disposed" UnderspendDisposed,
    "disposal_confirmed" DisposalConfirmed,
    "audit_reported" AuditReported,
    "review_commissioned" ReviewCommissioned,
    "review_published" ReviewPublished,
    "recommendation_made" RecommendationMade,
    "recommendation_responded" RecommendationResponded,
    "recommendation_closed" RecommendationClosed,
    "benefit_baselined" BenefitBaselined,
    "benefit_measured" BenefitMeasured,
    "assumption_invalidated" AssumptionInvalidated,
    "risk_raised" RiskRaised,
    "risk_closed" RiskClosed,
    "dispute_raised" DisputeRaised,
    "dispute_settled" DisputeSettled,
    "discrepancy_noted" DiscrepancyNoted,
    "entry_corrected" EntryCorrected,
    "checkpoint_key_replaced" CheckpointKeyReplaced,
}
