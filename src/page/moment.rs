//! The moment of a page: the day it is about, and how much of the log it may use.

use minutebook_wire::proto::as_of::Known;
use minutebook_wire::proto::{AsOf, Date};

use crate::spoken;
use minutebook_domain::date::{PartialDate, end_of};
use minutebook_wire::reply;

/// A moment on both time axes, as an address names it. Each is left out where it is the
/// default: today, with everything recorded.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct PageMoment {
    /// In force on this day.
    pub on: Option<Date>,
    /// As known then.
    pub known: Option<KnownAt>,
}

/// The part of the log that a page may use: as written in its address, and as asked.
#[derive(Debug, Clone, PartialEq)]
pub struct KnownAt {
    /// `306` for a position, `2018-01-16` for the end of a day.
    pub text: String,
    pub known: Known,
}

impl PageMoment {
    /// The moment of a question.
    pub fn as_of(&self) -> AsOf {
        AsOf {
            as_at: self.on,
            known: self.known.as_ref().map(|known| known.known),
            at_least_position: 0,
        }
    }

    /// Whether it is now, with everything recorded.
    pub fn is_now(&self) -> bool {
        *self == Self::default()
    }

    /// A day and a position that will never mean anything else.
    pub fn exactly(on: &Date, position: u64) -> Self {
        Self {
            on: Some(*on),
            known: Some(KnownAt::entry(position)),
        }
    }

    /// The day of the page as it was known by the end of that day; nothing where it is about
    /// today, or a date that is none.
    pub fn as_then(&self) -> Option<Self> {
        let day: PartialDate = iso(self.on.as_ref()?).parse().ok()?;
        Some(Self {
            on: self.on,
            known: Some(KnownAt::end_of(day)),
        })
    }

    /// Its parameters in an address.
    pub fn parameters(&self) -> Vec<(&'static str, String)> {
        let on = self.on.as_ref().map(|on| ("on", iso(on)));
        let known = self
            .known
            .as_ref()
            .map(|known| ("known", known.text.clone()));
        on.into_iter().chain(known).collect()
    }
}

impl KnownAt {
    /// Every entry up to this one. Four digits alone would be read as a year.
    pub fn entry(position: u64) -> Self {
        let text = match position {
            1_000..=9_999 => format!("#{position}"),
            _ => position.to_string(),
        };
        Self {
            text,
            known: Known::AsKnownAtPosition(position),
        }
    }

    /// Every entry up to the end of a day, a month or a year in London.
    pub fn end_of(day: PartialDate) -> Self {
        Self {
            text: day.to_string(),
            known: Known::AsKnownAt(reply::timestamp(end_of(day.last_day()))),
        }
    }

    /// The last day that it covers; nothing where it is an entry.
    pub fn day(&self) -> Option<jiff::civil::Date> {
        match self.known {
            Known::AsKnownAtPosition(_) => None,
            Known::AsKnownAt(_) => self.text.parse().ok().map(PartialDate::last_day),
        }
    }

    /// In a sentence: `entry 306`, or `the end of 16 January 2018`.
    pub fn in_words(&self) -> String {
        match (&self.known, self.text.parse::<PartialDate>()) {
            (Known::AsKnownAtPosition(position), _) => format!("entry {position}"),
            (Known::AsKnownAt(_), Ok(day)) => format!("the end of {}", spoken::partial(day)),
            (Known::AsKnownAt(_), Err(_)) => self.text.clone(),
        }
    }
}

/// A date as addresses and forms write it.
pub fn iso(date: &Date) -> String {
    minutebook_present::dates::date(date)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_of_four_digits_is_not_read_as_a_year() {
        let on = Date {
            year: 2024,
            month: 12,
            day: 31,
        };
        let written = |position| PageMoment::exactly(&on, position).parameters()[1].1.clone();
        assert_eq!(written(999), "999");
        assert_eq!(written(2024), "#2024");
        assert_eq!(written(10_000), "10000");
    }
}
