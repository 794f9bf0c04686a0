//! The events in the course of a proposal, in the order in which they have effect.

use super::Outcome;
use super::action::{At, CallInEnd, CourtStep, ModelAction, is_of_council};
use super::need::Opinion;
use super::replay::{Cause, Replay};

#[derive(Debug, Clone)]
pub enum Happening {
    Said(Opinion),
    /// A condition was settled, or the day came on which a decision is in force.
    Ready,
    Suspended(u64, Cause),
    Restored(u64, Cause),
    Removed(u64, Cause, bool),
    /// Recommended, by a board or by a body.
    Supported(Option<&'static str>),
    /// Sent back to a board.
    SentBack(&'static str),
    Withdrawn,
}

impl Replay<'_> {
    /// The decisions that a court quashed from the start, each with the step.
    pub fn quashed_from_the_start(&self, before: At) -> Vec<(Opinion, At)> {
        let decisions = self.past.opinions(self.asked.n).into_iter();
        let decisions = decisions.filter(|opinion| opinion.decides);
        let quashed = decisions.filter_map(|decision| {
            let mut quashed = self.past.quashings(decision.at.1, before).into_iter();
            let (_, step, _) = quashed.find(|(_, _, from)| from.is_none())?;
            Some((decision, step))
        });
        quashed.collect()
    }

    pub fn happenings(&self, before: At) -> Vec<(At, Happening)> {
        let mut found = Vec::new();
        for said in self.past.opinions(self.asked.n) {
            found.push((said.at, Happening::Said(said)));
            if !said.decides {
                continue;
            }
            let decision = said.at.1;
            if let Some(from) = said.terms.from(said.at.0).filter(|from| *from > said.at.0) {
                found.push(((from, decision), Happening::Ready));
            }
            for (challenge, step_at, from) in self.past.quashings(decision, before) {
                if let Some(from) = from {
                    let cause = Cause::Quashed(challenge);
                    let removed = Happening::Removed(decision, cause, false);
                    found.push(((from, step_at.1), removed));
                }
            }
            for fact in &self.past.facts {
                let happening = self.about(decision, &fact.action, fact.position, before);
                found.extend(happening.map(|happening| (fact.at(), happening)));
            }
        }
        for fact in &self.past.facts {
            let happening = match fact.action {
                ModelAction::Withdraw(n) if n == self.asked.n => Happening::Withdrawn,
                ModelAction::Support { n, by } if n == self.asked.n => {
                    Happening::Supported(supporter(by))
                }
                ModelAction::SendBack { n, to, .. } if n == self.asked.n => Happening::SentBack(to),
                _ => continue,
            };
            found.push((fact.at(), happening));
        }
        found.retain(|(at, _)| *at < before);
        found.sort_by_key(|(at, _)| *at);
        found
    }

    /// The effect of a fact on a decision.
    fn about(
        &self,
        decision: u64,
        action: &ModelAction,
        position: u64,
        before: At,
    ) -> Option<Happening> {
        match action {
            ModelAction::SettleCondition { decision: of, .. } if of.position == decision => {
                Some(Happening::Ready)
            }
            ModelAction::CallIn(of) if of.position == decision => {
                Some(Happening::Suspended(decision, Cause::CalledIn(position)))
            }
            ModelAction::SettleCallIn { call_in, how } => {
                let called = self.past.fact(call_in.position)?;
                let is_it = matches!(called.action,
                    ModelAction::CallIn(of) if of.position == decision);
                let id = call_in.position;
                // Until the council has answered, it stays suspended.
                let is_it = is_it && *how != CallInEnd::Council;
                is_it.then_some(match how {
                    CallInEnd::Upheld | CallInEnd::Lapsed => {
                        Happening::Restored(decision, Cause::CalledIn(id))
                    }
                    how => {
                        let rejects = *how == CallInEnd::Rescinded;
                        Happening::Removed(decision, Cause::SentBack(id), rejects)
                    }
                })
            }
            ModelAction::Step {
                challenge, step, ..
            } => {
                let challenged = self.past.fact(challenge.position)?;
                let is_it = matches!(challenged.action,
                    ModelAction::Challenge(of) if of.position == decision);
                let cause = Cause::Stayed(challenge.position);
                // A decision that was never valid was never stayed.
                let mut quashed = self.past.quashings(decision, before).into_iter();
                let never = quashed.any(|(of, _, from)| of == challenge.position && from.is_none());
                match step {
                    _ if !is_it || never => None,
                    CourtStep::Stayed => Some(Happening::Suspended(decision, cause)),
                    step if step.ends_stay() => Some(Happening::Restored(decision, cause)),
                    _ => None,
                }
            }
            _ => None,
        }
    }
}

/// Recommendations, and matters that are sent back.
impl Replay<'_> {
    /// A recommendation is the outcome if nobody else is to decide.
    pub fn support(&mut self, at: At, board: Option<&'static str>) {
        if self.state.settled.is_some() || self.past.need_at(&self.asked, at).is_some() {
            return;
        }
        let awaited = self.state.sent_back_to.or(self.asked.board);
        if awaited.is_none() || awaited == board {
            self.settle(Outcome::Supported, at, 0, None, (0, false));
        }
    }

    /// All that the board decided falls.
    pub fn send_back(&mut self, to: &'static str) {
        if self.state.settled.is_some() {
            return;
        }
        self.state
            .waiting
            .retain(|said| said.of_board() != Some(to));
        self.state.live.retain(|said| said.of_board() != Some(to));
        self.state.sent_back_to = Some(to);
        self.state.put_off = true;
    }

    /// Whether a board decides what another, and not itself, has supported.
    pub fn is_after_support(&self, said: &Opinion) -> bool {
        let settled = self.state.settled.as_ref();
        let supported = settled.is_some_and(|settled| settled.outcome == Outcome::Supported);
        let board = said.of_board();
        let mut facts = self.past.facts.iter().filter(|fact| fact.at() < said.at);
        supported
            && said.decides
            && board.is_some()
            && !facts.any(|fact| match fact.action {
                ModelAction::Support { n, by } => n == self.asked.n && supporter(by) == board,
                _ => false,
            })
    }
}

/// The board that supports it, unless a body does.
fn supporter(by: Option<&'static str>) -> Option<&'static str> {
    match by {
        None => Some("the board"),
        Some(by) => is_of_council(by).then_some(by),
    }
}
