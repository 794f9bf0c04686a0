//! Boards: forums with members, a chair and powers of their own.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::date::PartialDate;
use super::event::{
    BoardConstituted, BoardMembershipChanged, BoardPower, ChairAppointed, MeetingCalled,
    MemberCapacity, Seat,
};
use super::fact::{Fact, Facts};

#[derive(Clone, Debug, Default)]
pub struct Board {
    /// `None` only until its founding entry is folded.
    pub constituted: Option<Fact<BoardConstituted>>,
    pub chairs: Facts<ChairAppointed>,
    pub membership: Facts<BoardMembershipChanged>,
    pub meetings: Facts<MeetingCalled>,
}

impl Board {
    pub fn chair(&self, day: Date) -> Option<&Fact<ChairAppointed>> {
        self.chairs
            .at(day)
            .filter(|chair| chair.until_on.is_none_or(|until| day <= until.last_day()))
    }

    /// The seats on a day, each with its capacity and the date since when it is held.
    pub fn seats(&self, day: Date) -> BTreeMap<Seat, (MemberCapacity, PartialDate)> {
        let mut seats = BTreeMap::new();
        if let Some(constituted) = self.constituted.as_ref().filter(|c| c.day() <= day) {
            for member in &constituted.members {
                seats.insert(member.seat.clone(), (member.capacity, constituted.on()));
            }
        }
        for change in self.membership.by(day) {
            for seat in &change.left {
                seats.remove(seat);
            }
            for member in &change.joined {
                seats.insert(member.seat.clone(), (member.capacity, change.on()));
            }
        }
        seats
    }

    pub fn has_power(&self, power: BoardPower) -> bool {
        self.constituted
            .as_ref()
            .is_some_and(|c| c.powers.contains(&power))
    }
}
