//! The decisions that a court has quashed from the start.

use super::opinion::Opinion;
use super::proposal_replay::ProposalReplay;
use crate::domain::event::{ChallengeStepTaken, ExternalDecisionReceived};
use crate::domain::fact::{EffectiveOrder, Fact};
use crate::domain::ids::{BoardId, ItemId};

/// The decisions that a court has quashed from the start.
pub(super) struct QuashedDecisions<'a>(Vec<QuashedDecision<'a>>);

struct QuashedDecision<'a> {
    id: &'a ItemId,
    board: Option<&'a BoardId>,
    order: EffectiveOrder,
    step: &'a Fact<ChallengeStepTaken>,
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
                    && opinion.order <= quashed.order
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
        let all = all.filter_map(|opinion| Some((opinion.decision?, opinion.board, opinion.order)));
        let answers = self.proposal.external.iter();
        let answers = answers
            .filter_map(|fact| Some((fact.decision.as_ref()?, None, fact.effective_order())));
        let quashed = all.chain(answers).filter_map(|(id, board, order)| {
            let challenges = dossier.decisions.get(id)?.challenges.values();
            let mut steps = challenges.filter_map(|challenge| challenge.quashed_before(until));
            let step = steps.find(|step| step.quashed_from.is_none())?;
            Some(QuashedDecision {
                id,
                board,
                order,
                step,
            })
        });
        QuashedDecisions(quashed.collect())
    }
}
