//! Events about proposals, votes, decisions and actions.

use std::fmt;

use crate::date::{FinancialYear, PartialDate};
use crate::event::{Actor, Disposal, Document, Interest, MeetingRef, Tally, Target, Virement};
use crate::ids::{BoardId, BodyId, BudgetId, InstrumentId, ItemId, ProposalId, ServiceId};
use crate::money::Pence;
use crate::text::{Name, Text};

/// The matter that a proposal asks to decide.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Matter {
    SignInstrument(InstrumentId),
    VaryInstrument(InstrumentId),
    AdmitParty(BodyId),
    Withdraw(BodyId),
    EndCollaboration,
    /// The service is added later, under this id.
    AddService(ServiceId),
    RemoveService(ServiceId),
    ChangeLead {
        /// `None` for the whole collaboration.
        service: Option<ServiceId>,
        to: BodyId,
    },
    SetBudget {
        year: FinancialYear,
        /// `None` for the main budget.
        budget: Option<BudgetId>,
        total: Option<Pence>,
    },
    MakeVirement(Virement),
    DisposeUnderspend(Disposal),
    AdoptRules(ItemId),
    /// A matter that no event carries out, in words.
    Other(Name),
    /// Several matters that are decided as one; none of them is itself several.
    Together(Vec<Self>),
}

