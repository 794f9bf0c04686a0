//! Decisions that await a condition, or the day from which they are in force.

use std::sync::Arc;

use super::opinion::{Opinion, OpinionEffect, same_decider, same_voice};
use super::proposal_replay::{ProposalReplay, fallen};
use super::proposal_status::{AwaitedCondition, MetCondition};
use super::regime::regime;
use super::requirement_status::RequirementStatus;
use super::resolution::Resolution;
use super::subject_lookup::{board_on, board_owner};
use crate::dossier::Decision;
use crate::entry::Entry;
use crate::event::{Condition, ConditionResult, ConditionSettled, ExternalDecisionReceived};
use crate::fact::{EffectiveOrder, Fact};
use crate::ids::{BoardId, BodyId, ItemId};

impl<'a> ProposalReplay<'a> {
    /// Whether a decision does not count at once.
    pub(super) fn waits(&self, opinion: &Opinion<'_>) -> bool {
        let later = opinion.in_force_from;
        !opinion.conditions.is_empty()
            || later.is_some_and(|from| from.first_day() > opinion.order.day)
    }

    /// Lets each pending decision count whose conditions are met and whose day has come.
    pub(super) fn admit_pending(&mut self, order: EffectiveOrder, by: &Arc<Entry>) {
        if self.state.pending.is_empty() {
            return;
        }
        self.fail_settled_conditions(order);
        let ready = self.ready(order);
        let mut ready = ready.into_iter();
        let admitted = self
            .state
            .pending
            .extract_if(.., |_| ready.next() == Some(true));
        let admitted: Vec<Opinion<'a>> = admitted.collect();
        for opinion in admitted {
            if let Some(settled) = &self.state.settled {
                // Another has carried it meanwhile: this one agrees.
                let effect = match settled.resolution {
                    Resolution::Carried if opinion.approves() => OpinionEffect::Agreement,
                    _ => OpinionEffect::TooLate,
                };
                self.take_late(Opinion { effect, ..opinion });
            } else {
                self.opinions.push(opinion);
                self.apply_opinion(opinion, order, by);
            }
        }
    }

