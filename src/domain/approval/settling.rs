//! How a proposal is settled: carried, resolved otherwise, confirmed, or opened again.

use std::sync::Arc;

use super::carried_period::{CarriedPeriod, Grounds};
use super::opinion::{Allowance, Opinion, OpinionEffect};
use super::proposal_replay::{Evaluation, ProposalReplay, Settled};
use super::proposal_status::ExternalDecider;
use super::regime::Regime;
use super::requirement_status::{RequirementState, RequirementStatus};
use super::resolution::{ApprovedExtent, Resolution, Settlement, settlement};
use crate::entry::Entry;
use crate::event::ExternalDecisionReceived;
use crate::fact::{EffectiveOrder, Fact};

type Allowances = Vec<Option<Allowance>>;

impl<'a> ProposalReplay<'a> {
    /// Applies a board's own approval, if the votes of all its members have carried the
    /// proposal before: the amount that it allows then counts. Returns whether it was
    /// applied.
    pub(super) fn apply_confirmation(&mut self, mut opinion: Opinion<'a>) -> bool {
        let Some(settled) = &self.state.settled else {
            return false;
        };
        let Some(before) = &settled.evaluation.requirement else {
            return false;
        };
        let carried_by_votes = before.ballots().into_iter().any(|ballot| {
            Some(&ballot.board) == opinion.board && ballot.decided.is_none() && ballot.taken
        });
        let is_carried = settled.resolution == Resolution::Carried;
        if !(is_carried && opinion.closes && opinion.approves() && carried_by_votes) {
            return false;
        }
        let settlement = settled.settlement.clone();
        let regime = settled.evaluation.regime.clone();
        opinion.effect = OpinionEffect::Minute;
        self.opinions.push(opinion);
        let day = settlement.order.day;
        let status = self.requirement_status(&regime, day, &self.opinions);
        let Some(status) = status.filter(|status| status.state == RequirementState::Met) else {
            self.opinions.pop();
            return false;
        };
        if self.waits(&opinion) {
            // The members voted on an approval with these conditions.
            self.opinions.pop();
            let periods = &mut self.state.periods;
            periods.retain(|period| period.from.order < settlement.order);
            self.state.settled = None;
            self.state.interrupted = None;
            self.state.pending.push(opinion);
            self.admit_pending(opinion.order, opinion.entry);
            return true;
        }
        let approved = self.approved_extent(&allowances(&status));
        self.state.confirmed = Some(opinion.entry.effective_on());
        let grounds = self.grounds(&settlement, &regime, self.opinions.clone());
        let periods = self.state.periods.iter_mut();
        for period in periods.filter(|period| period.from.order >= settlement.order) {
            period.approved = approved;
            period.grounds = Arc::clone(&grounds);
        }
        self.state.settled = Some(Settled {
            resolution: Resolution::Carried,
            settlement,
            evaluation: Evaluation {
                regime,
                requirement: Some(status),
            },
            approved,
        });
        true
    }

