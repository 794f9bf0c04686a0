//! The course of a proposal: what was said on it, in order, and what came of it.
//!
//! A proposal is settled at the first word, answer or withdrawal that settles
//! it; what is dated after that is too late. The rules are those in force just
//! before each word.

use std::sync::Arc;

use jiff::civil::Date;

use super::need::{Need, Question, State, Voice, is_office, need};
use super::regime::{Case, Regime, Ruling, regime};
use super::topic::Topic;
use super::word::{Allowance, Word};
use super::world::{World, current};
use crate::domain::date::PartialDate;
use crate::domain::dossier::Proposal;
use crate::domain::entry::Entry;
use crate::domain::event::{Actor, DecisionMade, OfficeDelegation, Outcome, ProposalWithdrawn};
use crate::domain::fact::{Fact, Place};
use crate::domain::ids::{BoardId, BodyId, Position, ProposalId, SubjectId};
use crate::domain::instrument::last_day;
use crate::domain::money::Pence;
use crate::domain::subject::Subject;

/// What came of a proposal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// Nothing yet.
    Open,
    /// It was carried.
    Carried,
    /// It was rejected.
    Rejected,
    /// It was noted, where no rule asks for more.
    Noted,
    /// It was supported, where no rule asks for more.
    Supported,
    /// It was taken back.
    Withdrawn,
    /// Its last day passed.
    Lapsed,
}

/// When a proposal was settled, and by what.
#[derive(Clone, Debug)]
pub struct Settled {
    /// Where.
    pub place: Place,
    /// On which day, as recorded.
    pub on: PartialDate,
    /// The entry that settled it; `None` where it lapsed.
    pub by: Option<Arc<Entry>>,
}

/// What was approved.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Approved {
    /// The amount; `None` where the matter has none.
    pub amount: Option<Pence>,
    /// That a projected underspend is covered: every approval of the virement
    /// that counts says so, and one is on record (rule 6).
    pub covers_projected: bool,
}

/// A proposal up to a day.
#[derive(Clone, Debug)]
pub struct Course<'a> {
    /// What came of it.
    pub fate: Fate,
    /// When it was settled, and by what.
    pub settled: Option<Settled>,
    /// Since when it awaits decision: put up, or last put off or referred.
    pub since: PartialDate,
    /// What governs it: when it was settled, or, while it is open, on the day.
    pub regime: Regime,
    /// Where the rule stands: when it was settled, or on the day.
    pub need: Option<Need>,
    /// The board it was put to.
    pub board: Option<&'a BoardId>,
    /// The outside body that is to decide, and whether it has approved.
    pub outside: Option<(&'a BodyId, bool)>,
    /// The decision that put it off or referred it, where one did last.
    pub put_off_by: Option<&'a Fact<DecisionMade>>,
    /// Its withdrawal.
    pub withdrawn: Option<&'a Fact<ProposalWithdrawn>>,
    /// Every word on it, in order.
    pub words: Vec<Word<'a>>,
    /// How many of them were in time: the rest came once it was settled.
    pub in_time: usize,
    /// What was approved, where it was carried.
    pub approved: Approved,
}

impl Course<'_> {
    /// Whether it was carried by the votes of all members of a board, and the
    /// board has not put its own decision on record yet: that decision may still
    /// say how much it allows, and for what.
    pub fn awaits_record_of(&self, board: &BoardId) -> bool {
        let ballots = self.need.iter().flat_map(Need::ballots);
        self.fate == Fate::Carried
            && ballots
                .filter(|ballot| ballot.board == *board)
                .any(|ballot| ballot.decided.is_none() && ballot.holds() && ballot.taken)
    }

    /// Whose word is awaited; nobody's once it is settled.
    pub fn awaited(&self) -> Vec<Voice> {
        if self.fate != Fate::Open {
            return Vec::new();
        }
        let mut awaited = match &self.need {
            Some(need) if need.state != State::Met => need.awaited.clone(),
            Some(_) => Vec::new(),
            // Where no rule says who decides, the board it was put to does.
            None if self.outside.is_some() => Vec::new(),
            None => self
                .board
                .map(|board| Voice {
                    who: None,
                    board: Some(board.clone()),
                })
                .into_iter()
                .collect(),
        };
        if let Some((decider, false)) = self.outside {
            awaited.push(Voice::body(decider));
        }
        awaited
    }

    /// Whether it was carried by a day.
    pub fn is_carried_by(&self, day: Date) -> bool {
        self.fate == Fate::Carried && self.settled.as_ref().is_some_and(|s| s.place.0 <= day)
    }
}

/// A proposal, and where it is looked at from.
#[derive(Clone, Copy)]
pub struct Sight<'a> {
    /// Where other subjects are looked up.
    pub world: &'a dyn World,
    /// The subject it is about.
    pub id: &'a SubjectId,
    /// That subject.
    pub subject: &'a Subject,
}

