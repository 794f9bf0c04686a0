//! Proposal replay: applies the events of a proposal in order. One of them settles it;
//! later ones may confirm, interrupt or end the approval.

use std::borrow::Cow;
use std::sync::Arc;

use jiff::civil::Date;

use super::approval_context::ApprovalContext;
use super::carried_period::{CarriedPeriod, Interruption, Suspension};
use super::evaluate::{evaluate, evaluate_part};
use super::opinion::{Opinion, OpinionEffect, same_voice};
use super::proposal_events::{ProposalEvent, proposal_events};
use super::proposal_status::{ExternalDecider, ProposalStatus};
use super::regime::{ApprovalCase, Regime, regime};
use super::requirement_query::RequirementQuery;
use super::requirement_status::{RequirementState, RequirementStatus};
use super::resolution::{ApprovedExtent, Resolution, Settlement};
use super::subject_lookup::is_inquorate;
use crate::date::PartialDate;
use crate::dossier::Proposal;
use crate::entry::Entry;
use crate::event::{
    ChallengeStepTaken, DecisionMade, ExternalDecisionReceived, OfficeDelegation, Outcome,
    OutcomeNotKnown, ProposalWithdrawn, Requirement,
};
use crate::fact::{EffectiveOrder, Fact};
use crate::ids::{BoardId, BodyId};

/// The state of a replay between two events.
pub(super) struct ReplayState<'a> {
    pub since: PartialDate,
    pub external_deciders: Vec<ExternalDecider<'a>>,
    /// Where no rule applies: the decisions that approved it.
    pub internal_approvals: Vec<Opinion<'a>>,
    pub put_off_by: Option<&'a Fact<DecisionMade>>,
    pub withdrawn: Option<&'a Fact<ProposalWithdrawn>>,
    pub outcome_not_known: Option<&'a Fact<OutcomeNotKnown>>,
    pub settled: Option<Settled>,
    pub confirmed: Option<PartialDate>,
    /// Decisions that await a condition, or the day from which they are in force.
    pub pending: Vec<Opinion<'a>>,
    /// Decisions that do not count for the time being, and why.
    pub suspended: Vec<Suspension<'a>>,
    /// Why the approval is not in force, although it is carried.
    pub interrupted: Option<Interruption>,
    pub periods: Vec<CarriedPeriod<'a>>,
    pub quashed: Option<&'a Fact<ChallengeStepTaken>>,
    /// The board that is to decide again.
    pub sent_back_to: Option<&'a BoardId>,
    /// The majorities by which boards must carry it when they decide it again.
    pub reconsidered_by: Vec<Requirement>,
    /// The answers of outside deciders that a court has not quashed.
    pub answers: Vec<&'a Fact<ExternalDecisionReceived>>,
    /// Who is to decide again, since a call-in or a court has set the decision aside, or a
    /// condition was not met.
    pub decides_again: Option<Opinion<'a>>,
}

/// The result that settled a proposal.
pub(super) struct Settled {
    pub resolution: Resolution,
    pub settlement: Settlement,
    pub evaluation: Evaluation,
    pub approved: ApprovedExtent,
}

/// The rule that governs a proposal, and the status of the requirement.
pub(super) struct Evaluation {
    pub regime: Regime,
    /// `None` if no rule applies, and it was put to nobody.
    pub requirement: Option<RequirementStatus>,
}

pub(super) struct ProposalReplay<'a> {
    pub case: ApprovalCase<'a>,
    pub proposal: &'a Proposal,
    /// In time, and not fallen since.
    pub opinions: Vec<Opinion<'a>>,
    /// Those with another effect.
    pub others: Vec<Opinion<'a>>,
    pub state: ReplayState<'a>,
}

impl<'a> ProposalReplay<'a> {
    /// A replay before the first opinion.
    pub fn new(case: ApprovalCase<'a>, proposal: &'a Proposal) -> Self {
        Self {
            case,
            proposal,
            opinions: Vec::new(),
            others: Vec::new(),
            state: ReplayState {
                since: proposal.on(),
                external_deciders: named_decider(proposal).into_iter().collect(),
                internal_approvals: Vec::new(),
                put_off_by: None,
                withdrawn: None,
                outcome_not_known: None,
                settled: None,
                confirmed: None,
                pending: Vec::new(),
                suspended: Vec::new(),
                interrupted: None,
                periods: Vec::new(),
                quashed: None,
                sent_back_to: None,
                reconsidered_by: Vec::new(),
                answers: Vec::new(),
                decides_again: None,
            },
        }
    }

