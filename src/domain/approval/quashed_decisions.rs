//! The decisions that a court has quashed from the start.

use super::opinion::Opinion;
use super::proposal_replay::ProposalReplay;
use crate::date::PartialDate;
use crate::event::{ChallengeStepTaken, ExternalDecisionReceived};
use crate::fact::{EffectiveOrder, Fact};
use crate::ids::{BoardId, ItemId};
use crate::meeting::may_be_same_day;

/// The decisions that a court has quashed from the start.
pub(super) struct QuashedDecisions<'a>(Vec<QuashedDecision<'a>>);

struct QuashedDecision<'a> {
    id: &'a ItemId,
    board: Option<&'a BoardId>,
    order: EffectiveOrder,
    on: PartialDate,
    step: &'a Fact<ChallengeStepTaken>,
}

impl QuashedDecision<'_> {
    /// Whether a vote of the day of the decision was recorded after it, and before the court
    /// quashed it.
    fn has_vote_after(&self, vote: &Opinion<'_>) -> bool {
        vote.vote.is_some()
            && vote.order < self.step.effective_order()
            && may_be_same_day(vote.entry.effective_on(), self.on)
    }
}

impl<'a> QuashedDecisions<'a> {
    /// The step that quashed a decision, or the decision that followed a board's vote.
    pub fn of(&self, opinion: &Opinion<'_>) -> Option<&'a Fact<ChallengeStepTaken>> {
        let mut quashed = self.0.iter();
        let quashed = quashed.find(|quashed| {
            opinion.decision == Some(quashed.id)
                || opinion.board.is_some()
                    && opinion.decides_for.is_none()
                    && opinion.board == quashed.board
                    && (opinion.order <= quashed.order || quashed.has_vote_after(opinion))
        });
        quashed.map(|quashed| quashed.step)
    }
}

impl<'a> QuashedDecisions<'a> {
    /// The step that quashed the answer of an outside decider.
    pub fn of_answer(
        &self,
        answer: &Fact<ExternalDecisionReceived>,
    ) -> Option<&'a Fact<ChallengeStepTaken>> {
        let mut quashed = self.0.iter();
        let quashed = quashed.find(|quashed| answer.decision.as_ref() == Some(quashed.id))?;
        Some(quashed.step)
    }
}

impl<'a> ProposalReplay<'a> {
    pub(super) fn quashed_before(&self, until: EffectiveOrder) -> QuashedDecisions<'a> {
        let dossier = &self.case.subject.dossier;
        let decided = self.proposal.decisions.iter();
        let decided = decided.filter_map(Opinion::decision);
        let virements = self.proposal.virement_approvals.iter();
        let all = decided.chain(virements.map(Opinion::virement));
        let all = all.filter_map(|opinion| {
            let on = opinion.entry.effective_on();
            Some((opinion.decision?, opinion.board, opinion.order, on))
        });
        let answers = self.proposal.external.iter();
        let answers = answers.filter_map(|fact| {
            let (order, on) = (fact.effective_order(), fact.on());
            Some((fact.decision.as_ref()?, None, order, on))
        });
        let quashed = all.chain(answers).filter_map(|(id, board, order, on)| {
            let challenges = dossier.decisions.get(id)?.challenges.values();
            let mut steps = challenges.filter_map(|challenge| challenge.quashed_before(until));
            let step = steps.find(|step| step.quashed_from.is_none())?;
            Some(QuashedDecision {
                id,
                board,
                order,
                on,
                step,
            })
        });
        QuashedDecisions(quashed.collect())
    }
}
