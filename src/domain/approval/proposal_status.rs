//! Proposal status: whether a proposal is open, carried or rejected, with the opinions
//! on it and the approvers that are awaited.
//!
//! The first opinion, answer or withdrawal that settles a proposal decides it; later
//! ones do not count. One exception: where the votes of all members carried it, the
//! board's own decision may still set the amount. Each is judged by the rules in force just before it.

use std::sync::Arc;

use super::opinion::Opinion;
use super::regime::Regime;
use super::requirement_status::{Approver, RequirementState, RequirementStatus};
use crate::domain::date::PartialDate;
use crate::domain::entry::Entry;
use crate::domain::event::{DecisionMade, ProposalWithdrawn};
use crate::domain::fact::{EffectiveOrder, Fact};
use crate::domain::ids::{BoardId, BodyId};
use crate::domain::money::Pence;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Resolution {
    Open,
    Carried,
    Rejected,
    /// Noted, where no rule asks for more.
    Noted,
    /// Supported, where no rule asks for more.
    Supported,
    Withdrawn,
    /// Its last day has passed.
    Lapsed,
}

/// When and by which entry a proposal was settled.
#[derive(Clone, Debug)]
pub struct Settlement {
    pub order: EffectiveOrder,
    /// The date, as recorded.
    pub on: PartialDate,
    /// `None` if it lapsed.
    pub by: Option<Arc<Entry>>,
}

impl Settlement {
    /// Whether it was settled on or before a date. A settlement known only to a month or
    /// year may have been on its last day, so an act that relies on it is dated later,
    /// or with the same partial date.
    pub fn is_by(&self, on: PartialDate) -> bool {
        is_by(self.on, on)
    }
}

fn is_by(settled_on: PartialDate, on: PartialDate) -> bool {
    settled_on.last_day() <= on.first_day() || settled_on == on
}

/// The amount and basis that were approved.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ApprovedExtent {
    /// `None` if the act has no amount.
    pub amount: Option<Pence>,
    /// Whether a projected underspend is covered: at least one approval of the virement
    /// counts, and all that count say so (rule 6).
    pub covers_projected: bool,
}

/// A body outside the rules that is to decide.
#[derive(Clone, Copy, Debug)]
pub struct ExternalDecider<'a> {
    /// As named in the proposal or referral; it may have been succeeded since.
    pub body: &'a BodyId,
    pub approved: bool,
}

/// The status of a proposal at a point in the effective order.
#[derive(Clone, Debug)]
pub struct ProposalStatus<'a> {
    pub resolution: Resolution,
    /// `None` while it is open.
    pub settled: Option<Settlement>,
    /// Since when it awaits a decision: when it was made, or last deferred or referred.
    pub since: PartialDate,
    /// The rule that governs it: when it was settled, or now if it is open.
    pub regime: Regime,
    /// The status of that rule's requirement.
    pub requirement: Option<RequirementStatus>,
    /// The board that is to decide it.
    pub board: Option<&'a BoardId>,
    /// In the order in which they were asked.
    pub external_deciders: Vec<ExternalDecider<'a>>,
    /// The last decision that deferred or referred it.
    pub put_off_by: Option<&'a Fact<DecisionMade>>,
    pub withdrawn: Option<&'a Fact<ProposalWithdrawn>>,
    /// Every opinion on it: those in time, in order, then the late ones.
    pub opinions: Vec<Opinion<'a>>,
    /// The number of opinions that were in time; the rest came after it was settled.
    pub in_time: usize,
    /// Zero unless it was carried.
    pub approved: ApprovedExtent,
    /// The date of a board's own decision, if its votes had carried the proposal before.
    pub confirmed: Option<PartialDate>,
}

impl ProposalStatus<'_> {
    /// Whether it was carried by the votes of all members of a board, and the board's
    /// own decision is not on record yet. That decision may still set the amount that
    /// it allows.
    pub fn awaits_board_record(&self, board: &BoardId) -> bool {
        let ballots = self.requirement.iter().flat_map(RequirementStatus::ballots);
        self.resolution == Resolution::Carried
            && ballots
                .filter(|ballot| ballot.board == *board)
                .any(|ballot| ballot.decided.is_none() && ballot.holds() && ballot.taken)
    }

    /// The approvers that are awaited; none once it is settled.
    pub fn awaited(&self) -> Vec<Approver> {
        if self.resolution != Resolution::Open {
            return Vec::new();
        }
        let outside = self.external_deciders.iter();
        let outside: Vec<Approver> = outside
            .filter(|decider| !decider.approved)
            .map(|decider| Approver::body(decider.body))
            .collect();
        let mut awaited = match &self.requirement {
            Some(status) if status.state != RequirementState::Met => status.awaited.clone(),
            // Met by another event since, such as the withdrawal of a party. Only a vote
            // or decision carries a proposal, so one of those who agreed votes again.
            Some(status) if outside.is_empty() => status.agreed.clone(),
            Some(_) => Vec::new(),
            // If no rule applies, the board of the proposal decides.
            None if !self.external_deciders.is_empty() => Vec::new(),
            None => self
                .board
                .map(|board| Approver {
                    actor: None,
                    board: Some(board.clone()),
                })
                .into_iter()
                .collect(),
        };
        awaited.extend(outside);
        awaited
    }

    /// The extent of the approval for an act on a date. A board's later decision sets the
    /// amount from the beginning; that it covers a projected underspend counts only
    /// from the date of that decision.
    pub fn approved_by(&self, on: PartialDate) -> ApprovedExtent {
        let mut approved = self.approved;
        approved.covers_projected &= self.confirmed.is_none_or(|confirmed| is_by(confirmed, on));
        approved
    }

    /// Whether it was carried on or before a date.
    pub fn is_carried_by(&self, on: PartialDate) -> bool {
        self.resolution == Resolution::Carried && {
            let settled = self.settled.as_ref();
            settled.is_some_and(|settled| settled.is_by(on))
        }
    }
}
