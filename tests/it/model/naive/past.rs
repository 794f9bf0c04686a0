//! What stands of a history, in order, and what it comes to.

use std::collections::BTreeSet;

use jiff::civil::Date;

use super::need::{
    ModelRequirementState, Said, all_voted, allowed, alone, asks, asks_board, board_s, decided,
    judge,
};
use super::rules::{Rule, set};
use super::{Authority, Fact, ModelAction, Outcome, Word};

/// A place in the order in which things hold.
pub type At = (Date, u64);

#[derive(Debug, Clone)]
pub struct Settled {
    pub outcome: Outcome,
    pub at: At,
    pub approved: i64,
    pub covers_projected: bool,
    pub words: Vec<Said>,
    /// When the board put it on record, if its votes had carried it before.
    pub confirmed: Option<At>,
}

#[derive(Debug, Clone, Copy)]
pub struct Asked {
    pub n: u8,
    pub at: At,
    pub amount: i64,
    pub head: u8,
    pub projected: bool,
    pub by: &'static str,
}

#[derive(Debug, Clone, Copy)]
pub struct Made {
    pub at: At,
    pub position: u64,
    pub amount: i64,
    pub head: u8,
    pub projected: bool,
    pub authority: Authority,
    pub reversed: Option<At>,
}

/// What stands, in order.
#[derive(Debug, Clone)]
pub struct Past {
    pub facts: Vec<Fact>,
    /// Everything ever taken: what an index into those made means.
    pub all: Vec<Fact>,
}

impl Past {
    pub fn add(&mut self, fact: Fact) {
        self.facts.push(fact);
        self.facts.sort_by_key(|fact| (fact.on, fact.position));
    }

    pub fn asked(&self, wanted: u8) -> Option<Asked> {
        self.facts.iter().find_map(|fact| match fact.doing {
            ModelAction::Request {
                n,
                amount,
                head,
                projected,
                by,
            } if n == wanted => Some(Asked {
                n,
                at: (fact.on, fact.position),
                amount,
                head,
                projected,
                by,
            }),
            _ => None,
        })
    }

    pub fn moves(&self) -> Vec<Made> {
        let made: Vec<u64> = self
            .all
            .iter()
            .filter(|fact| matches!(fact.doing, ModelAction::Make { .. }))
            .map(|fact| fact.position)
            .collect();
        self.facts
            .iter()
            .filter_map(|fact| match fact.doing {
                ModelAction::Make {
                    amount,
                    head,
                    projected,
                    authority,
                } => Some(Made {
                    at: (fact.on, fact.position),
                    position: fact.position,
                    amount,
                    head,
                    projected,
                    authority,
                    reversed: self.facts.iter().find_map(|other| match other.doing {
                        ModelAction::Reverse(index) => {
                            // When it was taken there were fewer.
                            let then = made.iter().filter(|at| **at < other.position).count();
                            (made[index % then] == fact.position)
                                .then_some((other.on, other.position))
                        }
                        _ => None,
                    }),
                }),
                _ => None,
            })
            .collect()
    }

