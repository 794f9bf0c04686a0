//! A proposal after it was settled: minutes, agreements, objections, call-ins and courts.

use jiff::civil::Date;

use super::Reason;
use super::action::{At, Choice, ConditionEnd, CourtStep, ModelAction};
use super::need::{Counted, Opinion, all_voted, allowed, board_parts, holds};
use super::past::{Asked, Past};
use super::replay::{Cause, Replay, Replayed};
use super::{Outcome, need};

const CLOSED: Reason = "PROPOSAL_CLOSED";

/// The effect of a decision after a proposal was carried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Late {
    Minute,
    Agreement,
    Objection,
}

impl Replay<'_> {
    pub fn say_late(&mut self, said: Opinion) {
        if let Some(counted) = self.records_votes(&said) {
            self.record(said, &counted);
            return;
        }
        let effect = self.late_effect(&said);
        if effect == Ok(Late::Objection) && self.lacks_quorum(&said) {
            return;
        }
        if effect.is_ok() {
            self.replace_waiting(&said);
        }
        if effect == Ok(Late::Agreement) && said.waits() {
            self.state.waiting.push(said);
        } else {
            self.take_late(said, effect);
        }
    }

    pub fn take_late(&mut self, said: Opinion, effect: Result<Late, Reason>) {
        match effect {
            Ok(Late::Objection) => self.state.objections.push(said),
            Ok(Late::Agreement) => {
                let who = said.decider();
                self.state.objections.retain(|other| other.decider() != who);
                self.state.late.push(said);
            }
            Ok(Late::Minute) => {
                self.state.minutes.push(said.at.1);
                self.state.late.push(said);
            }
            Err(_) => {}
        }
    }

    /// The board's own approval after the votes of all its members carried the proposal.
    fn records_votes(&self, said: &Opinion) -> Option<Counted> {
        let settled = self.state.settled.as_ref()?;
        let need = settled.grounds.need.as_ref()?;
        let before = &settled.grounds.opinions;
        let mut parts = board_parts(&need.need).into_iter();
        let by_votes = !before.iter().any(|other| other.board && other.decides)
            && parts.any(|part| all_voted(part, before, self.asked.orders));
        let is_approval = said.decides && said.board && said.choice == Choice::For;
        if !(self.state.is_carried() && is_approval && by_votes) {
            return None;
        }
        let mut with = self.state.live.clone();
        with.push(*said);
        self.is_met(need, &with)
    }

    fn record(&mut self, said: Opinion, counted: &Counted) {
        let Some(settled) = &mut self.state.settled else {
            return;
        };
        if said.waits() {
            // The members voted on an approval with these conditions.
            let at = settled.grounds.at;
            self.state.spells.retain(|spell| spell.from < at);
            self.state.settled = None;
            self.state.interrupted = None;
            self.state.waiting.push(said);
            self.admit(said.at);
            return;
        }
        self.state.live.push(said);
        let grounds = &mut settled.grounds;
        grounds.confirmed = Some(said.at);
        (grounds.approved, grounds.covers_projected) = allowed(counted, &self.asked);
        grounds.opinions = self.state.live.clone();
        let (grounds, at) = (grounds.clone(), grounds.at);
        for spell in &mut self.state.spells {
            if spell.from >= at {
                spell.grounds = grounds.clone();
            }
        }
    }

    /// The effect of a decision after the proposal was settled, or why it has none.
    pub fn late_effect(&self, said: &Opinion) -> Result<Late, Reason> {
        let settled = self.state.settled.as_ref();
        let settled = settled.filter(|settled| settled.outcome == Outcome::Carried);
        let Some(settled) = settled.filter(|_| said.decides) else {
            return Err(CLOSED);
        };
        let (who, approves) = (said.decider(), said.choice == Choice::For);
        let objects = |other: &Opinion| other.decider() == who;
        let is_ruled = settled.grounds.need.is_some();
        if !is_ruled && approves && self.state.objections.iter().any(objects) {
            return Ok(Late::Agreement);
        }
        let decided = self.state.live.iter().chain(&self.state.late);
        let mut decided = decided.chain(&self.state.objections);
        if decided.any(|other| other.decides && other.is_voice_of(said)) {
            return Err(CLOSED);
        }
        if approves && self.meets_a_condition(said) {
            return Ok(Late::Agreement);
        }
        let Some(need) = &settled.grounds.need else {
            // One has seats on the board and the other none; neither is a party.
            let mut live = self.state.live.iter();
            let is_party = said.of_board().is_some() || !matches!(who, "m" | "council");
            let by_named = live.any(|other| {
                other.decides && other.of_board().is_some() && other.of_board() == self.asked.board
            });
            let mut live = self.state.live.iter();
            let own = live.any(|other| other.decides && other.decider() == who);
            return match approves {
                _ if by_named || !is_party => Err(CLOSED),
                true => Ok(Late::Agreement),
                // A body does not object to what one of its boards approved.
                false if own => Err(CLOSED),
                false => Ok(Late::Objection),
            };
        };
        if said.board {
            // The board's approval would be the record of its votes.
            let first = board_parts(&need.need).into_iter().next();
            let (opinions, orders) = (&settled.grounds.opinions, self.asked.orders);
            let voted = first.is_some_and(|part| {
                all_voted(part, opinions, orders) && holds(part, opinions, orders)
            });
            let decided = opinions.iter().any(|other| other.board && other.decides);
            return Err(match voted && !decided && !approves {
                true => "MINUTE_CONTRADICTS",
                false => CLOSED,
            });
        }
        // The minute may be that of the board that is to decide.
        let is_named = said.of_board().is_some() && said.of_board() == self.asked.board;
        let voted = is_named
            || self.state.live.iter().any(|vote| {
                let agrees = vote.choice == Choice::For && !vote.conflicted;
                let is_board = said.of_board().is_some();
                !vote.decides && !vote.board && !is_board && agrees && vote.decider() == who
            });
        let grounds = &settled.grounds;
        let says_the_same = said.terms.conditions.is_empty()
            && said.terms.days.is_none()
            && said.allows.is_none_or(|(amount, projected)| {
                amount.is_none_or(|amount| amount == grounds.approved)
                    && !(projected && self.asked.projected && !grounds.covers_projected)
            });
        match voted {
            true if approves && says_the_same => Ok(Late::Minute),
            true => Err("MINUTE_CONTRADICTS"),
            false => Err(CLOSED),
        }
    }

    /// Whether it was a condition of an approval that counts that this one decides: by name,
    /// or in words if it is another board of the same body.
    fn meets_a_condition(&self, said: &Opinion) -> bool {
        self.state.live.iter().any(|before| {
            let mut conditions = before.terms.conditions.iter();
            conditions.any(|named| match named {
                Some(named) => said.is_awaited_as(named),
                None => {
                    said.of_board().is_some()
                        && before.decider() == said.decider()
                        && !before.is_voice_of(said)
                }
            })
        })
    }

    /// A decision counts again.
    pub fn restore(&mut self, at: At, decision: u64, cause: Cause) {
        let before = self.state.suspended.len();
        let is_it = |(_, other, why): &(At, u64, Cause)| *other == decision && *why == cause;
        self.state.suspended.retain(|suspended| !is_it(suspended));
        if self.state.suspended.len() == before {
            return;
        }
        if self.state.settled.is_none() {
            let need = self.past.need_at(&self.asked, at);
            let active = self.state.active();
            let counted = match &need {
                Some(need) => self.is_met(need, &active),
                None => self.carried_without_rule(),
            };
            if let Some(counted) = counted {
                let allowed = allowed(&counted, &self.asked);
                self.settle(Outcome::Carried, at, decision, need, allowed);
            }
        }
        self.admit(at);
    }

    /// A decision does not count any more.
    pub fn remove(&mut self, at: At, decision: u64, cause: Cause, rejects: bool) {
        let is_minute = self.state.is_minute(decision) && self.needs_rule();
        self.state.suspended.push((at, decision, cause));
        let relied_on = match &self.state.settled {
            Some(settled) if settled.outcome == Outcome::Carried => !self.still_holds(),
            Some(settled) => settled.outcome == Outcome::Rejected && settled.by == decision,
            None => false,
        };
        if relied_on
            && self.state.is_carried()
            && let Some(spell) = self.state.spells.last_mut()
        {
            spell.ends.push((at, cause));
        }
        let gone: Vec<At> = self
            .state
            .live
            .iter()
            .filter(|said| is_minute || self.state.belongs_to(said, decision))
            .map(|said| said.at)
            .collect();
        let is_it = |said: &Opinion| said.decides && said.at.1 == decision;
        let state = &mut self.state;
        state.live.retain(|said| !gone.contains(&said.at));
        state.waiting.retain(|said| !is_it(said));
        state.late.retain(|said| !is_it(said));
        state.minutes.retain(|minute| *minute != decision);
        state.objections.retain(|said| !is_it(said));
        state.suspended.retain(|(_, other, _)| *other != decision);
        if relied_on {
            self.reopen();
        }
        if rejects && self.state.settled.is_none() {
            let need = self.past.need_at(&self.asked, at);
            self.settle(Outcome::Rejected, at, 0, need, (0, false));
        }
        if let Cause::Quashed(_) = cause {
            self.state.quashed = true;
        }
    }

    fn needs_rule(&self) -> bool {
        let settled = self.state.settled.as_ref();
        settled.is_some_and(|settled| settled.grounds.need.is_some())
    }

    /// The matter is open again: minutes and objections fell with the decision.
    pub fn reopen(&mut self) {
        self.state.settled = None;
        self.state.interrupted = None;
        self.state.late.clear();
        self.state.minutes.clear();
        self.state.objections.clear();
    }

    /// Begins or ends a spell, after something happened.
    pub fn review(&mut self, at: At) {
        let cause = self.cause();
        let is_carried = self.state.is_carried();
        let grounds = self.state.settled.as_ref().map(|settled| &settled.grounds);
        match cause {
            Some(cause) if self.state.interrupted != Some(cause) && is_carried => {
                let spell = self.state.spells.last_mut();
                spell.expect("a spell").ends.push((at, cause));
            }
            None if self.state.interrupted.is_some() && is_carried => {
                let grounds = grounds.expect("it is carried").clone();
                self.state.spells.push(super::replay::Spell {
                    from: at,
                    ends: Vec::new(),
                    grounds,
                });
            }
            _ => {}
        }
        self.state.interrupted = cause;
    }

    /// Why the result is not in force: the cause that was there before, if it still is,
    /// and otherwise the latest.
    fn cause(&self) -> Option<Cause> {
        let settled = self.state.settled.as_ref()?;
        let is_ruled = settled.grounds.need.is_some();
        let suspended = self.state.suspended.iter();
        let mut causes: Vec<(At, Cause)> = match settled.outcome {
            Outcome::Carried if self.still_holds() => Vec::new(),
            Outcome::Carried => suspended
                .filter(|(_, decision, _)| self.state.counts(*decision, is_ruled))
                .map(|(at, _, cause)| (*at, *cause))
                .collect(),
            Outcome::Rejected => suspended
                .filter(|(_, decision, _)| *decision == settled.by)
                .map(|(at, _, cause)| (*at, *cause))
                .collect(),
            _ => return None,
        };
        let suspends = |said: &Opinion| {
            let mut suspended = self.state.suspended.iter();
            suspended.any(|(_, decision, _)| *decision == said.at.1)
        };
        let mut objections = self.state.objections.iter();
        let objection = objections.find(|said| !suspends(said));
        causes.extend(objection.map(|said| (said.at, Cause::NotAgreed)));
        let before = self.state.interrupted;
        let kept = causes.iter().find(|(_, cause)| Some(*cause) == before);
        let latest = || causes.iter().max_by_key(|(at, _)| *at);
        kept.or_else(latest).map(|(_, cause)| *cause)
    }

    /// Whether it is still carried without the decisions that are suspended.
    fn still_holds(&self) -> bool {
        let Some(settled) = &self.state.settled else {
            return false;
        };
        let mut suspended = self.state.suspended.iter();
        match &settled.grounds.need {
            _ if self.state.suspended.is_empty() => true,
            None => !self.is_approval_suspended(),
            Some(need) => {
                !suspended.any(|(_, decision, _)| self.state.is_minute(*decision))
                    && self.is_met(need, &self.state.active()).is_some()
            }
        }
    }
}

