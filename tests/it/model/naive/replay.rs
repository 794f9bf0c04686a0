//! The course of a proposal. A replay reads every vote, decision and step about it in order:
//! one of them settles it, and call-ins, courts, objections and conditions may change that.

use super::action::{At, Choice, ConditionEnd};
use super::happenings::Happening;
use super::need::{
    Counted, ModelRequirementState, Need, NeedAt, Opinion, allowed, alone, board_parts, is_quorate,
    judge, states_presence,
};
use super::past::{Asked, Past};
use super::settled::Late;
use super::{Outcome, Reason};

/// Why an approval is not in force, with the position of the call-in or challenge.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cause {
    CalledIn(u64),
    SentBack(u64),
    Stayed(u64),
    Quashed(u64),
    NotAgreed,
    GivenUp,
}

impl Cause {
    pub const fn reason(self) -> Reason {
        match self {
            Self::CalledIn(_) | Self::Stayed(_) => "APPROVAL_SUSPENDED",
            Self::SentBack(_) | Self::NotAgreed | Self::GivenUp => "APPROVAL_ENDED",
            Self::Quashed(_) => "APPROVAL_QUASHED",
        }
    }
}

/// The grounds on which a proposal was settled.
#[derive(Debug, Clone)]
pub struct Grounds {
    pub at: At,
    pub approved: i64,
    pub covers_projected: bool,
    pub opinions: Vec<Opinion>,
    /// When the board recorded its decision, if its votes had carried the proposal
    /// before.
    pub confirmed: Option<At>,
    pub need: Option<NeedAt>,
}

/// A spell in which it is approved, and what ended it, one cause after the other.
#[derive(Debug, Clone)]
pub struct Spell {
    pub from: At,
    pub ends: Vec<(At, Cause)>,
    pub grounds: Grounds,
}

#[derive(Debug, Clone)]
pub struct Settled {
    pub outcome: Outcome,
    /// The opinion that settled it, by position.
    pub by: u64,
    pub grounds: Grounds,
}

/// The state of a proposal at a place.
#[derive(Debug, Clone)]
pub struct Replayed {
    pub settled: Option<Settled>,
    pub interrupted: Option<Cause>,
    pub spells: Vec<Spell>,
    /// Votes and decisions that count, and have not fallen.
    pub live: Vec<Opinion>,
    /// Decisions that wait for a condition or a day.
    pub waiting: Vec<Opinion>,
    /// Minutes and agreements after it was settled.
    pub late: Vec<Opinion>,
    pub objections: Vec<Opinion>,
    pub suspended: Vec<(At, u64, Cause)>,
    /// Approvals, by position, that no rule asked for: each carries it alone.
    pub unruled: Vec<u64>,
    pub quashed: bool,
    /// The decisions after it was settled that are minutes, by position.
    pub minutes: Vec<u64>,
    /// The board that is to decide again.
    pub sent_back_to: Option<&'static str>,
    /// Whether it was ever sent back while it was open.
    pub put_off: bool,
    pub decided_again: bool,
    pub decided_after_support: bool,
    /// Approved but for the decisions that wait.
    subject_to: bool,
    /// Not carried yet, and approved but for a call-in or a stay.
    pub suspended_open: Option<Cause>,
}

impl Replayed {
    /// The outcome, and the amount approved.
    pub fn outcome(&self) -> (Outcome, i64) {
        match (&self.settled, self.interrupted) {
            (Some(_), Some(Cause::CalledIn(_))) => (Outcome::CalledIn, 0),
            (Some(_), Some(Cause::Stayed(_))) => (Outcome::Stayed, 0),
            (Some(_), Some(_)) => (Outcome::NotAgreed, 0),
            (Some(settled), None) => (settled.outcome, settled.grounds.approved),
            (None, _) if matches!(self.suspended_open, Some(Cause::Stayed(_))) => {
                (Outcome::Stayed, 0)
            }
            (None, _) if self.suspended_open.is_some() => (Outcome::CalledIn, 0),
            (None, _) if self.subject_to => (Outcome::SubjectTo, 0),
            (None, _) if self.quashed && self.live.is_empty() && self.waiting.is_empty() => {
                (Outcome::Quashed, 0)
            }
            (None, _) if self.put_off => (Outcome::Deferred, 0),
            (None, _) => (Outcome::Open, 0),
        }
    }

