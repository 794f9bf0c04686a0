//! Dates as recorders know them: to the day, the month or the year.

mod financial_year;
mod month;

use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;
use std::sync::LazyLock;

use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp, ToSpan, Zoned};

pub use financial_year::FinancialYear;
pub use month::{MONTHS, month_named};

/// The register's time zone. Its rules are compiled in, so the name is always known.
static LONDON: LazyLock<TimeZone> =
    LazyLock::new(|| TimeZone::get("Europe/London").unwrap_or(TimeZone::UTC));

/// The day of an instant in the register's time zone (Europe/London).
pub fn day_of(instant: Timestamp) -> Date {
    LONDON.to_datetime(instant).date()
}

/// An instant in the register's time zone.
pub fn local(instant: Timestamp) -> Zoned {
    instant.to_zoned(LONDON.clone())
}

/// The last instant of a day in the register's time zone.
pub fn end_of(day: Date) -> Timestamp {
    let next = day.tomorrow().ok();
    let midnight =
        next.and_then(|next| LONDON.to_timestamp(next.to_datetime(Time::midnight())).ok());
    midnight.map_or(Timestamp::MAX, |midnight| {
        midnight - Span::new().nanoseconds(1)
    })
}

/// Why a date is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DateError {
    /// The year is not from 1000 to 9999.
    #[error("a year has four digits; {year} has not")]
    Year { year: i32 },
    #[error("a date with a day needs a month")]
    DayWithoutMonth,
    #[error("there is no day {year}-{month}-{day}")]
    NoSuchDay { year: i32, month: i32, day: i32 },
    #[error("a date is written 2020, 2020-10 or 2020-10-01; {text:?} is none of these")]
    NotADate { text: String },
    /// It is none of the forms of [`FinancialYear`].
    #[error(
        "a financial year from 1 April is written 2020/21, another by its months \
         (2020-01/2020-12) or days (2020-04-06/2021-04-05), and the life of a scheme \
         \"all years\"; {text:?} is none of these"
    )]
    NotAFinancialYear { text: String },
    #[error("the period {text} ends before it begins")]
    EndsBeforeItBegins { text: String },
}

/// A date with its precision: a day, a month or a year.
///
/// It counts from its first day and prints as it was given: `2015-10` sorts at 1
/// October 2015 and prints `2015-10`. A less precise date sorts before a more precise
/// one that begins on the same day.
///
/// # Examples
///
/// ```
/// use minutebook_domain::date::PartialDate;
///
/// let month: PartialDate = "2015-10".parse()?;
/// assert_eq!(month.to_string(), "2015-10");
/// assert_eq!(month.first_day().to_string(), "2015-10-01");
/// assert_eq!(month.last_day().to_string(), "2015-10-31");
/// assert!(month < "2015-10-01".parse()?);
/// assert!("2015-13".parse::<PartialDate>().is_err());
/// # Ok::<(), minutebook_domain::date::DateError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct PartialDate {
    year: i16,
    /// Zero if unknown.
    month: i8,
    /// Zero if unknown.
    day: i8,
}

impl PartialDate {
    /// A month or day of zero means unknown.
    pub fn new(year: i32, month: i32, day: i32) -> Result<Self, DateError> {
        let year_short = i16::try_from(year)
            .ok()
            .filter(|y| (1000..=9999).contains(y));
        let Some(year_short) = year_short else {
            return Err(DateError::Year { year });
        };
        if month == 0 && day != 0 {
            return Err(DateError::DayWithoutMonth);
        }
        let no_such_day = DateError::NoSuchDay { year, month, day };
        let (Ok(month), Ok(day)) = (i8::try_from(month), i8::try_from(day)) else {
            return Err(no_such_day);
        };
        if Date::new(
            year_short,
            if month == 0 { 1 } else { month },
            if day == 0 { 1 } else { day },
        )
        .is_err()
        {
            return Err(no_such_day);
        }
        Ok(Self {
            year: year_short,
            month,
            day,
        })
    }

    /// The day from which it counts.
    pub fn first_day(self) -> Date {
        // Checked when it was made.
        Date::new(self.year, self.month.max(1), self.day.max(1)).unwrap_or(Date::MIN)
    }

