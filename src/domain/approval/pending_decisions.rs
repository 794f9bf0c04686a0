//! Decisions that await a condition, or the day from which they are in force.

use std::sync::Arc;

use super::opinion::{Opinion, OpinionEffect, same_decider, same_voice};
use super::proposal_replay::{ProposalReplay, fallen};
use super::proposal_status::AwaitedCondition;
use super::regime::regime;
use super::requirement_status::RequirementStatus;
use super::resolution::Resolution;
use super::subject_lookup::board_owner;
use crate::domain::entry::Entry;
use crate::domain::event::{Actor, Condition, ConditionResult, ConditionSettled};
use crate::domain::fact::{EffectiveOrder, Fact};
use crate::domain::ids::{BoardId, BodyId};

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
        // A board of the body that is to decide does not meet its own condition.
        let meets = |other: &Opinion<'_>| {
            other.decision.is_some()
                && other.approves()
                && self.decides(other, condition)
                && !same_voice(self.case.lookup, self.case.id, other, opinion)
        };
        let (active, mut others) = (self.active_opinions(), others);
        active.iter().any(meets) || others.any(meets)
    }

    /// Whether a condition awaits just this decision.
    fn decides(&self, opinion: &Opinion<'_>, condition: &Condition) -> bool {
        let board = condition.decided_by_board.as_ref();
        let body = condition.decided_by.as_ref();
        board.is_some() && opinion.board == board
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
        self.state.sent_back_to = Some(board);
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
    fn decides_for(&self, opinion: &Opinion<'_>, body: &BodyId) -> bool {
        let lookup = self.case.lookup;
        let by = match opinion.board {
            Some(board) => board_owner(lookup, board),
            None => opinion.by.and_then(Actor::body).cloned(),
        };
        let successions = lookup.successions();
        by.is_some_and(|by| successions.are_one(self.case.id, &by, body, opinion.order.day))
    }

    /// A condition that is not met: the approval that depends on it falls.
    pub(super) fn settle_condition(&mut self, fact: &Fact<ConditionSettled>) {
        if fact.result != ConditionResult::NotMet {
            return;
        }
        let failed = self.state.pending.iter();
        let failed = failed.map(|pending| pending.decision == Some(&fact.decision));
        let failed = failed.collect();
        self.fall_pending(failed);
    }

    /// Pending decisions fall, each board's with the votes behind it.
    fn fall_pending(&mut self, falls: Vec<bool>) {
        let mut falls = falls.into_iter();
        let pending = &mut self.state.pending;
        let failed = pending.extract_if(.., |_| falls.next() == Some(true));
        let failed: Vec<Opinion<'a>> = failed.collect();
        for decision in &failed {
            if decision.board.is_some() {
                let votes = self.opinions.extract_if(.., |vote| {
                    vote.board == decision.board && vote.order <= decision.order
                });
                self.others.extend(votes.map(fallen));
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
                let others = std::iter::empty();
                if !self.is_met(pending, condition, until, others) {
                    awaited.push(AwaitedCondition {
                        decision,
                        condition,
                    });
                }
            }
        }
        awaited
    }
}
