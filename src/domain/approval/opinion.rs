//! A word on a proposal: a vote, or a decision to approve or reject.

use std::sync::Arc;

use jiff::civil::Date;

use super::subject_lookup::{SubjectLookup, successor_on};
use crate::domain::entry::Entry;
use crate::domain::event::{
    Actor, DecisionMade, Outcome, UnderspendBasis, VirementApproved, VoteCast, VoteChoice,
};
use crate::domain::fact::{EffectiveOrder, Fact};
use crate::domain::ids::{BoardId, ItemId};
use crate::domain::money::Pence;

/// A word, as it was given.
#[derive(Clone, Copy, Debug)]
pub struct Opinion<'a> {
    /// Where it stands.
    pub place: EffectiveOrder,
    /// The entry that says it.
    pub entry: &'a Arc<Entry>,
    /// Whose it is; `None` only for a board's own decision.
    pub by: Option<&'a Actor>,
    /// The board on which it was given, or which decided.
    pub board: Option<&'a BoardId>,
    /// How it goes.
    pub choice: VoteChoice,
    /// Whether a conflict of interest was declared with it.
    pub conflicted: bool,
    /// For a decision: what it allows, of a virement.
    pub allows: Option<Allowance>,
    /// For a decision: its id.
    pub decision: Option<&'a ItemId>,
    /// Whether it is a board's own decision, which closes its vote.
    pub closes: bool,
}

/// What an approval of a virement allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Allowance {
    /// How much; `None` for all that was asked.
    pub amount: Option<Pence>,
    /// Whether it covers a projected underspend.
    pub projected: bool,
}

impl Allowance {
    /// Whether it covers a virement on this basis (rule 6).
    pub fn covers(self, basis: Option<UnderspendBasis>) -> bool {
        self.projected || basis != Some(UnderspendBasis::Projected)
    }
}

impl<'a> Opinion<'a> {
    /// A vote.
    pub fn vote(fact: &'a Fact<VoteCast>) -> Self {
        Self {
            place: fact.effective_order(),
            entry: &fact.source.entry,
            by: Some(&fact.voter),
            board: fact.board.as_ref(),
            choice: fact.choice,
            conflicted: !fact.conflict_declared.is_empty(),
            allows: None,
            decision: None,
            closes: false,
        }
    }

    /// A decision, where it approves or rejects.
    pub fn decision(fact: &'a Fact<DecisionMade>) -> Option<Self> {
        let choice = match fact.outcome {
            Outcome::Approved => VoteChoice::Approve,
            Outcome::Rejected => VoteChoice::Reject,
            Outcome::Noted | Outcome::Supported | Outcome::Deferred | Outcome::Referred(_) => {
                return None;
            }
        };
        let board = fact.board.as_ref();
        Some(Self {
            decision: Some(&fact.decision),
            // It allows what was asked, and does not say that it is projected.
            allows: Some(Allowance {
                amount: None,
                projected: false,
            }),
            ..Self::decided(fact.effective_order(), &fact.source.entry, board, choice)
        })
    }

    /// The approval of a virement.
    pub fn virement(fact: &'a Fact<VirementApproved>) -> Self {
        let board = fact.board.as_ref();
        Self {
            decision: Some(&fact.decision),
            allows: Some(Allowance {
                amount: fact.amount,
                projected: fact.allows_projected,
            }),
            ..Self::decided(
                fact.effective_order(),
                &fact.source.entry,
                board,
                VoteChoice::Approve,
            )
        }
    }

    fn decided(
        place: EffectiveOrder,
        entry: &'a Arc<Entry>,
        board: Option<&'a BoardId>,
        choice: VoteChoice,
    ) -> Self {
        let by = match board {
            // Whoever acted for the board has no second word.
            Some(_) => None,
            None => entry.event.acted_by.as_ref(),
        };
        Self {
            place,
            entry,
            by,
            board,
            choice,
            conflicted: false,
            allows: None,
            decision: None,
            closes: board.is_some(),
        }
    }

    /// Whether it is for.
    pub fn approves(&self) -> bool {
        self.choice == VoteChoice::Approve
    }
}

/// Whether two actors are, or may be, one office on a day: an office that is not
/// said may be any of the body's, a body that is not said may be any that has the
/// office, and an office goes over to the body that follows its own.
pub(super) fn same_office(
    world: &dyn SubjectLookup,
    one: &Actor,
    other: &Actor,
    day: Date,
) -> bool {
    match (one, other) {
        (
            Actor::Body { body, office },
            Actor::Body {
                body: of,
                office: which,
            },
        ) => {
            successor_on(world, body, day) == successor_on(world, of, day)
                && match (office, which) {
                    (Some(office), Some(which)) => same_name(office.as_str(), which.as_str()),
                    _ => true,
                }
        }
        (Actor::Office(office), Actor::Office(which)) => same_name(office.as_str(), which.as_str()),
        (Actor::Body { office, .. }, Actor::Office(which))
        | (Actor::Office(which), Actor::Body { office, .. }) => office
            .as_ref()
            .is_some_and(|office| same_name(office.as_str(), which.as_str())),
    }
}

/// Whether two names of an office are one; how it is capitalised says nothing.
pub(super) fn same_name(one: &str, other: &str) -> bool {
    one.eq_ignore_ascii_case(other)
        || (!(one.is_ascii() && other.is_ascii()) && one.to_lowercase() == other.to_lowercase())
}
