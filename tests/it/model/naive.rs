//! The model: every fact is in one list, and every question is answered by
//! searching it from the start.

mod need;
mod past;
mod rules;

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

pub use self::rules::{RULE_SETS, rules};

use self::need::{Opinion, decided};
use self::past::{Made, Past};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Choice {
    For,
    Against,
    Neither,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Authority {
    None,
    Proposal(u8),
    Breach(Option<u8>),
}

/// The result of a board's vote as minuted.
#[derive(Debug, Clone, Copy)]
pub struct ModelTally {
    /// 0 if it is not stated.
    pub present: usize,
    pub for_it: usize,
    pub against: usize,
    pub neither: usize,
    pub unanimous: bool,
    pub casting: Option<Choice>,
}

impl ModelTally {
    pub const fn votes(&self) -> usize {
        self.for_it + self.against + self.neither
    }
}

/// The interest that a voter declares with the vote.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Declared {
    Nothing,
    /// A conflict of interest, in the old field.
    Conflict,
    /// Some other interest; the member left.
    Left,
    /// Some other interest; the member stayed without a vote.
    Stayed,
    /// A pecuniary interest, with a dispensation and without.
    Allowed,
    Barred,
}

#[derive(Debug, Clone)]
pub enum ModelAction {
    Adopt(u8),
    /// Three bits: a casting vote, one seat of merged bodies, a quorum of 2.
    Orders(u8),
    Request {
        n: u8,
        amount: i64,
        head: u8,
        projected: bool,
        by: &'static str,
    },
    Vote {
        n: u8,
        by: &'static str,
        board: bool,
        choice: Choice,
        declared: Declared,
        seat_only: bool,
    },
    /// By the board if no body is named.
    Decide {
        n: u8,
        by: Option<&'static str>,
        approves: bool,
        tally: Option<ModelTally>,
    },
    Approve {
        n: u8,
        by: Option<&'static str>,
        amount: Option<i64>,
        projected: bool,
        tally: Option<ModelTally>,
    },
    Withdraw(u8),
    Make {
        amount: i64,
        head: u8,
        projected: bool,
        authority: Authority,
    },
    /// By index into the virements made.
    Reverse(usize),
    /// By index into the entries.
    Void(usize),
}

#[derive(Debug, Clone)]
pub struct Fact {
    pub on: Date,
    pub position: u64,
    pub action: ModelAction,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    Open,
    Carried,
    Rejected,
    Withdrawn,
    NotAgreed,
}

