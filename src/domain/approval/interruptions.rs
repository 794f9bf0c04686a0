//! Interruptions: call-ins and the steps of a court, and the spells in which an approval
//! is in force between them.

use std::sync::Arc;

use super::carried_period::{CarriedPeriod, Interruption, PeriodEnd, Suspension};
use super::opinion::{Opinion, OpinionEffect};
use super::proposal_events::DecisionEvent;
use super::proposal_replay::{ProposalReplay, fallen};
use super::requirement_status::RequirementState;
use super::resolution::{Resolution, settlement};
use crate::domain::entry::Entry;
use crate::domain::event::ChallengeStepTaken;
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

    /// Whether an opinion belongs to a decision: the decision itself, or a vote before it
    /// on the board that made it.
    fn belongs_to(&self, opinion: &Opinion<'_>, decision: &ItemId) -> bool {
        if opinion.decision == Some(decision) {
            return true;
        }
        let all = self.opinions.iter().chain(&self.others);
        let mut all = all.chain(&self.state.pending);
        let found = all.find(|other| {
            let gone = matches!(other.effect, OpinionEffect::Fallen | OpinionEffect::TooLate);
            other.decision == Some(decision) && !gone
        });
        found.is_some_and(|found| {
            let same_board = found.board.is_some() && opinion.board == found.board;
            same_board && opinion.order <= found.order
        })
    }

    pub(super) fn is_suspended(&self, opinion: &Opinion<'_>) -> bool {
        let mut suspended = self.state.suspended.iter();
        suspended.any(|suspension| self.belongs_to(opinion, suspension.decision))
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
        if self.state.suspended.is_empty() {
            return true;
        }
        let mut suspended = self.state.suspended.iter();
        if suspended.any(|suspension| self.is_minute(suspension.decision)) {
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

    /// Whether a decision rejected the proposal.
    fn is_rejected_by(&self, decision: &ItemId) -> bool {
        let Some(settled) = &self.state.settled else {
            return false;
        };
        let mut opinions = self.opinions.iter();
        let opinion = opinions.find(|opinion| opinion.decision == Some(decision));
        let by = settled.settlement.by.as_ref();
        settled.resolution == Resolution::Rejected
            && opinion
                .zip(by)
                .is_some_and(|(opinion, by)| Arc::ptr_eq(opinion.entry, by))
    }

    /// Why the result is not in force: the cause that was there before, if it still is,
    /// and otherwise the latest.
    fn cause(&self) -> Option<Interruption> {
        let settled = self.state.settled.as_ref()?;
        let is_cause = |suspension: &&Suspension<'_>| {
            let decision = suspension.decision;
            let mut opinions = self.opinions.iter();
            match settled.resolution {
                Resolution::Carried => {
                    self.is_minute(decision)
                        || opinions.any(|opinion| opinion.decision == Some(decision))
                }
                Resolution::Rejected => self.is_rejected_by(decision),
                _ => false,
            }
        };
        let holds = settled.resolution == Resolution::Carried && self.still_holds();
        let suspended = self.state.suspended.iter().filter(|_| !holds);
        let suspended = suspended.filter(is_cause);
        let suspended = suspended.map(|suspension| (suspension.order, suspension.cause.clone()));
        let mut causes: Vec<(EffectiveOrder, Interruption)> = suspended.collect();
        let mut objections = self.others.iter().filter(|other| {
            let mut suspended = self.state.suspended.iter();
            other.effect == OpinionEffect::Objection
                && !suspended.any(|suspension| other.decision == Some(suspension.decision))
        });
        causes.extend(objections.next().map(|objection| {
            let who = match (objection.by, objection.board) {
                (Some(by), _) => by.to_string(),
                (None, Some(board)) => format!("boards/{board}"),
                (None, None) => "another".to_owned(),
            };
            (objection.order, Interruption::NotAgreed(who))
        }));
        let before = self.state.interrupted.as_ref();
        let kept = causes.iter().position(|(_, cause)| Some(cause) == before);
        match kept {
            Some(kept) => Some(causes.swap_remove(kept).1),
            None => {
                let latest = causes.into_iter().max_by_key(|(order, _)| *order);
                latest.map(|(_, cause)| cause)
            }
        }
    }

    /// Begins or ends a spell in which the approval is in force, after an event.
    pub(super) fn review(&mut self, order: EffectiveOrder, by: &Arc<Entry>) {
        let cause = self.cause();
        if cause == self.state.interrupted {
            return;
        }
        if self.is_carried() {
            match &cause {
                Some(cause) => self.end_period(order, by, cause.clone()),
                None => self.resume(order, by),
            }
        }
        self.state.interrupted = cause;
    }

    fn end_period(&mut self, order: EffectiveOrder, by: &Arc<Entry>, cause: Interruption) {
        let on = by.effective_on();
        let on = match on.first_day() == order.day {
            true => on,
            false => order.day.into(),
        };
        if let Some(period) = self.state.periods.last_mut() {
            let by = Arc::clone(by);
            period.end(PeriodEnd {
                order,
                on,
                cause,
                by,
            });
        }
    }

    /// The approval is in force again.
    fn resume(&mut self, order: EffectiveOrder, by: &Arc<Entry>) {
        let (Some(settled), Some(last)) = (&self.state.settled, self.state.periods.last()) else {
            return;
        };
        let resumed = CarriedPeriod {
            from: settlement(order, by),
            until: None,
            since: Vec::new(),
            approved: settled.approved,
            grounds: Arc::clone(&last.grounds),
        };
        self.state.periods.push(resumed);
    }

    /// A decision counts again.
    pub(super) fn restore(&mut self, order: EffectiveOrder, event: DecisionEvent<'a>) {
        let before = self.state.suspended.len();
        self.state.suspended.retain(|suspension| {
            *suspension.decision != *event.decision || suspension.cause != event.cause
        });
        if self.state.suspended.len() == before {
            return;
        }
        if self.state.settled.is_none() {
            let evaluation = self.evaluate_at(order);
            let approved = match &evaluation.requirement {
                Some(status) => status.state == RequirementState::Met,
                None => !self.state.internal_approvals.is_empty(),
            };
            if approved {
                self.carry(order, event.by, evaluation);
            }
        }
        self.admit_pending(order, event.by);
    }

    /// A decision does not count any more.
    pub(super) fn remove(&mut self, order: EffectiveOrder, event: DecisionEvent<'a>) {
        let (decision, by) = (event.decision, event.by);
        let is_minute = self.is_minute(decision);
        let is_rejected_by = self.is_rejected_by(decision);
        // Suspended first: the check of what remains leaves it out.
        self.state.suspended.push(Suspension {
            decision,
            cause: event.cause.clone(),
            order,
        });
        let relied_on = is_rejected_by || self.is_carried() && !self.still_holds();
        if relied_on && self.is_carried() {
            self.end_period(order, by, event.cause.clone());
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
        let suspended = &mut self.state.suspended;
        suspended.retain(|suspension| suspension.decision != decision);
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
