//! The model: every fact is in one list, and every question is answered by
//! searching it from the start.

mod action;
mod by_name;
mod door;
mod happenings;
mod ledger;
mod need;
mod past;
mod references;
mod replay;
mod rules;
mod settled;
mod tally;

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

pub use self::action::{
    Authority, CallInEnd, Choice, ConditionEnd, CourtStep, Declared, Fact, Known, ModelAction,
    ModelTally, Pick, Terms, day, is_of_council, later,
};
pub use self::rules::{RULE_SETS, rules};

use self::past::Past;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    Open,
    Carried,
    Rejected,
    Withdrawn,
    NotAgreed,
    Supported,
    Deferred,
    SubjectTo,
    CalledIn,
    Stayed,
    Quashed,
}

/// Each proposal's outcome and amounts approved, made and left; and the positions
/// of the breaches.
pub type Answer = (BTreeMap<u8, (Outcome, i64, i64, i64)>, Vec<u64>);

/// Why something is refused: a reason code, or one of the families below.
pub type Reason = &'static str;

/// The result minuted is impossible, or votes by name contradict it.
pub const TALLY: Reason = "a tally";
/// The votes on record do not carry the board's decision.
pub const BALLOT: Reason = "a ballot";
/// A later act would lose what it relies on.
pub const CROWDS_OUT: Reason = "CROWDS_OUT";

/// The proposals that a history has at most, from 1.
pub const PROPOSALS: u8 = 6;

#[derive(Debug)]
pub struct Model {
    /// The position before the first fact.
    pub first: u64,
    facts: Vec<Fact>,
}

impl Model {
    pub fn new(first: u64) -> Self {
        Self {
            first,
            facts: Vec::new(),
        }
    }

    pub fn keep(&mut self, fact: Fact) {
        self.facts.push(fact);
    }

    pub fn fact(&self, position: u64) -> Option<&Fact> {
        self.facts.iter().find(|fact| fact.position == position)
    }

    /// The proposal that a decision is about.
    pub fn proposal_of(&self, decision: u64) -> Option<u8> {
        match self.fact(decision)?.action {
            ModelAction::Decide { n, .. } | ModelAction::Approve { n, .. } => Some(n),
            _ => None,
        }
    }

    /// The action with the positions of the entries that it is about.
    pub fn resolve(&self, action: &ModelAction) -> ModelAction {
        let pick = |pick: &Pick, is: &dyn Fn(&Fact) -> bool| {
            let found: Vec<&Fact> = self.facts.iter().filter(|fact| is(fact)).collect();
            let back = pick.k % found.len().max(1);
            let position = found.iter().rev().nth(back).map_or(0, |fact| fact.position);
            Pick { position, ..*pick }
        };
        let decision = |wanted: &Pick, conditional: bool| {
            pick(wanted, &|fact| match &fact.action {
                ModelAction::Decide { n, terms, .. } | ModelAction::Approve { n, terms, .. } => {
                    *n == wanted.n && (!conditional || !terms.conditions.is_empty())
                }
                _ => false,
            })
        };
        let delegation = |wanted: &Pick| {
            pick(wanted, &|fact| {
                matches!(fact.action, ModelAction::Delegate { .. })
            })
        };
        let mut action = action.clone();
        match &mut action {
            ModelAction::SettleCondition {
                decision: wanted,
                index,
                ..
            } => {
                *wanted = decision(wanted, true);
                let conditions = self
                    .fact(wanted.position)
                    .map_or(0, |of| of.conditions().len());
                // One that does not exist is tried too.
                if *index < 5 && conditions > 0 {
                    *index %= conditions;
                }
            }
            ModelAction::CallIn(wanted) | ModelAction::Challenge(wanted) => {
                *wanted = decision(wanted, false);
            }
            ModelAction::SettleCallIn { call_in, .. } => {
                *call_in = pick(
                    call_in,
                    &|fact| matches!(fact.action, ModelAction::CallIn(of) if of.n == call_in.n),
                );
            }
            ModelAction::Step { challenge, .. } => {
                *challenge = pick(
                    challenge,
                    &|fact| matches!(fact.action, ModelAction::Challenge(of) if of.n == challenge.n),
                );
            }
            ModelAction::Revoke(wanted) => *wanted = delegation(wanted),
            ModelAction::Make {
                authority: Authority::Delegation(wanted),
                ..
            } => {
                *wanted = delegation(wanted);
            }
            ModelAction::Reverse(index) => {
                let made = |fact: &&Fact| matches!(fact.action, ModelAction::Make { .. });
                *index = self.at_index(*index, made);
            }
            ModelAction::Void(index) => *index = self.at_index(*index, |_| true),
            _ => {}
        }
        action
    }