    /// Facts that are about a proposal or a virement that does not stand, or not
    /// yet: what no correction may leave behind.
    pub fn hanging(&self) -> BTreeSet<(u64, u8)> {
        let mut hanging = BTreeSet::new();
        for fact in &self.facts {
            let (about, dated) = match fact.doing {
                ModelAction::Vote { n, .. }
                | ModelAction::Decide { n, .. }
                | ModelAction::Approve { n, .. }
                | ModelAction::Withdraw(n) => (Some(n), true),
                ModelAction::Make { authority, .. } => match authority {
                    Authority::Proposal(n) | Authority::Breach(Some(n)) => (Some(n), false),
                    _ => (None, false),
                },
                ModelAction::Reverse(index) => {
                    let made: Vec<u64> = self
                        .all
                        .iter()
                        .filter(|f| {
                            matches!(f.doing, ModelAction::Make { .. })
                                && f.position < fact.position
                        })
                        .map(|f| f.position)
                        .collect();
                    let of = made[index % made.len()];
                    // Reversed twice, or of nothing, or before it.
                    match self.facts.iter().find(|f| f.position == of) {
                        None => {
                            hanging.insert((fact.position, 0));
                        }
                        Some(made) if made.on > fact.on => {
                            hanging.insert((fact.position, 1));
                        }
                        Some(_) => {}
                    }
                    let before = self.facts.iter().filter(|f| {
                        f.position < fact.position
                            && matches!(f.doing, ModelAction::Reverse(index) if {
                                let then = self.all.iter().filter(|g| matches!(g.doing, ModelAction::Make { .. })
                                    && g.position < f.position).map(|g| g.position).collect::<Vec<_>>();
                                then[index % then.len()] == of
                            })
                    });
                    if before.count() > 0 {
                        hanging.insert((fact.position, 2));
                    }
                    (None, false)
                }
                ModelAction::Request { n, .. } => {
                    let twice = self.facts.iter().any(|f| {
                        f.position < fact.position
                            && matches!(f.doing, ModelAction::Request { n: other, .. } if other == n)
                    });
                    if twice {
                        hanging.insert((fact.position, 3));
                    }
                    (None, false)
                }
                ModelAction::Adopt(_) | ModelAction::Void(_) => (None, false),
            };
            if let Some(n) = about {
                // Told before it, and dated no later.
                let known = self.facts.iter().find(|f| {
                    f.position < fact.position
                        && matches!(f.doing, ModelAction::Request { n: other, .. } if other == n)
                });
                match known {
                    None => {
                        hanging.insert((fact.position, 4));
                    }
                    Some(asked) if dated && asked.on > fact.on => {
                        hanging.insert((fact.position, 5));
                    }
                    Some(_) => {}
                }
            }
        }
        hanging
    }

    /// The rules in force just before a place.
    pub fn rules(&self, at: At) -> Option<Vec<Rule>> {
        self.facts
            .iter()
            .rev()
            .filter(|fact| (fact.on, fact.position) < at)
            .find_map(|fact| match fact.doing {
                ModelAction::Adopt(which) => Some(set(which)),
                _ => None,
            })
    }

