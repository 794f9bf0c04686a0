//! Meetings: each as it was called, held or cancelled, and its minutes.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use super::board::Board;
use super::date::PartialDate;
use super::event::{
    Attendance, AttendanceKind, MeetingCalled, MeetingCancelled, MeetingHeld, MinutesApproved,
};
use super::fact::Fact;
use super::ids::ItemId;

/// A meeting of a board, put together from the entries about it.
#[derive(Clone, Debug, Default)]
pub struct Meeting<'a> {
    pub called: Option<&'a Fact<MeetingCalled>>,
    /// The first day on which it sat.
    pub held: Option<&'a Fact<MeetingHeld>>,
    /// The later days, where it was adjourned, in order.
    pub resumed: Vec<&'a Fact<MeetingHeld>>,
    pub cancelled: Option<&'a Fact<MeetingCancelled>>,
    pub minutes: Option<&'a Fact<MinutesApproved>>,
}

/// A day on which a meeting sits. Each has an attendance and a quorum of its own (Local
/// Government Act 1972 Sch.12 paragraphs 6 and 45).
#[derive(Clone, Copy, Debug)]
pub struct Sitting<'a> {
    pub on: PartialDate,
    /// `None` if no entry describes that day.
    pub held: Option<&'a Fact<MeetingHeld>>,
}

impl<'a> Meeting<'a> {
    /// The day of the meeting: on which it was held first, or else for which it is called.
    pub fn on(&self) -> Option<PartialDate> {
        let held = self.held.map(Fact::on);
        held.or_else(|| self.called.map(meets_on))
    }

    /// The entries about the days on which it sat, in order.
    pub fn all_held(&self) -> impl Iterator<Item = &'a Fact<MeetingHeld>> {
        self.held.into_iter().chain(self.resumed.iter().copied())
    }

    /// The meeting with another day on which it sat.
    #[must_use]
    pub fn with_sitting(mut self, held: &'a Fact<MeetingHeld>) -> Self {
        let mut all: Vec<&Fact<MeetingHeld>> = self.all_held().chain([held]).collect();
        all.sort_by_key(|held| held.effective_order());
        let mut all = all.into_iter();
        self.held = all.next();
        self.resumed = all.collect();
        self
    }

    /// The days on which it sits, in order: that of the meeting, and those to which it was
    /// adjourned.
    pub fn sittings(&self) -> Vec<Sitting<'a>> {
        let first = self.on().map(|on| Sitting {
            on,
            held: self.held,
        });
        let mut sittings: Vec<Sitting<'a>> = first.into_iter().collect();
        for held in self.resumed.iter().copied() {
            let (on, held) = (held.on(), Some(held));
            sittings.push(Sitting { on, held });
        }
        for day in self.all_held().flat_map(|held| &held.adjourned_to) {
            let mut later = sittings.iter().skip(1);
            if !later.any(|known| may_be_same_day(known.on, *day)) {
                let (on, held) = (*day, None);
                sittings.push(Sitting { on, held });
            }
        }
        sittings.sort_by_key(|sitting| sitting.on);
        sittings
    }

    /// Its last day, as far as the register says.
    pub fn last_sitting(&self) -> Option<PartialDate> {
        self.sittings().last().map(|sitting| sitting.on)
    }

    /// The entry that describes the sitting on a date; `None` if none does, or if the date
    /// may be that of several sittings.
    pub fn sitting(&self, on: PartialDate) -> Option<&'a Fact<MeetingHeld>> {
        let sittings = self.sittings().into_iter();
        let mut matching = sittings.filter(|sitting| may_be_same_day(sitting.on, on));
        let first = matching.next()?;
        matching.next().is_none().then_some(first.held)?
    }

    /// Whether there was no quorum for an item of the agenda on a day. Of an item that is
    /// not stated, that is not known. Each sitting has a quorum of its own.
    pub fn is_inquorate(&self, item: &str, on: PartialDate) -> bool {
        let lacked = |held: &Fact<MeetingHeld>| {
            let from = held.inquorate_from_item.as_str();
            let is_lost = !from.is_empty() && !item.is_empty() && by_agenda(item, from).is_ge();
            held.inquorate || is_lost
        };
        let sittings = self.sittings().into_iter();
        let mut matching = sittings
            .filter(|sitting| may_be_same_day(sitting.on, on))
            .peekable();
        matching.peek().is_some() && matching.all(|sitting| sitting.held.is_some_and(lacked))
    }
}