impl Replayed {
    /// The events in the course of a proposal, by name.
    pub fn reached(&self, past: &Past, asked: &Asked) -> Vec<&'static str> {
        let carried = self.is_carried() && self.interrupted.is_none();
        let (mut last, mut live) = (self.spells.iter(), self.live.iter());
        let mut ends = self.spells.iter().flat_map(|spell| &spell.ends);
        let resumed = self.spells.windows(2).any(|pair| {
            let called_in = |end: &(At, Cause)| matches!(end.1, Cause::CalledIn(_));
            pair[0].grounds.at == pair[1].grounds.at && pair[0].ends.iter().all(called_in)
        });
        let agreed = self.spells.windows(2).any(|pair| {
            let opposed = |end: &(At, Cause)| end.1 == Cause::NotAgreed;
            pair[0].grounds.at == pair[1].grounds.at && pair[0].ends.iter().all(opposed)
        });
        let conditional = carried && live.any(|said| !said.terms.conditions.is_empty());
        let said = past.opinions(asked.n);
        let end = (Date::MAX, u64::MAX);
        let fell = said.iter().any(|said| {
            let conditions = 0..said.terms.conditions.len();
            let mut settled = conditions.map(|index| past.condition(said.at.1, index, end));
            settled.any(|how| how == Some(ConditionEnd::NotMet))
        });
        let upheld = carried
            && said.iter().any(|said| {
                said.decides && past.facts.iter().any(|fact| {
                matches!(fact.action, ModelAction::Step { step: CourtStep::Upheld, challenge, .. }
                            if past.was_quashed(challenge.position, said.at.1))
            })
            });
        let beside = said.iter().any(|vote| {
            let mut decided = said.iter().filter(|said| said.board && said.decides);
            let is_vote = vote.board && !vote.decides;
            is_vote && self.settled.is_some() && decided.any(|said| past.is_of_day(said, vote))
        });
        let from = |cause: &Cause| matches!(cause, Cause::Quashed(_));
        let two_boards = self.late.iter().any(|late| {
            let mut live = self.live.iter();
            live.any(|said| said.decider() == late.decider() && !said.is_voice_of(late))
        });
        let reached = [
            (carried && !asked.put_to.is_empty()).then_some("carried when put to several"),
            conditional.then_some("carried once a condition was met"),
            fell.then_some("fallen with a condition"),
            resumed.then_some("upheld after a call-in"),
            ends.any(|(_, cause)| matches!(cause, Cause::SentBack(_)))
                .then_some("set aside by a call-in"),
            last.any(|spell| spell.ends.iter().any(|(_, cause)| from(cause)))
                .then_some("quashed from a day"),
            upheld.then_some("restored by a higher court"),
            (self.needs_minute() && !self.late.is_empty()).then_some("minute"),
            agreed.then_some("agreement after an objection"),
            self.decided_again
                .then_some("decided again by the board that it was sent back to"),
            self.decided_after_support
                .then_some("decided after a recommendation"),
            two_boards.then_some("agreed by two boards of one body"),
            beside.then_some("named beside the minutes"),
        ];
        reached.into_iter().flatten().collect()
    }

    fn needs_minute(&self) -> bool {
        let settled = self.settled.as_ref();
        settled.is_some_and(|settled| settled.grounds.need.is_some())
    }

    /// Whether a decision is among those that count, or the minute of them.
    fn counts(&self, decision: u64, is_ruled: bool) -> bool {
        let minutes = self.late.iter();
        let minutes = minutes.filter(|said| is_ruled && self.minutes.contains(&said.at.1));
        let mut all = self.live.iter().chain(minutes);
        all.any(|said| said.decides && said.at.1 == decision)
    }

    /// Whether the board's own record of the votes that carried it is still to come.
    pub fn awaits_record(&self, orders: need::Orders) -> bool {
        let Some(settled) = self.settled.as_ref().filter(|_| self.is_carried()) else {
            return false;
        };
        let Some(need) = &settled.grounds.need else {
            return false;
        };
        let opinions = &settled.grounds.opinions;
        let mut parts = board_parts(&need.need).into_iter();
        !opinions.iter().any(|other| other.board && other.decides)
            && parts.any(|part| holds(part, opinions, orders) && all_voted(part, opinions, orders))
    }
}
