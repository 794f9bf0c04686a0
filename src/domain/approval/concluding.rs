//! How a replay ends: the status of a proposal at a point in the order.

use jiff::civil::Date;

use super::approver::Approver;
use super::opinion::{Opinion, OpinionEffect};
use super::proposal_replay::{Evaluation, ProposalReplay};
use super::proposal_status::ProposalStatus;
use super::requirement_status::RequirementState;
use super::resolution::{ApprovedExtent, Resolution};
use crate::fact::{EffectiveOrder, Fact};
use crate::ids::BodyId;

impl<'a> ProposalReplay<'a> {
    pub(super) fn into_status(mut self, until: EffectiveOrder) -> ProposalStatus<'a> {
        let conditions = self.awaited_conditions(until);
        let met_conditions = self.met_conditions(until);
        let with_latest_pending = self.with_latest_pending(until);
        let settled = self.state.settled.as_ref();
        let settled_as = settled.map(|settled| settled.resolution);
        let (resolution, settlement, evaluation, approved) = match self.state.settled.take() {
            Some(settled) => match &self.state.interrupted {
                Some(cause) => (
                    cause.resolution(),
                    Some(settled.settlement),
                    settled.evaluation,
                    ApprovedExtent::default(),
                ),
                None => (
                    settled.resolution,
                    Some(settled.settlement),
                    settled.evaluation,
                    settled.approved,
                ),
            },
            None => {
                let (resolution, evaluation) = self.open_at(until);
                (resolution, None, evaluation, ApprovedExtent::default())
            }
        };
        let is_suspended = matches!(resolution, Resolution::CalledIn | Resolution::Stayed);
        let latest = self.latest_suspension().filter(|_| is_suspended);
        let latest = latest.map(|latest| (latest.cause.clone(), latest.order));
        let settlers = match is_suspended {
            true => self.settlers(until.day),
            false => Vec::new(),
        };
        // A decision that a court quashed from the beginning was in force until then.
        let quashed_on = self.state.quashed.map(Fact::on);
        let quashed_on = quashed_on.filter(|on| on.first_day() > self.state.since.first_day());
        let since = latest.as_ref().map(|(_, order)| order.day.into());
        // Approved, it awaits a condition or its day since then.
        let is_approved = resolution == Resolution::SubjectTo;
        let pending = self.state.pending.iter().filter(|_| is_approved);
        let pending = pending.max_by_key(|pending| pending.order);
        let since = since
            .or(quashed_on)
            .or(pending.map(|pending| pending.entry.effective_on()))
            .unwrap_or(self.state.since);
        let suspension = latest.filter(|_| settlement.is_none());
        let decides_again = self.state.decides_again.as_ref().map(Approver::of);
        let decides_again = decides_again.and_then(|again| self.present(&again, until.day));
        let sent_back_to = self.present_board(self.state.sent_back_to, until.day);
        let in_time = self.opinions.len();
        self.opinions.append(&mut self.others);
        // A decision that still waits when the matter is settled otherwise has no effect. A
        // recommendation leaves it to be decided.
        let is_decided = settlement.is_some() && settled_as != Some(Resolution::Supported);
        let effect = match is_decided && self.state.periods.is_empty() {
            true => OpinionEffect::Fallen,
            false => OpinionEffect::Conditional,
        };
        let pending = self.state.pending.drain(..);
        self.opinions
            .extend(pending.map(|opinion| Opinion { effect, ..opinion }));
        ProposalStatus {
            in_time,
            board: self.board(until.day),
            owner: self.owner(until.day),
            resolution,
            settled_as,
            with_latest_pending,
            settled: settlement,
            since,
            regime: evaluation.regime,
            requirement: evaluation.requirement,
            awaited_outside: self.awaited_outside(until.day),
            external_deciders: self.state.external_deciders,
            put_off_by: self.state.put_off_by,
            withdrawn: self.state.withdrawn,
            outcome_not_known: self.state.outcome_not_known,
            opinions: self.opinions,
            conditions,
            met_conditions,
            settlers,
            suspension,
            decides_again,
            periods: self.state.periods,
            quashed: self.state.quashed,
            sent_back_to,
            approved,
            confirmed: self.state.confirmed,
        }
    }

    /// The outside deciders that have not approved, or those in their place by that day.
    fn awaited_outside(&self, day: Date) -> Vec<BodyId> {
        let successions = self.case.lookup.successions();
        let deciders = self.state.external_deciders.iter();
        let open = deciders.filter(|decider| !decider.approved);
        let holders = open.flat_map(|decider| successions.holders(self.case.id, decider.body, day));
        holders.cloned().collect()
    }

    /// The resolution of a proposal that is not settled. It is approved but for the
    /// conditions if the decisions that await them are all that is missing.
    fn open_at(&self, until: EffectiveOrder) -> (Resolution, Evaluation) {
        let evaluation = self.evaluate_at(until);
        if let Some(suspended) = self.suspended_at(until, &evaluation) {
            return (suspended, evaluation);
        }
        if self.state.pending.is_empty() || self.awaits_external_answer() {
            let is_quashed = self.state.quashed.is_some() && self.opinions.is_empty();
            return match is_quashed {
                true => (Resolution::Quashed, evaluation),
                false => (Resolution::Open, evaluation),
            };
        }
        let all = self.opinions.iter().chain(&self.state.pending);
        let counting = all.filter(|opinion| !self.is_suspended(opinion));
        let opinions: Vec<Opinion<'a>> = counting.copied().collect();
        let with_pending = self.requirement_status(&evaluation.regime, until.day, &opinions);
        let mut pending = self.state.pending.iter();
        match &with_pending {
            Some(status) if status.state != RequirementState::Met => (Resolution::Open, evaluation),
            None if pending.all(|opinion| self.is_suspended(opinion)) => {
                (Resolution::Open, evaluation)
            }
            _ => (
                Resolution::SubjectTo,
                Evaluation {
                    requirement: with_pending,
                    ..evaluation
                },
            ),
        }
    }

    /// Whether an open proposal would be approved, but for a call-in or a stay of one of
    /// its approvals.
    fn suspended_at(&self, until: EffectiveOrder, evaluation: &Evaluation) -> Option<Resolution> {
        let all = || self.opinions.iter().chain(&self.state.pending);
        let latest = self.latest_suspension()?;
        let mut deciders = self.state.external_deciders.iter();
        if deciders.any(|decider| !decider.approved) {
            return None;
        }
        let would_hold = match &evaluation.requirement {
            None => true,
            Some(_) => {
                let is_met = |opinions: &[Opinion<'a>]| {
                    let status = self.requirement_status(&evaluation.regime, until.day, opinions);
                    status.is_some_and(|status| status.state == RequirementState::Met)
                };
                let counting = all().filter(|opinion| !self.is_suspended(opinion));
                let counting: Vec<Opinion<'a>> = counting.copied().collect();
                let all: Vec<Opinion<'a>> = all().copied().collect();
                !is_met(&counting) && is_met(&all)
            }
        };
        would_hold.then(|| latest.cause.resolution())
    }
}
