//! Proposal status: whether a proposal is open, carried or rejected, with the opinions
//! on it and the approvers that are awaited.
//!
//! The first opinion, answer or withdrawal that settles a proposal decides it; later ones
//! do not count. The exceptions: where the votes of all members carried it, the board's
//! own decision may still set the amount; a decision that only records the result of the
//! votes is their minute; where no rule applies, another of equal standing may agree or
//! object. Each is judged by the rules in force just before it. An approval that is
//! carried may be interrupted: by a call-in, a court, or such an objection.

use std::sync::Arc;

use super::approver::Approver;
use super::carried_period::{
    ActDate, ApprovalGap, CarriedPeriod, Grounds, Interruption, period_on,
};
use super::opinion::Opinion;
use super::regime::Regime;
use super::requirement_status::{RequirementState, RequirementStatus};
use super::resolution::{ApprovedExtent, Resolution, Settlement};
use crate::date::PartialDate;
use crate::entry::Entry;
use crate::event::{
    ChallengeStepTaken, Condition, DecisionMade, OutcomeNotKnown, ProposalWithdrawn,
};
use crate::fact::{EffectiveOrder, Fact};
use crate::ids::{BoardId, BodyId, ItemId};

/// A body outside the rules that is to decide.
#[derive(Clone, Copy, Debug)]
pub struct ExternalDecider<'a> {
    /// As named in the proposal or referral; it may have been succeeded since.
    pub body: &'a BodyId,
    /// The decision that referred the matter to it: its own decision on the proposal is its
    /// answer. `None` where the proposal names it.
    pub referred_by: Option<&'a Fact<DecisionMade>>,
    pub approved: bool,
    /// The id of its answer as a decision.
    pub answer: Option<&'a ItemId>,
    /// The body that answered: this one, or the one in its place.
    pub answered_by: Option<&'a BodyId>,
}

impl ExternalDecider<'_> {
    /// Whether a decision by this board, or by none, may be the answer to a referral: that of
    /// the board which referred the matter is not.
    pub fn may_be_answered_by(&self, board: Option<&BoardId>) -> bool {
        let referred_by = self.referred_by.map(|fact| fact.board.as_ref());
        referred_by.is_some_and(|referred_by| board.is_none() || board != referred_by)
    }
}

/// A condition that an approval awaits.
#[derive(Clone, Debug)]
pub struct AwaitedCondition<'a> {
    pub decision: &'a ItemId,
    pub condition: &'a Condition,
    /// Whether the one that it names has approved, and waits for something else: it is not
    /// awaited again, and may decide otherwise.
    pub decider_waits: bool,
    /// The board that is to decide it: the one that it names, or the one that follows it.
    pub board: Option<BoardId>,
}

/// A condition that a decision has met.
#[derive(Clone, Copy, Debug)]
pub struct MetCondition<'a> {
    pub decision: &'a ItemId,
    pub condition: &'a ItemId,
    /// The entry of the decision that met it.
    pub by: &'a Arc<Entry>,
}