    /// Which of the pending decisions may count. Two that depend on each other alone may
    /// count together.
    fn ready(&self, order: EffectiveOrder) -> Vec<bool> {
        let pending = &self.state.pending;
        let has_come = |opinion: &Opinion<'_>| {
            let from = opinion.in_force_from;
            from.is_none_or(|from| from.first_day() <= order.day)
        };
        let mut ready: Vec<bool> = pending.iter().map(has_come).collect();
        loop {
            let unready = (0..pending.len()).find(|index| {
                ready[*index]
                    && pending[*index].conditions.iter().any(|condition| {
                        let others = pending.iter().zip(&ready);
                        let others = others.filter(|(_, ready)| **ready).map(|(other, _)| other);
                        !self.is_met(&pending[*index], condition, order.next(), others)
                    })
            });
            match unready {
                Some(index) => ready[index] = false,
                None => return ready,
            }
        }
    }

    /// Whether a condition of a pending decision is met, given the others that are ready.
    fn is_met<'o>(
        &'o self,
        opinion: &Opinion<'_>,
        condition: &Condition,
        until: EffectiveOrder,
        others: impl Iterator<Item = &'o Opinion<'a>>,
    ) -> bool
    where
        'a: 'o,
    {
        if let Some(settled) = self.settled_condition(opinion, condition, until) {
            return settled.result != ConditionResult::NotMet;
        }
        let meets = |other: &Opinion<'_>| self.meets(other, opinion, condition);
        let (active, mut others) = (self.active_opinions(), others);
        active.iter().any(meets)
            || others.any(meets)
            || self.answer_that_meets(opinion, condition).is_some()
    }

    /// Whether a decision meets the condition of another. A board of the body that is to
    /// decide does not meet its own condition, and a matter that was amended needs a decision
    /// on what it is now.
    fn meets(&self, other: &Opinion<'_>, opinion: &Opinion<'_>, condition: &Condition) -> bool {
        other.decision.is_some()
            && other.approves()
            && self.decides(other, condition)
            && !same_voice(self.case.lookup, self.case.id, other, opinion)
            && (other.order > opinion.order || !self.amends(opinion))
    }

    fn amends(&self, opinion: &Opinion<'_>) -> bool {
        let decisions = &self.case.subject.dossier.decisions;
        let decision = opinion.decision.and_then(|id| decisions.get(id));
        decision.is_some_and(Decision::amends)
    }

    /// The approval of an outside decider that meets a condition.
    fn answer_that_meets(
        &self,
        opinion: &Opinion<'_>,
        condition: &Condition,
    ) -> Option<&'a Fact<ExternalDecisionReceived>> {
        let wanted = condition.decided_by.as_ref()?;
        let successions = self.case.lookup.successions();
        let mut suspended = self.state.suspended.iter();
        let mut answers = self.state.answers.iter().copied();
        let answer = answers.rfind(|answer| {
            let day = answer.effective_order().day;
            successions.are_one(self.case.id, wanted, &answer.decider, day)
        })?;
        let is_suspended =
            suspended.any(|suspension| answer.decision.as_ref() == Some(suspension.decision));
        let is_later = answer.effective_order() > opinion.order;
        (answer.approved && !is_suspended && (is_later || !self.amends(opinion))).then_some(answer)
    }

    /// The conditions that decisions have met, each with the entry that met it.
    pub(super) fn met_conditions(&self, until: EffectiveOrder) -> Vec<MetCondition<'a>> {
        let all = || self.opinions.iter().chain(&self.others);
        let mut met = Vec::new();
        for opinion in all().filter(|opinion| opinion.effect != OpinionEffect::Fallen) {
            let Some(decision) = opinion.decision else {
                continue;
            };
            for condition in opinion.conditions {
                if self.settled_condition(opinion, condition, until).is_some() {
                    continue;
                }
                let mut decided = all().filter(|other| self.meets(other, opinion, condition));
                let decided = decided.next().map(|other| other.entry);
                let answer = self.answer_that_meets(opinion, condition);
                let by = decided.or(answer.map(|answer| &answer.source.entry));
                met.extend(by.map(|by| MetCondition {
                    decision,
                    condition: &condition.id,
                    by,
                }));
            }
        }
        met
    }

    /// Whether a condition awaits just this decision.
    fn decides(&self, opinion: &Opinion<'_>, condition: &Condition) -> bool {
        let board = condition.decided_by_board.as_ref();
        let body = condition.decided_by.as_ref();
        // The board that follows settles what the one before it was to decide.
        let present = || board_on(self.case.lookup, board?, opinion.order.day);
        board.is_some() && (opinion.board == board || opinion.board == present().as_ref())
            || body.is_some_and(|body| self.decides_for(opinion, body))
    }

    /// Whether an approval only agrees with one that counts, because a condition of that
    /// one, which was recorded as met, was that it is given: by the body or board that the
    /// condition names, or else by another board of the same body.
    pub(super) fn meets_settled_condition(&self, opinion: &Opinion<'a>) -> bool {
        let (lookup, about) = (self.case.lookup, self.case.id);
        opinion.approves()
            && self.opinions.iter().any(|before| {
                let names_nobody = |condition: &Condition| {
                    condition.decided_by.is_none() && condition.decided_by_board.is_none()
                };
                before.conditions.iter().any(|condition| {
                    self.decides(opinion, condition)
                        || names_nobody(condition)
                            && opinion.board.is_some()
                            && same_decider(lookup, about, before, opinion)
                            && !same_voice(lookup, about, before, opinion)
                })
            })
    }

    /// Sends the matter back to a board: what it decided falls.
    pub(super) fn send_back(&mut self, board: &'a BoardId) {
        let is_its = |opinion: &mut Opinion<'a>| opinion.board == Some(board);
        let pending = self.state.pending.extract_if(.., is_its);
        let counted = self.opinions.extract_if(.., is_its);
        self.others.extend(pending.chain(counted).map(fallen));
        let approvals = &mut self.state.internal_approvals;
        approvals.retain(|opinion| opinion.board != Some(board));
        // So does the answer that it gave to a referral.
        let fell = |id: &ItemId| {
            let mut others = self.others.iter();
            others.any(|other| other.board == Some(board) && other.decision == Some(id))
        };
        let deciders = self.state.external_deciders.iter_mut();
        for decider in deciders.filter(|decider| decider.answer.is_some_and(fell)) {
            (decider.approved, decider.answer) = (false, None);
        }
        self.state.sent_back_to = Some(board);
    }

    /// The votes on a board that defers the matter end with that: it votes anew.
    pub(super) fn end_vote(&mut self, board: &BoardId) {
        let is_vote =
            |opinion: &mut Opinion<'a>| opinion.board == Some(board) && opinion.vote.is_some();
        let ended = self.opinions.extract_if(.., is_vote);
        self.others.extend(ended.map(fallen));
    }

    fn settled_condition(
        &self,
        opinion: &Opinion<'_>,
        condition: &Condition,
        until: EffectiveOrder,
    ) -> Option<&'a Fact<ConditionSettled>> {
        let decision = self.case.subject.dossier.decisions.get(opinion.decision?)?;
        decision.condition_settled(&condition.id, until)
    }

    /// Whether a decision is that of a body: through any of its offices, or a board that
    /// belongs to it.
    pub(super) fn decides_for(&self, opinion: &Opinion<'_>, body: &BodyId) -> bool {
        let lookup = self.case.lookup;
        let by = match opinion.board {
            Some(board) => board_owner(lookup, board),
            None => opinion.body().cloned(),
        };
        let successions = lookup.successions();
        by.is_some_and(|by| successions.are_one(self.case.id, &by, body, opinion.order.day))
    }

    /// The approvals fall that depend on a condition which was settled as not met. Where its
    /// date is partial, that may begin before the approval.
    fn fail_settled_conditions(&mut self, order: EffectiveOrder) {
        let failed = self.state.pending.iter().map(|pending| {
            pending.conditions.iter().any(|condition| {
                let settled = self.settled_condition(pending, condition, order.next());
                settled.is_some_and(|settled| settled.result == ConditionResult::NotMet)
            })
        });
        let failed = failed.collect();
        self.fall_pending(failed);
    }

    /// Pending decisions fall, each board's with the votes behind it.
    fn fall_pending(&mut self, falls: Vec<bool>) {
        let mut falls = falls.into_iter();
        let pending = &mut self.state.pending;
        let failed = pending.extract_if(.., |_| falls.next() == Some(true));
        let failed: Vec<Opinion<'a>> = failed.collect();
        if let Some(last) = failed.last() {
            self.state.decides_again = Some(*last);
        }
        for decision in &failed {
            if decision.board.is_some() {
                let votes = self.opinions.extract_if(.., |vote| {
                    vote.is_on_board_of(decision) && vote.order <= decision.order
                });
                self.others.extend(votes.map(fallen));
                let approvals = &mut self.state.internal_approvals;
                approvals.retain(|approval| {
                    !approval.is_on_board_of(decision) || approval.order > decision.order
                });
            }
        }
        self.others.extend(failed.into_iter().map(fallen));
    }

    /// A later word of the same decider replaces a decision that still waits, and a
    /// rejection fails those that depend on it.
    pub(super) fn replace_pending(&mut self, opinion: &Opinion<'a>) {
        let (lookup, about) = (self.case.lookup, self.case.id);
        // The vote of a seat is the word of its body too.
        let own = Opinion {
            board: opinion.board.filter(|_| opinion.decision.is_some()),
            ..*opinion
        };
        let replaces = opinion.decision.is_some() || opinion.is_in_own_right();
        if replaces {
            let replaced = self
                .state
                .pending
                .extract_if(.., |pending| same_voice(lookup, about, pending, &own));
            self.others.extend(replaced.map(fallen));
        }
        if opinion.decision.is_some() && !opinion.approves() {
            self.fail_conditions(opinion);
        }
    }

    /// A rejection by a body on whose decision pending approvals depend: they fall.
    fn fail_conditions(&mut self, rejection: &Opinion<'a>) {
        let fails: Vec<bool> = self
            .state
            .pending
            .iter()
            .map(|pending| {
                pending.conditions.iter().any(|condition| {
                    let open = self.settled_condition(pending, condition, rejection.order);
                    open.is_none() && self.decides(rejection, condition)
                })
            })
            .collect();
        self.fall_pending(fails);
    }

    /// The requirement as it would be if the latest decision that awaits a condition
    /// counted.
    pub(super) fn with_latest_pending(&self, until: EffectiveOrder) -> Option<RequirementStatus> {
        let pending = self.state.pending.iter();
        let latest = pending.max_by_key(|pending| pending.order)?;
        let mut opinions = self.active_opinions().into_owned();
        if latest.board.is_some() {
            let votes = self.opinions.iter().filter(|vote| {
                vote.board == latest.board && vote.order < latest.order && !self.is_suspended(vote)
            });
            opinions.extend(votes);
        }
        opinions.push(*latest);
        let regime = regime(&self.case, until);
        self.requirement_status(&regime, until.day, &opinions)
    }

    /// The conditions that pending decisions await.
    pub(super) fn awaited_conditions(&self, until: EffectiveOrder) -> Vec<AwaitedCondition<'a>> {
        let mut awaited = Vec::new();
        // Once others have settled it, nothing waits for a condition.
        if self.state.settled.is_some() {
            return awaited;
        }
        for pending in &self.state.pending {
            let Some(decision) = pending.decision else {
                continue;
            };
            for condition in pending.conditions {
                let is_met_with =
                    |others: &[Opinion<'a>]| self.is_met(pending, condition, until, others.iter());
                if !is_met_with(&[]) {
                    awaited.push(AwaitedCondition {
                        decision,
                        condition,
                        decider_waits: is_met_with(&self.state.pending),
                        board: condition
                            .decided_by_board
                            .as_ref()
                            .and_then(|board| board_on(self.case.lookup, board, until.day)),
                    });
                }
            }
        }
        awaited
    }
}