    pub(super) fn apply_external_answer(&mut self, fact: &'a Fact<ExternalDecisionReceived>) {
        let (lookup, order) = (self.case.lookup, fact.effective_order());
        let successions = lookup.successions();
        self.state.answers.push(fact);
        let answers = |decider: &ExternalDecider<'_>| {
            let holders = successions.holders(self.case.id, decider.body, order.day);
            *decider.body == fact.decider || holders.contains(&&fact.decider)
        };
        let deciders = self.state.external_deciders.iter_mut();
        for decider in deciders.filter(|decider| answers(decider)) {
            decider.approved = fact.approved;
            decider.answer = fact.decision.as_ref();
            decider.answered_by = Some(&fact.decider);
        }
        // It may meet the condition of a decision that waits.
        self.admit_pending(order, &fact.source.entry);
        if self.state.settled.is_some() {
            return;
        }
        let evaluation = self.evaluate_at(order);
        if fact.approved && evaluation.requirement.is_none() && self.state.sent_back_to.is_some() {
            // The board that it was sent back to decides again first.
            return;
        }
        if fact.approved {
            self.carry(order, &fact.source.entry, evaluation);
        } else {
            let entry = &fact.source.entry;
            self.resolve(Resolution::Rejected, order, entry, evaluation);
        }
    }

    /// The decision of a body that the matter was referred to is its answer, whether it
    /// decides itself, by an office or by its board. Returns whether it is one.
    pub(super) fn answer_referral(&mut self, opinion: &Opinion<'a>) -> bool {
        if opinion.decision.is_none() {
            return false;
        }
        let deciders = self.state.external_deciders.iter();
        let answers: Vec<bool> = deciders
            .map(|decider| {
                decider.may_be_answered_by(opinion.board) && self.decides_for(opinion, decider.body)
            })
            .collect();
        let deciders = self.state.external_deciders.iter_mut().zip(&answers);
        for (decider, _) in deciders.filter(|(_, answers)| **answers) {
            decider.approved = opinion.approves();
            decider.answer = opinion.decision;
            decider.answered_by = None;
        }
        answers.contains(&true)
    }

    pub(super) fn awaits_external_answer(&self) -> bool {
        let mut deciders = self.state.external_deciders.iter();
        deciders.any(|decider| !decider.approved || self.is_answer_suspended(decider))
    }

    /// Carries the proposal, if the requirement is met and every external decider has
    /// approved.
    pub(super) fn carry(&mut self, order: EffectiveOrder, by: &Arc<Entry>, evaluation: Evaluation) {
        if self.awaits_external_answer() {
            return;
        }
        let allowances: Allowances = match &evaluation.requirement {
            Some(status) if status.state == RequirementState::Met => allowances(status),
            Some(_) => return,
            None => {
                let approvals = &self.state.internal_approvals;
                let active = approvals
                    .iter()
                    .filter(|opinion| !self.is_suspended(opinion));
                let active: Allowances = active.map(|opinion| opinion.allows).collect();
                // The outside decider alone does not revive a decision that is called in.
                if active.is_empty() && !approvals.is_empty() || self.is_held_back() {
                    return;
                }
                active
            }
        };
        let approved = self.approved_extent(&allowances);
        let settlement = settlement(order, by);
        let opinions = self.active_opinions().into_owned();
        let grounds = self.grounds(&settlement, &evaluation.regime, opinions);
        self.state.periods.push(CarriedPeriod {
            from: settlement.clone(),
            until: None,
            since: Vec::new(),
            approved,
            grounds,
        });
        self.state.interrupted = None;
        self.state.settled = Some(Settled {
            resolution: Resolution::Carried,
            settlement,
            evaluation,
            approved,
        });
    }

    fn grounds(
        &self,
        settlement: &Settlement,
        regime: &Regime,
        opinions: Vec<Opinion<'a>>,
    ) -> Arc<Grounds<'a>> {
        Arc::new(Grounds {
            settlement: settlement.clone(),
            regime: regime.clone(),
            opinions,
            confirmed: self.state.confirmed,
        })
    }

    /// The smallest amount that the approvals allow.
    fn approved_extent(&self, allowances: &Allowances) -> ApprovedExtent {
        let requested = self.case.act.amount();
        let stated = || allowances.iter().flatten();
        let least = stated().filter_map(|allowance| allowance.amount).min();
        ApprovedExtent {
            amount: match (requested, least) {
                (Some(requested), Some(least)) => Some(requested.min(least)),
                // A schedule without a total is approved up to what those allow who approve.
                (None, least) if self.case.act.is_drawn() => least,
                (requested, _) => requested,
            },
            covers_projected: stated().next().is_some()
                && stated().all(|allowance| allowance.projected),
        }
    }

    pub(super) fn resolve(
        &mut self,
        resolution: Resolution,
        order: EffectiveOrder,
        by: &Arc<Entry>,
        evaluation: Evaluation,
    ) {
        self.state.settled = Some(Settled {
            resolution,
            settlement: settlement(order, by),
            evaluation,
            approved: ApprovedExtent::default(),
        });
    }

    /// The matter is open again since an entry.
    pub(super) fn reopen(&mut self, order: EffectiveOrder, by: &Arc<Entry>) {
        self.state.settled = None;
        self.state.interrupted = None;
        self.state.confirmed = None;
        self.state.since = settlement(order, by).on;
        // Minutes, votes beside them, agreements and objections were about the decision that
        // fell.
        for other in &mut self.others {
            if let OpinionEffect::Minute
            | OpinionEffect::Agreement
            | OpinionEffect::Objection
            | OpinionEffect::ByName = other.effect
            {
                other.effect = OpinionEffect::Fallen;
            }
        }
    }
}

fn allowances(status: &RequirementStatus) -> Allowances {
    let counted = status.counted.iter();
    counted.map(|counted| counted.allows).collect()
}
