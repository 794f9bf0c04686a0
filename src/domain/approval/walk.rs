//! The walk of a proposal through its words, in order: the first that settles it
//! ends it, and what comes after is late.

use std::sync::Arc;

use jiff::civil::Date;

use super::course::{Approved, Course, Fate, Outside, Settled};
use super::need::{Need, Question, State, need};
use super::regime::{Case, Regime, Ruling, regime};
use super::word::{Allowance, Word};
use super::world::current;
use crate::domain::date::PartialDate;
use crate::domain::dossier::Proposal;
use crate::domain::entry::Entry;
use crate::domain::event::{DecisionMade, Outcome, ProposalWithdrawn};
use crate::domain::fact::{Fact, EffectiveOrder};
use crate::domain::ids::{BodyId, Position};
use crate::domain::instrument::last_day;

/// One thing that happens to a proposal.
#[derive(Clone, Copy)]
enum Step<'a> {
    Word(Word<'a>),
    Decides(&'a Fact<DecisionMade>),
    Answers(&'a BodyId, bool, &'a Arc<Entry>),
    Withdraws(&'a Fact<ProposalWithdrawn>),
}

/// What is known of a proposal half-way.
struct Progress<'a> {
    since: PartialDate,
    outside: Vec<Outside<'a>>,
    /// Where no rule applies: the decision inside that approved it.
    agreed_inside: Option<Allowances>,
    put_off_by: Option<&'a Fact<DecisionMade>>,
    withdrawn: Option<&'a Fact<ProposalWithdrawn>>,
    end: Option<(Fate, Settled, Regime, Option<Need>, Approved)>,
    confirmed: Option<PartialDate>,
}

/// What governs, and where the rule stands, if there is one.
type Stands = (Regime, Option<Need>);

type Allowances = Vec<Option<Allowance>>;

/// A proposal being walked through.
pub(super) struct Walk<'a> {
    case: Case<'a>,
    proposal: &'a Proposal,
    words: Vec<Word<'a>>,
    late: Vec<Word<'a>>,
    state: Progress<'a>,
}

impl<'a> Walk<'a> {
    /// A proposal on which nothing has been said yet.
    pub fn new(case: Case<'a>, proposal: &'a Proposal) -> Self {
        Self {
            case,
            proposal,
            words: Vec::new(),
            late: Vec::new(),
            state: Progress {
                since: proposal.on(),
                outside: proposal.decider().map(asked).into_iter().collect(),
                agreed_inside: None,
                put_off_by: None,
                withdrawn: None,
                end: None,
                confirmed: None,
            },
        }
    }

