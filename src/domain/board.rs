//! Boards: forums with members, a chair and powers of their own.

mod chair;
mod serving;

use std::collections::BTreeMap;

pub use chair::{ChairOffice, LapseCause, OfficeLapse};
use jiff::civil::Date;
pub use serving::{ServedFrom, ServedTime};

use super::date::PartialDate;
use super::event::{
    BoardCollaborationsChanged, BoardConstituted, BoardEnded, BoardMember, BoardMembershipChanged,
    BoardPower, CastingVote, ChairAppointed, DateIs, GroupQuorum, Majority, MeetingCalled,
    MeetingCancelled, MeetingHeld, MergedSeats, MinutesApproved, Seat, StandingOrdersAdopted,
    VotingRule,
};
use super::fact::{Fact, Facts};
use super::succession::Followed;

#[derive(Clone, Debug, Default)]
pub struct Board {
    /// `None` only until its founding entry is folded.
    pub constituted: Option<Fact<BoardConstituted>>,
    pub chairs: Facts<ChairAppointed>,
    pub vice_chairs: Facts<ChairAppointed>,
    pub membership: Facts<BoardMembershipChanged>,
    pub standing_orders: Facts<StandingOrdersAdopted>,
    pub meetings: Facts<MeetingCalled>,
    pub meetings_held: Facts<MeetingHeld>,
    pub meetings_cancelled: Facts<MeetingCancelled>,
    pub minutes_approved: Facts<MinutesApproved>,
    pub ended: Facts<BoardEnded>,
    pub collaborations_changed: Facts<BoardCollaborationsChanged>,
}

/// A seat that is held, as its latest entry describes it.
#[derive(Clone, Debug)]
pub struct HeldSeat {
    pub member: BoardMember,
    /// The date since when it is held.
    pub since: PartialDate,
    /// How that date is to be read.
    pub since_is: Option<DateIs>,
}

/// A place on a board.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BoardPlace {
    Chair,
    ViceChair,
    Seat,
}

/// The time for which somebody had a place on a board.
#[derive(Clone, Debug)]
pub struct TermOfOffice {
    pub place: BoardPlace,
    pub holder: Seat,
    pub since: PartialDate,
    pub since_is: Option<DateIs>,
    /// `None` if no end is known.
    pub until: Option<PartialDate>,
    pub is_past: bool,
    /// Why an appointment ended before its term, and not by the next.
    pub lapse: Option<LapseCause>,
}

/// How a board decides on a day.
#[derive(Clone, Debug, Default)]
pub struct StandingOrders {
    /// Members with a vote who make a quorum, where known.
    pub quorum: Option<u32>,
    pub voting_rule: Option<VotingRule>,
    pub casting_vote: Option<CastingVote>,
    pub majority: Option<Majority>,
    pub merged_seats: Option<MergedSeats>,
    pub group_quorums: Vec<GroupQuorum>,
}

impl Board {
    /// The end of the board, if it is no more on a day. On its last day it still is.
    pub fn ended(&self, day: Date) -> Option<&Fact<BoardEnded>> {
        self.ended
            .at(day)
            .filter(|ended| ended.on().last_day() < day)
    }

    /// The seats on a day.
    pub fn seats(&self, day: Date) -> BTreeMap<Seat, HeldSeat> {
        let mut seats = BTreeMap::new();
        if self.ended(day).is_none() {
            self.replay_seats(day, &mut seats, |_, _, _| {});
        }
        seats
    }

    /// Applies the entries on seats up to a day; `left` hears of each that is left.
    fn replay_seats(
        &self,
        day: Date,
        seats: &mut BTreeMap<Seat, HeldSeat>,
        mut left: impl FnMut(&Seat, HeldSeat, PartialDate),
    ) {
        let take = |seats: &mut BTreeMap<_, _>, member: &BoardMember, since, since_is| {
            let held = HeldSeat {
                member: member.clone(),
                since,
                since_is,
            };
            seats.insert(member.seat.clone(), held);
        };
        if let Some(constituted) = self.constituted.as_ref().filter(|c| c.day() <= day) {
            for member in &constituted.members {
                take(seats, member, constituted.on(), constituted.is());
            }
        }
        for change in self.membership.by(day) {
            for seat in &change.left {
                if let Some(held) = seats.remove(seat) {
                    left(seat, held, change.on());
                }
            }
            for member in &change.joined {
                take(seats, member, change.on(), change.is());
            }
        }
    }

