//! A vote or decision that is being checked.

use std::sync::Arc;

use super::event_check::EventCheck;
use crate::approval::{ApprovalContext, Giver, ProposalStatus, board_on, board_owner};
use crate::dossier::Proposal;
use crate::event::{Actor, Kind};
use crate::fact::EffectiveEntry;
use crate::fault::Fault;
use crate::ids::{BoardId, BodyId, ProposalId};
use crate::subject_fold;

/// A vote or decision that is being checked.
pub(super) struct SubmittedOpinion<'a> {
    pub id: ProposalId,
    pub proposal: &'a Proposal,
    pub by: Option<&'a Actor>,
    pub board: Option<&'a BoardId>,
    /// The body that has delegated the decision to the office in `by`.
    pub on_behalf_of: Option<&'a BodyId>,
    /// The body or board that has delegated the decision to the board.
    pub also_for: Option<Giver<'a>>,
    pub approves: bool,
    /// Whether it is a board's own decision.
    pub closes: bool,
    /// The field to report faults in.
    pub field: &'static str,
}

impl<'a> SubmittedOpinion<'a> {
    pub const fn decision(
        id: ProposalId,
        proposal: &'a Proposal,
        by: Option<&'a Actor>,
        board: Option<&'a BoardId>,
        approves: bool,
    ) -> Self {
        Self {
            id,
            proposal,
            by,
            board,
            on_behalf_of: None,
            also_for: None,
            approves,
            closes: board.is_some(),
            field: if board.is_some() {
                "board_id"
            } else {
                "acted_by"
            },
        }
    }

    /// The decision of an office under a delegation, as that of the giver; that of a board
    /// as that of the giver too.
    pub const fn delegated(self, giver: Option<Giver<'a>>) -> Self {
        match giver {
            also_for if self.board.is_some() => Self { also_for, ..self },
            None => self,
            Some(Giver::Body(body)) => Self {
                on_behalf_of: Some(body),
                ..self
            },
            Some(Giver::Board(board)) => Self {
                board: Some(board),
                closes: true,
                ..self
            },
        }
    }

    /// The body whose opinion it is.
    pub fn body(&self) -> Option<&'a BodyId> {
        self.on_behalf_of.or(match self.by {
            Some(by) => by.body(),
            None => None,
        })
    }

    pub fn voter(&self) -> String {
        match (self.by, self.board, self.closes) {
            (_, Some(board), true) => format!("boards/{board}"),
            (Some(by), Some(board), false) => format!("{by} on boards/{board}"),
            (Some(by), None, _) => by.to_string(),
            (None, ..) => "nobody".to_owned(),
        }
    }

    /// Whether it is the agreement of its body or office, and not that of a seat alone.
    pub fn is_in_own_right(&self, check: &EventCheck<'_>) -> bool {
        match (&check.entry.event.kind, self.board) {
            (Kind::VoteCast(vote), Some(_)) => !vote.seat_only,
            (_, board) => board.is_none(),
        }
    }

    /// Whether a condition of an approval awaits the decision of its body or board, or a
    /// referral that of its body. A vote would not meet the condition.
    pub fn is_awaited(
        &self,
        context: &ApprovalContext<'_>,
        status: &ProposalStatus<'_>,
        check: &EventCheck<'_>,
    ) -> bool {
        if let Kind::VoteCast(_) = check.entry.event.kind {
            return false;
        }
        let by = match self.board {
            Some(board) => board_owner(context.lookup, board),
            None => self.body().cloned(),
        };
        let successions = context.lookup.successions();
        let is_by = |body: &BodyId| {
            by.as_ref()
                .is_some_and(|by| successions.are_one(context.id, by, body, check.day))
        };
        let deciders = status.external_deciders.iter();
        let mut referrals =
            deciders.filter(|decider| !decider.approved && decider.may_be_answered_by(self.board));
        let mut conditions = status.conditions.iter();
        referrals.any(|decider| is_by(decider.body))
            || conditions.any(|awaited| {
                let board = awaited.condition.decided_by_board.as_ref();
                let present = board.and_then(|board| board_on(context.lookup, board, check.day));
                let is_its = board == self.board || present.as_ref() == self.board;
                if board.is_some() && is_its && self.closes {
                    return true;
                }
                awaited.condition.decided_by.as_ref().is_some_and(is_by)
            })
    }

    /// Reports a fault of it in the field that names the voter or the tally.
    pub fn report(&self, check: &mut EventCheck<'_>, fault: Fault) {
        let kind = &check.entry.event.kind;
        if let Fault::TallyContradicted { .. } = fault {
            check.report("tally", fault);
        } else if self.field == "acted_by" && !matches!(kind, Kind::VoteCast(_)) {
            check.report_at("acted_by", fault);
        } else {
            check.report(self.field, fault);
        }
    }

    /// Adds the vote to a copy of its proposal, as the fold of its entry would.
    pub fn add_to(&self, proposal: &mut Proposal, check: &EventCheck<'_>) {
        let entry = EffectiveEntry {
            entry: Arc::clone(check.entry),
            original_position: check.effective_order().position,
        };
        subject_fold::add_opinion(proposal, entry);
    }
}