    /// What becomes of it by a place, whatever stands there left out.
    pub fn course(mut self, until: EffectiveOrder) -> Course<'a> {
        let last = self.proposal.lapses_on().map(last_day);
        for (place, step) in steps(self.proposal) {
            if place >= until {
                break;
            }
            let settled = self.state.end.is_some();
            let late = settled || last.is_some_and(|last| last < place.0);
            match step {
                Step::Word(word) if late => {
                    if !self.confirms(word) {
                        self.late.push(word);
                    }
                }
                Step::Word(word) => {
                    self.words.push(word);
                    self.said(word);
                }
                _ if late => {}
                Step::Decides(fact) => self.decides(fact),
                Step::Answers(decider, approved, entry) => {
                    self.answers(place, decider, approved, entry);
                }
                Step::Withdraws(fact) => {
                    self.state.withdrawn = Some(fact);
                    let stands = self.stands(place);
                    self.ends(Fate::Withdrawn, place, &fact.source.entry, stands);
                }
            }
        }
        let lapsed = last.filter(|last| *last < until.0 && self.state.end.is_none());
        if let (Some(last), Some(on)) = (lapsed, self.proposal.lapses_on()) {
            let (regime, need) = self.stands((last, Position::new(u64::MAX)));
            let settled = Settled {
                place: (last, Position::new(u64::MAX)),
                on,
                by: None,
            };
            let approved = Approved::default();
            self.state.end = Some((Fate::Lapsed, settled, regime, need, approved));
        }
        let (fate, settled, regime, need, approved) = match self.state.end.take() {
            Some((fate, settled, regime, need, approved)) => {
                (fate, Some(settled), regime, need, approved)
            }
            None => {
                let (regime, need) = self.stands(until);
                (Fate::Open, None, regime, need, Approved::default())
            }
        };
        let in_time = self.words.len();
        self.words.append(&mut self.late);
        Course {
            in_time,
            board: self.proposal.board(),
            fate,
            settled,
            since: self.state.since,
            regime,
            need,
            outside: self.state.outside,
            put_off_by: self.state.put_off_by,
            withdrawn: self.state.withdrawn,
            words: self.words,
            approved,
            confirmed: self.state.confirmed,
        }
    }

    /// What governs at a place, and where the rule stands with what was said.
    fn stands(&self, at: EffectiveOrder) -> Stands {
        let regime = regime(&self.case, at);
        let need = match &regime {
            Regime::Rule(ruling) => Some(self.need(ruling, at.0)),
            Regime::NotCovered(_) | Regime::Law | Regime::Unregulated => None,
        };
        (regime, need)
    }

    fn need(&self, ruling: &Ruling, day: Date) -> Need {
        let question = Question {
            case: self.case,
            day,
            words: &self.words,
        };
        need(&question, &ruling.rule().requirement)
    }

    /// A vote, or a decision to approve or reject.
    fn said(&mut self, word: Word<'a>) {
        let decided = word.decision.is_some();
        let stands = self.stands(word.place);
        match stands.1.as_ref().map(|need| need.state) {
            Some(State::Met) => self.carried(word.place, word.entry, stands),
            Some(State::Lost) if decided && !word.approves() => {
                self.ends(Fate::Rejected, word.place, word.entry, stands);
            }
            Some(State::Open | State::Lost) => {}
            // Votes alone carry nothing where no rule says what they would.
            None if !decided => {}
            None if word.approves() => {
                let inside = self.state.agreed_inside.get_or_insert_default();
                inside.push(word.allows);
                self.carried(word.place, word.entry, stands);
            }
            None => self.ends(Fate::Rejected, word.place, word.entry, stands),
        }
    }

    /// Whether a board's own approval puts on record what the votes of all its
    /// members have carried; what it allows then counts.
    fn confirms(&mut self, word: Word<'a>) -> bool {
        let Some((Fate::Carried, settled, Regime::Rule(ruling), Some(before), _)) = &self.state.end
        else {
            return false;
        };
        let carried_by_votes = before.ballots().into_iter().any(|ballot| {
            Some(&ballot.board) == word.board && ballot.decided.is_none() && ballot.taken
        });
        if !(word.closes && word.approves() && carried_by_votes) {
            return false;
        }
        let (ruling, settled) = (ruling.clone(), settled.clone());
        self.words.push(word);
        let need = self.need(&ruling, settled.place.0);
        if need.state != State::Met {
            self.words.pop();
            return false;
        }
        let allowances = need.counted.iter().map(|word| word.allows).collect();
        let approved = self.approved(&allowances);
        let regime = Regime::Rule(ruling);
        self.state.confirmed = Some(word.entry.effective_on());
        self.state.end = Some((Fate::Carried, settled, regime, Some(need), approved));
        true
    }

    /// A decision that neither approves nor rejects.
    fn decides(&mut self, fact: &'a Fact<DecisionMade>) {
        let fate = match &fact.outcome {
            Outcome::Approved | Outcome::Rejected => return,
            Outcome::Deferred => {
                self.state.since = fact.on();
                self.state.put_off_by = Some(fact);
                return;
            }
            Outcome::Referred(to) => {
                self.state.since = fact.on();
                self.state.put_off_by = Some(fact);
                // A referral comes on top of whoever was to decide already.
                self.state.outside.retain(|before| before.body != to);
                self.state.outside.push(asked(to));
                return;
            }
            Outcome::Noted => Fate::Noted,
            Outcome::Supported => Fate::Supported,
        };
        let stands = self.stands(fact.effective_order());
        if stands.1.is_none() && !self.awaits_answer() {
            self.ends(fate, fact.effective_order(), &fact.source.entry, stands);
        }
    }

    fn answers(&mut self, place: EffectiveOrder, decider: &'a BodyId, approved: bool, by: &Arc<Entry>) {
        let (world, day) = (self.case.world, place.0);
        let answers = |asked: &Outside<'_>| {
            asked.body == decider || current(world, asked.body, day) == *decider
        };
        for asked in self.state.outside.iter_mut().filter(|asked| answers(asked)) {
            asked.approved = approved;
        }
        let stands = self.stands(place);
        if approved {
            self.carried(place, by, stands);
        } else {
            self.ends(Fate::Rejected, place, by, stands);
        }
    }

    fn awaits_answer(&self) -> bool {
        self.state.outside.iter().any(|asked| !asked.approved)
    }

    /// Carries it, where both the rule and the outside decider are satisfied.
    fn carried(&mut self, place: EffectiveOrder, by: &Arc<Entry>, (regime, need): Stands) {
        if self.awaits_answer() {
            return;
        }
        let allowances: Allowances = match &need {
            Some(need) if need.state == State::Met => {
                need.counted.iter().map(|word| word.allows).collect()
            }
            Some(_) => return,
            None => self.state.agreed_inside.clone().unwrap_or_default(),
        };
        let approved = self.approved(&allowances);
        let end = (Fate::Carried, settled(place, by), regime, need, approved);
        self.state.end = Some(end);
    }

    /// What those who agreed allow: the smallest amount of theirs.
    fn approved(&self, allowances: &Allowances) -> Approved {
        let asked = self.case.topic.amount();
        let said = || allowances.iter().flatten();
        let least = said().filter_map(|allowance| allowance.amount).min();
        Approved {
            amount: match (asked, least) {
                (Some(asked), Some(least)) => Some(asked.min(least)),
                (asked, _) => asked,
            },
            covers_projected: said().next().is_some() && said().all(|said| said.projected),
        }
    }

    fn ends(&mut self, fate: Fate, place: EffectiveOrder, by: &Arc<Entry>, (regime, need): Stands) {
        let end = (fate, settled(place, by), regime, need, Approved::default());
        self.state.end = Some(end);
    }
}

