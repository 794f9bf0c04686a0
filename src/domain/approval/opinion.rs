//! Opinions on a proposal: a vote, or a decision to approve or reject.

use std::sync::Arc;

use jiff::civil::Date;

use super::giver::Giver;
use super::subject_lookup::{SubjectLookup, board_owner, is_one_office, successor_on};
use crate::date::PartialDate;
use crate::entry::Entry;
use crate::event::{
    Actor, Condition, DecisionMade, Interest, MeetingRef, Outcome, Tally, UnderspendBasis,
    VirementApproved, VoteCast, VoteChoice,
};
use crate::fact::{EffectiveOrder, Fact};
use crate::ids::{BoardId, BodyId, ItemId, SubjectId};
use crate::meeting::may_be_same_day;
use crate::money::Pence;

#[derive(Clone, Copy, Debug)]
pub struct Opinion<'a> {
    pub order: EffectiveOrder,
    /// The entry that records it.
    pub entry: &'a Arc<Entry>,
    /// `None` only for a board's own decision.
    pub by: Option<&'a Actor>,
    /// The board on which the vote was cast, or which decided.
    pub board: Option<&'a BoardId>,
    pub choice: VoteChoice,
    /// Whether a conflict of interest was declared with it.
    pub conflicted: bool,
    /// For a decision: the virement that it allows.
    pub allows: Option<Allowance>,
    /// For a decision: its id.
    pub decision: Option<&'a ItemId>,
    /// Whether it is a board's own decision, which closes the board's vote.
    pub closes: bool,
    /// For a board's own decision: the result of the vote, as minuted.
    pub tally: Option<&'a Tally>,
    pub meeting: Option<&'a MeetingRef>,
    /// For a vote: the event that records it.
    pub vote: Option<&'a VoteCast>,
    /// The conditions on which a decision depends.
    pub conditions: &'a [Condition],
    /// The day from which a decision is in force, where it is stated.
    pub in_force_from: Option<PartialDate>,
    /// For a decision under a delegation on record, whose office it is in `by`: whom it
    /// decides for. That of a board is in `board` too.
    pub decides_for: Option<Giver<'a>>,
    /// For a board's own decision under a delegation on record, which it holds: whom it
    /// decides for beside itself.
    pub also_for: Option<Giver<'a>>,
    pub effect: OpinionEffect,
}

/// The effect of an opinion on its proposal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OpinionEffect {
    Counts,
    /// It awaits a condition, or the day from which it is in force.
    Conditional,
    /// It is the minute of a decision that votes had made before.
    Minute,
    /// The agreement of another, after the first settled the matter.
    Agreement,
    /// The objection of another, after the first settled the matter.
    Objection,
    /// A vote by name of the day of the board's decision, which was recorded before it: it is
    /// evidence beside the minutes.
    ByName,
    /// It contradicts the decision that votes had made before.
    Contradiction,
    TooLate,
    /// A condition was not met, a call-in sent it back, or a court quashed it.
    Fallen,
    /// The rejection of a board without the quorum of its standing orders, where no rule asks
    /// for the board: nothing was decided.
    WithoutQuorum,
}

impl OpinionEffect {
    /// Whether it has no effect on the proposal, and never had, or has none any more.
    pub const fn is_gone(self) -> bool {
        matches!(
            self,
            Self::Fallen | Self::TooLate | Self::Contradiction | Self::WithoutQuorum
        )
    }
}

