//! Proposal replay: applies the events of a proposal in order, until one of them
//! settles it; opinions after that are late.

use std::sync::Arc;

use jiff::civil::Date;

use super::opinion::{Allowance, Opinion};
use super::proposal_status::{
    ApprovedExtent, ExternalDecider, ProposalStatus, Resolution, Settlement,
};
use super::regime::{ApprovalCase, Regime, Ruling, regime};
use super::requirement_query::RequirementQuery;
use super::requirement_status::{RequirementState, RequirementStatus, evaluate};
use super::subject_lookup::successor_on;
use crate::domain::date::PartialDate;
use crate::domain::dossier::Proposal;
use crate::domain::entry::Entry;
use crate::domain::event::{DecisionMade, ExternalDecisionReceived, Outcome, ProposalWithdrawn};
use crate::domain::fact::{EffectiveOrder, Fact};
use crate::domain::ids::BodyId;

#[derive(Clone, Copy)]
enum ProposalEvent<'a> {
    Opinion(Opinion<'a>),
    /// A decision that neither approves nor rejects.
    Decision(&'a Fact<DecisionMade>),
    ExternalAnswer(&'a Fact<ExternalDecisionReceived>),
    Withdrawal(&'a Fact<ProposalWithdrawn>),
}

/// The state of a replay between two events.
struct ReplayState<'a> {
    since: PartialDate,
    external_deciders: Vec<ExternalDecider<'a>>,
    /// Where no rule applies: the allowances of the decisions that approved it, while
    /// an external decider is awaited.
    internal_approvals: Option<Allowances>,
    put_off_by: Option<&'a Fact<DecisionMade>>,
    withdrawn: Option<&'a Fact<ProposalWithdrawn>>,
    settled: Option<Settled>,
    confirmed: Option<PartialDate>,
}

/// The result that settled a proposal.
struct Settled {
    resolution: Resolution,
    settlement: Settlement,
    evaluation: Evaluation,
    approved: ApprovedExtent,
}

/// The rule that governs a proposal, and the status of its requirement.
struct Evaluation {
    regime: Regime,
    /// `None` if no rule applies.
    requirement: Option<RequirementStatus>,
}

type Allowances = Vec<Option<Allowance>>;

pub(super) struct ProposalReplay<'a> {
    case: ApprovalCase<'a>,
    proposal: &'a Proposal,
    opinions: Vec<Opinion<'a>>,
    late_opinions: Vec<Opinion<'a>>,
    state: ReplayState<'a>,
}

impl<'a> ProposalReplay<'a> {
    /// A replay before the first opinion.
    pub fn new(case: ApprovalCase<'a>, proposal: &'a Proposal) -> Self {
        Self {
            case,
            proposal,
            opinions: Vec::new(),
            late_opinions: Vec::new(),
            state: ReplayState {
                since: proposal.on(),
                external_deciders: proposal.decider().map(awaited).into_iter().collect(),
                internal_approvals: None,
                put_off_by: None,
                withdrawn: None,
                settled: None,
                confirmed: None,
            },
        }
    }

    /// Applies every event before `until`, and returns the status at that point.
    pub fn status(mut self, until: EffectiveOrder) -> ProposalStatus<'a> {
        let last_day = self.proposal.lapses_on().map(PartialDate::last_day);
        for (order, event) in proposal_events(self.proposal) {
            if order >= until {
                break;
            }
            let has_lapsed = last_day.is_some_and(|last_day| last_day < order.day);
            let is_late = self.state.settled.is_some() || has_lapsed;
            match event {
                ProposalEvent::Opinion(opinion) if is_late => {
                    if !self.apply_confirmation(opinion) {
                        self.late_opinions.push(opinion);
                    }
                }
                ProposalEvent::Opinion(opinion) => {
                    self.opinions.push(opinion);
                    self.apply_opinion(opinion);
                }
                _ if is_late => {}
                ProposalEvent::Decision(fact) => self.apply_decision(fact),
                ProposalEvent::ExternalAnswer(fact) => self.apply_external_answer(fact),
                ProposalEvent::Withdrawal(fact) => {
                    self.state.withdrawn = Some(fact);
                    let evaluation = self.evaluate_at(order);
                    let entry = &fact.source.entry;
                    self.resolve(Resolution::Withdrawn, order, entry, evaluation);
                }
            }
        }
        self.apply_lapse(until);
        let (resolution, settlement, evaluation, approved) = match self.state.settled.take() {
            Some(settled) => (
                settled.resolution,
                Some(settled.settlement),
                settled.evaluation,
                settled.approved,
            ),
            None => (
                Resolution::Open,
                None,
                self.evaluate_at(until),
                ApprovedExtent::default(),
            ),
        };
        let in_time = self.opinions.len();
        self.opinions.append(&mut self.late_opinions);
        ProposalStatus {
            in_time,
            board: self.proposal.board(),
            resolution,
            settled: settlement,
            since: self.state.since,
            regime: evaluation.regime,
            requirement: evaluation.requirement,
            external_deciders: self.state.external_deciders,
            put_off_by: self.state.put_off_by,
            withdrawn: self.state.withdrawn,
            opinions: self.opinions,
            approved,
            confirmed: self.state.confirmed,
        }
    }

    /// Settles an open proposal whose last day is before `until`.
    fn apply_lapse(&mut self, until: EffectiveOrder) {
        let Some(on) = self.proposal.lapses_on() else {
            return;
        };
        if self.state.settled.is_some() || on.last_day() >= until.day {
            return;
        }
        let order = EffectiveOrder::end_of(on.last_day());
        self.state.settled = Some(Settled {
            resolution: Resolution::Lapsed,
            settlement: Settlement {
                order,
                on,
                by: None,
            },
            evaluation: self.evaluate_at(order),
            approved: ApprovedExtent::default(),
        });
    }

    /// The rule that governs at a point in the order, given the opinions so far.
    fn evaluate_at(&self, at: EffectiveOrder) -> Evaluation {
        let regime = regime(&self.case, at);
        let requirement = match &regime {
            Regime::Rule(ruling) => Some(self.requirement_status(ruling, at.day)),
            Regime::NotCovered(_) | Regime::Law | Regime::Unregulated => None,
        };
        Evaluation {
            regime,
            requirement,
        }
    }

    fn requirement_status(&self, ruling: &Ruling, day: Date) -> RequirementStatus {
        let query = RequirementQuery {
            case: self.case,
            day,
            opinions: &self.opinions,
        };
        evaluate(&query, &ruling.rule().requirement)
    }

    fn apply_opinion(&mut self, opinion: Opinion<'a>) {
        let is_decision = opinion.decision.is_some();
        let (order, entry) = (opinion.order, opinion.entry);
        let evaluation = self.evaluate_at(order);
        let state = evaluation.requirement.as_ref().map(|status| status.state);
        match state {
            Some(RequirementState::Met) => self.carry(order, entry, evaluation),
            Some(RequirementState::Lost) if is_decision && !opinion.approves() => {
                self.resolve(Resolution::Rejected, order, entry, evaluation);
            }
            Some(RequirementState::Open | RequirementState::Lost) => {}
            // Without a rule, votes alone carry nothing.
            None if !is_decision => {}
            None if opinion.approves() => {
                let approvals = self.state.internal_approvals.get_or_insert_default();
                approvals.push(opinion.allows);
                self.carry(order, entry, evaluation);
            }
            None => self.resolve(Resolution::Rejected, order, entry, evaluation),
        }
    }

    /// Applies a board's own approval, if the votes of all its members have carried the
    /// proposal before: the amount that it allows then counts. Returns whether it was
    /// applied.
    fn apply_confirmation(&mut self, opinion: Opinion<'a>) -> bool {
        let Some(Settled {
            resolution: Resolution::Carried,
            settlement,
            evaluation:
                Evaluation {
                    regime: Regime::Rule(ruling),
                    requirement: Some(before),
                },
            ..
        }) = &self.state.settled
        else {
            return false;
        };
        let carried_by_votes = before.ballots().into_iter().any(|ballot| {
            Some(&ballot.board) == opinion.board && ballot.decided.is_none() && ballot.taken
        });
        if !(opinion.closes && opinion.approves() && carried_by_votes) {
            return false;
        }
        let (ruling, settlement) = (ruling.clone(), settlement.clone());
        self.opinions.push(opinion);
        let status = self.requirement_status(&ruling, settlement.order.day);
        if status.state != RequirementState::Met {
            self.opinions.pop();
            return false;
        }
        let allowances = status
            .counted
            .iter()
            .map(|counted| counted.allows)
            .collect();
        let approved = self.approved_extent(&allowances);
        self.state.confirmed = Some(opinion.entry.effective_on());
        self.state.settled = Some(Settled {
            resolution: Resolution::Carried,
            settlement,
            evaluation: Evaluation {
                regime: Regime::Rule(ruling),
                requirement: Some(status),
            },
            approved,
        });
        true
    }

    /// Applies a decision that neither approves nor rejects.
    fn apply_decision(&mut self, fact: &'a Fact<DecisionMade>) {
        let resolution = match &fact.outcome {
            Outcome::Approved | Outcome::Rejected => return,
            Outcome::Deferred => {
                self.state.since = fact.on();
                self.state.put_off_by = Some(fact);
                return;
            }
            Outcome::Referred(to) => {
                self.state.since = fact.on();
                self.state.put_off_by = Some(fact);
                // The deciders that were awaited before are still awaited.
                let deciders = &mut self.state.external_deciders;
                deciders.retain(|before| before.body != to);
                deciders.push(awaited(to));
                return;
            }
            Outcome::Noted => Resolution::Noted,
            Outcome::Supported => Resolution::Supported,
        };
        let order = fact.effective_order();
        let evaluation = self.evaluate_at(order);
        if evaluation.requirement.is_none() && !self.awaits_external_answer() {
            self.resolve(resolution, order, &fact.source.entry, evaluation);
        }
    }

    fn apply_external_answer(&mut self, fact: &'a Fact<ExternalDecisionReceived>) {
        let (lookup, order) = (self.case.lookup, fact.effective_order());
        let answers = |decider: &ExternalDecider<'_>| {
            *decider.body == fact.decider
                || successor_on(lookup, decider.body, order.day) == fact.decider
        };
        let deciders = self.state.external_deciders.iter_mut();
        for decider in deciders.filter(|decider| answers(decider)) {
            decider.approved = fact.approved;
        }
        let evaluation = self.evaluate_at(order);
        if fact.approved {
            self.carry(order, &fact.source.entry, evaluation);
        } else {
            let entry = &fact.source.entry;
            self.resolve(Resolution::Rejected, order, entry, evaluation);
        }
    }

    fn awaits_external_answer(&self) -> bool {
        let mut deciders = self.state.external_deciders.iter();
        deciders.any(|decider| !decider.approved)
    }

    /// Carries the proposal, if the rule is met and every external decider has approved.
    fn carry(&mut self, order: EffectiveOrder, by: &Arc<Entry>, evaluation: Evaluation) {
        if self.awaits_external_answer() {
            return;
        }
        let allowances: Allowances = match &evaluation.requirement {
            Some(status) if status.state == RequirementState::Met => status
                .counted
                .iter()
                .map(|counted| counted.allows)
                .collect(),
            Some(_) => return,
            None => self.state.internal_approvals.clone().unwrap_or_default(),
        };
        let approved = self.approved_extent(&allowances);
        self.state.settled = Some(Settled {
            resolution: Resolution::Carried,
            settlement: settlement(order, by),
            evaluation,
            approved,
        });
    }

    /// The smallest amount that the approvals allow.
    fn approved_extent(&self, allowances: &Allowances) -> ApprovedExtent {
        let requested = self.case.act.amount();
        let stated = || allowances.iter().flatten();
        let least = stated().filter_map(|allowance| allowance.amount).min();
        ApprovedExtent {
            amount: match (requested, least) {
                (Some(requested), Some(least)) => Some(requested.min(least)),
                (requested, _) => requested,
            },
            covers_projected: stated().next().is_some()
                && stated().all(|allowance| allowance.projected),
        }
    }

    fn resolve(
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
}