const fn asked(body: &BodyId) -> Outside<'_> {
    Outside {
        body,
        approved: false,
    }
}

fn settled(place: EffectiveOrder, by: &Arc<Entry>) -> Settled {
    Settled {
        place,
        on: by.effective_on(),
        by: Some(Arc::clone(by)),
    }
}

/// Everything that happened to a proposal, in order.
fn steps(proposal: &Proposal) -> Vec<(EffectiveOrder, Step<'_>)> {
    let mut steps: Vec<(EffectiveOrder, Step<'_>)> = Vec::new();
    for fact in proposal.votes.iter() {
        steps.push((fact.effective_order(), Step::Word(Word::vote(fact))));
    }
    for fact in proposal.decisions.iter() {
        let step = Word::decision(fact).map_or(Step::Decides(fact), Step::Word);
        steps.push((fact.effective_order(), step));
    }
    for fact in proposal.virement_approvals.iter() {
        steps.push((fact.effective_order(), Step::Word(Word::virement(fact))));
    }
    for fact in proposal.external.iter() {
        let step = Step::Answers(&fact.decider, fact.approved, &fact.source.entry);
        steps.push((fact.effective_order(), step));
    }
    for fact in proposal.withdrawn.iter() {
        steps.push((fact.effective_order(), Step::Withdraws(fact)));
    }
    steps.sort_by_key(|(place, _)| *place);
    steps
}