    pub fn is_carried(&self) -> bool {
        let settled = self.settled.as_ref();
        settled.is_some_and(|settled| settled.outcome == Outcome::Carried)
    }

    /// The opinions that count now: no decision that is suspended, and no vote on a board
    /// whose own decision waits.
    pub fn active(&self) -> Vec<Opinion> {
        let live = self.live.iter().filter(|opinion| {
            let mut waiting = self.waiting.iter();
            let board = opinion.of_board();
            let board_waits = board.is_some() && waiting.any(|waiting| waiting.of_board() == board);
            !(self.is_suspended(opinion) || board_waits)
        });
        live.copied().collect()
    }

    pub fn is_suspended(&self, opinion: &Opinion) -> bool {
        let mut suspended = self.suspended.iter();
        suspended.any(|(_, decision, _)| self.belongs_to(opinion, *decision))
    }

    /// Whether it is a decision, or a vote of the board before its decision.
    pub fn belongs_to(&self, opinion: &Opinion, decision: u64) -> bool {
        let late = self.late.iter().chain(&self.objections);
        let all = self.live.iter().chain(&self.waiting).chain(late);
        let mut found = all.filter(|other| other.decides && other.at.1 == decision);
        let board = opinion.of_board();
        (opinion.decides && opinion.at.1 == decision)
            || (board.is_some()
                && found.any(|other| other.of_board() == board && opinion.at <= other.at))
    }

    pub fn is_minute(&self, decision: u64) -> bool {
        self.is_carried() && self.minutes.contains(&decision)
    }
}

pub struct Replay<'a> {
    pub past: &'a Past,
    pub asked: Asked,
    pub state: Replayed,
}

impl<'a> Replay<'a> {
    pub fn new(past: &'a Past, asked: Asked) -> Self {
        Self {
            past,
            asked,
            state: Replayed {
                settled: None,
                interrupted: None,
                spells: Vec::new(),
                live: Vec::new(),
                waiting: Vec::new(),
                late: Vec::new(),
                objections: Vec::new(),
                suspended: Vec::new(),
                unruled: Vec::new(),
                quashed: false,
                minutes: Vec::new(),
                sent_back_to: None,
                put_off: false,
                decided_again: false,
                decided_after_support: false,
                subject_to: false,
                suspended_open: None,
            },
        }
    }

    pub fn run(mut self, before: At) -> Replayed {
        let never = self.quashed_from_the_start(before);
        for (at, happening) in self.happenings(before) {
            match happening {
                Happening::Said(said) if self.is_of_any(&never, &said) => {
                    // The minute of votes is quashed with them.
                    if self.late_effect(&said) == Ok(Late::Minute) {
                        self.state.live.clear();
                        self.state.spells.clear();
                        self.reopen();
                    }
                    self.state.quashed = true;
                }
                Happening::Said(said)
                    if (self.state.settled.is_none() || self.is_after_support(&said))
                        && self.lacks_quorum(&said) =>
                {
                    let is_vote = |other: &Opinion| other.board && !other.decides;
                    self.state.live.retain(|other| !is_vote(other));
                }
                Happening::Said(said) if self.is_after_support(&said) => {
                    self.reopen();
                    self.state.decided_after_support = true;
                    self.say(said);
                }
                Happening::Said(said) if self.state.settled.is_some() => self.say_late(said),
                Happening::Said(said) => self.say(said),
                Happening::Ready => self.admit(at),
                Happening::Suspended(decision, cause) => {
                    self.state.suspended.push((at, decision, cause));
                }
                Happening::Restored(decision, cause) => self.restore(at, decision, cause),
                Happening::Removed(decision, cause, rejects) => {
                    self.remove(at, decision, cause, rejects);
                }
                Happening::Supported(board) => self.support(at, board),
                Happening::SentBack(board) => self.send_back(board),
                Happening::Withdrawn => {
                    if self.state.is_carried() {
                        let spell = self.state.spells.last_mut();
                        spell.expect("a spell").ends.push((at, Cause::GivenUp));
                        self.state.interrupted = None;
                        self.settle(Outcome::Withdrawn, at, 0, None, (0, false));
                    }
                    if self.state.settled.is_none() {
                        self.settle(Outcome::Withdrawn, at, 0, None, (0, false));
                    }
                }
            }
            self.review(at);
        }
        if self.state.settled.is_none() {
            self.state.suspended_open = self.suspended_open(before);
        }
        let waits = !self.state.waiting.is_empty() && self.state.settled.is_none();
        self.state.subject_to = waits && self.would_hold(before);
        self.state
    }