    pub(super) const fn context(&self) -> ApprovalContext<'a> {
        ApprovalContext {
            lookup: self.case.lookup,
            id: self.case.id,
            subject: self.case.subject,
        }
    }

    /// Applies every event before `until`, and returns the status at that point.
    pub fn status(mut self, until: EffectiveOrder) -> ProposalStatus<'a> {
        let last_day = self.proposal.lapses_on().map(PartialDate::last_day);
        let quashed = self.quashed_before(until);
        for (order, event) in proposal_events(&self.context(), self.proposal, until) {
            let has_lapsed = last_day.is_some_and(|last_day| last_day < order.day);
            let is_late =
                self.state.settled.is_some() || has_lapsed && self.state.pending.is_empty();
            let by = event.entry();
            match event {
                // A board decides nothing after its end.
                ProposalEvent::Opinion(opinion) if self.is_after_end(&opinion) => {
                    self.others.push(fallen(opinion));
                }
                ProposalEvent::Opinion(opinion) => match quashed.of(&opinion) {
                    Some(step) => self.leave_out(opinion, step),
                    None if (!is_late || self.is_decided_after_support(&opinion))
                        && self.lacks_quorum(&opinion) =>
                    {
                        self.leave_undecided(opinion);
                    }
                    None if self.is_decided_after_support(&opinion) => {
                        self.reopen(order, by);
                        self.apply_in_time(opinion);
                    }
                    None if is_late => self.apply_late(opinion),
                    None => self.apply_in_time(opinion),
                },
                ProposalEvent::MayCount(_) => self.admit_pending(order, by),
                ProposalEvent::Suspended(event) => self.state.suspended.push(Suspension {
                    decision: event.decision,
                    cause: event.cause,
                    order,
                }),
                ProposalEvent::Restored(event) => self.restore(order, event),
                ProposalEvent::Removed(event) => self.remove(order, event),
                ProposalEvent::ExternalAnswer(fact) if quashed.of_answer(fact).is_some() => {
                    self.state.quashed = quashed.of_answer(fact);
                }
                ProposalEvent::ExternalAnswer(fact) if is_late => {
                    self.state.answers.push(fact);
                    self.admit_pending(order, by);
                }
                ProposalEvent::Withdrawal(fact) if self.is_carried() => self.give_up(order, fact),
                _ if is_late => {}
                ProposalEvent::Decision(fact) if self.is_made_after_end(fact) => {}
                ProposalEvent::Decision(fact) => self.apply_decision(fact),
                ProposalEvent::ExternalAnswer(fact) => self.apply_external_answer(fact),
                ProposalEvent::Withdrawal(fact) => {
                    self.state.withdrawn = Some(fact);
                    let evaluation = self.evaluate_at(order);
                    self.resolve(Resolution::Withdrawn, order, by, evaluation);
                }
                ProposalEvent::OutcomeNotKnown(fact) => {
                    self.state.outcome_not_known = Some(fact);
                    let evaluation = self.evaluate_at(order);
                    self.resolve(Resolution::OutcomeNotKnown, order, by, evaluation);
                }
            }
            self.review(order, by);
        }
        self.apply_lapse(until);
        self.into_status(until)
    }

    /// Settles an open proposal whose last day is before `until`.
    fn apply_lapse(&mut self, until: EffectiveOrder) {
        let Some(on) = self.proposal.lapses_on() else {
            return;
        };
        let is_kept = self.state.quashed.is_some() || !self.state.pending.is_empty();
        if is_kept || self.state.settled.is_some() || on.last_day() >= until.day {
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
    pub fn evaluate_at(&self, at: EffectiveOrder) -> Evaluation {
        let regime = regime(&self.case, at);
        let requirement = self.requirement_status(&regime, at.day, &self.active_opinions());
        Evaluation {
            regime,
            requirement,
        }
    }

    /// The requirement of the rule, and of each body that the proposal was put to.
    pub fn requirement_status(
        &self,
        regime: &Regime,
        day: Date,
        opinions: &[Opinion<'a>],
    ) -> Option<RequirementStatus> {
        let query = RequirementQuery {
            case: self.case,
            day,
            opinions,
        };
        let mut asked = put_to(self.proposal);
        asked.extend(self.state.reconsidered_by.iter().cloned());
        let Some(ruling) = regime.ruling() else {
            return match asked.len() {
                0 => {
                    let (asked, opinions) = self.left_undecided(day, opinions)?;
                    let opinions = &*opinions;
                    Some(evaluate_part(
                        &RequirementQuery { opinions, ..query },
                        &asked,
                    ))
                }
                1 => Some(evaluate_part(&query, &asked.remove(0))),
                _ => Some(evaluate_part(&query, &Requirement::AllOf(asked))),
            };
        };
        if asked.is_empty() {
            return Some(evaluate(&query, &ruling.requirement()));
        }
        asked.insert(0, ruling.requirement().into_owned());
        Some(evaluate(&query, &Requirement::AllOf(asked)))
    }

    /// The opinions that count: without those of decisions that are suspended, and
    /// without votes on a board whose own decision awaits a condition.
    pub fn active_opinions(&self) -> Cow<'_, [Opinion<'a>]> {
        let state = &self.state;
        let waits = |opinion: &Opinion<'_>| {
            let mut pending = state.pending.iter();
            pending.any(|pending| pending.is_on_board_of(opinion))
        };
        if state.suspended.is_empty() && state.pending.is_empty() {
            return Cow::Borrowed(&self.opinions);
        }
        let opinions = self
            .opinions
            .iter()
            .filter(|opinion| !waits(opinion) && !self.is_suspended(opinion));
        Cow::Owned(opinions.copied().collect())
    }

    fn apply_in_time(&mut self, opinion: Opinion<'a>) {
        self.replace_pending(&opinion);
        if opinion.decision.is_some() && self.state.sent_back_to == opinion.board {
            self.state.sent_back_to = None;
        }
        let lookup = self.case.lookup;
        let again = self.state.decides_again.as_ref();
        if again.is_some_and(|again| same_voice(lookup, self.case.id, again, &opinion)) {
            self.state.decides_again = None;
        }
        let (order, entry) = (opinion.order, opinion.entry);
        if self.waits(&opinion) {
            self.state.pending.push(opinion);
        } else {
            self.opinions.push(opinion);
            self.apply_opinion(opinion, order, entry);
        }
        self.admit_pending(order, entry);
    }

    /// Applies an opinion that counts from a point in the order.
    pub fn apply_opinion(
        &mut self,
        opinion: Opinion<'a>,
        order: EffectiveOrder,
        entry: &Arc<Entry>,
    ) {
        let is_decision = opinion.decision.is_some();
        let answers = self.answer_referral(&opinion);
        let evaluation = self.evaluate_at(order);
        let state = evaluation.requirement.as_ref().map(|status| status.state);
        match state {
            _ if answers && !opinion.approves() => {
                self.resolve(Resolution::Rejected, order, entry, evaluation);
            }
            Some(RequirementState::Met) => self.carry(order, entry, evaluation),
            Some(RequirementState::Lost) if is_decision && !opinion.approves() => {
                self.resolve(Resolution::Rejected, order, entry, evaluation);
            }
            Some(RequirementState::Open | RequirementState::Lost) => {}
            // Without a rule, votes alone carry nothing.
            None if !is_decision => {}
            None if opinion.approves() => {
                self.state.internal_approvals.push(opinion);
                self.carry(order, entry, evaluation);
            }
            None => self.resolve(Resolution::Rejected, order, entry, evaluation),
        }
    }

    /// Applies a decision that neither approves nor rejects.
    fn apply_decision(&mut self, fact: &'a Fact<DecisionMade>) {
        let resolution = match &fact.outcome {
            Outcome::Approved | Outcome::Rejected => return,
            Outcome::Deferred => {
                self.state.since = fact.on();
                self.state.put_off_by = Some(fact);
                if let Some(board) = &fact.sent_back_to {
                    self.send_back(board);
                }
                if let Some(board) = &fact.board {
                    self.end_vote(board);
                }
                return;
            }
            Outcome::Referred(to) => {
                self.state.since = fact.on();
                self.state.put_off_by = Some(fact);
                // The deciders that were awaited before are still awaited.
                let deciders = &mut self.state.external_deciders;
                deciders.retain(|before| before.body != to);
                deciders.push(awaited(to, Some(fact)));
                return;
            }
            Outcome::Noted => Resolution::Noted,
            Outcome::Supported => Resolution::Supported,
        };
        let order = fact.effective_order();
        let evaluation = self.evaluate_at(order);
        let awaits_another = self.awaits_external_answer() || self.awaits_another_board(fact);
        // Whatever a meeting without a quorum notes or supports settles nothing.
        let counts = !awaits_another && !is_inquorate(self.case.lookup, fact);
        if evaluation.requirement.is_none() && counts {
            self.resolve(resolution, order, &fact.source.entry, evaluation);
        }
    }
}

/// The agreement of those that a proposal was put to: bodies, and offices.
fn put_to(proposal: &Proposal) -> Vec<Requirement> {
    let bodies = proposal.put_to();
    let bodies = (!bodies.is_empty()).then(|| Requirement::PutTo(bodies.to_vec()));
    let offices = proposal.put_to_offices().iter().filter_map(|actor| {
        Some(Requirement::Office(OfficeDelegation {
            body: actor.body()?.clone(),
            office: actor.office()?.clone(),
            up_to: None,
        }))
    });
    bodies.into_iter().chain(offices).collect()
}

pub(super) const fn fallen(opinion: Opinion<'_>) -> Opinion<'_> {
    Opinion {
        effect: OpinionEffect::Fallen,
        ..opinion
    }
}

fn named_decider(proposal: &Proposal) -> Option<ExternalDecider<'_>> {
    Some(awaited(proposal.decider()?, None))
}

const fn awaited<'a>(
    body: &'a BodyId,
    referred_by: Option<&'a Fact<DecisionMade>>,
) -> ExternalDecider<'a> {
    ExternalDecider {
        body,
        referred_by,
        approved: false,
        answer: None,
        answered_by: None,
    }
}
