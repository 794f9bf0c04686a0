//! Days and instants as they are printed.
//!
//! Dates are printed as they were recorded, whole or partial. Instants are printed
//! in the register's own time, Europe/London, for people and in UTC for programs.

use prost_types::Timestamp;

use minutebook_domain::date::{self, PartialDate};
use minutebook_wire::proto::Date;
use minutebook_wire::reply;

/// A date as it was recorded: `2015`, `2015-10`, `2015-10-31`; empty where the
/// message holds none.
pub fn date(date: &Date) -> String {
    let date = PartialDate::new(date.year, date.month, date.day);
    date.map_or_else(|_| String::new(), |date| date.to_string())
}

/// Like [`date()`], and empty where there is none.
pub fn optional_date(date: &Option<Date>) -> String {
    date.as_ref().map_or_else(String::new, self::date)
}

/// Whether `day` is after `date`, which may be partial: a day within it is not
/// after it.
pub fn is_after(day: &Option<Date>, date: &Option<Date>) -> bool {
    let (Some(day), Some(date)) = (day, date) else {
        return false;
    };
    let end = |part: i32| if part == 0 { i32::MAX } else { part };
    (day.year, day.month, day.day) > (date.year, end(date.month), end(date.day))
}

/// The day in London of an instant.
pub fn london_day(instant: &Timestamp) -> Option<Date> {
    Some(reply::day(date::day_of(to_jiff(instant)?)))
}

/// An instant for people: London time, to the second, with its zone.
pub fn local_instant(instant: &Timestamp) -> String {
    to_jiff(instant).map_or_else(String::new, |instant| {
        let local = date::local(instant);
        local.strftime("%Y-%m-%d %H:%M:%S %Z").to_string()
    })
}

/// An instant for programs: RFC 3339, UTC, with every digit there is.
pub fn utc_instant(instant: &Timestamp) -> String {
    to_jiff(instant).map_or_else(String::new, |instant| instant.to_string())
}

fn to_jiff(instant: &Timestamp) -> Option<jiff::Timestamp> {
    jiff::Timestamp::new(instant.seconds, instant.nanos).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Option<Date> {
        text.parse().ok().map(reply::date)
    }

    #[test]
    fn partial_dates_are_printed_as_recorded() {
        for text in ["2016", "2016-01", "2016-02-29", "9999-12-31"] {
            assert_eq!(optional_date(&parse(text)), text);
        }
        assert_eq!(date(&Date::default()), "");
    }

    #[test]
    fn within_a_partial_date_is_not_after_it() {
        let after = |day: &str, date: &str| is_after(&parse(day), &parse(date));
        assert!(after("2020-07-16", "2020-07-15"));
        assert!(after("2020-08-01", "2020-07"));
        assert!(after("2021-01-01", "2020"));
        assert!(!after("2020-07-15", "2020-07-15"));
        assert!(!after("2020-07-31", "2020-07"));
        assert!(!after("2020-12-31", "2020"));
        assert!(!is_after(&None, &parse("2020")));
    }

    #[test]
    fn people_read_london_time() {
        let summer = Timestamp {
            seconds: 1_594_800_000,
            nanos: 0,
        };
        assert_eq!(local_instant(&summer), "2020-07-15 09:00:00 BST");
        assert_eq!(utc_instant(&summer), "2020-07-15T08:00:00Z");
        assert_eq!(london_day(&summer), parse("2020-07-15"));
    }
}