    /// The position of the fact at an index, which wraps around; 0 if there is none.
    fn at_index(&self, index: u64, is: impl Fn(&&Fact) -> bool) -> u64 {
        let found: Vec<u64> = self
            .facts
            .iter()
            .filter(is)
            .map(|fact| fact.position)
            .collect();
        let count = u64::try_from(found.len()).expect("few facts");
        match index.checked_rem(count) {
            Some(index) => found[usize::try_from(index).expect("few facts")],
            None => 0,
        }
    }

    pub fn has(&self, is: impl Fn(&ModelAction) -> bool) -> bool {
        self.facts.iter().any(|fact| is(&fact.action))
    }

    /// The facts that are void, as known at a position.
    fn void(&self, known: u64) -> BTreeSet<u64> {
        let mut void = BTreeSet::new();
        for fact in self
            .facts
            .iter()
            .rev()
            .filter(|fact| fact.position <= known)
        {
            if let ModelAction::Void(position) = fact.action
                && !void.contains(&fact.position)
            {
                void.insert(position);
            }
        }
        void
    }

    /// The effective facts of those known, in their effective order.
    fn effective(&self, as_at: Date, known: u64) -> Past {
        let void = self.void(known);
        let known = self.facts.iter().filter(|fact| fact.position <= known);
        let facts = known
            .filter(|fact| !void.contains(&fact.position) && fact.on <= as_at)
            .filter(|fact| !matches!(fact.action, ModelAction::Void(_)));
        Past::new(facts.cloned().collect())
    }

    /// Why one more fact is refused; empty if it is admitted.
    pub fn refusals(&self, fact: &Fact) -> BTreeSet<Reason> {
        if let ModelAction::Void(target) = fact.action {
            return self
                .void_refusals(target, fact.position)
                .into_iter()
                .collect();
        }
        let past = self.effective(Date::MAX, u64::MAX);
        let mut reasons: BTreeSet<Reason> = past.references(fact).into_iter().collect();
        // Something that does not exist cannot be judged further.
        if !reasons
            .iter()
            .any(|reason| reason.starts_with("UNKNOWN_PROPOSAL"))
        {
            reasons.extend(past.refusals(fact));
        }
        reasons
    }

    /// An entry is voided only once, and no effective fact may refer to a void one.
    fn void_refusals(&self, target: u64, position: u64) -> Option<Reason> {
        if self.void(u64::MAX).contains(&target) {
            return Some("ALREADY_CORRECTED");
        }
        let hanging = |model: &Self| model.effective(Date::MAX, u64::MAX).hanging();
        let mut after = Self {
            first: self.first,
            facts: self.facts.clone(),
        };
        after.facts.push(Fact {
            on: Date::MAX,
            last: Date::MAX,
            position,
            action: ModelAction::Void(target),
        });
        (!hanging(&after).is_subset(&hanging(self))).then_some("RELIED_UPON")
    }

    /// Each proposal's outcome and amounts approved, made and left; and the positions
    /// of the breaches.
    pub fn answer(&self, as_at: Date, known: u64) -> Answer {
        let past = self.effective(as_at, known);
        let proposals = (1..=PROPOSALS)
            .filter_map(|n| {
                let asked = past.asked(n)?;
                let (outcome, approved) = past.course(&asked, (as_at, u64::MAX)).outcome();
                let made = past.drawn(&asked, (as_at, u64::MAX)).0;
                Some((n, (outcome, approved, made, (approved - made).max(0))))
            })
            .collect();
        let mut breaches: Vec<u64> = past
            .moves()
            .iter()
            .filter(|made| past.is_breach(made))
            .map(|made| made.position)
            .collect();
        breaches.sort_unstable();
        (proposals, breaches)
    }

    /// The events in the history, by name, beside the outcomes.
    pub fn reached(&self) -> Vec<&'static str> {
        let past = self.effective(Date::MAX, u64::MAX);
        let mut reached = Vec::new();
        for asked in (1..=PROPOSALS).filter_map(|n| past.asked(n)) {
            let course = past.course(&asked, (Date::MAX, u64::MAX));
            reached.extend(course.reached(&past, &asked));
        }
        let delegated = past.moves().into_iter().any(|made| {
            matches!(made.authority, Authority::Delegation(_))
                && past.rules(made.at).is_some()
                && !past.is_breach(&made)
        });
        reached.extend(delegated.then_some("made within a delegation"));
        let vague = past.moves().into_iter().any(|made| {
            let is_vague = made.at.0 != made.last;
            is_vague && matches!(made.authority, Authority::Proposal(_)) && !past.is_breach(&made)
        });
        reached.extend(vague.then_some("made on a day that is not known"));
        reached
    }
}
