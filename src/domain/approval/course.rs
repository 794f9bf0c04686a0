//! The course of a proposal: what was said on it, in order, and what came of it.
//!
//! A proposal is settled at the first word, answer or withdrawal that settles
//! it; what is dated after that is too late. The rules are those in force just
//! before each word.

use std::sync::Arc;

use jiff::civil::Date;

use super::asked::is_office;
use super::need::{Need, Question, State, Voice, need};
use super::regime::{Case, Regime};
use super::topic::Topic;
use super::walk::Walk;
use super::word::Word;
use super::world::{World, current};
use crate::domain::date::PartialDate;
use crate::domain::dossier::Proposal;
use crate::domain::entry::Entry;
use crate::domain::event::{Actor, DecisionMade, OfficeDelegation, ProposalWithdrawn};
use crate::domain::fact::{Fact, EffectiveOrder};
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
    pub place: EffectiveOrder,
    /// On which day, as recorded.
    pub on: PartialDate,
    /// The entry that settled it; `None` where it lapsed.
    pub by: Option<Arc<Entry>>,
}

impl Settled {
    /// Whether it was settled on or before a date. One known to a month or year
    /// alone may have been settled on its last day, so what it allows comes after
    /// that, or is dated in the same words.
    pub fn is_by(&self, on: PartialDate) -> bool {
        is_by(self.on, on)
    }
}

fn is_by(done: PartialDate, on: PartialDate) -> bool {
    last_day(done) <= on.first_day() || done == on
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

/// An outside body that is to decide.
#[derive(Clone, Copy, Debug)]
pub struct Outside<'a> {
    /// The body, as it was asked.
    pub body: &'a BodyId,
    /// Whether it has approved.
    pub approved: bool,
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
    /// The outside bodies that are to decide beside the rules, in the order in
    /// which they were asked.
    pub outside: Vec<Outside<'a>>,
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
    /// Where a board put on record what its votes had carried before: since when
    /// that counts.
    pub confirmed: Option<PartialDate>,
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
        let outside = self.outside.iter().filter(|asked| !asked.approved);
        let outside: Vec<Voice> = outside.map(|asked| Voice::body(asked.body)).collect();
        let mut awaited = match &self.need {
            Some(need) if need.state != State::Met => need.awaited.clone(),
            // Met by what happened since and not by a word, such as a party's
            // leaving: nothing but a word carries a matter, so those who agreed
            // say so again.
            Some(need) if outside.is_empty() => need.agreed.clone(),
            Some(_) => Vec::new(),
            // Where no rule says who decides, the board it was put to does.
            None if !self.outside.is_empty() => Vec::new(),
            None => self
                .board
                .map(|board| Voice {
                    who: None,
                    board: Some(board.clone()),
                })
                .into_iter()
                .collect(),
        };
        awaited.extend(outside);
        awaited
    }

    /// What was approved, as an act on a date may rest on it. What a board puts on
    /// record later says how much its votes had carried; that it covers a projected
    /// underspend counts from then on.
    pub fn approved_by(&self, on: PartialDate) -> Approved {
        let mut approved = self.approved;
        approved.covers_projected &= self.confirmed.is_none_or(|confirmed| is_by(confirmed, on));
        approved
    }

    /// Whether it was carried on or before a date.
    pub fn is_carried_by(&self, on: PartialDate) -> bool {
        self.fate == Fate::Carried && self.settled.as_ref().is_some_and(|s| s.is_by(on))
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
    pub fn course_after(&self, id: ProposalId, proposal: &'a Proposal, at: EffectiveOrder) -> Course<'a> {
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
    pub fn course_to(&self, id: ProposalId, proposal: &'a Proposal, until: EffectiveOrder) -> Course<'a> {
        Walk::new(self.case(id, proposal), proposal).course(until)
    }
}