impl MeetingHeld {
    /// The entries of those who attended, themselves or by a substitute, whether they
    /// have a vote or not.
    pub fn attended(&self) -> impl Iterator<Item = &Attendance> {
        let listed = self.members_listed();
        listed.filter(|one| one.attendance.is_there())
    }

    /// The entries of members, whether they came or not.
    pub fn members_listed(&self) -> impl Iterator<Item = &Attendance> {
        let attendance = self.attendance.iter();
        attendance.filter(|one| one.attendance != AttendanceKind::InAttendance)
    }
}

/// Whether two dates, which may be partial, may be the same day.
pub fn may_be_same_day(one: PartialDate, other: PartialDate) -> bool {
    one.first_day() <= other.last_day() && other.first_day() <= one.last_day()
}

/// Items of an agenda as people number them: 2 before 10, 7(a) before 7(b), and those
/// without an item last.
pub fn by_agenda(one: &str, other: &str) -> Ordering {
    let number = |item: &str| {
        let digits: String = item.chars().take_while(char::is_ascii_digit).collect();
        digits.parse::<u64>().ok()
    };
    let missing = one.is_empty().cmp(&other.is_empty());
    let numbers = match (number(one), number(other)) {
        (Some(one), Some(other)) => one.cmp(&other),
        (one, other) => other.is_some().cmp(&one.is_some()),
    };
    missing.then(numbers).then_with(|| one.cmp(other))
}

/// The day for which a meeting was called.
pub fn meets_on(called: &Fact<MeetingCalled>) -> PartialDate {
    called.meets_on.unwrap_or_else(|| called.on())
}

impl Board {
    /// The meeting of this id, if an entry calls it or says that it was held.
    pub fn meeting(&self, id: &ItemId) -> Option<Meeting<'_>> {
        let mut called = self.meetings.iter();
        let held = self.meetings_held.iter();
        let mut held = held.filter(|held| held.meeting == *id);
        let mut cancelled = self.meetings_cancelled.iter();
        let mut minutes = self.minutes_approved.iter();
        let meeting = Meeting {
            called: called.rfind(|called| called.meeting.as_ref() == Some(id)),
            held: held.next(),
            resumed: held.collect(),
            cancelled: cancelled.rfind(|cancelled| cancelled.meeting == *id),
            minutes: minutes.rfind(|minutes| minutes.meeting == *id),
        };
        meeting.on().is_some().then_some(meeting)
    }

    /// The sitting of a day on which the board had no quorum, at any of its meetings of that
    /// day; `None` if one had, if the day is not known, or if it did not sit.
    pub fn inquorate_on(&self, on: PartialDate) -> Option<&Fact<MeetingHeld>> {
        let held = self.meetings_held.iter();
        let mut of_day = held.filter(|held| on.is_full() && may_be_same_day(held.on(), on));
        let first = of_day.next()?;
        let mut all = [first].into_iter().chain(of_day);
        let lacks = |held: &Fact<MeetingHeld>| held.inquorate && held.on() == on;
        all.all(lacks).then_some(first)
    }

    /// Every meeting, by day; those without an id included.
    pub fn all_meetings(&self) -> Vec<Meeting<'_>> {
        let mut unnamed: Vec<Meeting<'_>> = Vec::new();
        let mut named: BTreeMap<&ItemId, Meeting<'_>> = BTreeMap::new();
        for called in self.meetings.iter() {
            let meeting = Meeting {
                called: Some(called),
                ..Meeting::default()
            };
            match &called.meeting {
                Some(id) => named.entry(id).or_default().called = Some(called),
                None => unnamed.push(meeting),
            }
        }
        for held in self.meetings_held.iter() {
            let meeting = named.entry(&held.meeting).or_default();
            match meeting.held {
                None => meeting.held = Some(held),
                Some(_) => meeting.resumed.push(held),
            }
        }
        for cancelled in self.meetings_cancelled.iter() {
            named.entry(&cancelled.meeting).or_default().cancelled = Some(cancelled);
        }
        for minutes in self.minutes_approved.iter() {
            named.entry(&minutes.meeting).or_default().minutes = Some(minutes);
        }
        let mut meetings = unnamed;
        meetings.extend(named.into_values().filter(|meeting| meeting.on().is_some()));
        meetings.sort_by_key(Meeting::on);
        meetings
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_agenda_is_in_the_order_of_its_numbers() {
        let mut items = ["10", "", "7(b)", "2", "A", "7(a)", "7"];
        items.sort_by(|one, other| by_agenda(one, other));
        assert_eq!(items, ["2", "7", "7(a)", "7(b)", "10", "A", ""]);
    }
}
