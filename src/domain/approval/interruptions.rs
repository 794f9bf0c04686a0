//! The course of a proposal after it is settled: minutes, agreements and objections of
//! others, call-ins, and the steps of a court.

use std::sync::Arc;

use super::carried_period::{CarriedPeriod, Interruption, PeriodEnd};
use super::opinion::{Opinion, OpinionEffect, same_decider, same_voice};
use super::proposal_events::DecisionEvent;
use super::proposal_replay::{ProposalReplay, fallen};
use super::requirement_status::{RequirementState, RequirementStatus};
use super::resolution::{Resolution, settlement};
use super::subject_lookup::successor_on;
use crate::domain::entry::Entry;
use crate::domain::event::{Actor, ChallengeStepTaken, UnderspendBasis};
use crate::domain::fact::{EffectiveOrder, Fact};
use crate::domain::ids::{BoardId, BodyId, ItemId};

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
                    && opinion.board == quashed.board
                    && opinion.order <= quashed.order
        });
        quashed.map(|quashed| quashed.step)
    }
}

impl<'a> ProposalReplay<'a> {
    pub(super) fn quashed_before(&self, until: EffectiveOrder) -> QuashedDecisions<'a> {
        let dossier = &self.case.subject.dossier;
        let decided = self.proposal.decisions.iter();
        let decided = decided.filter_map(Opinion::decision);
        let virements = self.proposal.virement_approvals.iter();
        let all = decided.chain(virements.map(Opinion::virement));
        let quashed = all.filter_map(|opinion| {
            let id = opinion.decision?;
            let challenges = dossier.decisions.get(id)?.challenges.values();
            let mut steps = challenges.filter_map(|challenge| challenge.quashed_before(until));
            let step = steps.find(|step| step.quashed_from.is_none())?;
            Some(QuashedDecision {
                id,
                board: opinion.board,
                order: opinion.order,
                step,
            })
        });
        QuashedDecisions(quashed.collect())
    }

    /// Leaves out an opinion that a court has quashed. If it is only the minute of votes
    /// that carried the proposal, nothing of them remains.
    pub(super) fn leave_out(&mut self, opinion: Opinion<'a>, step: &'a Fact<ChallengeStepTaken>) {
        if self.late_effect(&opinion) == OpinionEffect::Minute {
            self.others.extend(self.opinions.drain(..).map(fallen));
            self.state.internal_approvals.clear();
            self.state.periods.clear();
            self.reopen(opinion.entry);
        }
        self.state.quashed = Some(step);
        self.others.push(fallen(opinion));
    }

    /// Applies an opinion after the proposal was settled.
    pub(super) fn apply_late(&mut self, mut opinion: Opinion<'a>) {
        if self.apply_confirmation(opinion) {
            return;
        }
        let (order, entry, lookup) = (opinion.order, opinion.entry, self.case.lookup);
        opinion.effect = self.late_effect(&opinion);
        match opinion.effect {
            OpinionEffect::Objection => {
                let who = match (opinion.by, opinion.board) {
                    (Some(by), _) => by.to_string(),
                    (None, Some(board)) => format!("boards/{board}"),
                    (None, None) => "another".to_owned(),
                };
                if self.state.interrupted.is_none() {
                    self.interrupt(order, entry, Interruption::NotAgreed(who));
                }
            }
            OpinionEffect::Agreement => {
                for other in &mut self.others {
                    if other.effect == OpinionEffect::Objection
                        && same_decider(lookup, other, &opinion)
                    {
                        other.effect = OpinionEffect::Fallen;
                    }
                }
                let mut others = self.others.iter();
                let opposed = others.any(|other| other.effect == OpinionEffect::Objection);
                if matches!(self.state.interrupted, Some(Interruption::NotAgreed(_))) && !opposed {
                    self.resume(order, entry);
                }
            }
            _ => {}
        }
        self.others.push(opinion);
    }

    /// The effect of a decision after the proposal was carried.
    fn late_effect(&self, opinion: &Opinion<'a>) -> OpinionEffect {
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
            None => OpinionEffect::Objection,
        }
    }

    fn objects(&self, opinion: &Opinion<'a>) -> bool {
        let lookup = self.case.lookup;
        self.others.iter().any(|other| {
            other.effect == OpinionEffect::Objection && same_decider(lookup, other, opinion)
        })
    }

    /// Whether the same decider has decided before.
    fn has_decided(&self, opinion: &Opinion<'a>) -> bool {
        let lookup = self.case.lookup;
        let gone = |other: &Opinion<'_>| {
            matches!(other.effect, OpinionEffect::Fallen | OpinionEffect::TooLate)
        };
        let mut decided = self.opinions.iter().chain(&self.others);
        decided.any(|other| {
            other.decision.is_some() && !gone(other) && same_voice(lookup, other, opinion)
        })
    }

    /// Whether another board of the same body has decided before.
    fn has_decided_for_body(&self, opinion: &Opinion<'a>) -> bool {
        let lookup = self.case.lookup;
        let mut decided = self.opinions.iter();
        decided.any(|other| other.decision.is_some() && same_decider(lookup, other, opinion))
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
        let current = |body: &BodyId| successor_on(self.case.lookup, body, day);
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
        let lookup = self.case.lookup;
        self.opinions.iter().any(|vote| {
            vote.decision.is_none()
                && vote.board.is_none()
                && vote.approves()
                && !vote.conflicted
                && same_decider(lookup, vote, opinion)
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

    /// Whether an opinion belongs to a decision: the decision itself, or a vote on the
    /// board that made it.
    fn belongs_to(&self, opinion: &Opinion<'_>, decision: &ItemId) -> bool {
        if opinion.decision == Some(decision) {
            return true;
        }
        let all = self.opinions.iter().chain(&self.others);
        let mut all = all.chain(&self.state.pending);
        all.find(|other| other.decision == Some(decision))
            .and_then(|other| other.board)
            .is_some_and(|board| opinion.board == Some(board))
    }

    pub(super) fn is_suspended(&self, opinion: &Opinion<'_>) -> bool {
        let mut suspended = self.state.suspended.iter();
        suspended.any(|(decision, _)| self.belongs_to(opinion, decision))
    }

    fn is_minute(&self, decision: &ItemId) -> bool {
        self.others
            .iter()
            .any(|other| other.decision == Some(decision) && other.effect == OpinionEffect::Minute)
    }

    /// Whether the proposal is still carried without the decisions that are suspended.
    fn still_holds(&self) -> bool {
        let Some(settled) = &self.state.settled else {
            return false;
        };
        let mut suspended = self.state.suspended.iter();
        if suspended.any(|(decision, _)| self.is_minute(decision)) {
            return false;
        }
        if settled.evaluation.requirement.is_none() {
            let approvals = &self.state.internal_approvals;
            return approvals.iter().any(|opinion| !self.is_suspended(opinion));
        }
        let day = settled.settlement.order.day;
        let regime = &settled.evaluation.regime;
        let status = self.requirement_status(regime, day, &self.active_opinions());
        status.is_some_and(|status| status.state == RequirementState::Met)
    }

    fn is_carried(&self) -> bool {
        let settled = self.state.settled.as_ref();
        settled.is_some_and(|settled| settled.resolution == Resolution::Carried)
    }

    /// Ends the spell in which the approval is in force.
    fn interrupt(&mut self, order: EffectiveOrder, by: &Arc<Entry>, cause: Interruption) {
        let on = by.effective_on();
        if let Some(period) = self.state.periods.last_mut() {
            period.until.get_or_insert_with(|| PeriodEnd {
                order,
                on: if on.first_day() == order.day {
                    on
                } else {
                    order.day.into()
                },
                cause: cause.clone(),
                by: Arc::clone(by),
            });
        }
        self.state.interrupted = Some(cause);
    }

    /// The approval is in force again.
    fn resume(&mut self, order: EffectiveOrder, by: &Arc<Entry>) {
        self.state.interrupted = None;
        if let Some(settled) = &self.state.settled {
            self.state.periods.push(CarriedPeriod {
                from: settlement(order, by),
                until: None,
                approved: settled.approved,
            });
        }
    }

    /// A decision does not count for the time being.
    pub(super) fn suspend(&mut self, order: EffectiveOrder, event: DecisionEvent<'a>) {
        let DecisionEvent {
            decision,
            cause,
            by,
            ..
        } = event;
        self.state.suspended.push((decision, cause.clone()));
        if self.is_carried() && self.state.interrupted.is_none() && !self.still_holds() {
            self.interrupt(order, by, cause);
        }
    }

    /// A decision counts again.
    pub(super) fn restore(&mut self, order: EffectiveOrder, event: DecisionEvent<'a>) {
        let before = self.state.suspended.len();
        let is_it = |(decision, cause): &(&ItemId, Interruption)| {
            *decision == event.decision && *cause == event.cause
        };
        self.state.suspended.retain(|suspended| !is_it(suspended));
        if self.state.suspended.len() == before {
            return;
        }
        if self.is_carried() {
            let is_suspended = matches!(
                self.state.interrupted,
                Some(Interruption::CalledIn(_) | Interruption::Stayed(_))
            );
            if is_suspended && self.still_holds() {
                self.resume(order, event.by);
            }
        } else if self.state.settled.is_none() {
            let evaluation = self.evaluate_at(order);
            let approved = match &evaluation.requirement {
                Some(status) => status.state == RequirementState::Met,
                None => !self.state.internal_approvals.is_empty(),
            };
            if approved {
                self.carry(order, event.by, evaluation);
            }
        }
    }

    /// A decision does not count any more.
    pub(super) fn remove(&mut self, order: EffectiveOrder, event: DecisionEvent<'a>) {
        let (decision, by) = (event.decision, event.by);
        let is_minute = self.is_minute(decision);
        // Suspended first: the check of what remains leaves it out.
        self.state.suspended.push((decision, event.cause.clone()));
        let relied_on = self.is_carried() && !self.still_holds();
        if relied_on {
            self.interrupt(order, by, event.cause.clone());
        }
        let belongs: Vec<bool> = self
            .opinions
            .iter()
            .map(|opinion| is_minute || self.belongs_to(opinion, decision))
            .collect();
        let mut belongs = belongs.into_iter();
        let gone = self
            .opinions
            .extract_if(.., |_| belongs.next() == Some(true));
        self.others.extend(gone.map(fallen));
        let pending = &mut self.state.pending;
        let gone = pending.extract_if(.., |pending| pending.decision == Some(decision));
        self.others.extend(gone.map(fallen));
        for other in &mut self.others {
            if other.decision == Some(decision) {
                other.effect = OpinionEffect::Fallen;
            }
        }
        let approvals = &mut self.state.internal_approvals;
        approvals.retain(|opinion| opinion.decision != Some(decision));
        self.state.suspended.retain(|(other, _)| *other != decision);
        if relied_on {
            self.reopen(by);
        }
        if event.rejects && self.state.settled.is_none() {
            let evaluation = self.evaluate_at(order);
            self.resolve(Resolution::Rejected, order, by, evaluation);
        }
        if let Interruption::Quashed(_) = event.cause {
            self.state.quashed = self.quashing(decision);
        }
    }

    fn quashing(&self, decision: &ItemId) -> Option<&'a Fact<ChallengeStepTaken>> {
        let decision = self.case.subject.dossier.decisions.get(decision)?;
        let mut challenges = decision.challenges.values();
        challenges.find_map(|challenge| challenge.quashed_before(EffectiveOrder::LAST))
    }
}
