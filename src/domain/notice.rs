//! Notices: to leave a collaboration or service, or to stop leading it.

use jiff::civil::Date;

use super::date::PartialDate;
use super::event::{DirectionIssued, NoticeCapacity, NoticeExtended, NoticeGiven, NoticeRevoked};
use super::fact::{Fact, Facts};

#[derive(Clone, Debug)]
pub struct Notice {
    pub given: Fact<NoticeGiven>,
    pub extended: Facts<NoticeExtended>,
    pub revoked: Facts<NoticeRevoked>,
    /// Directions that set its day.
    pub directed: Facts<DirectionIssued>,
}

/// The event that set the day on which a notice takes effect.
#[derive(Clone, Copy, Debug)]
pub enum NoticeDaySource<'a> {
    Notice,
    Extension,
    /// A direction of the Secretary of State.
    Direction(&'a DirectionIssued),
}

impl Notice {
    /// A notice that has only been given.
    pub fn new(given: Fact<NoticeGiven>) -> Self {
        Self {
            given,
            extended: Facts::default(),
            revoked: Facts::default(),
            directed: Facts::default(),
        }
    }

    /// The day on which it takes effect, as known by `day`, and the event that set
    /// it: the last direction, or else the last extension, or else the notice. A
    /// direction overrides the parties, before and after (Police Act 1996 s.23G).
    pub fn day_set_by(&self, day: Date) -> (PartialDate, NoticeDaySource<'_>) {
        let directed = self.directed.at(day).and_then(|direction| {
            let (_, to) = direction.notice.as_ref()?;
            Some((*to, NoticeDaySource::Direction(direction)))
        });
        let extended = || {
            let extension = self.extended.at(day)?;
            Some((extension.takes_effect_on, NoticeDaySource::Extension))
        };
        directed
            .or_else(extended)
            .unwrap_or((self.given.takes_effect_on, NoticeDaySource::Notice))
    }

    /// The day on which it takes effect, as known by `day`.
    pub fn takes_effect_on(&self, day: Date) -> PartialDate {
        self.day_set_by(day).0
    }

    /// Whether it is to leave as a party, and not only to leave a service.
    pub fn is_to_leave_the_whole(&self) -> bool {
        self.given.capacity == NoticeCapacity::Party && self.given.service.is_none()
    }

    pub fn is_revoked(&self, day: Date) -> bool {
        self.revoked.at(day).is_some()
    }

    /// Whether it is given, not revoked and not yet effective on a day.
    pub fn is_running(&self, day: Date) -> bool {
        self.given.day() <= day
            && !self.is_revoked(day)
            && day < self.takes_effect_on(day).first_day()
    }
}
