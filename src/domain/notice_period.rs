//! Notice periods: how long before it leaves a body gives notice, and when it may leave
//! at the earliest.

use std::collections::BTreeSet;
use std::fmt;

use jiff::ToSpan;
use jiff::civil::Date;

use super::date::{MONTHS, PartialDate};
use super::event::{DayOfYear, NoticeCapacity};
use super::ids::BodyId;
use super::instrument::Instrument;

/// The demands of an instrument on a body that leaves, or stops leading. The last of the
/// days that follow from them applies.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct NoticePeriod {
    pub months: u32,
    pub days: u32,
    /// Notice runs to this day of the year.
    pub ends_on: Option<DayOfYear>,
    /// The first day on which a party may leave.
    pub no_exit_before: Option<PartialDate>,
    /// The months in force during which no party may leave, and the day on which they
    /// end.
    pub minimum_term: Option<(u32, Date)>,
}

impl NoticePeriod {
    /// The demands of an instrument on a day; `None` if it makes none.
    pub fn of(
        instrument: &Instrument,
        required: &BTreeSet<BodyId>,
        capacity: NoticeCapacity,
        day: Date,
    ) -> Option<Self> {
        let terms = instrument.terms(day);
        let (months, days) = match capacity {
            NoticeCapacity::Party => (terms.notice_as_party_months, terms.notice_as_party_days),
            NoticeCapacity::Lead => (terms.notice_as_lead_months, terms.notice_as_lead_days),
        };
        let asks = months.is_some() || days.is_some();
        let mut period = Self {
            months: months.unwrap_or(0),
            days: days.unwrap_or(0),
            ..Self::default()
        };
        if asks || capacity == NoticeCapacity::Party {
            period.ends_on = terms.notice_ends_on;
        }
        // A lead that stops leading stays a party.
        if capacity == NoticeCapacity::Party {
            period.no_exit_before = terms.no_exit_before;
            period.minimum_term = terms.minimum_term_months.and_then(|months| {
                let since = instrument.force(required, day)?.on.first_day();
                let until = since.checked_add(i64::from(months).months()).ok()?;
                Some((months, until))
            });
        }
        (period != Self::default()).then_some(period)
    }

    /// The first day on which a notice given on that day may take effect.
    pub fn earliest(&self, given: Date) -> Date {
        let months = given.checked_add(i64::from(self.months).months());
        let days = given.checked_add(i64::from(self.days).days());
        let mut earliest = months.unwrap_or(given).max(days.unwrap_or(given));
        if let Some(ends_on) = self.ends_on {
            earliest = next(ends_on, earliest).unwrap_or(earliest);
        }
        if let Some(no_exit_before) = self.no_exit_before {
            earliest = earliest.max(no_exit_before.first_day());
        }
        if let Some((_, until)) = self.minimum_term {
            earliest = earliest.max(until);
        }
        earliest
    }

    /// Whether a notice given on that day may take effect on another: not before the
    /// earliest day, and on the day of the year to which notice runs, or the day after it.
    pub fn allows(&self, given: Date, takes_effect: Date) -> bool {
        let is_its_day = |ends_on: DayOfYear| {
            let is = |day: Date| day.month() == ends_on.month && day.day() == ends_on.day;
            is(takes_effect) || takes_effect.yesterday().is_ok_and(is)
        };
        takes_effect >= self.earliest(given)
            && (self.ends_on.is_none_or(is_its_day) || takes_effect == self.earliest(given))
    }

    /// Whether a body that leaves on that day needs a notice.
    pub fn asks_notice(&self, day: Date) -> bool {
        self.months > 0 || self.days > 0 || self.ends_on.is_some() || self.earliest(day) > day
    }
}

/// The first such day of a year on or after `day`.
fn next(of_year: DayOfYear, day: Date) -> Option<Date> {
    let in_year = |year| Date::new(year, of_year.month, of_year.day).ok();
    let this = in_year(day.year())?;
    if this >= day {
        return Some(this);
    }
    in_year(day.year().checked_add(1)?)
}

/// `12 months of notice, to 31 March`.
impl fmt::Display for NoticePeriod {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut parts = Vec::new();
        match self.months {
            0 => {}
            1 => parts.push("1 month of notice".to_owned()),
            months => parts.push(format!("{months} months of notice")),
        }
        match self.days {
            0 => {}
            1 => parts.push("1 day of notice".to_owned()),
            days => parts.push(format!("{days} days of notice")),
        }
        if let Some(DayOfYear { month, day }) = self.ends_on {
            let name = MONTHS[usize::from(month.unsigned_abs()).clamp(1, 12) - 1];
            parts.push(format!("notice to {day} {name}"));
        }
        if let Some(day) = self.no_exit_before {
            parts.push(format!("no exit before {day}"));
        }
        if let Some((months, until)) = self.minimum_term {
            parts.push(format!("a minimum term of {months} months, to {until}"));
        }
        f.write_str(&parts.join(", "))
    }
}