    /// Whether the decisions that wait are all that is missing.
    fn would_hold(&self, at: At) -> bool {
        let Some(need) = self.past.need_at(&self.asked, at) else {
            let mut waiting = self.state.waiting.iter();
            return waiting.any(|waiting| !self.state.is_suspended(waiting));
        };
        let live = self.state.live.iter().chain(&self.state.waiting);
        let opinions = live.filter(|opinion| !self.state.is_suspended(opinion));
        let opinions: Vec<Opinion> = opinions.copied().collect();
        self.is_met(&need, &opinions).is_some()
    }

    /// The call-in or stay but for which it would be approved, though some may wait.
    fn suspended_open(&self, at: At) -> Option<Cause> {
        let all: Vec<Opinion> = [&self.state.live[..], &self.state.waiting[..]].concat();
        let suspended = self.state.suspended.iter().filter(|(_, decision, _)| {
            let is_it = |said: &Opinion| said.decides && said.at.1 == *decision;
            all.iter()
                .any(|said| is_it(said) && said.choice == Choice::For)
        });
        let (_, _, cause) = suspended.max_by_key(|(at, _, _)| *at)?;
        if let Some(need) = self.past.need_at(&self.asked, at) {
            let free = all.iter().filter(|said| !self.state.is_suspended(said));
            let free: Vec<Opinion> = free.copied().collect();
            if self.is_met(&need, &free).is_some() || self.is_met(&need, &all).is_none() {
                return None;
            }
        }
        Some(*cause)
    }

    /// Without a rule: whether the board that was asked has approved it.
    fn has_board_approved(&self) -> bool {
        let named = self.asked.board.is_some();
        let mut approvals = self.approvals().into_iter();
        named
            && approvals
                .any(|said| said.of_board() == self.asked.board && !self.state.is_suspended(&said))
    }

    /// The approvals that no rule asked for, and that have not fallen.
    fn approvals(&self) -> Vec<Opinion> {
        let live = self.state.live.iter();
        let own = live.filter(|said| self.state.unruled.contains(&said.at.1));
        own.copied().collect()
    }

    /// Without a rule: whether an approval is suspended, and the board that was asked has not
    /// approved.
    pub fn is_approval_suspended(&self) -> bool {
        let mut approvals = self.approvals().into_iter();
        !self.has_board_approved() && approvals.any(|said| self.state.is_suspended(&said))
    }

    /// Without a rule: the approvals that carry it, unless one is suspended or waits.
    pub fn carried_without_rule(&self) -> Option<Counted> {
        let mut waiting = self.state.waiting.iter();
        let waits = waiting.any(|waiting| waiting.choice == Choice::For);
        if self.is_approval_suspended() || waits && !self.has_board_approved() {
            return None;
        }
        let approvals = self.approvals().into_iter();
        let active = approvals.filter(|said| !self.state.is_suspended(said));
        let counted: Counted = active.map(|said| (said.by, said.allows)).collect();
        (!counted.is_empty()).then_some(counted)
    }