    /// The last day that it spans: an instrument that expires in `2020` is in force
    /// to the end of that year.
    pub fn last_day(self) -> Date {
        let first = self.first_day();
        if self.is_full() {
            first
        } else if self.month().is_some() {
            first.last_of_month()
        } else {
            first.last_of_year()
        }
    }

    pub const fn year(self) -> i16 {
        self.year
    }

    /// `None` if unknown.
    pub fn month(self) -> Option<i8> {
        (self.month > 0).then_some(self.month)
    }

    /// `None` if unknown.
    pub fn day(self) -> Option<i8> {
        (self.day > 0).then_some(self.day)
    }

    pub const fn has_month(self) -> bool {
        self.month > 0
    }

    /// Whether it is known to the day.
    pub const fn is_full(self) -> bool {
        self.day > 0
    }
}

/// A date some months later, as precise as it was.
pub fn months_after(date: PartialDate, months: u32) -> Option<PartialDate> {
    let later = date
        .first_day()
        .checked_add(i64::from(months).months())
        .ok()?;
    Some(PartialDate {
        year: later.year(),
        month: if date.month > 0 { later.month() } else { 0 },
        day: if date.day > 0 { later.day() } else { 0 },
    })
}

impl From<Date> for PartialDate {
    fn from(date: Date) -> Self {
        Self {
            year: date.year(),
            month: date.month(),
            day: date.day(),
        }
    }
}

impl Ord for PartialDate {
    fn cmp(&self, other: &Self) -> Ordering {
        let key = |d: &Self| (d.first_day(), d.month > 0, d.day > 0);
        key(self).cmp(&key(other))
    }
}

impl PartialOrd for PartialDate {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl FromStr for PartialDate {
    type Err = DateError;

    fn from_str(text: &str) -> Result<Self, DateError> {
        let not_a_date = || DateError::NotADate {
            text: text.chars().take(40).collect(),
        };
        let mut parts = text.split('-');
        let mut number = |digits: usize| match parts.next() {
            None => Ok(0),
            Some(part) if part.len() == digits && part.bytes().all(|b| b.is_ascii_digit()) => part
                .parse::<i32>()
                .ok()
                .filter(|n| *n > 0)
                .ok_or_else(not_a_date),
            Some(_) => Err(not_a_date()),
        };
        let (year, month, day) = (number(4)?, number(2)?, number(2)?);
        if parts.next().is_some() || year == 0 {
            return Err(not_a_date());
        }
        Self::new(year, month, day)
    }
}

impl fmt::Display for PartialDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { year, month, day } = self;
        match (month, day) {
            (0, _) => write!(f, "{year:04}"),
            (_, 0) => write!(f, "{year:04}-{month:02}"),
            _ => write!(f, "{year:04}-{month:02}-{day:02}"),
        }
    }
}

impl fmt::Debug for PartialDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_print_as_given_and_sort_at_their_first_day() {
        let mut dates: Vec<PartialDate> = [
            "2016",
            "2015-10-01",
            "2015-10",
            "2015",
            "2015-01-01",
            "2015-12-31",
        ]
        .map(|d| d.parse().unwrap())
        .into();
        dates.sort();
        let printed: Vec<String> = dates.iter().map(ToString::to_string).collect();
        assert_eq!(
            printed,
            [
                "2015",
                "2015-01-01",
                "2015-10",
                "2015-10-01",
                "2015-12-31",
                "2016"
            ]
        );
    }

    #[test]
    fn what_is_no_date_is_refused() {
        for bad in [
            "",
            "15",
            "2015-13",
            "2015-02-29",
            "2015-1",
            "2015-00-01",
            "2015-01-01-01",
            "x",
        ] {
            assert!(bad.parse::<PartialDate>().is_err(), "{bad}");
        }
        assert_eq!(
            PartialDate::new(2015, 0, 3),
            Err(DateError::DayWithoutMonth)
        );
        assert_eq!(PartialDate::new(0, 1, 3), Err(DateError::Year { year: 0 }));
        assert!("2016-02-29".parse::<PartialDate>().is_ok());
    }

    #[test]
    fn the_day_is_london_s() {
        let late_june_evening: Timestamp = "2026-06-30T23:30:00Z".parse().unwrap();
        assert_eq!(day_of(late_june_evening).to_string(), "2026-07-01");
        let january_night: Timestamp = "2026-01-01T00:00:00Z".parse().unwrap();
        assert_eq!(day_of(january_night).to_string(), "2026-01-01");
    }
}
