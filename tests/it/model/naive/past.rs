//! The effective facts of a history, in order.

use std::cell::RefCell;
use std::rc::Rc;

use jiff::civil::Date;

use super::action::{At, Authority, Choice, Declared, Fact, ModelAction, Span, Terms};
use super::need::{Need, NeedAt, Opinion, Orders};
use super::replay::{Replay, Replayed};
use super::rules::{Rule, set};

#[derive(Debug, Clone, Copy)]
pub struct Asked {
    pub n: u8,
    pub at: At,
    pub amount: i64,
    pub head: u8,
    pub projected: bool,
    pub by: &'static str,
    pub put_to: &'static [&'static str],
    pub board: Option<&'static str>,
    pub orders: Orders,
}

#[derive(Debug, Clone, Copy)]
pub struct Made {
    pub at: At,
    pub last: Date,
    pub position: u64,
    pub amount: i64,
    pub head: u8,
    pub projected: bool,
    pub by: Option<&'static str>,
    pub authority: Authority,
    pub reversed: Option<At>,
}

/// Answers that were found before, for as long as the facts are the same.
type Found = RefCell<Vec<((u8, At), Rc<Replayed>)>>;

#[derive(Debug, Clone)]
pub struct Past {
    pub facts: Vec<Fact>,
    /// An act that is judged, and not yet part of the year's total.
    judged: Option<u64>,
    found: Found,
}

impl Past {
    pub fn new(mut facts: Vec<Fact>) -> Self {
        facts.sort_by_key(Fact::at);
        Self {
            facts,
            judged: None,
            found: Found::default(),
        }
    }

    pub fn with(&self, fact: Fact) -> Self {
        let mut facts = self.facts.clone();
        facts.push(fact);
        Self::new(facts)
    }

    pub fn judging(&self, fact: &Fact) -> Self {
        Self {
            judged: Some(fact.position),
            ..self.with(fact.clone())
        }
    }

    pub fn fact(&self, position: u64) -> Option<&Fact> {
        self.facts.iter().find(|fact| fact.position == position)
    }

    /// The days that something may have happened on, at a place in the order: those of its
    /// entry, unless it has effect on another day.
    pub fn span(&self, at: At) -> Span {
        match self.fact(at.1) {
            Some(fact) if fact.on == at.0 => fact.span(),
            _ => (at.0, at.0),
        }
    }

    pub fn asked(&self, wanted: u8) -> Option<Asked> {
        self.facts.iter().find_map(|fact| match fact.action {
            ModelAction::Request {
                n,
                amount,
                head,
                projected,
                by,
                put_to,
                board,
            } if n == wanted => Some(Asked {
                n,
                at: fact.at(),
                amount,
                head,
                projected,
                by,
                put_to,
                board,
                orders: self.orders(),
            }),
            _ => None,
        })
    }

    /// How the board decides: standing orders are adopted before all else, if at all.
    fn orders(&self) -> Orders {
        let bits = self.facts.iter().find_map(|fact| match fact.action {
            ModelAction::Orders(bits) => Some(bits),
            _ => None,
        });
        let bits = bits.unwrap_or(0);
        Orders {
            casting: bits & 1 != 0,
            one: bits & 2 != 0,
            quorum: if bits & 4 != 0 { 2 } else { 3 },
        }
    }

    pub fn moves(&self) -> Vec<Made> {
        let reversed = |position: u64| {
            let mut facts = self.facts.iter();
            facts.find_map(|fact| match fact.action {
                ModelAction::Reverse(of) if of == position => Some(fact.at()),
                _ => None,
            })
        };
        let made = self.facts.iter().filter_map(|fact| match fact.action {
            ModelAction::Make {
                amount,
                head,
                projected,
                by,
                authority,
            } => Some(Made {
                at: fact.at(),
                last: fact.last,
                position: fact.position,
                amount,
                head,
                projected,
                by,
                authority,
                reversed: reversed(fact.position),
            }),
            _ => None,
        });
        made.collect()
    }

    /// Whether the rules of a day were recorded before a position.
    pub fn is_adopted_before(&self, at: At, position: u64) -> bool {
        let adoptions = self.facts.iter().filter(|fact| fact.at() < at);
        let mut adoptions = adoptions.filter(|fact| matches!(fact.action, ModelAction::Adopt(_)));
        adoptions
            .next_back()
            .is_some_and(|fact| fact.position < position)
    }