    /// Which of the rules applies to so much from a head, the year's total as it
    /// runs at a place; what is drawn on a proposal of its own is left out.
    pub fn applies(
        &self,
        rules: &[Rule],
        amount: i64,
        head: u8,
        projected: bool,
        runs: At,
        own: Option<u8>,
    ) -> Option<usize> {
        let taken: i64 = self
            .moves()
            .iter()
            .filter(|made| made.head == head && made.at < runs)
            .filter(|made| made.reversed.is_none_or(|at| at >= runs))
            .filter(|made| match made.authority {
                Authority::Proposal(n) | Authority::Breach(Some(n)) if Some(n) == own => {
                    // Its own, unless it is another act that merely names it.
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

    /// Everything said on a proposal, in order.
    pub fn words(&self, wanted: u8) -> Vec<Said> {
        self.facts
            .iter()
            .filter_map(|fact| {
                let at = (fact.on, fact.position);
                match fact.doing {
                    ModelAction::Vote {
                        n,
                        by,
                        board,
                        word,
                        conflicted,
                    } if n == wanted => Some(Said {
                        at,
                        by: Some(by),
                        board,
                        word,
                        conflicted,
                        decides: false,
                        allows: None,
                    }),
                    ModelAction::Decide { n, by, approves } if n == wanted => {
                        let word = if approves { Word::For } else { Word::Against };
                        Some(decided(at, by, word, Some((None, false))))
                    }
                    ModelAction::Approve {
                        n,
                        by,
                        amount,
                        projected,
                    } if n == wanted => Some(decided(at, by, Word::For, Some((amount, projected)))),
                    _ => None,
                }
            })
            .collect()
    }

    /// What came of a proposal before a place.
    pub fn settled(&self, asked: &Asked, before: At) -> Option<Settled> {
        let withdrawn = self.facts.iter().find_map(|fact| match fact.doing {
            ModelAction::Withdraw(n) if n == asked.n => Some((fact.on, fact.position)),
            _ => None,
        });
        let all = self.words(asked.n);
        let mut words: Vec<Said> = Vec::new();
        let mut settled: Option<Settled> = None;
        for said in all.into_iter().filter(|said| said.at < before) {
            if withdrawn.is_some_and(|at| at < said.at) {
                break;
            }
            words.push(said);
            if let Some(done) = &mut settled {
                // The board may still record what all its members have voted.
                let mut with = done.words.clone();
                with.push(said);
                if done.outcome == Outcome::Carried
                    && said.decides
                    && said.board
                    && said.word == Word::For
                    && !done.words.iter().any(|word| word.decides && word.board)
                    && let Some(rules) = self.rules(done.at)
                    && let Some(index) = self.applies(
                        &rules,
                        asked.amount,
                        asked.head,
                        asked.projected,
                        done.at,
                        Some(asked.n),
                    )
                    && asks_board(&rules[index].need)
                    && all_voted(&done.words)
                    && let (ModelRequirementState::Met, counted) =
                        judge(&rules[index].need, &with, asked)
                {
                    done.confirmed = Some(said.at);
                    (done.approved, done.covers_projected) = allowed(&counted, asked);
                    done.words = with;
                }
                continue;
            }
            let rules = self.rules(said.at);
            let rule = rules.as_ref().and_then(|rules| {
                let index = self.applies(
                    rules,
                    asked.amount,
                    asked.head,
                    asked.projected,
                    said.at,
                    Some(asked.n),
                )?;
                Some(&rules[index])
            });
            let outcome = match rule {
                Some(rule) => {
                    let (state, counted) = judge(&rule.need, &words, asked);
                    if state == ModelRequirementState::Met && !alone(&counted, asked.by) {
                        Some((Outcome::Carried, allowed(&counted, asked)))
                    } else if said.decides
                        && said.word == Word::Against
                        && state == ModelRequirementState::Lost
                    {
                        Some((Outcome::Rejected, (0, false)))
                    } else {
                        None
                    }
                }
                None if !said.decides => None,
                None if said.word == Word::For => Some((
                    Outcome::Carried,
                    allowed(&vec![(said.by, said.allows)], asked),
                )),
                None => Some((Outcome::Rejected, (0, false))),
            };
            if let Some((outcome, (approved, covers_projected))) = outcome {
                settled = Some(Settled {
                    outcome,
                    at: said.at,
                    approved,
                    covers_projected,
                    words: words.clone(),
                    confirmed: None,
                });
            }
        }
        let withdrawn = withdrawn.filter(|at| *at < before);
        match (settled, withdrawn) {
            (Some(settled), Some(at)) if settled.at < at => Some(settled),
            (_, Some(at)) => Some(Settled {
                outcome: Outcome::Withdrawn,
                at,
                approved: 0,
                covers_projected: false,
                words,
                confirmed: None,
            }),
            (settled, None) => settled,
        }
    }

    /// Whether the door takes a word.
    pub fn hears(&self, n: u8, said: Said) -> bool {
        let Some(asked) = self.asked(n).filter(|asked| asked.at.0 <= said.at.0) else {
            return false;
        };
        // An officer speaks from the seat of the body; so does every member.
        let settled = self.settled(&asked, said.at);
        let (when, mut words) = match &settled {
            None => {
                let words = self
                    .words(n)
                    .into_iter()
                    .filter(|word| word.at < said.at)
                    .collect();
                (said.at, words)
            }
            Some(settled) => (settled.at, settled.words.clone()),
        };
        let rules = self.rules(when);
        let rule = rules.as_ref().and_then(|rules| {
            let index = self.applies(
                rules,
                asked.amount,
                asked.head,
                asked.projected,
                when,
                Some(n),
            )?;
            Some(&rules[index])
        });
        if let Some(settled) = &settled {
            let confirms = settled.outcome == Outcome::Carried
                && said.decides
                && said.board
                && said.word == Word::For
                && rule.is_some_and(|rule| {
                    asks_board(&rule.need) && board_s(&rule.need, &words) == Some(true)
                })
                && !words.iter().any(|word| word.decides && word.board)
                && all_voted(&words);
            return confirms;
        }
        let Some(rule) = rule else {
            return true;
        };
        if !asks(&rule.need, &said, asked.amount) {
            return false;
        }
        if said.word != Word::For {
            return true;
        }
        if said.decides && said.board && board_s(&rule.need, &words) != Some(true) {
            return false;
        }
        words.push(said);
        let (state, counted) = judge(&rule.need, &words, &asked);
        !(state == ModelRequirementState::Met && alone(&counted, asked.by))
    }

    /// What was drawn on a proposal, and which acts that name it it does not carry.
    pub fn drawn(&self, asked: &Asked) -> (i64, BTreeSet<u64>) {
        let end = (Date::MAX, u64::MAX);
        let settled = self.settled(asked, end);
        let moves = self.moves();
        let mut refused = BTreeSet::new();
        let mut taken: Vec<&Made> = Vec::new();
        for made in &moves {
            let named = match made.authority {
                Authority::Proposal(n) | Authority::Breach(Some(n)) => n == asked.n,
                _ => false,
            };
            if !named {
                continue;
            }
            let same = made.head == asked.head && made.projected == asked.projected;
            let drawn: i64 = taken
                .iter()
                .filter(|other| other.reversed.is_none_or(|at| at >= made.at))
                .map(|other| other.amount)
                .sum();
            let carried = settled
                .as_ref()
                .filter(|settled| settled.outcome == Outcome::Carried && settled.at.0 <= made.at.0);
            let fits = carried.is_some_and(|settled| {
                // It covers a projection from when the board says so.
                let covers = settled.covers_projected
                    && settled.confirmed.is_none_or(|at| at.0 <= made.at.0);
                same && made.amount <= settled.approved - drawn
                    && (!made.projected || covers)
                    && !self.tier_passed(asked, settled, made)
                    && !self.is_behind_the_rules(asked, settled, made)
            });
            // A breach that names it takes what it took, fitting or not.
            if fits || (same && matches!(made.authority, Authority::Breach(_))) {
                taken.push(made);
            }
            if !fits {
                refused.insert(made.position);
            }
        }
        let left = taken.iter().filter(|made| made.reversed.is_none());
        (left.map(|made| made.amount).sum(), refused)
    }

    /// Whether another rule applies when it is made than when it was carried, and
    /// is not met by what was said.
    pub fn tier_passed(&self, asked: &Asked, settled: &Settled, made: &Made) -> bool {
        let Some(rules) = self.rules(settled.at) else {
            return false;
        };
        let which = |runs| {
            self.applies(
                &rules,
                asked.amount,
                asked.head,
                asked.projected,
                runs,
                Some(asked.n),
            )
        };
        let (then, now) = (which(settled.at), which(made.at));
        match now {
            Some(now) if then != Some(now) => {
                let (state, counted) = judge(&rules[now].need, &settled.words, asked);
                state != ModelRequirementState::Met || alone(&counted, asked.by)
            }
            _ => false,
        }
    }

    /// Whether it was carried on a day before the rules under which it is made, by
    /// a word told after them that does not meet them.
    pub fn is_behind_the_rules(&self, asked: &Asked, settled: &Settled, made: &Made) -> bool {
        let adopted = self.facts.iter().rev().find_map(|fact| match fact.doing {
            ModelAction::Adopt(which) if (fact.on, fact.position) < made.at => {
                Some((fact, set(which)))
            }
            _ => None,
        });
        let Some((adopted, rules)) = adopted else {
            return false;
        };
        if settled.at.0 > adopted.on || settled.at.1 < adopted.position {
            return false;
        }
        let rule = self.applies(
            &rules,
            asked.amount,
            asked.head,
            asked.projected,
            made.at,
            Some(asked.n),
        );
        rule.is_some_and(|rule| {
            let (state, counted) = judge(&rules[rule].need, &settled.words, asked);
            state != ModelRequirementState::Met || alone(&counted, asked.by)
        })
    }

    pub fn is_breach(&self, made: &Made) -> bool {
        match made.authority {
            Authority::Breach(_) => true,
            Authority::Proposal(n) => self
                .asked(n)
                .is_none_or(|asked| self.drawn(&asked).1.contains(&made.position)),
            Authority::None => {
                let covered = self.rules(made.at).is_some_and(|rules| {
                    self.applies(
                        &rules,
                        made.amount,
                        made.head,
                        made.projected,
                        made.at,
                        None,
                    )
                    .is_some()
                });
                covered || made.projected
            }
        }
    }
}