impl<'a> Sight<'a> {
    /// A proposal as a case.
    pub fn case(&self, id: ProposalId, proposal: &'a Proposal) -> Case<'a> {
        Case {
            world: self.world,
            id: self.id,
            subject: self.subject,
            topic: Topic::proposed(proposal),
            proposer: proposal.proposer(),
            proposal: Some(id),
        }
    }

    /// What became of a proposal by the end of a day.
    pub fn course(&self, id: ProposalId, proposal: &'a Proposal, day: Date) -> Course<'a> {
        self.course_to(id, proposal, (day, Position::new(u64::MAX)))
    }

    /// What became of a proposal by a place, with what stands at it.
    pub fn course_after(&self, id: ProposalId, proposal: &'a Proposal, at: Place) -> Course<'a> {
        self.course_to(id, proposal, (at.0, at.1.next()))
    }

    /// Who would have to agree to a topic on a day, nobody having said anything;
    /// `None` where no rule applies.
    pub fn unsaid(&self, topic: Topic<'a>, regime: &Regime, day: Date) -> Option<Need> {
        let case = Case {
            world: self.world,
            id: self.id,
            subject: self.subject,
            topic,
            proposer: None,
            proposal: None,
        };
        let question = Question {
            case,
            day,
            words: &[],
        };
        Some(need(&question, &regime.rule()?.requirement))
    }

    /// The body that stands where this one stood, on that day.
    pub fn current(&self, body: &BodyId, day: Date) -> BodyId {
        current(self.world, body, day)
    }

    /// Whether somebody is the office that a delegation names.
    pub fn is_office(&self, by: &Actor, delegation: &OfficeDelegation, day: Date) -> bool {
        is_office(self.world, by, delegation, day)
    }

    /// What became of a proposal by a place, whatever stands at it left out.
    pub fn course_to(&self, id: ProposalId, proposal: &'a Proposal, until: Place) -> Course<'a> {
        Walk {
            case: self.case(id, proposal),
            proposal,
            words: Vec::new(),
            late: Vec::new(),
            state: Progress {
                since: proposal.on(),
                outside: proposal.decider().map(|decider| (decider, false)),
                agreed_inside: None,
                put_off_by: None,
                withdrawn: None,
                end: None,
            },
        }
        .course(until)
    }
}

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
    outside: Option<(&'a BodyId, bool)>,
    /// Where no rule applies: the decision inside that approved it.
    agreed_inside: Option<Allowances>,
    put_off_by: Option<&'a Fact<DecisionMade>>,
    withdrawn: Option<&'a Fact<ProposalWithdrawn>>,
    end: Option<(Fate, Settled, Regime, Option<Need>, Approved)>,
}

/// What governs, and where the rule stands, if there is one.
type Stands = (Regime, Option<Need>);

type Allowances = Vec<Option<Allowance>>;

struct Walk<'a> {
    case: Case<'a>,
    proposal: &'a Proposal,
    words: Vec<Word<'a>>,
    late: Vec<Word<'a>>,
    state: Progress<'a>,
}

impl<'a> Walk<'a> {
    fn course(mut self, until: Place) -> Course<'a> {
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
                    self.ends(Fate::Withdrawn, place, &fact.told.entry, stands);
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
        }
    }

    /// What governs at a place, and where the rule stands with what was said.
    fn stands(&self, at: Place) -> Stands {
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
                self.state.outside = Some((to, false));
                return;
            }
            Outcome::Noted => Fate::Noted,
            Outcome::Supported => Fate::Supported,
        };
        let stands = self.stands(fact.place());
        let awaits_answer = self.state.outside.is_some_and(|(_, approved)| !approved);
        if stands.1.is_none() && !awaits_answer {
            self.ends(fate, fact.place(), &fact.told.entry, stands);
        }
    }

    fn answers(&mut self, place: Place, decider: &'a BodyId, approved: bool, by: &Arc<Entry>) {
        self.state.outside = Some((decider, approved));
        let stands = self.stands(place);
        if approved {
            self.carried(place, by, stands);
        } else {
            self.ends(Fate::Rejected, place, by, stands);
        }
    }

    /// Carries it, where both the rule and the outside decider are satisfied.
    fn carried(&mut self, place: Place, by: &Arc<Entry>, (regime, need): Stands) {
        if self.state.outside.is_some_and(|(_, approved)| !approved) {
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

    fn ends(&mut self, fate: Fate, place: Place, by: &Arc<Entry>, (regime, need): Stands) {
        let end = (fate, settled(place, by), regime, need, Approved::default());
        self.state.end = Some(end);
    }
}

fn settled(place: Place, by: &Arc<Entry>) -> Settled {
    Settled {
        place,
        on: by.effective_on(),
        by: Some(Arc::clone(by)),
    }
}

/// Everything that happened to a proposal, in order.
fn steps(proposal: &Proposal) -> Vec<(Place, Step<'_>)> {
    let mut steps: Vec<(Place, Step<'_>)> = Vec::new();
    for fact in proposal.votes.iter() {
        steps.push((fact.place(), Step::Word(Word::vote(fact))));
    }
    for fact in proposal.decisions.iter() {
        let step = Word::decision(fact).map_or(Step::Decides(fact), Step::Word);
        steps.push((fact.place(), step));
    }
    for fact in proposal.virement_approvals.iter() {
        steps.push((fact.place(), Step::Word(Word::virement(fact))));
    }
    for fact in proposal.external.iter() {
        let step = Step::Answers(&fact.decider, fact.approved, &fact.told.entry);
        steps.push((fact.place(), step));
    }
    for fact in proposal.withdrawn.iter() {
        steps.push((fact.place(), Step::Withdraws(fact)));
    }
    steps.sort_by_key(|(place, _)| *place);
    steps
}
