//! Interruptions: call-ins and the steps of a court, and the spells in which an approval
//! is in force between them.

use std::sync::Arc;

use jiff::civil::Date;

use super::approver::Approver;
use super::call_in_settler::{Settler, call_in_settler};
use super::carried_period::{CarriedPeriod, Interruption, PeriodEnd, Suspension};
use super::opinion::{Opinion, OpinionEffect};
use super::proposal_events::DecisionEvent;
use super::proposal_replay::{ProposalReplay, fallen};
use super::proposal_status::{Duty, ExternalDecider};
use super::requirement_status::RequirementState;
use super::resolution::{Resolution, settlement};
use crate::entry::Entry;
use crate::event::{Actor, BoardVote, ChallengeStepTaken, ProposalWithdrawn, Requirement, Voting};
use crate::fact::{EffectiveOrder, Fact};
use crate::ids::ItemId;

impl<'a> ProposalReplay<'a> {
    /// Leaves out an opinion that a court has quashed. If it is only the minute of votes
    /// that carried the proposal, nothing of them remains.
    pub(super) fn leave_out(&mut self, opinion: Opinion<'a>, step: &'a Fact<ChallengeStepTaken>) {
        if self.late_effect(&opinion) == OpinionEffect::Minute {
            self.others.extend(self.opinions.drain(..).map(fallen));
            self.state.internal_approvals.clear();
            self.state.periods.clear();
            self.reopen(opinion.order, opinion.entry);
        }
        self.state.quashed = Some(step);
        // Not the member whose vote is recorded after the decision.
        if opinion.vote.is_none() || self.state.decides_again.is_none() {
            self.state.decides_again = Some(opinion);
        }
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
            // A decision that contradicts the votes before it is not of them.
            other.decision == Some(decision) && !other.effect.is_gone()
        });
        found.is_some_and(|found| opinion.is_on_board_of(found) && opinion.order <= found.order)
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
        let mut deciders = self.state.external_deciders.iter();
        if deciders.any(|decider| self.is_answer_suspended(decider)) {
            return false;
        }
        if settled.evaluation.requirement.is_none() {
            return !self.is_approval_suspended();
        }
        let day = settled.settlement.order.day;
        let regime = &settled.evaluation.regime;
        let status = self.requirement_status(regime, day, &self.active_opinions());
        status.is_some_and(|status| status.state == RequirementState::Met)
    }

    /// Without a rule: whether an approval is suspended, even if others have approved. Where
    /// the board that the matter was put to has approved it, that decides.
    fn is_approval_suspended(&self) -> bool {
        let approvals = &self.state.internal_approvals;
        !self.is_approved_by_its_board()
            && approvals.iter().any(|opinion| self.is_suspended(opinion))
    }

    fn is_approved_by_its_board(&self) -> bool {
        let mut approvals = self.state.internal_approvals.iter();
        approvals.any(|opinion| {
            let board = self.board(opinion.order.day);
            board.is_some() && opinion.board == board.as_ref() && !self.is_suspended(opinion)
        })
    }

    /// Without a rule: whether an approval that is suspended, or that awaits a condition or
    /// its day, holds back those of others.
    pub(super) fn is_held_back(&self) -> bool {
        let mut pending = self.state.pending.iter();
        self.is_approval_suspended()
            || !self.is_approved_by_its_board() && pending.any(Opinion::approves)
    }

    /// Whether the answer of an outside decider is stayed by a court.
    pub(super) fn is_answer_suspended(&self, decider: &ExternalDecider<'_>) -> bool {
        let mut suspended = self.state.suspended.iter();
        decider.approved && suspended.any(|suspension| decider.answer == Some(suspension.decision))
    }

    /// The latest suspension of an approval, or of the answer of an outside decider.
    pub(super) fn latest_suspension(&self) -> Option<&Suspension<'a>> {
        let suspended = self.state.suspended.iter();
        let suspended = suspended.filter(|suspension| self.suspends_approval(suspension));
        suspended.max_by_key(|suspension| suspension.order)
    }

    fn suspends_approval(&self, suspension: &Suspension<'_>) -> bool {
        let decision = Some(suspension.decision);
        let mut opinions = self.opinions.iter().chain(&self.state.pending);
        let mut deciders = self.state.external_deciders.iter();
        opinions.any(|opinion| opinion.decision == decision && opinion.approves())
            || deciders.any(|decider| decider.approved && decider.answer == decision)
            || self.is_minute(suspension.decision)
    }

    /// Who must end each suspension: for a call-in, the board or office that called the
    /// decision in, or the full council, and for a stay the court.
    pub(super) fn settlers(&self, day: Date) -> Vec<Settler<'a>> {
        let dossier = &self.case.subject.dossier;
        let suspended = self.state.suspended.iter();
        let settlers = suspended.filter_map(|suspension| {
            let decision = dossier.decisions.get(suspension.decision)?;
            match &suspension.cause {
                Interruption::CalledIn(call_in) => {
                    let (id, course) = decision.call_ins.get_key_value(call_in)?;
                    call_in_settler(self.case.lookup, decision, id, course, day)
                }
                Interruption::Stayed(challenge) | Interruption::Undertaken(challenge) => {
                    let (id, course) = decision.challenges.get_key_value(challenge)?;
                    let court = Actor::Office(course.made.court.clone());
                    Some((Approver::actor(&court), Duty::Judgment(id)))
                }
                _ => None,
            }
        });
        settlers.collect()
    }

    /// A carried proposal is given up before it was used.
    pub(super) fn give_up(&mut self, order: EffectiveOrder, fact: &'a Fact<ProposalWithdrawn>) {
        let by = &fact.source.entry;
        self.end_period(order, by, Interruption::GivenUp);
        self.state.withdrawn = Some(fact);
        self.state.interrupted = None;
        let evaluation = self.evaluate_at(order);
        self.resolve(Resolution::Withdrawn, order, by, evaluation);
    }

    pub(super) fn is_carried(&self) -> bool {
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
        let mut answers = self.state.answers.iter();
        let answer = answers.find(|answer| answer.decision.as_ref() == Some(decision));
        let entry = opinion.map(|opinion| opinion.entry);
        let entry = entry.or(answer.map(|answer| &answer.source.entry));
        let by = settled.settlement.by.as_ref();
        settled.resolution == Resolution::Rejected
            && entry
                .zip(by)
                .is_some_and(|(entry, by)| Arc::ptr_eq(entry, by))
    }

    /// Why the result is not in force: the cause that was there before, if it still is,
    /// and otherwise the latest.
    fn cause(&self) -> Option<Interruption> {
        let settled = self.state.settled.as_ref()?;
        if !matches!(
            settled.resolution,
            Resolution::Carried | Resolution::Rejected
        ) {
            return None;
        }
        let is_cause = |suspension: &&Suspension<'_>| {
            let decision = suspension.decision;
            let mut opinions = self.opinions.iter();
            match settled.resolution {
                Resolution::Carried => {
                    let mut deciders = self.state.external_deciders.iter();
                    self.is_minute(decision)
                        || deciders.any(|decider| decider.answer == Some(decision))
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
                None => {
                    let mut deciders = self.state.external_deciders.iter();
                    !self.state.internal_approvals.is_empty()
                        || deciders.any(|decider| decider.approved)
                }
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
        let mut decided = self.opinions.iter().chain(&self.state.pending);
        let decided = decided.find(|opinion| opinion.decision == Some(decision));
        let decided = decided.copied();
        let is_undecided_since = decided.is_some();
        if let Some(decided) = decided {
            self.state.decides_again = Some(decided);
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
        let answers = &mut self.state.answers;
        answers.retain(|answer| answer.decision.as_ref() != Some(decision));
        let deciders = self.state.external_deciders.iter_mut();
        for decider in deciders.filter(|decider| decider.answer == Some(decision)) {
            (decider.approved, decider.answer) = (false, None);
        }
        let suspended = &mut self.state.suspended;
        suspended.retain(|suspension| suspension.decision != decision);
        if relied_on {
            self.reopen(order, by);
        } else if self.state.settled.is_none() && is_undecided_since {
            self.state.since = settlement(order, by).on;
        }
        if let Interruption::SentBack(call_in) = &event.cause {
            let needed = self.reconsideration(decision, call_in);
            self.state.reconsidered_by.extend(needed);
        }
        if event.rejects && self.state.settled.is_none() {
            let evaluation = self.evaluate_at(order);
            self.resolve(Resolution::Rejected, order, by, evaluation);
        }
        if let Interruption::Quashed(_) = event.cause {
            self.state.quashed = self.quashing(decision);
        }
    }

    /// The majority that a call-in asks for when the board decides again.
    fn reconsideration(&self, decision: &ItemId, call_in: &ItemId) -> Option<Requirement> {
        let decision = self.case.subject.dossier.decisions.get(decision)?;
        let majority = decision.call_ins.get(call_in)?.majority()?;
        let voting = Voting::Qualified(Some(majority));
        Some(Requirement::Board(BoardVote {
            board: decision.board()?.clone(),
            quorum: None,
            voting,
            groups: Vec::new(),
            group_quorums: Vec::new(),
        }))
    }

    fn quashing(&self, decision: &ItemId) -> Option<&'a Fact<ChallengeStepTaken>> {
        let decision = self.case.subject.dossier.decisions.get(decision)?;
        let mut challenges = decision.challenges.values();
        challenges.find_map(|challenge| challenge.quashed_before(EffectiveOrder::LAST))
    }
}
