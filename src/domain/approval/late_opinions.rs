//! Late opinions: minutes, agreements and objections after a proposal was settled.

use super::opinion::{Opinion, OpinionEffect, same_decider, same_voice};
use super::proposal_replay::ProposalReplay;
use super::requirement_status::RequirementStatus;
use super::resolution::Resolution;
use super::subject_lookup::successor_on;
use crate::event::{Actor, UnderspendBasis};
use crate::ids::BodyId;

impl<'a> ProposalReplay<'a> {
    /// Applies an opinion after the proposal was settled.
    pub(super) fn apply_late(&mut self, mut opinion: Opinion<'a>) {
        if self.is_minuted(&opinion) {
            opinion.effect = OpinionEffect::ByName;
            self.others.push(opinion);
            return;
        }
        if self.apply_confirmation(opinion) {
            return;
        }
        opinion.effect = self.late_effect(&opinion);
        let has_effect = matches!(
            opinion.effect,
            OpinionEffect::Minute | OpinionEffect::Agreement | OpinionEffect::Objection
        );
        if has_effect {
            self.replace_pending(&opinion);
        }
        if opinion.effect == OpinionEffect::Agreement && self.waits(&opinion) {
            self.state.pending.push(opinion);
        } else {
            self.take_late(opinion);
        }
    }

    /// Whether a vote on a board is of the day of the board's own decision, which was recorded
    /// before it.
    fn is_minuted(&self, vote: &Opinion<'_>) -> bool {
        let decided = self.opinions.iter().chain(&self.others);
        let mut decided = decided.chain(&self.state.pending);
        vote.vote.is_some()
            && vote.board.is_some()
            && decided.any(|decided| !decided.effect.is_gone() && decided.is_decision_of_day(vote))
    }

    pub(super) fn take_late(&mut self, opinion: Opinion<'a>) {
        let (lookup, about) = (self.case.lookup, self.case.id);
        if opinion.effect == OpinionEffect::Agreement {
            for other in &mut self.others {
                if other.effect == OpinionEffect::Objection
                    && same_decider(lookup, about, other, &opinion)
                {
                    other.effect = OpinionEffect::Fallen;
                }
            }
        }
        self.others.push(opinion);
    }

    /// The effect of a decision after the proposal was carried.
    pub(super) fn late_effect(&self, opinion: &Opinion<'a>) -> OpinionEffect {
        let carried = self.state.settled.as_ref();
        let carried = carried.filter(|settled| settled.resolution == Resolution::Carried);
        let Some(settled) = carried.filter(|_| opinion.decision.is_some()) else {
            return OpinionEffect::TooLate;
        };
        if !self.has_decided(opinion) && self.meets_settled_condition(opinion) {
            return OpinionEffect::Agreement;
        }
        match &settled.evaluation.requirement {
            Some(status) if !self.may_minute(opinion, status) => OpinionEffect::TooLate,
            Some(_) if self.contradicts(opinion) => OpinionEffect::Contradiction,
            Some(_) => OpinionEffect::Minute,
            None if self.objects(opinion) && opinion.approves() => OpinionEffect::Agreement,
            None if self.has_decided(opinion) || !self.is_of_equal_standing(opinion) => {
                OpinionEffect::TooLate
            }
            None if opinion.approves() => OpinionEffect::Agreement,
            // One body does not object to what it has approved itself.
            None if self.has_decided_for_body(opinion) => OpinionEffect::TooLate,
            None if self.lacks_quorum(opinion) => OpinionEffect::WithoutQuorum,
            None => OpinionEffect::Objection,
        }
    }

    fn objects(&self, opinion: &Opinion<'a>) -> bool {
        let (lookup, about) = (self.case.lookup, self.case.id);
        self.others.iter().any(|other| {
            other.effect == OpinionEffect::Objection && same_decider(lookup, about, other, opinion)
        })
    }

    /// Whether the same decider has decided before.
    fn has_decided(&self, opinion: &Opinion<'a>) -> bool {
        let (lookup, about) = (self.case.lookup, self.case.id);
        let mut decided = self.opinions.iter().chain(&self.others);
        decided.any(|other| {
            // One that contradicts the votes has decided nothing.
            let is_in_effect = other.decision.is_some() && !other.effect.is_gone();
            is_in_effect && same_voice(lookup, about, other, opinion)
        })
    }

    /// Whether another board of the same body has decided before.
    fn has_decided_for_body(&self, opinion: &Opinion<'a>) -> bool {
        let (lookup, about) = (self.case.lookup, self.case.id);
        let mut decided = self.opinions.iter();
        decided.any(|other| other.decision.is_some() && same_decider(lookup, about, other, opinion))
    }

    /// Whether, without a rule, the decider may agree or object beside the first: a board
    /// with power to decide, or a party. Where the board that a matter was put to has
    /// decided, nobody else may.
    fn is_of_equal_standing(&self, opinion: &Opinion<'a>) -> bool {
        if let Some(board) = self.proposal.board()
            && self
                .opinions
                .iter()
                .any(|decided| decided.closes && decided.board == Some(board))
        {
            return false;
        }
        if opinion.board.is_some() {
            return true;
        }
        let Some(body) = opinion.by.and_then(Actor::body) else {
            return false;
        };
        let day = opinion.order.day;
        let Some(collaboration) = self.case.subject.as_collaboration() else {
            return true;
        };
        let current = |body: &BodyId| successor_on(self.case.lookup, self.case.id, body, day);
        let mut parties = collaboration.parties(day).into_iter();
        parties.any(|party| current(&party) == current(body))
    }

    /// Whether a decision may be the minute of the votes that carried the proposal: that
    /// of the board it was put to, or of a board or body whose votes carried it.
    fn may_minute(&self, opinion: &Opinion<'a>, status: &RequirementStatus) -> bool {
        if self.has_decided(opinion) {
            return false;
        }
        if let Some(board) = opinion.board {
            let mut ballots = status.ballots().into_iter();
            return match ballots.find(|ballot| ballot.board == *board) {
                Some(ballot) => ballot.decided.is_none() && ballot.taken && ballot.holds(),
                None => self.proposal.board() == Some(board),
            };
        }
        let (lookup, about) = (self.case.lookup, self.case.id);
        self.opinions.iter().any(|vote| {
            vote.decision.is_none()
                && vote.board.is_none()
                && vote.approves()
                && !vote.conflicted
                && same_decider(lookup, about, vote, opinion)
        })
    }

    /// Whether a minute says something else than the votes.
    fn contradicts(&self, opinion: &Opinion<'a>) -> bool {
        let Some(settled) = &self.state.settled else {
            return false;
        };
        let allows = opinion.allows;
        let other_amount = allows.and_then(|allows| allows.amount);
        let is_projected = self.case.act.basis() == Some(UnderspendBasis::Projected);
        let claims_more = allows.is_some_and(|allows| allows.projected)
            && is_projected
            && !settled.approved.covers_projected;
        !opinion.approves()
            || !opinion.conditions.is_empty()
            || opinion.in_force_from.is_some()
            || other_amount.is_some_and(|amount| settled.approved.amount != Some(amount))
            || claims_more
    }
}
