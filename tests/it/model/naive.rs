//! The model: every fact in one list, and every question answered by looking
//! through it from the start.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use serde_json::{Value, json};

/// How many families of rules there are to adopt.
pub const RULE_SETS: u8 = 6;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Word {
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

#[derive(Debug, Clone)]
pub enum Doing {
    Adopt(u8),
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
        word: Word,
        conflicted: bool,
    },
    /// By the board where nobody is named.
    Decide {
        n: u8,
        by: Option<&'static str>,
        approves: bool,
    },
    Approve {
        n: u8,
        by: Option<&'static str>,
        amount: Option<i64>,
        projected: bool,
    },
    Withdraw(u8),
    Make {
        amount: i64,
        head: u8,
        projected: bool,
        authority: Authority,
    },
    /// Of one of those made.
    Reverse(usize),
    /// Of one of the entries.
    Void(usize),
}

#[derive(Debug, Clone)]
pub struct Fact {
    pub on: Date,
    pub position: u64,
    pub doing: Doing,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    Open,
    Carried,
    Rejected,
    Withdrawn,
}

/// Who must agree.
#[derive(Debug, Clone)]
enum Need {
    All(&'static [&'static str]),
    Officer(i64),
    Majority,
    Unanimity,
    /// a-pcc has six tenths of the weight and b-pcc four.
    Weight(i64),
    Any(Vec<Need>),
    Both(Vec<Need>),
}

struct Rule {
    amount_up_to: i64,
    running_up_to: i64,
    projected_only: bool,
    need: Need,
}

const MEMBERS: [&str; 4] = ["a-pcc", "a-cc", "b-pcc", "b-cc"];
const MUCH: i64 = 1_000_000;

fn set(set: u8) -> Vec<Rule> {
    let rule = |amount_up_to, need| Rule {
        amount_up_to,
        running_up_to: MUCH,
        projected_only: false,
        need,
    };
    match set {
        0 => Vec::new(),
        1 => vec![rule(MUCH, Need::All(&["a-pcc", "b-pcc"]))],
        2 => vec![
            Rule {
                projected_only: true,
                ..rule(MUCH, Need::All(&["a-pcc", "b-pcc"]))
            },
            rule(30, Need::Officer(20)),
            rule(MUCH, Need::Majority),
        ],
        3 => vec![
            Rule {
                running_up_to: 60,
                ..rule(MUCH, Need::Officer(MUCH))
            },
            rule(
                MUCH,
                Need::Any(vec![Need::Unanimity, Need::All(&["a-cc", "b-cc"])]),
            ),
        ],
        4 => vec![rule(
            MUCH,
            Need::Both(vec![Need::Weight(600_000), Need::All(&["b-cc", "a-cc"])]),
        )],
        _ => vec![rule(40, Need::All(&MEMBERS))],
    }
}

/// A set as it is recorded.
pub fn rules(which: u8) -> Value {
    let rules: Vec<Value> = set(which)
        .iter()
        .enumerate()
        .map(|(index, rule)| {
            let mut conditions = json!({ "matterKinds": ["MATTER_KIND_MAKE_VIREMENT"] });
            if rule.amount_up_to < MUCH {
                conditions["amountUpToPence"] = rule.amount_up_to.to_string().into();
            }
            if rule.running_up_to < MUCH {
                conditions["runningTotalUpToPence"] = rule.running_up_to.to_string().into();
            }
            if rule.projected_only {
                conditions["basis"] = "UNDERSPEND_BASIS_PROJECTED".into();
            }
            json!({ "ruleId": format!("r-{index}"), "title": "A rule", "conditions": conditions,
                "requirement": requirement(&rule.need) })
        })
        .collect();
    rules.into()
}

fn requirement(need: &Need) -> Value {
    let board =
        |rule: &str| json!({ "boardId": "board", "votingRule": format!("VOTING_RULE_{rule}") });
    match need {
        Need::All(bodies) => json!({ "namedBodies": { "bodyIds": bodies } }),
        Need::Officer(up_to) => json!({ "office": { "bodyId": "a-pcc",
            "office": "Chief Finance Officer", "upToPence": up_to.to_string() } }),
        Need::Majority => json!({ "board": board("MAJORITY") }),
        Need::Unanimity => json!({ "board": board("UNANIMITY") }),
        Need::Weight(threshold) => {
            let mut board = board("WEIGHTED");
            board["thresholdPpm"] = (*threshold).into();
            board["weights"] = json!([{ "bodyId": "a-pcc", "sharePpm": 600_000 },
                                      { "bodyId": "b-pcc", "sharePpm": 400_000 }]);
            json!({ "board": board })
        }
        Need::Any(of) => {
            json!({ "anyOf": { "of": of.iter().map(requirement).collect::<Vec<_>>() } })
        }
        Need::Both(of) => {
            json!({ "allOf": { "of": of.iter().map(requirement).collect::<Vec<_>>() } })
        }
    }
}

