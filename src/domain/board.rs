//! Boards: forums with members, a chair and powers of their own.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::date::PartialDate;
use super::event::{
    BoardConstituted, BoardMember, BoardMembershipChanged, BoardPower, CastingVote, ChairAppointed,
    GroupQuorum, Majority, MeetingCalled, MeetingCancelled, MeetingHeld, MergedSeats,
    MinutesApproved, Seat, StandingOrdersAdopted, VotingRule,
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
}

/// A seat that is held, as its latest entry describes it.
#[derive(Clone, Debug)]
pub struct HeldSeat {
    pub member: BoardMember,
    /// The date since when it is held.
    pub since: PartialDate,
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
    pub fn chair(&self, day: Date) -> Option<&Fact<ChairAppointed>> {
        in_office(&self.chairs, day)
    }

    pub fn vice_chair(&self, day: Date) -> Option<&Fact<ChairAppointed>> {
        in_office(&self.vice_chairs, day)
    }

    /// The seats on a day.
    pub fn seats(&self, day: Date) -> BTreeMap<Seat, HeldSeat> {
        let mut seats = BTreeMap::new();
        let take = |seats: &mut BTreeMap<_, _>, member: &BoardMember, since| {
            let held = HeldSeat {
                member: member.clone(),
                since,
            };
            seats.insert(member.seat.clone(), held);
        };
        if let Some(constituted) = self.constituted.as_ref().filter(|c| c.day() <= day) {
            for member in &constituted.members {
                take(&mut seats, member, constituted.on());
            }
        }
        for change in self.membership.by(day) {
            for seat in &change.left {
                seats.remove(seat);
            }
            for member in &change.joined {
                take(&mut seats, member, change.on());
            }
        }
        seats
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
