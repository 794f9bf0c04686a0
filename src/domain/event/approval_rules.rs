//! The event that adopts approval rules, and the rules themselves.

use crate::event::{
    Act, ApprovableAct, BodyKind, Document, GroupQuorum, Majority, MatterKind, Permanence, Share,
    UnderspendBasis, VotingRule,
};
use crate::ids::{BoardId, BodyId, ItemId};
use crate::money::{Pence, Ppm};
use crate::text::Name;

/// A line in the budget that a virement crosses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Crossing {
    Heads,
    Services,
    /// Between capital and revenue.
    CapitalRevenue,
    /// Out of the budget, back to bodies.
    ReturnedToBodies,
}

/// A range of values above one bound and up to another; either may be missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Band<T> {
    /// Exclusive.
    pub over: Option<T>,
    /// Inclusive.
    pub up_to: Option<T>,
}

/// The conditions under which a rule applies: every one that is given must hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleConditions {
    /// Empty for every kind.
    pub matters: Vec<MatterKind>,
    pub amount: Band<Pence>,
    /// The share of the service's budget for the year, in millionths.
    pub budget_share_ppm: Band<u32>,
    /// The year's virements from the head, this one included.
    pub running_total: Band<Pence>,
    /// Only one-off or only permanent changes.
    pub permanence: Option<Permanence>,
    /// At least one of these lines is crossed; empty for no condition.
    pub crossings: Vec<Crossing>,
    /// Only this basis of underspend.
    pub basis: Option<UnderspendBasis>,
    /// One of these bodies proposes; empty for any.
    pub proposers: Vec<BodyId>,
}

/// The agreement that a rule requires.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Requirement {
    EveryParty,
    /// Every party that is a policing body.
    EveryPolicingBody,
    /// Every party that is a policing body or a chief officer.
    EveryCorporationSole,
    /// Every party of one of these kinds.
    EveryBodyOfKind(Vec<BodyKind>),
    NamedBodies(Vec<BodyId>),
    /// Each of the bodies that one proposal was put to; no rule has it.
    PutTo(Vec<BodyId>),
    Lead,
    Board(BoardVote),
    Office(OfficeDelegation),
    AnyOf(Vec<Requirement>),
    AllOf(Vec<Requirement>),
}

/// A board's vote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BoardVote {
    pub board: BoardId,
    /// How many must take part; `None` for the board's own quorum.
    pub quorum: Option<u32>,
    pub voting: Voting,
    /// The groups of members who count; empty for all members.
    pub groups: Vec<Name>,
    /// Empty for the board's own.
    pub group_quorums: Vec<GroupQuorum>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Voting {
    /// More votes for than against.
    Majority,
    /// No vote against.
    Unanimity,
    /// The weight of the votes for reaches a threshold.
    Weighted {
        /// Empty where each body's vote weighs its share of the year's contributions.
        weights: Vec<Share>,
        /// The share of all weight that must vote for.
        threshold: Ppm,
    },
    /// The votes for reach a majority; `None` for the board's own.
    Qualified(Option<Majority>),
}

impl Voting {
    pub const fn rule(&self) -> VotingRule {
        match self {
            Self::Majority => VotingRule::Majority,
            Self::Unanimity => VotingRule::Unanimity,
            Self::Weighted { .. } => VotingRule::Weighted,
            Self::Qualified(_) => VotingRule::Qualified,
        }
    }
}

/// An office that decides under delegation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OfficeDelegation {
    pub body: BodyId,
    pub office: Name,
    /// Inclusive; `None` for no limit.
    pub up_to: Option<Pence>,
}

/// One rule: the conditions under which it applies, and the agreement it requires.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApprovalRule {
    pub id: ItemId,
    pub title: Name,
    pub conditions: RuleConditions,
    /// The agreement that a rule requires.
    pub requirement: Requirement,
}

/// An ordered set of rules is adopted; it replaces the set before it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApprovalRulesAdopted {
    pub rule_set: ItemId,
    /// The first rule whose conditions hold applies.
    pub rules: Vec<ApprovalRule>,
    pub document: Document,
}

impl Act for ApprovalRulesAdopted {
    fn act(&self) -> ApprovableAct<'_> {
        ApprovableAct::AdoptRules(&self.rule_set)
    }
}
