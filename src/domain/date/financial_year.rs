//! Financial years, and the longer periods of schemes.

use std::fmt;
use std::str::FromStr;

use jiff::ToSpan;
use jiff::civil::Date;

use super::{DateError, PartialDate};

/// The months that a financial year has at most: Companies Act 2006, section 392(5).
const MOST_MONTHS: i32 = 18;

/// How the whole life of a scheme is written.
const ALL: &str = "all years";

/// The financial year that figures are for, or the period of a scheme.
///
/// It is written as it is: `2020/21` is 1 April to 31 March (Local Government Finance Act
/// 1992, section 69(1)), `2020-01/2020-12` a year of other months, and
/// `2020-04-06/2021-04-05` one of other days (ISO 8601-1, intervals). One of more than 18
/// months is the period of a scheme. `all years` is the whole life of a scheme that no
/// year bounds.
///
/// # Examples
///
/// ```
/// use minutebook_domain::date::FinancialYear;
///
/// let year: FinancialYear = "2020/21".parse()?;
/// assert_eq!(year.last_day().to_string(), "2021-03-31");
/// let calendar: FinancialYear = "2020-01-01/2020-12-31".parse()?;
/// assert_eq!(calendar.to_string(), "2020-01/2020-12");
/// assert!(year.overlaps(calendar));
/// assert!("2020".parse::<FinancialYear>().is_err(), "from January, or from April?");
/// # Ok::<(), minutebook_domain::date::DateError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FinancialYear {
    first: Date,
    last: Date,
}

impl FinancialYear {
    /// The whole life of a scheme.
    pub const ALL: Self = Self {
        first: Date::MIN,
        last: Date::MAX,
    };

    /// The year from 1 April that a day is in.
    pub fn of(day: Date) -> Self {
        let begun = (day.month(), day.day()) >= (4, 1);
        Self::from_april(if begun { day.year() } else { day.year() - 1 })
    }

    fn from_april(year: i16) -> Self {
        Self {
            first: Date::new(year, 4, 1).unwrap_or(Date::MIN),
            last: Date::new(year.saturating_add(1), 3, 31).unwrap_or(Date::MAX),
        }
    }

    pub const fn first_day(self) -> Date {
        self.first
    }

    pub const fn last_day(self) -> Date {
        self.last
    }

    pub fn contains(self, day: Date) -> bool {
        (self.first..=self.last).contains(&day)
    }

    /// Whether it is a year of account, and not the longer period of a scheme.
    pub fn is_one_year(self) -> bool {
        let most = self.first.checked_add(MOST_MONTHS.months());
        most.is_ok_and(|most| self.last < most)
    }

    pub fn overlaps(self, other: Self) -> bool {
        self.first <= other.last && other.first <= self.last
    }

    /// The twelve months that follow; `None` for the period of a scheme.
    pub fn next(self) -> Option<Self> {
        let first = self.last.tomorrow().ok().filter(|_| self.is_one_year())?;
        let last = first.checked_add(1.year()).ok()?.yesterday().ok()?;
        Some(Self { first, last })
    }

    /// The twelve months before; `None` for the period of a scheme.
    pub fn previous(self) -> Option<Self> {
        let last = self.first.yesterday().ok().filter(|_| self.is_one_year())?;
        let first = self.first.checked_sub(1.year()).ok()?;
        Some(Self { first, last })
    }
}

impl FromStr for FinancialYear {
    type Err = DateError;

    fn from_str(text: &str) -> Result<Self, DateError> {
        let wrong = || DateError::NotAFinancialYear {
            text: text.chars().take(40).collect(),
        };
        if text == ALL {
            return Ok(Self::ALL);
        }
        let (from, to) = text.split_once('/').ok_or_else(wrong)?;
        if (from.len(), to.len()) == (4, 2) {
            return april_year(from, to).ok_or_else(wrong);
        }
        let end = |text: &str| {
            let date: PartialDate = text.parse().ok()?;
            date.has_month().then_some(date)
        };
        let (from, to) = end(from).zip(end(to)).ok_or_else(wrong)?;
        if from.is_full() != to.is_full() {
            return Err(wrong());
        }
        let (first, last) = (from.first_day(), to.last_day());
        if last < first {
            let text = text.to_owned();
            return Err(DateError::EndsBeforeItBegins { text });
        }
        Ok(Self { first, last })
    }
}