impl Matter {
    pub const fn kind(&self) -> MatterKind {
        match self {
            Self::SignInstrument(_) => MatterKind::SignInstrument,
            Self::VaryInstrument(_) => MatterKind::VaryInstrument,
            Self::AdmitParty(_) => MatterKind::AdmitParty,
            Self::Withdraw(_) => MatterKind::Withdraw,
            Self::EndCollaboration => MatterKind::EndCollaboration,
            Self::AddService(_) => MatterKind::AddService,
            Self::RemoveService(_) => MatterKind::RemoveService,
            Self::ChangeLead { .. } => MatterKind::ChangeLead,
            Self::SetBudget { .. } => MatterKind::SetBudget,
            Self::MakeVirement(_) => MatterKind::MakeVirement,
            Self::DisposeUnderspend(_) => MatterKind::DisposeUnderspend,
            Self::AdoptRules(_) => MatterKind::AdoptRules,
            Self::Other(_) => MatterKind::Other,
            Self::Together(_) => MatterKind::Together,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MatterKind {
    SignInstrument,
    VaryInstrument,
    AdmitParty,
    Withdraw,
    EndCollaboration,
    AddService,
    RemoveService,
    ChangeLead,
    SetBudget,
    MakeVirement,
    DisposeUnderspend,
    AdoptRules,
    Other,
    Together,
}

impl MatterKind {
    /// The kind as a verb phrase, such as `add a service`.
    pub const fn label(self) -> &'static str {
        match self {
            Self::SignInstrument => "sign an instrument",
            Self::VaryInstrument => "vary an instrument",
            Self::AdmitParty => "admit a party",
            Self::Withdraw => "withdraw",
            Self::EndCollaboration => "end the collaboration",
            Self::AddService => "add a service",
            Self::RemoveService => "remove a service",
            Self::ChangeLead => "change the lead",
            Self::SetBudget => "set a budget",
            Self::MakeVirement => "make a virement",
            Self::DisposeUnderspend => "dispose of an underspend",
            Self::AdoptRules => "adopt approval rules",
            Self::Other => "something else",
            Self::Together => "do several things together",
        }
    }
}

/// A matter is proposed for decision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MatterProposed {
    pub proposal: ProposalId,
    pub title: Name,
    pub matter: Matter,
    /// The board that will decide.
    pub board: Option<BoardId>,
    /// The outside body that will decide.
    pub decider: Option<BodyId>,
    /// The last day on which the proposal is open.
    pub lapses_on: Option<PartialDate>,
    pub summary: Text,
    pub papers: Document,
    /// The act that it asks to approve after the fact.
    pub ratifies: Option<Target>,
    /// The bodies that each decide it.
    pub put_to: Vec<BodyId>,
    /// The meeting on whose agenda it is.
    pub meeting: Option<MeetingRef>,
    /// The offices that decide it together, each an office of a body.
    pub put_to_offices: Vec<Actor>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum VoteChoice {
    Approve,
    Reject,
    Abstain,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VoteCast {
    pub proposal: ProposalId,
    pub voter: Actor,
    pub choice: VoteChoice,
    pub conflict_declared: Text,
    /// The board on which the vote is cast.
    pub board: Option<BoardId>,
    pub interest: Option<Interest>,
    /// The substitute who cast it.
    pub cast_by: Option<Actor>,
    pub meeting: Option<MeetingRef>,
    /// Whether it is not the agreement of the body or office as well.
    pub seat_only: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    Approved,
    Rejected,
    /// Received, without agreement to anything.
    Noted,
    /// Supported, by a board without power to approve.
    Supported,
    Deferred,
    /// Referred to this outside decider.
    Referred(BodyId),
}

/// `approved`, `referred to home-office`.
impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Approved => f.write_str("approved"),
            Self::Rejected => f.write_str("rejected"),
            Self::Noted => f.write_str("noted"),
            Self::Supported => f.write_str("supported"),
            Self::Deferred => f.write_str("deferred"),
            Self::Referred(to) => write!(f, "referred to {to}"),
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DecisionMade {
    pub decision: ItemId,
    pub title: Name,
    pub outcome: Outcome,
    /// `None` for a decision on nothing that was proposed in the register.
    pub proposal: Option<ProposalId>,
    /// `None` where the actor of the event decided.
    pub board: Option<BoardId>,
    pub reasons: Text,
    /// What else was considered.
    pub alternatives_rejected: Text,
    pub conflicts_declared: Text,
    pub conditions: Text,
    pub record: Document,
    /// The result of the board's vote, as minuted.
    pub tally: Option<Tally>,
    pub meeting: Option<MeetingRef>,
    /// Amendments that were moved, and their results.
    pub amendments: Text,
    /// Conditions on which an approval depends.
    pub subject_to: Vec<Condition>,
    /// `None` for the day on which it was made.
    pub in_force_from: Option<PartialDate>,
    /// The board that is to decide again.
    pub sent_back_to: Option<BoardId>,
    /// That it cannot be called in.
    pub call_in_waiver: Option<CallInWaiver>,
}

/// That call-in does not apply to a decision, such as an urgent one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallInWaiver {
    pub agreed_by: Option<Actor>,
    pub agreed_on: Option<PartialDate>,
    pub reason: Text,
}

/// A condition on which an approval depends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Condition {
    pub id: ItemId,
    pub what: Text,
    /// The body whose own decision on the proposal meets it, or fails it.
    pub decided_by: Option<BodyId>,
    /// The board whose own decision on the proposal meets it, or fails it.
    pub decided_by_board: Option<BoardId>,
    pub due_on: Option<PartialDate>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ConditionResult {
    Met,
    NotMet,
    Waived,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConditionSettled {
    pub proposal: ProposalId,
    pub decision: ItemId,
    pub condition: ItemId,
    pub result: ConditionResult,
    pub reason: Text,
}

/// No source gives the outcome of a proposal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutcomeNotKnown {
    pub proposal: ProposalId,
    pub reason: Text,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExternalDecisionReceived {
    pub proposal: ProposalId,
    pub decider: BodyId,
    /// `false` means that the decider rejected the proposal.
    pub approved: bool,
    pub reference: Text,
    /// Its id as a decision, under which it can be published or challenged.
    pub decision: Option<ItemId>,
}

/// The proposer withdraws a matter before it is decided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProposalWithdrawn {
    pub proposal: ProposalId,
    pub reason: Text,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActionAgreed {
    pub action: ItemId,
    pub what: Text,
    pub owner: Option<Actor>,
    pub due_on: Option<PartialDate>,
    pub decision: Option<ItemId>,
    pub meeting: Option<MeetingRef>,
    /// The recommendation that it carries out.
    pub recommendation: Option<ItemId>,
}

/// An action is completed or abandoned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActionClosed {
    pub action: ItemId,
    pub outcome: Text,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DecisionPublished {
    pub decision: ItemId,
    pub document: Document,
    /// Whether only a part is published.
    pub in_part: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DecisionWithheld {
    pub decision: ItemId,
    /// The ground in law for withholding it.
    pub ground: Text,
}
