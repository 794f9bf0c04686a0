//! Events about proposals, votes, decisions and actions.

use crate::domain::date::{FinancialYear, PartialDate};
use crate::domain::event::{
    Actor, Disposal, Document, Permanence, Share, Target, UnderspendBasis, Virement, VotingRule,
};
use crate::domain::ids::{BoardId, BodyId, BudgetId, InstrumentId, ItemId, ProposalId, ServiceId};
use crate::domain::money::{Pence, Ppm};
use crate::domain::text::{Name, Text};

/// What exactly is put up for decision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Matter {
    /// To sign this instrument.
    SignInstrument(InstrumentId),
    /// To vary this instrument.
    VaryInstrument(InstrumentId),
    /// To admit this body.
    AdmitParty(BodyId),
    /// To let this party withdraw.
    Withdraw(BodyId),
    /// To end the collaboration.
    EndCollaboration,
    /// To add a service under this id.
    AddService(ServiceId),
    /// To remove this service.
    RemoveService(ServiceId),
    /// To change who leads a service, or the whole.
    ChangeLead {
        /// The service; `None` for the whole.
        service: Option<ServiceId>,
        /// The lead to be.
        to: BodyId,
    },
    /// To set the budget of a year.
    SetBudget {
        /// The year.
        year: FinancialYear,
        /// Which budget; `None` for the main one.
        budget: Option<BudgetId>,
        /// Its total, where it is said.
        total: Option<Pence>,
    },
    /// To make a virement.
    MakeVirement(Virement),
    /// To dispose of an underspend.
    DisposeUnderspend(Disposal),
    /// To adopt this set of approval rules.
    AdoptRules(ItemId),
    /// Anything else, described.
    Other(Name),
}

impl Matter {
    /// Its kind.
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
        }
    }
}

/// The kinds of matter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MatterKind {
    /// To sign an instrument.
    SignInstrument,
    /// To vary an instrument.
    VaryInstrument,
    /// To admit a party.
    AdmitParty,
    /// To withdraw.
    Withdraw,
    /// To end the collaboration.
    EndCollaboration,
    /// To add a service.
    AddService,
    /// To remove a service.
    RemoveService,
    /// To change who leads.
    ChangeLead,
    /// To set a budget.
    SetBudget,
    /// To make a virement.
    MakeVirement,
    /// To dispose of an underspend.
    DisposeUnderspend,
    /// To adopt approval rules.
    AdoptRules,
    /// Anything else.
    Other,
}

/// Which lines a virement crosses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Crossing {
    /// From one head to another.
    Heads,
    /// From one service to another.
    Services,
    /// Between capital and revenue.
    CapitalRevenue,
    /// Out of the budget, back to bodies.
    ReturnedToBodies,
}

/// Above one bound and up to another; either may be missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Band<T> {
    /// Applies above this.
    pub over: Option<T>,
    /// Applies up to and including this.
    pub up_to: Option<T>,
}

/// When a rule applies: every condition that is given must hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleConditions {
    /// The kinds of matter; empty for every kind.
    pub matters: Vec<MatterKind>,
    /// The amount.
    pub amount: Band<Pence>,
    /// The share of the service's budget for the year, in millionths.
    pub budget_share_ppm: Band<u32>,
    /// The year's virements from the head, this one included.
    pub running_total: Band<Pence>,
    /// One-off or permanent changes only.
    pub permanence: Option<Permanence>,
    /// Any of these lines is crossed.
    pub crossings: Vec<Crossing>,
    /// One basis of underspend only.
    pub basis: Option<UnderspendBasis>,
    /// One of these bodies proposes.
    pub proposers: Vec<BodyId>,
}

/// Who must agree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Requirement {
    /// Every party.
    EveryParty,
    /// Every party that is a policing body.
    EveryPolicingBody,
    /// Every party that is a policing body or a chief officer.
    EveryCorporationSole,
    /// Each of these bodies.
    NamedBodies(Vec<BodyId>),
    /// The lead.
    Lead,
    /// A board.
    Board(BoardVote),
    /// An office, under delegation.
    Office(OfficeDelegation),
    /// One of these is enough.
    AnyOf(Vec<Requirement>),
    /// All of these.
    AllOf(Vec<Requirement>),
}

/// A board's vote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BoardVote {
    /// The board.
    pub board: BoardId,
    /// How many must take part; `None` for the board's own quorum.
    pub quorum: Option<u32>,
    /// How it decides.
    pub voting: Voting,
}