/// A place in the order in which things hold.
type At = (Date, u64);

/// What was said on a proposal; a board's own decision has nobody in `by`.
#[derive(Debug, Clone, Copy)]
struct Said {
    at: At,
    by: Option<&'static str>,
    board: bool,
    word: Word,
    conflicted: bool,
    decides: bool,
    /// For the approval of a virement: how much, and that it covers a projection.
    allows: Option<(Option<i64>, bool)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Met,
    Open,
    Lost,
}

/// Those who count: who (nobody for a board), and what they allow.
type Counted = Vec<(Option<&'static str>, Option<(Option<i64>, bool)>)>;

#[derive(Debug, Clone)]
struct Settled {
    outcome: Outcome,
    at: At,
    approved: i64,
    covers_projected: bool,
    words: Vec<Said>,
}

#[derive(Debug, Clone, Copy)]
struct Asked {
    n: u8,
    at: At,
    amount: i64,
    head: u8,
    projected: bool,
    by: &'static str,
}

#[derive(Debug, Clone, Copy)]
struct Made {
    at: At,
    position: u64,
    amount: i64,
    head: u8,
    projected: bool,
    authority: Authority,
    reversed: Option<At>,
}

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

    /// The position of one of the facts.
    pub fn position(&self, index: usize) -> Option<u64> {
        let index = index.checked_rem(self.facts.len())?;
        Some(self.facts[index].position)
    }

    /// The position of one of the virements made, void or not.
    pub fn made(&self, index: usize) -> Option<u64> {
        let made: Vec<u64> = self
            .facts
            .iter()
            .filter(|fact| matches!(fact.doing, Doing::Make { .. }))
            .map(|fact| fact.position)
            .collect();
        let index = index.checked_rem(made.len())?;
        Some(made[index])
    }

    pub fn has_named_breach(&self) -> bool {
        self.facts.iter().any(|fact| {
            matches!(
                fact.doing,
                Doing::Make {
                    authority: Authority::Breach(Some(_)),
                    ..
                }
            )
        })
    }

    /// What stands of what was known, in the order in which it holds.
    fn standing(&self, as_at: Date, known: u64) -> Past {
        let known: Vec<&Fact> = self
            .facts
            .iter()
            .filter(|fact| fact.position <= known)
            .collect();
        let mut void = BTreeSet::new();
        for fact in known.iter().rev() {
            if let Doing::Void(index) = fact.doing
                && !void.contains(&fact.position)
            {
                // The list only grows, so an index means what it meant.
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
            .filter(|fact| !matches!(fact.doing, Doing::Void(_)))
            .cloned()
            .collect();
        let all = self.facts.clone();
        facts.sort_by_key(|fact| (fact.on, fact.position));
        Past { facts, all }
    }

    /// Whether the door takes one more fact.
    pub fn takes(&self, fact: &Fact) -> bool {
        let past = self.standing(Date::MAX, u64::MAX);
        let at = (fact.on, fact.position);
        match &fact.doing {
            Doing::Adopt(_) => true,
            Doing::Request { n, .. } => past.asked(*n).is_none(),
            Doing::Vote {
                n,
                by,
                board,
                word,
                conflicted,
            } => {
                let said = Said {
                    at,
                    by: Some(by),
                    board: *board,
                    word: *word,
                    conflicted: *conflicted,
                    decides: false,
                    allows: None,
                };
                past.hears(*n, said)
            }
            Doing::Decide { n, by, approves } => {
                let word = if *approves { Word::For } else { Word::Against };
                past.hears(*n, decided(at, *by, word, None))
            }
            Doing::Approve {
                n,
                by,
                amount,
                projected,
            } => {
                let within = past
                    .asked(*n)
                    .is_none_or(|asked| amount.is_none_or(|amount| amount <= asked.amount));
                within && past.hears(*n, decided(at, *by, Word::For, Some((*amount, *projected))))
            }
            Doing::Withdraw(n) => past
                .asked(*n)
                .is_some_and(|asked| asked.at.0 <= at.0 && past.settled(&asked, at).is_none()),
            Doing::Make { authority, .. } => {
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
                // A breach is judged on nothing; all else leaves what is drawn
                // later, by a breach too, as it was.
                let crowds_out = match authority {
                    Authority::Proposal(n) => past.asked(*n).is_some_and(|asked| {
                        let (before, after) = (past.drawn(&asked).1, with.drawn(&asked).1);
                        after
                            .difference(&before)
                            .any(|position| *position != fact.position)
                    }),
                    _ => false,
                };
                named && own && !crowds_out
            }
            Doing::Reverse(index) => {
                let position = self.made(*index);
                past.moves()
                    .into_iter()
                    .find(|made| Some(made.position) == position)
                    .is_some_and(|made| made.at.0 <= at.0 && made.reversed.is_none())
            }
            Doing::Void(index) => self.may_void(*index, fact.position),
        }
    }

    /// An entry is void once, and nothing that stands may hang in the air.
    fn may_void(&self, index: usize, position: u64) -> bool {
        let Some(target) = self.position(index) else {
            return false;
        };
        let corrected = |position: u64| {
            let mut void = BTreeSet::new();
            for fact in self.facts.iter().rev() {
                if let Doing::Void(index) = fact.doing
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
            doing: Doing::Void(index % self.facts.len()),
        });
        hanging(&after).is_subset(&before)
    }

    /// Where each proposal stands (outcome, approved, made, left), and the
    /// positions of the breaches.
    pub fn answer(
        &self,
        as_at: Date,
        known: u64,
    ) -> (BTreeMap<u8, (Outcome, i64, i64, i64)>, Vec<u64>) {
        let past = self.standing(as_at, known);
        let proposals = (1..5_u8)
            .filter_map(|n| {
                let asked = past.asked(n)?;
                let end = (as_at, u64::MAX);
                let settled = past.settled(&asked, end);
                let (outcome, approved) = settled.as_ref().map_or((Outcome::Open, 0), |settled| {
                    (settled.outcome, settled.approved)
                });
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

fn decided(
    at: At,
    by: Option<&'static str>,
    word: Word,
    allows: Option<(Option<i64>, bool)>,
) -> Said {
    Said {
        at,
        by,
        board: by.is_none(),
        word,
        conflicted: false,
        decides: true,
        allows,
    }
}

/// What stands, in order.
#[derive(Debug, Clone)]
struct Past {
    facts: Vec<Fact>,
    /// Everything ever taken: what an index into those made means.
    all: Vec<Fact>,
}

impl Past {
    fn add(&mut self, fact: Fact) {
        self.facts.push(fact);
        self.facts.sort_by_key(|fact| (fact.on, fact.position));
    }

    fn asked(&self, wanted: u8) -> Option<Asked> {
        self.facts.iter().find_map(|fact| match fact.doing {
            Doing::Request {
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

    fn moves(&self) -> Vec<Made> {
        let made: Vec<u64> = self
            .all
            .iter()
            .filter(|fact| matches!(fact.doing, Doing::Make { .. }))
            .map(|fact| fact.position)
            .collect();
        self.facts
            .iter()
            .filter_map(|fact| match fact.doing {
                Doing::Make {
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
                        Doing::Reverse(index) => {
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
    fn hanging(&self) -> BTreeSet<(u64, u8)> {
        let mut hanging = BTreeSet::new();
        for fact in &self.facts {
            let (about, dated) = match fact.doing {
                Doing::Vote { n, .. }
                | Doing::Decide { n, .. }
                | Doing::Approve { n, .. }
                | Doing::Withdraw(n) => (Some(n), true),
                Doing::Make { authority, .. } => match authority {
                    Authority::Proposal(n) | Authority::Breach(Some(n)) => (Some(n), false),
                    _ => (None, false),
                },
                Doing::Reverse(index) => {
                    let made: Vec<u64> = self
                        .all
                        .iter()
                        .filter(|f| {
                            matches!(f.doing, Doing::Make { .. }) && f.position < fact.position
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
                            && matches!(f.doing, Doing::Reverse(index) if {
                                let then = self.all.iter().filter(|g| matches!(g.doing, Doing::Make { .. })
                                    && g.position < f.position).map(|g| g.position).collect::<Vec<_>>();
                                then[index % then.len()] == of
                            })
                    });
                    if before.count() > 0 {
                        hanging.insert((fact.position, 2));
                    }
                    (None, false)
                }
                Doing::Request { n, .. } => {
                    let twice = self.facts.iter().any(|f| {
                        f.position < fact.position
                            && matches!(f.doing, Doing::Request { n: other, .. } if other == n)
                    });
                    if twice {
                        hanging.insert((fact.position, 3));
                    }
                    (None, false)
                }
                Doing::Adopt(_) | Doing::Void(_) => (None, false),
            };
            if let Some(n) = about {
                // Told before it, and dated no later.
                let known = self.facts.iter().find(|f| {
                    f.position < fact.position
                        && matches!(f.doing, Doing::Request { n: other, .. } if other == n)
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
    fn rules(&self, at: At) -> Option<Vec<Rule>> {
        self.facts
            .iter()
            .rev()
            .filter(|fact| (fact.on, fact.position) < at)
            .find_map(|fact| match fact.doing {
                Doing::Adopt(which) => Some(set(which)),
                _ => None,
            })
    }

    /// Which of the rules applies to so much from a head, the year's total as it
    /// runs at a place; what is drawn on a proposal of its own is left out.
    fn applies(
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
                Authority::Proposal(n) | Authority::Breach(Some(n)) => Some(n) != own,
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
    fn words(&self, wanted: u8) -> Vec<Said> {
        self.facts
            .iter()
            .filter_map(|fact| {
                let at = (fact.on, fact.position);
                match fact.doing {
                    Doing::Vote {
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
                    Doing::Decide { n, by, approves } if n == wanted => {
                        let word = if approves { Word::For } else { Word::Against };
                        Some(decided(at, by, word, None))
                    }
                    Doing::Approve {
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
    fn settled(&self, asked: &Asked, before: At) -> Option<Settled> {
        let withdrawn = self.facts.iter().find_map(|fact| match fact.doing {
            Doing::Withdraw(n) if n == asked.n => Some((fact.on, fact.position)),
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
                    && let (State::Met, counted) = judge(&rules[index].need, &with, asked)
                {
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
                    if state == State::Met && !alone(&counted, asked.by) {
                        Some((Outcome::Carried, allowed(&counted, asked)))
                    } else if said.decides && said.word == Word::Against && state == State::Lost {
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
            }),
            (settled, None) => settled,
        }
    }

    /// Whether the door takes a word.
    fn hears(&self, n: u8, said: Said) -> bool {
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
        !(state == State::Met && alone(&counted, asked.by))
    }

    /// What was drawn on a proposal, and which acts that name it it does not carry.
    fn drawn(&self, asked: &Asked) -> (i64, BTreeSet<u64>) {
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
                same && made.amount <= settled.approved - drawn
                    && (!made.projected || settled.covers_projected)
                    && !self.tier_passed(asked, settled, made)
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
    fn tier_passed(&self, asked: &Asked, settled: &Settled, made: &Made) -> bool {
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
                state != State::Met || alone(&counted, asked.by)
            }
            _ => false,
        }
    }

    fn is_breach(&self, made: &Made) -> bool {
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

/// Whose word it is as a body.
fn body(by: &'static str) -> &'static str {
    if by == "officer" { "a-pcc" } else { by }
}

/// Whether all who count are the office that put it up: b-cc as a body may be its
/// head of dogs, and a-pcc its officer.
fn alone(counted: &Counted, by: &'static str) -> bool {
    let mut people = counted.iter().filter_map(|(who, _)| *who).peekable();
    people.peek().is_some()
        && people.all(|who| match by {
            "officer" => who == "officer" || who == "a-pcc",
            _ => who == "b-cc",
        })
}

fn allowed(counted: &Counted, asked: &Asked) -> (i64, bool) {
    let said: Vec<(Option<i64>, bool)> = counted.iter().filter_map(|(_, allows)| *allows).collect();
    let least = said.iter().filter_map(|(amount, _)| *amount).min();
    let amount = least.map_or(asked.amount, |least| least.min(asked.amount));
    (
        amount,
        !said.is_empty() && said.iter().all(|(_, projected)| *projected),
    )
}

/// The last vote of each member before the board decided.
fn board_votes(words: &[Said]) -> BTreeMap<&'static str, Said> {
    let closed = words
        .iter()
        .filter(|word| word.board && word.decides)
        .map(|word| word.at)
        .next_back();
    let mut votes = BTreeMap::new();
    for word in words.iter().filter(|word| word.board && !word.decides) {
        if closed.is_none_or(|at| word.at < at)
            && let Some(by) = word.by
        {
            votes.insert(body(by), *word);
        }
    }
    votes
}

fn all_voted(words: &[Said]) -> bool {
    board_votes(words).len() == MEMBERS.len()
}

/// Whether the votes of the board carry it, as the first board in a need counts.
fn board_s(need: &Need, words: &[Said]) -> Option<bool> {
    let votes = board_votes(words);
    let counted: Vec<&Said> = votes.values().filter(|vote| !vote.conflicted).collect();
    let quorate = counted.len() >= 3;
    let of = |word: Word| counted.iter().filter(|vote| vote.word == word).count();
    match need {
        Need::Majority => Some(quorate && of(Word::For) > of(Word::Against)),
        Need::Unanimity => Some(quorate && of(Word::Against) == 0 && of(Word::For) > 0),
        Need::Weight(threshold) => {
            let weight: i64 = counted
                .iter()
                .filter(|vote| vote.word == Word::For)
                .map(|vote| match vote.by.map(body) {
                    Some("a-pcc") => 600_000,
                    Some("b-pcc") => 400_000,
                    _ => 0,
                })
                .sum();
            Some(quorate && weight >= *threshold)
        }
        Need::Any(of) | Need::Both(of) => of.iter().find_map(|need| board_s(need, words)),
        Need::All(_) | Need::Officer(_) => None,
    }
}

fn asks_board(need: &Need) -> bool {
    board_s(need, &[]).is_some()
}

/// Whether a need asks for such a word.
fn asks(need: &Need, said: &Said, amount: i64) -> bool {
    match need {
        Need::All(bodies) => !said.board && said.by.is_some_and(|by| bodies.contains(&body(by))),
        Need::Officer(up_to) => !said.board && said.by == Some("officer") && amount <= *up_to,
        Need::Majority | Need::Unanimity | Need::Weight(_) => said.board,
        Need::Any(of) | Need::Both(of) => of.iter().any(|need| asks(need, said, amount)),
    }
}

/// Where a need stands with what was said, and who counts.
fn judge(need: &Need, words: &[Said], asked: &Asked) -> (State, Counted) {
    let own = |wanted: &dyn Fn(&'static str) -> bool| {
        words
            .iter()
            .rev()
            .find(|word| !word.board && word.by.is_some_and(wanted))
    };
    match need {
        Need::All(bodies) => {
            let latest: Vec<Option<&Said>> = bodies
                .iter()
                .map(|wanted| own(&|by| body(by) == *wanted))
                .collect();
            let is =
                |word: Word| move |said: &Option<&Said>| said.is_some_and(|said| said.word == word);
            let state = if latest.iter().any(is(Word::Against)) {
                State::Lost
            } else if latest.iter().all(is(Word::For)) {
                State::Met
            } else {
                State::Open
            };
            let counted = latest
                .into_iter()
                .flatten()
                .filter(|said| said.word == Word::For)
                .map(|said| (said.by, said.allows))
                .collect();
            (state, counted)
        }
        Need::Officer(up_to) => {
            if asked.amount > *up_to {
                return (State::Lost, Vec::new());
            }
            match own(&|by| by == "officer") {
                Some(said) if said.word == Word::For && !said.conflicted => {
                    (State::Met, vec![(said.by, said.allows)])
                }
                Some(said) if said.word == Word::Against => (State::Lost, Vec::new()),
                _ => (State::Open, Vec::new()),
            }
        }
        Need::Majority | Need::Unanimity | Need::Weight(_) => {
            let holds = board_s(need, words) == Some(true);
            let closing = words.iter().rev().find(|word| word.board && word.decides);
            let state = match closing {
                Some(closing) if closing.word == Word::Against => State::Lost,
                Some(_) if holds => State::Met,
                Some(_) => State::Open,
                None if all_voted(words) && holds => State::Met,
                None if all_voted(words) => State::Lost,
                None => State::Open,
            };
            let mut counted: Counted = board_votes(words)
                .values()
                .filter(|vote| !vote.conflicted && vote.word == Word::For)
                .map(|vote| (vote.by, None))
                .collect();
            if let Some(closing) = closing.filter(|_| state == State::Met) {
                counted.push((None, closing.allows));
            }
            (state, counted)
        }
        Need::Any(of) => {
            let parts: Vec<(State, Counted)> =
                of.iter().map(|need| judge(need, words, asked)).collect();
            let any = |state| parts.iter().any(|(found, _)| *found == state);
            let state = if any(State::Met) {
                State::Met
            } else if any(State::Open) {
                State::Open
            } else {
                State::Lost
            };
            (state, met(parts))
        }
        Need::Both(of) => {
            let parts: Vec<(State, Counted)> =
                of.iter().map(|need| judge(need, words, asked)).collect();
            let any = |state| parts.iter().any(|(found, _)| *found == state);
            let state = if any(State::Lost) {
                State::Lost
            } else if any(State::Open) {
                State::Open
            } else {
                State::Met
            };
            (state, met(parts))
        }
    }
}

/// Those who count in the parts that are met.
fn met(parts: Vec<(State, Counted)>) -> Counted {
    parts
        .into_iter()
        .filter(|(state, _)| *state == State::Met)
        .flat_map(|(_, counted)| counted)
        .collect()
}