    pub fn rules(&self, at: At) -> Option<Vec<Rule>> {
        self.facts
            .iter()
            .rev()
            .filter(|fact| fact.at() < at)
            .find_map(|fact| match fact.action {
                ModelAction::Adopt(which) => Some(set(which)),
                _ => None,
            })
    }

    /// The rule that applies to an amount, with the year's running total at a place; a
    /// proposal's own draws are left out. The budget has one line for all heads, which
    /// share its running total.
    pub fn applies(
        &self,
        rules: &[Rule],
        amount: i64,
        projected: bool,
        runs: At,
        own: Option<u8>,
    ) -> Option<usize> {
        let taken: i64 = self
            .moves()
            .iter()
            .filter(|made| made.at < runs)
            .filter(|made| Some(made.position) != self.judged)
            .filter(|made| made.reversed.is_none_or(|at| at >= runs))
            .filter(|made| match made.authority {
                Authority::Proposal(n) | Authority::Breach(Some(n)) if Some(n) == own => {
                    // Its own draw, unless it is another act that merely names the
                    // proposal.
                    let asked = self.asked(n);
                    !asked.is_some_and(|a| a.head == made.head && a.projected == made.projected)
                }
                _ => true,
            })
            .map(|made| made.amount)
            .sum();
        rules.iter().position(|rule| {
            amount <= rule.amount_up_to
                && taken + amount <= rule.running_up_to
                && (!rule.projected_only || projected)
        })
    }

    /// The rule that applies to a proposal.
    pub fn rule_of(&self, asked: &Asked, rules: &[Rule], runs: At) -> Option<usize> {
        let own = Some(asked.n);
        self.applies(rules, asked.amount, asked.projected, runs, own)
    }

    /// The agreement that a proposal needs at a place: that of the rule, and of each body
    /// that it was put to.
    pub fn need_at(&self, asked: &Asked, at: At) -> Option<NeedAt> {
        let ruled = self.rules(at).and_then(|rules| {
            let index = self.rule_of(asked, &rules, at)?;
            Some(rules[index].need.clone())
        });
        let put_to = (!asked.put_to.is_empty()).then_some(Need::All(asked.put_to));
        let is_ruled = ruled.is_some();
        let need = match (ruled, put_to) {
            (Some(ruled), Some(put_to)) => Need::Both(vec![ruled, put_to]),
            (ruled, put_to) => ruled.or(put_to)?,
        };
        Some(NeedAt { need, is_ruled })
    }

    /// Every opinion on a proposal, in order.
    pub fn opinions(&self, wanted: u8) -> Vec<Opinion> {
        let opinions = self.facts.iter().map(Opinion::of);
        let opinions = opinions.flatten().filter(|(n, _)| *n == wanted);
        opinions.map(|(_, opinion)| opinion).collect()
    }

    /// The course of a proposal up to a place.
    pub fn course(&self, asked: &Asked, before: At) -> Rc<Replayed> {
        let key = (asked.n, before);
        let found = self.found.borrow();
        if let Some((_, found)) = found.iter().find(|(other, _)| *other == key) {
            return Rc::clone(found);
        }
        drop(found);
        let course = Rc::new(Replay::new(self, *asked).run(before));
        self.found.borrow_mut().push((key, Rc::clone(&course)));
        course
    }
}

impl Opinion {
    /// The opinion that a fact records, and the proposal that it is about.
    pub fn of(fact: &Fact) -> Option<(u8, Self)> {
        let at = fact.at();
        match fact.action {
            ModelAction::Vote {
                n,
                by,
                board,
                choice,
                declared,
                seat_only,
            } => {
                let opinion = Self {
                    at,
                    by: Some(by),
                    board,
                    choice,
                    conflicted: matches!(declared, Declared::Conflict | Declared::Left),
                    seat_only,
                    decides: false,
                    tally: None,
                    allows: None,
                    terms: Terms::NONE,
                };
                Some((n, opinion))
            }
            ModelAction::Decide {
                n,
                by,
                approves,
                tally,
                terms,
            } => {
                let choice = match approves {
                    true => Choice::For,
                    false => Choice::Against,
                };
                let allows = Some((None, false));
                Some((n, Self::decided(at, by, choice, allows, tally, terms)))
            }
            ModelAction::Approve {
                n,
                by,
                amount,
                projected,
                tally,
                terms,
            } => {
                let allows = Some((amount, projected));
                Some((n, Self::decided(at, by, Choice::For, allows, tally, terms)))
            }
            _ => None,
        }
    }
}