/// The duty of an approver who is awaited.
#[derive(Clone, Copy, Debug)]
pub enum Duty<'a> {
    /// The agreement that the rule asks for, or the decision of the board.
    Agreement,
    /// To agree once more, since the requirement was met by another event.
    AgreeAgain,
    /// The answer of an outside decider.
    OutsideDecision,
    /// To decide again, since the matter was sent back.
    Reconsideration,
    /// To decide again, since a call-in or a court set the decision aside.
    FreshDecision,
    /// The decision that meets a condition.
    Condition(&'a Condition),
    /// To settle the call-in with this id.
    CallIn(&'a ItemId),
    /// As full council, to object or not, in the call-in with this id.
    CouncilAnswer(&'a ItemId),
    /// To decide the challenge in court with this id, or to lift the stay.
    Judgment(&'a ItemId),
}

/// The status of a proposal at a point in the effective order.
#[derive(Clone, Debug)]
pub struct ProposalStatus<'a> {
    pub resolution: Resolution,
    /// The resolution that settled it, whatever has interrupted it since.
    pub settled_as: Option<Resolution>,
    /// `None` while it is open.
    pub settled: Option<Settlement>,
    /// Since when it awaits a decision: when it was made, or last deferred or referred, or
    /// the decision on it was set aside.
    pub since: PartialDate,
    /// The rule that governs it: when it was settled, or now if it is open.
    pub regime: Regime,
    /// The status of that rule's requirement.
    pub requirement: Option<RequirementStatus>,
    /// The status that it would have if the latest decision that awaits a condition
    /// counted.
    pub with_latest_pending: Option<RequirementStatus>,
    /// The board that it was put to, or the one that has followed it.
    pub board: Option<BoardId>,
    /// For a matter of a body's or a board's own: that board, or that body or the one in
    /// its place.
    pub owner: Option<Approver>,
    /// In the order in which they were asked.
    pub external_deciders: Vec<ExternalDecider<'a>>,
    /// Those of them that have not approved, or the bodies in their place by now.
    pub awaited_outside: Vec<BodyId>,
    /// The last decision that deferred or referred it.
    pub put_off_by: Option<&'a Fact<DecisionMade>>,
    pub withdrawn: Option<&'a Fact<ProposalWithdrawn>>,
    pub outcome_not_known: Option<&'a Fact<OutcomeNotKnown>>,
    /// Every opinion on it: those in time that count, in order, then the others.
    pub opinions: Vec<Opinion<'a>>,
    /// The number of opinions that were in time and count.
    pub in_time: usize,
    /// The conditions that its approvals await.
    pub conditions: Vec<AwaitedCondition<'a>>,
    /// The conditions of its approvals that a decision has met.
    pub met_conditions: Vec<MetCondition<'a>>,
    /// While it is called in or stayed: who must end that.
    pub settlers: Vec<(Approver, Duty<'a>)>,
    /// Why an open proposal is called in or stayed, and since when; `None` where a carried
    /// one is.
    pub suspension: Option<(Interruption, EffectiveOrder)>,
    /// Who is to decide again, since the decision fell.
    pub decides_again: Option<Approver>,
    /// The spells in which it is or was approved, in order.
    pub periods: Vec<CarriedPeriod<'a>>,
    /// The last step of a court that quashed a decision on it.
    pub quashed: Option<&'a Fact<ChallengeStepTaken>>,
    /// The board that another sent it back to, and that is to decide again, or the one that
    /// has followed it.
    pub sent_back_to: Option<BoardId>,
    /// Zero unless it was carried.
    pub approved: ApprovedExtent,
    /// The date of a board's own decision, if its votes had carried the proposal before.
    pub confirmed: Option<PartialDate>,
}

impl<'a> ProposalStatus<'a> {
    /// Whether it awaits a decision, a condition of one, or the end of a call-in or a stay.
    pub const fn is_open(&self) -> bool {
        self.is_suspended()
            || matches!(
                self.resolution,
                Resolution::Open | Resolution::SubjectTo | Resolution::Quashed
            )
    }

    /// Whether it is called in or stayed.
    pub const fn is_suspended(&self) -> bool {
        matches!(self.resolution, Resolution::CalledIn | Resolution::Stayed)
    }

    /// The resolution that settled it, whatever has interrupted it since.
    pub const fn first_resolution(&self) -> Resolution {
        match self.settled_as {
            Some(resolution) => resolution,
            None => self.resolution,
        }
    }

    /// Whether it was carried, and not opened again since.
    pub fn is_carried(&self) -> bool {
        self.settled_as == Some(Resolution::Carried)
    }

    /// Why its approval is not in force, if it was carried once and not decided anew.
    pub fn interruption(&self) -> Option<(&Interruption, PartialDate)> {
        if let Some((cause, order)) = &self.suspension {
            return Some((cause, order.day.into()));
        }
        let end = self.periods.last()?.last_cause()?;
        let anew = |settled: &Settlement| settled.order > end.order;
        let is_decided_anew = self.settled.as_ref().is_some_and(anew);
        (!is_decided_anew).then_some((&end.cause, end.on))
    }

    /// Whether it was carried by the votes of all members of a board, and the board's
    /// own decision is not on record yet. That decision may still set the amount that
    /// it allows.
    pub fn awaits_board_record(&self, board: &BoardId) -> bool {
        let ballots = self.requirement.iter().flat_map(RequirementStatus::ballots);
        self.is_carried()
            && ballots
                .filter(|ballot| ballot.board == *board)
                .any(|ballot| ballot.decided.is_none() && ballot.holds() && ballot.taken)
    }

    /// The approvers that are awaited; none once it is settled.
    pub fn awaited(&self) -> Vec<Approver> {
        let awaited = self.awaited_with_duty().into_iter();
        awaited.map(|(approver, _)| approver).collect()
    }

    /// The approvers that are awaited, each once, and what is awaited of them.
    pub fn awaited_with_duty(&self) -> Vec<(Approver, Duty<'_>)> {
        if !self.is_open() {
            return Vec::new();
        }
        if self.is_suspended() {
            return self.settlers.clone();
        }
        let outside = self.awaited_outside.iter();
        let outside: Vec<_> = outside
            .map(|body| (Approver::body(body), Duty::OutsideDecision))
            .collect();
        let with = |approvers: &[Approver], duty: Duty<'static>| -> Vec<(Approver, Duty<'_>)> {
            let approvers = approvers.iter().cloned();
            approvers.map(|approver| (approver, duty)).collect()
        };
        let mut awaited = match &self.requirement {
            _ if self.resolution == Resolution::SubjectTo => Vec::new(),
            Some(status) if status.state != RequirementState::Met => {
                with(&status.awaited, Duty::Agreement)
            }
            // Met by another event since, such as the withdrawal of a party. Only a vote
            // or decision carries a proposal, so one of those who agreed votes again.
            Some(status) if outside.is_empty() => with(&status.agreed, Duty::AgreeAgain),
            Some(_) => Vec::new(),
            // If no rule applies, the board of the proposal decides, or else its owner.
            None if self.sent_back_to.is_some() => Vec::new(),
            None => match &self.decides_again {
                Some(again) => with(std::slice::from_ref(again), Duty::FreshDecision),
                None if !self.external_deciders.is_empty() => Vec::new(),
                None => {
                    let board = self.board.as_ref().map(Approver::board);
                    let decider = board.or_else(|| self.owner.clone());
                    with(decider.as_slice(), Duty::Agreement)
                }
            },
        };
        awaited.extend(outside);
        let sent_back = self.sent_back_to.as_ref().map(Approver::board);
        let sent_back = sent_back.map(|board| (board, Duty::Reconsideration));
        let conditions = self
            .conditions
            .iter()
            .filter(|awaited| !awaited.decider_waits);
        let conditions = conditions.filter_map(|awaited| {
            let board = awaited.board.as_ref().map(Approver::board);
            let approver = board.or_else(|| Approver::of_condition(awaited.condition))?;
            Some((approver, Duty::Condition(awaited.condition)))
        });
        for (approver, duty) in sent_back.into_iter().chain(conditions) {
            if !awaited.iter().any(|(other, _)| *other == approver) {
                awaited.push((approver, duty));
            }
        }
        awaited
    }

    /// The extent of the approval for an act on a date. A board's later decision sets the
    /// amount from the beginning; that it covers a projected underspend counts only
    /// from the date of that decision.
    pub fn approved_by(&self, on: ActDate, order: EffectiveOrder) -> ApprovedExtent {
        let Ok(covering) = period_on(&self.periods, on, order) else {
            return ApprovedExtent::default();
        };
        let mut approved = covering.period.approved;
        let confirmed = covering.period.grounds.confirmed;
        approved.covers_projected &=
            confirmed.is_none_or(|confirmed| confirmed.is_by(on.on()).may_be());
        approved
    }

    /// The grounds of the approval that was in force for an act on a date.
    pub(super) fn grounds_on(&self, on: ActDate, order: EffectiveOrder) -> Option<&Grounds<'a>> {
        let covering = period_on(&self.periods, on, order).ok()?;
        Some(&covering.period.grounds)
    }

    /// Whether its approval was in force for an act on a date.
    pub fn is_in_force(&self, on: ActDate, order: EffectiveOrder) -> bool {
        self.approval_gap(on, order).is_none()
    }

    /// Whether it rests on an unknown day that its approval was in force for an act on a
    /// date.
    pub fn rests_on_unknown_day(&self, on: ActDate, order: EffectiveOrder) -> bool {
        period_on(&self.periods, on, order).is_ok_and(|covering| covering.rests_on_unknown_day)
    }

    /// Why its approval was not in force for an act on a date.
    pub(super) fn approval_gap(
        &self,
        on: ActDate,
        order: EffectiveOrder,
    ) -> Option<ApprovalGap<'_>> {
        period_on(&self.periods, on, order).err()
    }
}