const fn awaited(body: &BodyId) -> ExternalDecider<'_> {
    ExternalDecider {
        body,
        approved: false,
    }
}

fn settlement(order: EffectiveOrder, by: &Arc<Entry>) -> Settlement {
    Settlement {
        order,
        on: by.effective_on(),
        by: Some(Arc::clone(by)),
    }
}

/// The events of a proposal, in order.
fn proposal_events(proposal: &Proposal) -> Vec<(EffectiveOrder, ProposalEvent<'_>)> {
    let mut events: Vec<(EffectiveOrder, ProposalEvent<'_>)> = Vec::new();
    for fact in proposal.votes.iter() {
        let event = ProposalEvent::Opinion(Opinion::vote(fact));
        events.push((fact.effective_order(), event));
    }
    for fact in proposal.decisions.iter() {
        let event = match Opinion::decision(fact) {
            Some(opinion) => ProposalEvent::Opinion(opinion),
            None => ProposalEvent::Decision(fact),
        };
        events.push((fact.effective_order(), event));
    }
    for fact in proposal.virement_approvals.iter() {
        let event = ProposalEvent::Opinion(Opinion::virement(fact));
        events.push((fact.effective_order(), event));
    }
    for fact in proposal.external.iter() {
        events.push((fact.effective_order(), ProposalEvent::ExternalAnswer(fact)));
    }
    for fact in proposal.withdrawn.iter() {
        events.push((fact.effective_order(), ProposalEvent::Withdrawal(fact)));
    }
    events.sort_by_cached_key(|(order, _)| *order);
    events
}
