//! The effective facts of a history, in order, and their consequences.

use std::collections::BTreeSet;

use jiff::civil::Date;

use super::need::{
    ModelRequirementState, Opinion, Orders, all_voted, allowed, alone, asks, board_parts, board_s,
    board_votes, body, decided, holds, judge, takes_tally, units_of,
};
use super::rules::{Rule, set};
use super::{Authority, Choice, Declared, Fact, ModelAction, Outcome};

/// A place in the effective order.
pub type At = (Date, u64);

#[derive(Debug, Clone)]
pub struct Settled {
    pub outcome: Outcome,
    pub at: At,
    pub approved: i64,
    pub covers_projected: bool,
    pub opinions: Vec<Opinion>,
    /// When the board recorded its decision, if its votes had carried the proposal
    /// before.
    pub confirmed: Option<At>,
    /// Minutes, agreements and objections after it was settled.
    pub late: Vec<Opinion>,
    /// Where no rule applies: from when to when another objects.
    pub gaps: Vec<(At, Option<At>)>,
    pub objectors: BTreeSet<&'static str>,
}

impl Settled {
    /// Whether the approval is in force for an act.
    fn covers(&self, at: At) -> bool {
        let from = self.gaps.iter().filter_map(|(_, until)| *until);
        let starts = [self.at].into_iter().chain(from);
        let ends = self.gaps.iter().map(|(from, _)| Some(*from)).chain([None]);
        let mut spells = starts.zip(ends);
        spells.any(|(from, until)| from.0 <= at.0 && until.is_none_or(|until| at < until))
    }
}

/// The effect of a decision after a proposal was carried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Late {
    Refused,
    Minute,
    Agreement,
    Objection,
}

/// The body or the board that decides.
fn decider(opinion: &Opinion) -> &'static str {
    opinion
        .by
        .filter(|_| !opinion.board)
        .map_or("the board", body)
}

#[derive(Debug, Clone, Copy)]
pub struct Asked {
    pub n: u8,
    pub at: At,
    pub amount: i64,
    pub head: u8,
    pub projected: bool,
    pub by: &'static str,
    pub orders: Orders,
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

/// The effective facts, in order.
#[derive(Debug, Clone)]
pub struct Past {
    pub facts: Vec<Fact>,
    /// Every admitted fact; indices of virements refer to it.
    pub all: Vec<Fact>,
}

impl Past {
    pub fn add(&mut self, fact: Fact) {
        self.facts.push(fact);
        self.facts.sort_by_key(|fact| (fact.on, fact.position));
    }

