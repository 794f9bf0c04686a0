//! A board: a forum with members, a chair and powers of its own.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::date::PartialDate;
use super::event::{
    BoardConstituted, BoardMembershipChanged, BoardPower, ChairAppointed, MeetingCalled,
    MemberCapacity, Seat,
};
use super::fact::{Fact, Facts};
use super::instrument::last_day;

/// What is known of a board.
#[derive(Clone, Debug, Default)]
pub struct Board {
    /// Its constitution; `None` only while its founding entry is not folded.
    pub constituted: Option<Fact<BoardConstituted>>,
    /// Its chairs.
    pub chairs: Facts<ChairAppointed>,
    /// Changes to its membership.
    pub membership: Facts<BoardMembershipChanged>,
    /// Its meetings.
    pub meetings: Facts<MeetingCalled>,
}

impl Board {
    /// Who chairs it on that day.
    pub fn chair(&self, day: Date) -> Option<&Fact<ChairAppointed>> {
        self.chairs
            .at(day)
            .filter(|chair| chair.until_on.is_none_or(|until| day <= last_day(until)))
    }

    /// Who sits on it on that day, in what capacity, since when.
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

    /// Whether it has this power.
    pub fn has_power(&self, power: BoardPower) -> bool {
        self.constituted
            .as_ref()
            .is_some_and(|c| c.powers.contains(&power))
    }
}