    pub fn is_met(&self, need: &NeedAt, opinions: &[Opinion]) -> Option<Counted> {
        let (state, counted) = judge(&need.need, opinions, &self.asked);
        let is_alone = need.is_ruled && alone(&counted, self.asked.by);
        (state == ModelRequirementState::Met && !is_alone).then_some(counted)
    }

    /// Something said while it is open.
    pub fn say(&mut self, said: Opinion) {
        self.replace_waiting(&said);
        if said.decides && said.of_board().is_some() && self.state.sent_back_to == said.of_board() {
            self.state.sent_back_to = None;
            self.state.decided_again = true;
        }
        if said.waits() {
            self.state.waiting.push(said);
        } else {
            self.state.live.push(said);
            self.count(said, said.at);
        }
        self.admit(said.at);
    }

    /// A later word of the same decider replaces a decision that waits, and a rejection
    /// fails the approvals that depend on it.
    pub fn replace_waiting(&mut self, said: &Opinion) {
        let replaces = |waiting: &Opinion| {
            if said.decides {
                waiting.is_voice_of(said)
            } else {
                let by = said.by.map(super::action::body);
                said.is_own() && !waiting.board && by == Some(waiting.decider())
            }
        };
        self.state.waiting.retain(|waiting| !replaces(waiting));
        if said.decides && said.choice == Choice::Against {
            let past = self.past;
            self.fall_waiting(|waiting| {
                let conditions = waiting.terms.conditions.iter().enumerate();
                conditions.into_iter().any(|(index, by)| {
                    let open = past.condition(waiting.at.1, index, said.at).is_none();
                    open && by.is_some_and(|by| said.is_awaited_as(by))
                })
            });
        }
    }

    /// Decisions that wait fall, and those of the board with its votes.
    fn fall_waiting(&mut self, falls: impl Fn(&Opinion) -> bool) {
        let (gone, kept) = self
            .state
            .waiting
            .iter()
            .partition(|waiting| falls(waiting));
        self.state.waiting = kept;
        let gone: Vec<Opinion> = gone;
        for gone in gone.iter().filter(|gone| gone.of_board().is_some()) {
            let live = &mut self.state.live;
            live.retain(|live| live.of_board() != gone.of_board() || live.at > gone.at);
        }
    }

    /// An opinion that counts from a place.
    fn count(&mut self, said: Opinion, at: At) {
        let need = self.past.need_at(&self.asked, at);
        let active = self.state.active();
        match &need {
            Some(need_at) => {
                let (state, _) = judge(&need_at.need, &active, &self.asked);
                if let Some(counted) = self.is_met(need_at, &active) {
                    let allowed = allowed(&counted, &self.asked);
                    self.settle(Outcome::Carried, at, said.at.1, need, allowed);
                } else if said.decides
                    && said.choice == Choice::Against
                    && state == ModelRequirementState::Lost
                {
                    self.settle(Outcome::Rejected, at, said.at.1, need, (0, false));
                }
            }
            None if !said.decides => {}
            None if said.choice == Choice::For => {
                self.state.unruled.push(said.at.1);
                let Some(counted) = self.carried_without_rule() else {
                    return;
                };
                let allowed = allowed(&counted, &self.asked);
                self.settle(Outcome::Carried, at, said.at.1, None, allowed);
            }
            None => self.settle(Outcome::Rejected, at, said.at.1, None, (0, false)),
        }
    }

    pub fn settle(
        &mut self,
        outcome: Outcome,
        at: At,
        by: u64,
        need: Option<NeedAt>,
        (approved, covers_projected): (i64, bool),
    ) {
        let grounds = Grounds {
            at,
            approved,
            covers_projected,
            opinions: self.state.active(),
            confirmed: None,
            need,
        };
        if outcome == Outcome::Carried {
            self.state.spells.push(Spell {
                from: at,
                ends: Vec::new(),
                grounds: grounds.clone(),
            });
        }
        self.state.settled = Some(Settled {
            outcome,
            by,
            grounds,
        });
    }