    pub fn asked(&self, wanted: u8) -> Option<Asked> {
        self.facts.iter().find_map(|fact| match fact.action {
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
        let made: Vec<u64> = self
            .all
            .iter()
            .filter(|fact| matches!(fact.action, ModelAction::Make { .. }))
            .map(|fact| fact.position)
            .collect();
        self.facts
            .iter()
            .filter_map(|fact| match fact.action {
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
                    reversed: self.facts.iter().find_map(|other| match other.action {
                        ModelAction::Reverse(index) => {
                            // There were fewer when it was admitted.
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

    /// Facts about a proposal or virement that is not effective, or not yet. No
    /// correction may leave any.
    pub fn hanging(&self) -> BTreeSet<(u64, u8)> {
        let mut hanging = BTreeSet::new();
        for fact in &self.facts {
            let (about, dated) = match fact.action {
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
                            matches!(f.action, ModelAction::Make { .. })
                                && f.position < fact.position
                        })
                        .map(|f| f.position)
                        .collect();
                    let position = made[index % made.len()];
                    // A reversal repeated, of nothing, or before its virement.
                    match self.facts.iter().find(|f| f.position == position) {
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
                            && matches!(f.action, ModelAction::Reverse(index) if {
                                let then = self.all.iter().filter(|g| matches!(g.action, ModelAction::Make { .. })
                                    && g.position < f.position).map(|g| g.position).collect::<Vec<_>>();
                                then[index % then.len()] == position
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
                            && matches!(f.action, ModelAction::Request { n: other, .. } if other == n)
                    });
                    if twice {
                        hanging.insert((fact.position, 3));
                    }
                    (None, false)
                }
                ModelAction::Adopt(_) | ModelAction::Orders(_) | ModelAction::Void(_) => {
                    (None, false)
                }
            };
            if let Some(n) = about {
                // Recorded before it, and dated no later.
                let known = self.facts.iter().find(|f| {
                    f.position < fact.position
                        && matches!(f.action, ModelAction::Request { n: other, .. } if other == n)
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

    pub fn rules(&self, at: At) -> Option<Vec<Rule>> {
        self.facts
            .iter()
            .rev()
            .filter(|fact| (fact.on, fact.position) < at)
            .find_map(|fact| match fact.action {
                ModelAction::Adopt(which) => Some(set(which)),
                _ => None,
            })
    }

    /// The rule that applies to an amount from a head, with the year's running total at
    /// a place; a proposal's own draws are left out.
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

    /// Every opinion on a proposal, in order.
    pub fn opinions(&self, wanted: u8) -> Vec<Opinion> {
        self.facts
            .iter()
            .filter_map(|fact| {
                let at = (fact.on, fact.position);
                match fact.action {
                    ModelAction::Vote {
                        n,
                        by,
                        board,
                        choice,
                        declared,
                        seat_only,
                    } if n == wanted => Some(Opinion {
                        at,
                        by: Some(by),
                        board,
                        choice,
                        conflicted: matches!(declared, Declared::Conflict | Declared::Left),
                        seat_only,
                        decides: false,
                        tally: None,
                        allows: None,
                    }),
                    ModelAction::Decide {
                        n,
                        by,
                        approves,
                        tally,
                    } if n == wanted => {
                        let choice = if approves {
                            Choice::For
                        } else {
                            Choice::Against
                        };
                        Some(decided(at, by, choice, Some((None, false)), tally))
                    }
                    ModelAction::Approve {
                        n,
                        by,
                        amount,
                        projected,
                        tally,
                    } if n == wanted => Some(decided(
                        at,
                        by,
                        Choice::For,
                        Some((amount, projected)),
                        tally,
                    )),
                    _ => None,
                }
            })
            .collect()
    }

    /// The result of a proposal before a place.
    pub fn settled(&self, asked: &Asked, before: At) -> Option<Settled> {
        let withdrawn = self.facts.iter().find_map(|fact| match fact.action {
            ModelAction::Withdraw(n) if n == asked.n => Some((fact.on, fact.position)),
            _ => None,
        });
        let all = self.opinions(asked.n);
        let mut opinions: Vec<Opinion> = Vec::new();
        let mut settled: Option<Settled> = None;
        for opinion in all.into_iter().filter(|opinion| opinion.at < before) {
            if withdrawn.is_some_and(|at| at < opinion.at) {
                break;
            }
            opinions.push(opinion);
            if let Some(done) = &mut settled {
                // The board may still record the result of its members' votes.
                let mut with = done.opinions.clone();
                with.push(opinion);
                if done.outcome == Outcome::Carried
                    && opinion.decides
                    && opinion.board
                    && opinion.choice == Choice::For
                    && !done
                        .opinions
                        .iter()
                        .any(|opinion| opinion.decides && opinion.board)
                    && let Some(rules) = self.rules(done.at)
                    && let Some(index) = self.applies(
                        &rules,
                        asked.amount,
                        asked.head,
                        asked.projected,
                        done.at,
                        Some(asked.n),
                    )
                    && board_parts(&rules[index].need)
                        .into_iter()
                        .any(|part| all_voted(part, &done.opinions, asked.orders))
                    && let (ModelRequirementState::Met, counted) =
                        judge(&rules[index].need, &with, asked)
                {
                    done.confirmed = Some(opinion.at);
                    (done.approved, done.covers_projected) = allowed(&counted, asked);
                    done.opinions = with;
                }
                if done.confirmed != Some(opinion.at) {
                    let who = decider(&opinion);
                    match self.late(asked, done, &opinion) {
                        Late::Refused => continue,
                        Late::Minute => {}
                        Late::Objection => {
                            if done.objectors.is_empty() {
                                done.gaps.push((opinion.at, None));
                            }
                            done.objectors.insert(who);
                        }
                        Late::Agreement => {
                            let objected = done.objectors.remove(who);
                            if objected && done.objectors.is_empty() {
                                done.gaps.last_mut().expect("a gap").1 = Some(opinion.at);
                            }
                        }
                    }
                    done.late.push(opinion);
                }
                continue;
            }
            let rules = self.rules(opinion.at);
            let rule = rules.as_ref().and_then(|rules| {
                let index = self.applies(
                    rules,
                    asked.amount,
                    asked.head,
                    asked.projected,
                    opinion.at,
                    Some(asked.n),
                )?;
                Some(&rules[index])
            });
            let outcome = match rule {
                Some(rule) => {
                    let (state, counted) = judge(&rule.need, &opinions, asked);
                    if state == ModelRequirementState::Met && !alone(&counted, asked.by) {
                        Some((Outcome::Carried, allowed(&counted, asked)))
                    } else if opinion.decides
                        && opinion.choice == Choice::Against
                        && state == ModelRequirementState::Lost
                    {
                        Some((Outcome::Rejected, (0, false)))
                    } else {
                        None
                    }
                }
                None if !opinion.decides => None,
                None if opinion.choice == Choice::For => Some((
                    Outcome::Carried,
                    allowed(&vec![(opinion.by, opinion.allows)], asked),
                )),
                None => Some((Outcome::Rejected, (0, false))),
            };
            if let Some((outcome, (approved, covers_projected))) = outcome {
                settled = Some(Settled {
                    outcome,
                    at: opinion.at,
                    approved,
                    covers_projected,
                    opinions: opinions.clone(),
                    confirmed: None,
                    late: Vec::new(),
                    gaps: Vec::new(),
                    objectors: BTreeSet::new(),
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
                opinions,
                confirmed: None,
                late: Vec::new(),
                gaps: Vec::new(),
                objectors: BTreeSet::new(),
            }),
            (settled, None) => settled,
        }
    }

    /// Whether an opinion is admitted.
    pub fn admits_opinion(&self, n: u8, opinion: Opinion) -> bool {
        let Some(asked) = self.asked(n).filter(|asked| asked.at.0 <= opinion.at.0) else {
            return false;
        };
        if let Some(tally) = opinion.tally {
            let mut before = self.opinions(n);
            before.retain(|earlier| earlier.at < opinion.at && !earlier.decides);
            let votes = board_votes(&before, asked.orders);
            let approves = opinion.choice == Choice::For;
            if !takes_tally(tally, approves, &votes, asked.orders) {
                return false;
            }
        }
        // An officer votes for the body, and so does every member.
        let settled = self.settled(&asked, opinion.at);
        let (when, mut opinions) = match &settled {
            None => {
                let opinions = self
                    .opinions(n)
                    .into_iter()
                    .filter(|earlier| earlier.at < opinion.at)
                    .collect();
                (opinion.at, opinions)
            }
            Some(settled) => (settled.at, settled.opinions.clone()),
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
            // Who holds two seats may vote the same for each.
            if let Some(by) = opinion.by.filter(|_| opinion.board && !opinion.decides) {
                let same = self.opinions(n).into_iter().filter(|earlier| {
                    earlier.at < opinion.at
                        && earlier.board
                        && !earlier.decides
                        && earlier.by == Some(by)
                        && earlier.choice == opinion.choice
                });
                let same = same.count();
                return settled.outcome == Outcome::Carried
                    && same > 0
                    && same < units_of(by, asked.orders).len();
            }
            let confirms = settled.outcome == Outcome::Carried
                && opinion.decides
                && opinion.board
                && opinion.choice == Choice::For
                && rule.is_some_and(|rule| {
                    board_s(&rule.need, &opinions, asked.orders) == Some(true)
                        && board_parts(&rule.need).into_iter().any(|part| {
                            holds(part, &opinions, asked.orders)
                                && all_voted(part, &opinions, asked.orders)
                        })
                })
                && !opinions
                    .iter()
                    .any(|opinion| opinion.decides && opinion.board);
            return confirms || self.late(&asked, settled, &opinion) != Late::Refused;
        }
        let Some(rule) = rule else {
            return true;
        };
        if !asks(&rule.need, &opinion, asked.amount) {
            return false;
        }
        if opinion.choice != Choice::For {
            return true;
        }
        opinions.push(opinion);
        if opinion.decides
            && opinion.board
            && board_s(&rule.need, &opinions, asked.orders) == Some(false)
        {
            return false;
        }
        let (state, counted) = judge(&rule.need, &opinions, &asked);
        !(state == ModelRequirementState::Met && alone(&counted, asked.by))
    }

    /// Whether a decision after a proposal was carried is recorded all the same.
    fn late(&self, asked: &Asked, done: &Settled, opinion: &Opinion) -> Late {
        if done.outcome != Outcome::Carried || !opinion.decides {
            return Late::Refused;
        }
        let who = decider(opinion);
        let approves = opinion.choice == Choice::For;
        if approves && done.objectors.contains(who) {
            return Late::Agreement;
        }
        let decided = done.opinions.iter().filter(|other| other.decides);
        if decided.chain(&done.late).any(|other| decider(other) == who) {
            return Late::Refused;
        }
        let rules = self.rules(done.at);
        let is_ruled = rules.is_some_and(|rules| {
            let (amount, head, projected) = (asked.amount, asked.head, asked.projected);
            let rule = self.applies(&rules, amount, head, projected, done.at, Some(asked.n));
            rule.is_some()
        });
        if !is_ruled {
            // It has seats on the board, and is no party: nobody's equal.
            if who == "m" {
                return Late::Refused;
            }
            return if approves {
                Late::Agreement
            } else {
                Late::Objection
            };
        }
        let voted = done.opinions.iter().any(|vote| {
            !vote.decides
                && !vote.board
                && vote.choice == Choice::For
                && !vote.conflicted
                && decider(vote) == who
        });
        let says_the_same = opinion.allows.is_none_or(|(amount, projected)| {
            amount.is_none_or(|amount| amount == done.approved)
                && !(projected && asked.projected && !done.covers_projected)
        });
        if voted && approves && says_the_same {
            Late::Minute
        } else {
            Late::Refused
        }
    }

    /// The amount drawn on a proposal, and the acts that name it but exceed it.
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
                .filter(|settled| settled.outcome == Outcome::Carried && settled.covers(made.at));
            let fits = carried.is_some_and(|settled| {
                // It covers a projection from the board's decision on.
                let covers = settled.covers_projected
                    && settled.confirmed.is_none_or(|at| at.0 <= made.at.0);
                same && made.amount <= settled.approved - drawn
                    && (!made.projected || covers)
                    && !self.tier_passed(asked, settled, made)
                    && !self.is_behind_the_rules(asked, settled, made)
            });
            // A breach that names it draws its amount, within the approval or not.
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

    /// Whether the rule that applies when it is made is another than when it was
    /// carried, and is not met by the opinions.
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
                let (state, counted) = judge(&rules[now].need, &settled.opinions, asked);
                state != ModelRequirementState::Met || alone(&counted, asked.by)
            }
            _ => false,
        }
    }

    /// Whether it was carried before the rules under which it is made, by an opinion
    /// that was recorded after them and does not meet them.
    pub fn is_behind_the_rules(&self, asked: &Asked, settled: &Settled, made: &Made) -> bool {
        let adopted = self.facts.iter().rev().find_map(|fact| match fact.action {
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
            let (state, counted) = judge(&rules[rule].need, &settled.opinions, asked);
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