fn april_year(from: &str, to: &str) -> Option<FinancialYear> {
    let digits = |s: &str| {
        let is_digits = s.bytes().all(|b| b.is_ascii_digit());
        is_digits.then(|| s.parse::<i16>().ok()).flatten()
    };
    let (from, to) = (digits(from)?, digits(to)?);
    let follows = from >= 1000 && (from + 1) % 100 == to;
    follows.then(|| FinancialYear::from_april(from))
}

impl fmt::Display for FinancialYear {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { first, last } = *self;
        if *self == Self::ALL {
            return f.write_str(ALL);
        }
        let begins_in = first.year();
        if *self == Self::from_april(begins_in) {
            return write!(f, "{begins_in:04}/{:02}", (begins_in + 1) % 100);
        }
        if first.day() == 1 && last.day() == last.days_in_month() {
            return write!(f, "{}/{}", first.strftime("%Y-%m"), last.strftime("%Y-%m"));
        }
        write!(f, "{first}/{last}")
    }
}

impl fmt::Debug for FinancialYear {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn year(text: &str) -> FinancialYear {
        text.parse().unwrap()
    }

    #[test]
    fn each_year_prints_in_one_form() {
        for (given, printed) in [
            ("2020/21", "2020/21"),
            ("1999/00", "1999/00"),
            ("9999/00", "9999/00"),
            ("2020-04/2021-03", "2020/21"),
            ("2020-04-01/2021-03-31", "2020/21"),
            ("2020-01/2020-12", "2020-01/2020-12"),
            ("2020-02-01/2020-02-29", "2020-02/2020-02"),
            ("2020-02-01/2020-02-28", "2020-02-01/2020-02-28"),
            ("2020-04-06/2021-04-05", "2020-04-06/2021-04-05"),
            ("all years", "all years"),
        ] {
            assert_eq!(year(given).to_string(), printed, "{given}");
            assert_eq!(year(printed), year(given), "{given}");
        }
    }

    #[test]
    fn all_else_is_refused() {
        for bad in [
            "",
            "2020",
            "2020/22",
            "2020-21",
            "20/21",
            "2020/2021",
            "2020/2020",
            "+202/03",
            "2020-01",
            "2020-01/2020",
            "2020-01/2020-12-31",
            "2020-12/2020-01",
            "2020-01-02/2020-01-01",
            "2020-02-30/2020-12-31",
            "All years",
            "../..",
        ] {
            assert!(bad.parse::<FinancialYear>().is_err(), "{bad}");
        }
    }

    #[test]
    fn a_year_follows_a_year() {
        for (this, next) in [
            ("2020/21", "2021/22"),
            ("2020-01/2020-12", "2021-01/2021-12"),
            ("2019-03/2020-02", "2020-03/2021-02"),
            ("2020-04-06/2021-04-05", "2021-04-06/2022-04-05"),
        ] {
            assert_eq!(year(this).next(), Some(year(next)));
            assert_eq!(year(next).previous(), Some(year(this)));
        }
        // The first accounts of a company are longer; the next are for twelve months.
        assert_eq!(
            year("2020-01/2021-06").next(),
            Some(year("2021-07/2022-06"))
        );
        for scheme in ["all years", "2020-04/2025-03"] {
            assert!(!year(scheme).is_one_year());
            assert_eq!(year(scheme).next(), None);
            assert_eq!(year(scheme).previous(), None);
        }
    }

    #[test]
    fn the_year_of_a_day_is_from_april() {
        let of = |day: &str| FinancialYear::of(day.parse().unwrap()).to_string();
        assert_eq!(of("2021-03-31"), "2020/21");
        assert_eq!(of("2021-04-01"), "2021/22");
    }
}
