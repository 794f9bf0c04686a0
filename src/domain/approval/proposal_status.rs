//! The course of a proposal: what was said on it, in order, and what came of it.
//!
//! A proposal is settled at the first word, answer or withdrawal that settles
//! it; what is dated after that is too late. The rules are those in force just
//! before each word.

use std::sync::Arc;

use jiff::civil::Date;

use super::entitled_bodies::is_office;
use super::opinion::Opinion;
use super::proposal_replay::ProposalReplay;
use super::regime::{ApprovalCase, Regime};
use super::requirement_status::{
    Approver, RequirementQuery, RequirementState, RequirementStatus, evaluate,
};
use super::subject_lookup::{SubjectLookup, successor_on};
use crate::domain::date::PartialDate;
use crate::domain::dossier::Proposal;
use crate::domain::entry::Entry;
use crate::domain::event::ApprovableAct;
use crate::domain::event::{Actor, DecisionMade, OfficeDelegation, ProposalWithdrawn};
use crate::domain::fact::{EffectiveOrder, Fact};
use crate::domain::ids::{BoardId, BodyId, Position, ProposalId, SubjectId};
use crate::domain::instrument::last_day;
use crate::domain::money::Pence;
use crate::domain::subject::Subject;

/// What came of a proposal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Resolution {
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
pub struct Settlement {
    /// Where.
    pub place: EffectiveOrder,
    /// On which day, as recorded.
    pub on: PartialDate,
    /// The entry that settled it; `None` where it lapsed.
    pub by: Option<Arc<Entry>>,
}

impl Settlement {
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
pub struct ApprovedExtent {
    /// The amount; `None` where the matter has none.
    pub amount: Option<Pence>,
    /// That a projected underspend is covered: every approval of the virement
    /// that counts says so, and one is on record (rule 6).
    pub covers_projected: bool,
}

/// An outside body that is to decide.
#[derive(Clone, Copy, Debug)]
pub struct ExternalDecider<'a> {
    /// The body, as it was asked.
    pub body: &'a BodyId,
    /// Whether it has approved.
    pub approved: bool,
}

/// A proposal up to a day.
#[derive(Clone, Debug)]
pub struct ProposalStatus<'a> {
    /// What came of it.
    pub resolution: Resolution,
    /// When it was settled, and by what.
    pub settled: Option<Settlement>,
    /// Since when it awaits decision: put up, or last put off or referred.
    pub since: PartialDate,
    /// What governs it: when it was settled, or, while it is open, on the day.
    pub regime: Regime,
    /// Where the rule stands: when it was settled, or on the day.
    pub requirement: Option<RequirementStatus>,
    /// The board it was put to.
    pub board: Option<&'a BoardId>,
    /// The outside bodies that are to decide beside the rules, in the order in
    /// which they were asked.
    pub external_deciders: Vec<ExternalDecider<'a>>,
    /// The decision that put it off or referred it, where one did last.
    pub put_off_by: Option<&'a Fact<DecisionMade>>,
    /// Its withdrawal.
    pub withdrawn: Option<&'a Fact<ProposalWithdrawn>>,
    /// Every word on it, in order.
    pub opinions: Vec<Opinion<'a>>,
    /// How many of them were in time: the rest came once it was settled.
    pub in_time: usize,
    /// What was approved, where it was carried.
    pub approved: ApprovedExtent,
    /// Where a board put on record what its votes had carried before: since when
    /// that counts.
    pub confirmed: Option<PartialDate>,
}