    /// The terms of the chair and the vice-chair, and the seats that were left, up to a
    /// day, oldest first.
    pub fn terms_of_office(&self, followed: &Followed, day: Date) -> Vec<TermOfOffice> {
        let mut terms = Vec::new();
        for place in [BoardPlace::Chair, BoardPlace::ViceChair] {
            let appointed: Vec<&Fact<ChairAppointed>> = self.appointments(place).by(day).collect();
            for (index, chair) in appointed.iter().enumerate() {
                let next = appointed.get(index + 1).map(|next| next.on());
                // A successor that takes over earlier ends the term before its last day.
                let until = match (chair.until_on, next) {
                    (Some(until), Some(next)) if next.first_day() <= until.last_day() => Some(next),
                    (until, next) => until.or(next),
                };
                // An end before anybody else took its place.
                let lapse = self.lapse(followed, chair, place, day);
                let lapse = lapse.filter(|lapse| {
                    next.is_none_or(|next| lapse.on.first_day() <= next.first_day())
                });
                let cause = lapse.map(|lapse| lapse.cause);
                let is_own = |cause: &LapseCause| *cause != LapseCause::TermOver;
                let until = match cause.is_some_and(|cause| is_own(&cause)) {
                    true => lapse.map(|lapse| lapse.on),
                    false => until,
                };
                terms.push(TermOfOffice {
                    place,
                    holder: chair.seat(),
                    since: chair.on(),
                    since_is: chair.is(),
                    until,
                    is_past: next.is_some() || lapse.is_some(),
                    lapse: cause.filter(is_own),
                });
            }
        }
        let mut seats = BTreeMap::new();
        let mut left = |seat: &Seat, held: HeldSeat, until| {
            terms.push(TermOfOffice {
                place: BoardPlace::Seat,
                holder: seat.clone(),
                since: held.since,
                since_is: held.since_is,
                until: Some(until),
                is_past: true,
                lapse: None,
            });
        };
        self.replay_seats(day, &mut seats, &mut left);
        if let Some(ended) = self.ended(day) {
            for (seat, held) in seats {
                left(&seat, held, ended.on());
            }
            for term in &mut terms {
                term.until = term.until.or(Some(ended.on()));
                term.is_past = true;
            }
        }
        terms.sort_by_key(|term| term.since);
        terms
    }

    /// The standing orders on a day: those it was set up with, and each change.
    pub fn standing_orders(&self, day: Date) -> StandingOrders {
        let mut orders = StandingOrders::default();
        if let Some(constituted) = self.constituted.as_ref().filter(|c| c.day() <= day) {
            orders = StandingOrders {
                quorum: constituted.quorum,
                voting_rule: constituted.voting_rule,
                casting_vote: constituted.casting_vote,
                majority: constituted.majority,
                merged_seats: constituted.merged_seats,
                group_quorums: constituted.group_quorums.clone(),
            };
        }
        for adopted in self.standing_orders.by(day) {
            orders = StandingOrders {
                quorum: adopted.quorum.or(orders.quorum),
                voting_rule: adopted.voting_rule.or(orders.voting_rule),
                casting_vote: adopted.casting_vote.or(orders.casting_vote),
                majority: adopted.majority.or(orders.majority),
                merged_seats: adopted.merged_seats.or(orders.merged_seats),
                group_quorums: if adopted.group_quorums.is_empty() {
                    orders.group_quorums
                } else {
                    adopted.group_quorums.clone()
                },
            };
        }
        orders
    }

    pub fn has_power(&self, power: BoardPower) -> bool {
        self.constituted
            .as_ref()
            .is_some_and(|c| c.powers.contains(&power))
    }
}