    /// Lets each decision that waits count whose conditions are met and whose day is
    /// here. Those that wait for one another count together.
    pub fn admit(&mut self, at: At) {
        let past = self.past;
        // The month in which a condition was settled may begin before the approval.
        self.fall_waiting(|waiting| {
            let mut conditions = 0..waiting.terms.conditions.len();
            conditions.any(|index| {
                let how = past.condition(waiting.at.1, index, (at.0, at.1 + 1));
                how == Some(ConditionEnd::NotMet)
            })
        });
        let mut ready: Vec<Opinion> = self.state.waiting.clone();
        ready.retain(|waiting| {
            waiting
                .terms
                .from(waiting.at.0)
                .is_none_or(|from| from <= at.0)
        });
        let active = self.state.active();
        loop {
            // No decision meets its own condition.
            let approved = |who: &'static str, waiting: &Opinion| {
                let all = active.iter().chain(&ready);
                let mut all = all.filter(|said| said.decides && said.choice == Choice::For);
                all.any(|said| said.is_awaited_as(who) && !said.is_voice_of(waiting))
            };
            let is_met = |waiting: &Opinion| {
                let conditions = waiting.terms.conditions.iter().enumerate();
                conditions.into_iter().all(|(index, by)| {
                    match self.past.condition(waiting.at.1, index, (at.0, at.1 + 1)) {
                        Some(how) => how != ConditionEnd::NotMet,
                        None => by.is_some_and(|by| approved(by, waiting)),
                    }
                })
            };
            let kept: Vec<Opinion> = ready.iter().copied().filter(is_met).collect();
            if kept.len() == ready.len() {
                break;
            }
            ready = kept;
        }
        let is_ready = |said: &Opinion| ready.iter().any(|ready| ready.at == said.at);
        self.state.waiting.retain(|waiting| !is_ready(waiting));
        for said in ready {
            if self.state.settled.is_some() {
                // Others have carried it meanwhile: it agrees.
                if self.state.is_carried() {
                    self.take_late(said, Ok(Late::Agreement));
                }
            } else {
                self.state.live.push(said);
                self.count(said, at);
            }
        }
    }
}

impl Replay<'_> {
    /// Whether the board rejects without a quorum, by its minutes, where no rule asks for it:
    /// it decides nothing.
    pub fn lacks_quorum(&self, said: &Opinion) -> bool {
        let orders = self.asked.orders;
        let is_rejection = said.board && said.decides && said.choice == Choice::Against;
        if !is_rejection || !states_presence(&Need::Majority, &[*said], orders) {
            return false;
        }
        let need = self.past.need_at(&self.asked, said.at);
        let need = need.filter(|need| need.is_ruled);
        let is_asked = need.is_some_and(|need| !board_parts(&need.need).is_empty());
        let votes = self.state.live.iter();
        let votes = votes.filter(|vote| vote.board && !vote.decides);
        let mut opinions: Vec<Opinion> = votes.copied().collect();
        opinions.push(*said);
        !is_asked && !is_quorate(&Need::Majority, &opinions, orders)
    }

    /// Whether it is one of these decisions, each with the step that quashed it, or a vote
    /// behind it: also one of its day that was recorded after it, and before that step.
    fn is_of_any(&self, decisions: &[(Opinion, At)], said: &Opinion) -> bool {
        decisions.iter().any(|(decision, quashed)| {
            let board = said.of_board();
            let same_board = board.is_some() && board == decision.of_board();
            let is_beside =
                !said.decides && said.at < *quashed && self.past.is_of_day(decision, said);
            said.at == decision.at || (same_board && (said.at <= decision.at || is_beside))
        })
    }
}