impl ProposalStatus<'_> {
    /// Whether it was carried by the votes of all members of a board, and the
    /// board has not put its own decision on record yet: that decision may still
    /// say how much it allows, and for what.
    pub fn awaits_record_of(&self, board: &BoardId) -> bool {
        let ballots = self.requirement.iter().flat_map(RequirementStatus::ballots);
        self.resolution == Resolution::Carried
            && ballots
                .filter(|ballot| ballot.board == *board)
                .any(|ballot| ballot.decided.is_none() && ballot.holds() && ballot.taken)
    }

    /// Whose word is awaited; nobody's once it is settled.
    pub fn awaited(&self) -> Vec<Approver> {
        if self.resolution != Resolution::Open {
            return Vec::new();
        }
        let outside = self
            .external_deciders
            .iter()
            .filter(|asked| !asked.approved);
        let outside: Vec<Approver> = outside.map(|asked| Approver::body(asked.body)).collect();
        let mut awaited = match &self.requirement {
            Some(need) if need.state != RequirementState::Met => need.awaited.clone(),
            // Met by what happened since and not by a word, such as a party's
            // leaving: nothing but a word carries a matter, so those who agreed
            // say so again.
            Some(need) if outside.is_empty() => need.agreed.clone(),
            Some(_) => Vec::new(),
            // Where no rule says who decides, the board it was put to does.
            None if !self.external_deciders.is_empty() => Vec::new(),
            None => self
                .board
                .map(|board| Approver {
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
    pub fn approved_by(&self, on: PartialDate) -> ApprovedExtent {
        let mut approved = self.approved;
        approved.covers_projected &= self.confirmed.is_none_or(|confirmed| is_by(confirmed, on));
        approved
    }

    /// Whether it was carried on or before a date.
    pub fn is_carried_by(&self, on: PartialDate) -> bool {
        self.resolution == Resolution::Carried && self.settled.as_ref().is_some_and(|s| s.is_by(on))
    }
}

/// A proposal, and where it is looked at from.
#[derive(Clone, Copy)]
pub struct ApprovalContext<'a> {
    /// Where other subjects are looked up.
    pub lookup: &'a dyn SubjectLookup,
    /// The subject it is about.
    pub id: &'a SubjectId,
    /// That subject.
    pub subject: &'a Subject,
}

impl<'a> ApprovalContext<'a> {
    /// A proposal as a case.
    pub fn case(&self, id: ProposalId, proposal: &'a Proposal) -> ApprovalCase<'a> {
        ApprovalCase {
            lookup: self.lookup,
            id: self.id,
            subject: self.subject,
            act: proposal.act(),
            proposer: proposal.proposer(),
            proposal: Some(id),
        }
    }

    /// What became of a proposal by the end of a day.
    pub fn status(&self, id: ProposalId, proposal: &'a Proposal, day: Date) -> ProposalStatus<'a> {
        self.status_before(id, proposal, (day, Position::new(u64::MAX)))
    }

    /// What became of a proposal by a place, with what stands at it.
    pub fn status_after(
        &self,
        id: ProposalId,
        proposal: &'a Proposal,
        at: EffectiveOrder,
    ) -> ProposalStatus<'a> {
        self.status_before(id, proposal, (at.0, at.1.next()))
    }

    /// Who would have to agree to a topic on a day, nobody having said anything;
    /// `None` where no rule applies.
    pub fn requirement_before_votes(
        &self,
        topic: ApprovableAct<'a>,
        regime: &Regime,
        day: Date,
    ) -> Option<RequirementStatus> {
        let case = ApprovalCase {
            lookup: self.lookup,
            id: self.id,
            subject: self.subject,
            act: topic,
            proposer: None,
            proposal: None,
        };
        let question = RequirementQuery {
            case,
            day,
            opinions: &[],
        };
        Some(evaluate(&question, &regime.rule()?.requirement))
    }

    /// The body that stands where this one stood, on that day.
    pub fn current(&self, body: &BodyId, day: Date) -> BodyId {
        successor_on(self.lookup, body, day)
    }

    /// Whether somebody is the office that a delegation names.
    pub fn is_office(&self, by: &Actor, delegation: &OfficeDelegation, day: Date) -> bool {
        is_office(self.lookup, by, delegation, day)
    }

    /// What became of a proposal by a place, whatever stands at it left out.
    pub fn status_before(
        &self,
        id: ProposalId,
        proposal: &'a Proposal,
        until: EffectiveOrder,
    ) -> ProposalStatus<'a> {
        ProposalReplay::new(self.case(id, proposal), proposal).course(until)
    }
}
