//! Boards: forums with members, a chair and powers of their own.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::date::PartialDate;
use super::event::{
    BoardConstituted, BoardEnded, BoardMember, BoardMembershipChanged, BoardPower, CastingVote,
    ChairAppointed, DateIs, GroupQuorum, Majority, MeetingCalled, MeetingCancelled, MeetingHeld,
    MergedSeats, MinutesApproved, Seat, StandingOrdersAdopted, VotingRule,
};
use super::fact::{Fact, Facts};

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

    pub fn chair(&self, day: Date) -> Option<&Fact<ChairAppointed>> {
        in_office(&self.chairs, day).filter(|_| self.ended(day).is_none())
    }

    /// Nobody deputises for themselves: a vice-chair who takes the chair leaves the place
    /// of the vice-chair.
    pub fn vice_chair(&self, day: Date) -> Option<&Fact<ChairAppointed>> {
        let vice = in_office(&self.vice_chairs, day).filter(|_| self.ended(day).is_none())?;
        let chair = self.chair(day);
        let took_the_chair = chair.is_some_and(|chair| {
            chair.is_same_seat(vice) && chair.effective_order() > vice.effective_order()
        });
        (!took_the_chair).then_some(vice)
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
    pub fn terms_of_office(&self, day: Date) -> Vec<TermOfOffice> {
        let mut terms = Vec::new();
        let places = [
            (&self.chairs, BoardPlace::Chair),
            (&self.vice_chairs, BoardPlace::ViceChair),
        ];
        for (appointments, place) in places {
            let appointed: Vec<&Fact<ChairAppointed>> = appointments.by(day).collect();
            for (index, chair) in appointed.iter().enumerate() {
                let next = appointed.get(index + 1).map(|next| next.on());
                // A successor that takes over earlier ends the term before its last day.
                let until = match (chair.until_on, next) {
                    (Some(until), Some(next)) if next.first_day() <= until.last_day() => Some(next),
                    (until, next) => until.or(next),
                };
                let is_over = chair.until_on.is_some_and(|until| until.last_day() < day);
                terms.push(TermOfOffice {
                    place,
                    holder: Seat::Body {
                        body: chair.body.clone(),
                        office: chair.office.clone(),
                    },
                    since: chair.on(),
                    since_is: chair.is(),
                    until,
                    is_past: next.is_some() || is_over,
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

/// The last of these appointments that has begun by a day, unless its term is over.
fn in_office(appointments: &Facts<ChairAppointed>, day: Date) -> Option<&Fact<ChairAppointed>> {
    appointments
        .at(day)
        .filter(|chair| chair.until_on.is_none_or(|until| day <= until.last_day()))
}