/// The virement that a decision allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Allowance {
    /// `None` for the whole amount that was asked for.
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
    pub fn vote(fact: &'a Fact<VoteCast>) -> Self {
        Self {
            order: fact.effective_order(),
            entry: &fact.source.entry,
            by: Some(&fact.voter),
            board: fact.board.as_ref(),
            choice: fact.choice,
            conflicted: !fact.conflict_declared.is_empty()
                || fact.interest.as_ref().is_some_and(Interest::excludes),
            allows: None,
            decision: None,
            closes: false,
            tally: None,
            meeting: fact.meeting.as_ref(),
            vote: Some(fact),
            conditions: &[],
            in_force_from: None,
            decides_for: None,
            also_for: None,
            effect: OpinionEffect::Counts,
        }
    }

    /// `None` for a decision that neither approves nor rejects.
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
            tally: fact.tally.as_ref(),
            meeting: fact.meeting.as_ref(),
            conditions: &fact.subject_to,
            in_force_from: fact.in_force_from,
            // It allows the amount that was asked for, and does not say that the
            // underspend is projected.
            allows: Some(Allowance {
                amount: None,
                projected: false,
            }),
            ..Self::decided(fact.effective_order(), &fact.source.entry, board, choice)
        })
    }

    pub fn virement(fact: &'a Fact<VirementApproved>) -> Self {
        let board = fact.board.as_ref();
        Self {
            decision: Some(&fact.decision),
            tally: fact.tally.as_ref(),
            meeting: fact.meeting.as_ref(),
            conditions: &fact.subject_to,
            in_force_from: fact.in_force_from,
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
        order: EffectiveOrder,
        entry: &'a Arc<Entry>,
        board: Option<&'a BoardId>,
        choice: VoteChoice,
    ) -> Self {
        let by = match board {
            // The actor acted for the board, and has no second opinion.
            Some(_) => None,
            None => entry.event.acted_by.as_ref(),
        };
        Self {
            order,
            entry,
            by,
            board,
            choice,
            conflicted: false,
            allows: None,
            decision: None,
            closes: board.is_some(),
            tally: None,
            meeting: None,
            vote: None,
            conditions: &[],
            in_force_from: None,
            decides_for: None,
            also_for: None,
            effect: OpinionEffect::Counts,
        }
    }

    /// The decision of an office as that of the body or board that has delegated it.
    #[must_use]
    pub fn on_behalf_of(self, giver: Giver<'a>) -> Self {
        let board = match giver {
            Giver::Board(board) => Some(board),
            Giver::Body(_) => None,
        };
        Self {
            board,
            closes: board.is_some(),
            decides_for: Some(giver),
            ..self
        }
    }

    /// Whether both are on one board, and both of the board and its members, or both of an
    /// office that it has delegated the matter to.
    pub fn is_on_board_of(&self, other: &Opinion<'_>) -> bool {
        self.board.is_some()
            && self.board == other.board
            && self.decides_for.is_some() == other.decides_for.is_some()
    }

    /// Whether it is the own decision of the board on which a vote is, and of the same day as
    /// far as both are known.
    pub fn is_decision_of_day(&self, vote: &Opinion<'_>) -> bool {
        let (decided_on, on) = (self.entry.effective_on(), vote.entry.effective_on());
        self.closes
            && self.decides_for.is_none()
            && self.board == vote.board
            && self.order < vote.order
            && may_be_same_day(decided_on, on)
    }

    /// The body whose opinion it is, unless it is that of a board.
    pub fn body(&self) -> Option<&'a BodyId> {
        match self.decides_for {
            Some(Giver::Body(body)) => Some(body),
            Some(Giver::Board(_)) => None,
            None => self.by.and_then(Actor::body),
        }
    }

    pub fn approves(&self) -> bool {
        self.choice == VoteChoice::Approve
    }

    /// Whether it is the agreement or refusal of its body or office in its own right:
    /// the vote of a seat is too, unless it is that of the seat alone.
    pub fn is_in_own_right(&self) -> bool {
        match self.vote {
            Some(vote) => self.board.is_none() || !vote.seat_only,
            None => self.board.is_none(),
        }
    }
}

/// Whether two opinions are those of one decider: a board, or the body that it belongs
/// to; or a body through any of its offices.
pub(super) fn same_decider(
    lookup: &dyn SubjectLookup,
    about: &SubjectId,
    a: &Opinion<'_>,
    b: &Opinion<'_>,
) -> bool {
    let day = a.order.day.max(b.order.day);
    let body = |opinion: &Opinion<'_>| {
        let body = match opinion.board {
            Some(board) => board_owner(lookup, board),
            None => opinion.body().cloned(),
        };
        body.map(|body| successor_on(lookup, about, &body, day))
    };
    match (a.board, b.board) {
        (Some(one), Some(other)) if one == other => return true,
        (None, None) => {
            if let (Some(one), Some(other)) = (a.by, b.by)
                && same_office(lookup, about, one, other, day)
            {
                return true;
            }
        }
        _ => {}
    }
    match (body(a), body(b)) {
        (Some(one), Some(other)) => one == other,
        _ => false,
    }
}

/// Whether a later decision replaces an earlier one: two boards of one body, or a board
/// and an office of it, are two voices.
pub(super) fn same_voice(
    lookup: &dyn SubjectLookup,
    about: &SubjectId,
    a: &Opinion<'_>,
    b: &Opinion<'_>,
) -> bool {
    let names_office = |opinion: &Opinion<'_>| match opinion.by {
        Some(Actor::Body { office, .. }) => office.is_some(),
        Some(Actor::Office(_)) => true,
        None => false,
    };
    match (a.board, b.board) {
        // A board and an office that it has delegated the matter to are two voices.
        (Some(one), Some(other)) => {
            one == other && a.decides_for.is_some() == b.decides_for.is_some()
        }
        (Some(_), None) => !names_office(b) && same_decider(lookup, about, a, b),
        (None, Some(_)) => !names_office(a) && same_decider(lookup, about, a, b),
        (None, None) => same_decider(lookup, about, a, b),
    }
}

/// Whether two actors are, or may be, one office on a day. An actor without an
/// office may be any office of its body, and one without a body may belong to any
/// body that has the office. An office passes to the successor of its body.
pub fn same_office(
    lookup: &dyn SubjectLookup,
    about: &SubjectId,
    a: &Actor,
    b: &Actor,
    day: Date,
) -> bool {
    match (a, b) {
        (
            Actor::Body {
                body: body_a,
                office: office_a,
            },
            Actor::Body {
                body: body_b,
                office: office_b,
            },
        ) => {
            successor_on(lookup, about, body_a, day) == successor_on(lookup, about, body_b, day)
                && match (office_a, office_b) {
                    (Some(office_a), Some(office_b)) => {
                        is_one_office(lookup, body_a, office_a, office_b, day)
                    }
                    _ => true,
                }
        }
        (Actor::Office(office_a), Actor::Office(office_b)) => office_a.is_same(office_b),
        (
            Actor::Body {
                office: office_a, ..
            },
            Actor::Office(office_b),
        )
        | (
            Actor::Office(office_b),
            Actor::Body {
                office: office_a, ..
            },
        ) => office_a
            .as_ref()
            .is_some_and(|office_a| office_a.is_same(office_b)),
    }
}