/// Each proposal's outcome and amounts approved, made and left; and the positions
/// of the breaches.
pub type Answer = (BTreeMap<u8, (Outcome, i64, i64, i64)>, Vec<u64>);

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

    /// The position of the fact at `index`, which wraps around.
    pub fn position(&self, index: usize) -> Option<u64> {
        let index = index.checked_rem(self.facts.len())?;
        Some(self.facts[index].position)
    }

    /// Whether the fact at `index`, which wraps around, is about the board.
    pub fn is_orders(&self, index: usize) -> bool {
        let index = index.checked_rem(self.facts.len());
        index.is_some_and(|index| matches!(self.facts[index].action, ModelAction::Orders(_)))
    }

    /// The position of the virement at `index`, void or not; the index wraps around.
    pub fn made(&self, index: usize) -> Option<u64> {
        let made: Vec<u64> = self
            .facts
            .iter()
            .filter(|fact| matches!(fact.action, ModelAction::Make { .. }))
            .map(|fact| fact.position)
            .collect();
        let index = index.checked_rem(made.len())?;
        Some(made[index])
    }

    pub fn has_named_breach(&self) -> bool {
        self.facts.iter().any(|fact| {
            matches!(
                fact.action,
                ModelAction::Make {
                    authority: Authority::Breach(Some(_)),
                    ..
                }
            )
        })
    }

    /// The effective facts of those known, in their effective order.
    fn standing(&self, as_at: Date, known: u64) -> Past {
        let known: Vec<&Fact> = self
            .facts
            .iter()
            .filter(|fact| fact.position <= known)
            .collect();
        let mut void = BTreeSet::new();
        for fact in known.iter().rev() {
            if let ModelAction::Void(index) = fact.action
                && !void.contains(&fact.position)
            {
                // The list only grows, so an index keeps its meaning.
                let before = self
                    .facts
                    .iter()
                    .filter(|f| f.position < fact.position)
                    .count();
                void.insert(self.facts[index % before].position);
            }
        }
        let mut facts: Vec<Fact> = known
            .into_iter()
            .filter(|fact| !void.contains(&fact.position) && fact.on <= as_at)
            .filter(|fact| !matches!(fact.action, ModelAction::Void(_)))
            .cloned()
            .collect();
        let all = self.facts.clone();
        facts.sort_by_key(|fact| (fact.on, fact.position));
        Past { facts, all }
    }

    /// Whether one more fact is admitted.
    pub fn takes(&self, fact: &Fact) -> bool {
        let past = self.standing(Date::MAX, u64::MAX);
        let at = (fact.on, fact.position);
        match &fact.action {
            ModelAction::Adopt(_) | ModelAction::Orders(_) => true,
            ModelAction::Request { n, .. } => past.asked(*n).is_none(),
            ModelAction::Vote {
                n,
                by,
                board,
                choice,
                declared,
                seat_only,
            } => {
                let opinion = Opinion {
                    at,
                    by: Some(by),
                    board: *board,
                    choice: *choice,
                    conflicted: matches!(declared, Declared::Conflict | Declared::Left),
                    seat_only: *seat_only,
                    decides: false,
                    tally: None,
                    allows: None,
                };
                *declared != Declared::Barred && past.admits_opinion(*n, opinion)
            }
            ModelAction::Decide {
                n,
                by,
                approves,
                tally,
            } => {
                let choice = if *approves {
                    Choice::For
                } else {
                    Choice::Against
                };
                past.admits_opinion(*n, decided(at, *by, choice, Some((None, false)), *tally))
            }
            ModelAction::Approve {
                n,
                by,
                amount,
                projected,
                tally,
            } => {
                let within = past
                    .asked(*n)
                    .is_none_or(|asked| amount.is_none_or(|amount| amount <= asked.amount));
                within
                    && past.admits_opinion(
                        *n,
                        decided(at, *by, Choice::For, Some((*amount, *projected)), *tally),
                    )
            }
            ModelAction::Withdraw(n) => past
                .asked(*n)
                .is_some_and(|asked| asked.at.0 <= at.0 && past.settled(&asked, at).is_none()),
            ModelAction::Make { authority, .. } => {
                let named = match authority {
                    Authority::Proposal(n) | Authority::Breach(Some(n)) => past.asked(*n).is_some(),
                    Authority::None | Authority::Breach(None) => true,
                };
                let mut with = past.clone();
                with.add(fact.clone());
                let new = with
                    .moves()
                    .into_iter()
                    .find(|made| made.position == fact.position);
                let is_breach = |past: &Past, made: &Made| past.is_breach(made);
                let own = new.is_some_and(|new| {
                    matches!(authority, Authority::Breach(_)) || !is_breach(&with, &new)
                });
                // A breach needs no approval. Any other fact must not make a breach of
                // a later one.
                let crowds_out = !matches!(authority, Authority::Breach(_))
                    && with.moves().iter().any(|made| {
                        made.at > at
                            && !matches!(made.authority, Authority::Breach(_))
                            && is_breach(&with, made)
                            && !is_breach(&past, made)
                    });
                named && own && !crowds_out
            }
            ModelAction::Reverse(index) => {
                let position = self.made(*index);
                past.moves()
                    .into_iter()
                    .find(|made| Some(made.position) == position)
                    .is_some_and(|made| made.at.0 <= at.0 && made.reversed.is_none())
            }
            ModelAction::Void(index) => self.may_void(*index, fact.position),
        }
    }

    /// An entry is voided only once, and no effective fact may refer to a void one.
    fn may_void(&self, index: usize, position: u64) -> bool {
        let Some(target) = self.position(index) else {
            return false;
        };
        let corrected = |position: u64| {
            let mut void = BTreeSet::new();
            for fact in self.facts.iter().rev() {
                if let ModelAction::Void(index) = fact.action
                    && !void.contains(&fact.position)
                {
                    let before = self
                        .facts
                        .iter()
                        .filter(|f| f.position < fact.position)
                        .count();
                    void.insert(self.facts[index % before].position);
                }
            }
            void.contains(&position)
        };
        if corrected(target) {
            return false;
        }
        let hanging = |model: &Self| {
            let past = model.standing(Date::MAX, u64::MAX);
            past.hanging()
        };
        let before = hanging(self);
        let mut after = Self {
            first: self.first,
            facts: self.facts.clone(),
        };
        after.facts.push(Fact {
            on: Date::MAX,
            position,
            action: ModelAction::Void(index % self.facts.len()),
        });
        hanging(&after).is_subset(&before)
    }

    /// Each proposal's outcome and amounts approved, made and left; and the positions
    /// of the breaches.
    pub fn answer(&self, as_at: Date, known: u64) -> Answer {
        let past = self.standing(as_at, known);
        let proposals = (1..5_u8)
            .filter_map(|n| {
                let asked = past.asked(n)?;
                let end = (as_at, u64::MAX);
                let settled = past.settled(&asked, end);
                let (outcome, approved) = match &settled {
                    None => (Outcome::Open, 0),
                    Some(settled) if !settled.objectors.is_empty() => (Outcome::NotAgreed, 0),
                    Some(settled) => (settled.outcome, settled.approved),
                };
                let made = past.drawn(&asked).0;
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
}
