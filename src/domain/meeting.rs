//! Meetings: each as it was called, held or cancelled, and its minutes.

use std::collections::BTreeMap;

use super::board::Board;
use super::date::PartialDate;
use super::event::{
    Attendance, AttendanceKind, MeetingCalled, MeetingCancelled, MeetingHeld, MinutesApproved,
};
use super::fact::Fact;
use super::ids::ItemId;

/// A meeting of a board, put together from the entries about it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Meeting<'a> {
    pub called: Option<&'a Fact<MeetingCalled>>,
    pub held: Option<&'a Fact<MeetingHeld>>,
    pub cancelled: Option<&'a Fact<MeetingCancelled>>,
    pub minutes: Option<&'a Fact<MinutesApproved>>,
}

impl Meeting<'_> {
    /// The day of the meeting: on which it was held, or else for which it is called.
    pub fn on(&self) -> Option<PartialDate> {
        let held = self.held.map(Fact::on);
        held.or_else(|| self.called.map(meets_on))
    }

    /// The entries of those who attended, themselves or by a substitute, whether they
    /// have a vote or not.
    pub fn attended(&self) -> impl Iterator<Item = &Attendance> {
        let attendance = self.held.map(|held| held.attendance.as_slice());
        let attendance = attendance.unwrap_or_default().iter();
        attendance.filter(|one| {
            matches!(
                one.attendance,
                AttendanceKind::Present | AttendanceKind::Substitute
            )
        })
    }
}

/// The day for which a meeting was called.
pub fn meets_on(called: &Fact<MeetingCalled>) -> PartialDate {
    called.meets_on.unwrap_or_else(|| called.on())
}

impl Board {
    /// The meeting of this id, if an entry calls it or says that it was held.
    pub fn meeting(&self, id: &ItemId) -> Option<Meeting<'_>> {
        let mut called = self.meetings.iter();
        let mut held = self.meetings_held.iter();
        let mut cancelled = self.meetings_cancelled.iter();
        let mut minutes = self.minutes_approved.iter();
        let meeting = Meeting {
            called: called.rfind(|called| called.meeting.as_ref() == Some(id)),
            held: held.rfind(|held| held.meeting == *id),
            cancelled: cancelled.rfind(|cancelled| cancelled.meeting == *id),
            minutes: minutes.rfind(|minutes| minutes.meeting == *id),
        };
        meeting.on().is_some().then_some(meeting)
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
            named.entry(&held.meeting).or_default().held = Some(held);
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