/// How a board's votes are counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Voting {
    /// More votes for than against.
    Majority,
    /// No vote against.
    Unanimity,
    /// The weight of the votes for reaches a threshold.
    Weighted {
        /// What each body's vote weighs; empty for its share of the year's contributions.
        weights: Vec<Share>,
        /// The share of all weight that must be for.
        threshold: Ppm,
    },
}

impl Voting {
    /// The rule it follows.
    pub const fn rule(&self) -> VotingRule {
        match self {
            Self::Majority => VotingRule::Majority,
            Self::Unanimity => VotingRule::Unanimity,
            Self::Weighted { .. } => VotingRule::Weighted,
        }
    }
}

/// An office acting under delegation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OfficeDelegation {
    /// The body.
    pub body: BodyId,
    /// The office.
    pub office: Name,
    /// Up to and including this amount; `None` for no limit.
    pub up_to: Option<Pence>,
}

/// One rule: when it applies, and who must agree then.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApprovalRule {
    /// Its id.
    pub id: ItemId,
    /// What it says.
    pub title: Name,
    /// When it applies.
    pub conditions: RuleConditions,
    /// Who must agree.
    pub requirement: Requirement,
}

/// An ordered set of rules is adopted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApprovalRulesAdopted {
    /// Its id.
    pub rule_set: ItemId,
    /// The rules, in order.
    pub rules: Vec<ApprovalRule>,
    /// Where they are written down.
    pub document: Document,
}

/// A matter is put up for decision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MatterProposed {
    /// Its id.
    pub proposal: ProposalId,
    /// What it is called.
    pub title: Name,
    /// What is put up.
    pub matter: Matter,
    /// The board that is to decide.
    pub board: Option<BoardId>,
    /// The outside body that is to decide.
    pub decider: Option<BodyId>,
    /// The day after which it lapses.
    pub lapses_on: Option<PartialDate>,
    /// What is proposed.
    pub summary: Text,
    /// The papers.
    pub papers: Document,
    /// The act it asks to approve after the fact.
    pub ratifies: Option<Target>,
}

/// How a vote goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum VoteChoice {
    /// For.
    Approve,
    /// Against.
    Reject,
    /// Neither.
    Abstain,
}

/// A body or an office votes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VoteCast {
    /// The proposal.
    pub proposal: ProposalId,
    /// Who votes.
    pub voter: Actor,
    /// How.
    pub choice: VoteChoice,
    /// A conflict of interest.
    pub conflict_declared: Text,
    /// The board on which it is cast.
    pub board: Option<BoardId>,
}

/// What came of a matter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// Approved.
    Approved,
    /// Rejected.
    Rejected,
    /// Received, and nothing agreed to.
    Noted,
    /// Supported, by one without power to approve.
    Supported,
    /// Put off.
    Deferred,
    /// Sent to this outside decider.
    Referred(BodyId),
}

/// A board, body or office decides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DecisionMade {
    /// Its id.
    pub decision: ItemId,
    /// What was decided.
    pub title: Name,
    /// What came of it.
    pub outcome: Outcome,
    /// The proposal that was decided.
    pub proposal: Option<ProposalId>,
    /// The board that decided.
    pub board: Option<BoardId>,
    /// Why.
    pub reasons: Text,
    /// What else was considered.
    pub alternatives_rejected: Text,
    /// Conflicts of interest declared.
    pub conflicts_declared: Text,
    /// Conditions.
    pub conditions: Text,
    /// Where it can be read.
    pub record: Document,
}

/// An outside decider answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExternalDecisionReceived {
    /// The proposal.
    pub proposal: ProposalId,
    /// Who answers.
    pub decider: BodyId,
    /// Approved, or else rejected.
    pub approved: bool,
    /// Its reference.
    pub reference: Text,
}

/// A matter is taken back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProposalWithdrawn {
    /// The proposal.
    pub proposal: ProposalId,
    /// Why.
    pub reason: Text,
}

/// Someone is to do something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActionAgreed {
    /// Its id.
    pub action: ItemId,
    /// What is to be done.
    pub what: Text,
    /// Who is to do it.
    pub owner: Option<Actor>,
    /// By when.
    pub due_on: Option<PartialDate>,
    /// The decision it follows from.
    pub decision: Option<ItemId>,
}

/// An action is done, or given up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActionClosed {
    /// The action.
    pub action: ItemId,
    /// What came of it.
    pub outcome: Text,
}

/// A decision is made public.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DecisionPublished {
    /// The decision.
    pub decision: ItemId,
    /// Where.
    pub document: Document,
}

/// A decision is kept back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DecisionWithheld {
    /// The decision.
    pub decision: ItemId,
    /// The ground in law.
    pub ground: Text,
}
