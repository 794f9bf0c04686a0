//! Days, months, years and instants: as typed on the command line, and as printed.
//!
//! Dates are printed as they were recorded, whole or partial. Instants are
//! printed in the register's own time, Europe/London, for people and in UTC for
//! programs.

use jiff::civil;
use jiff::tz::TimeZone;
use prost_types::Timestamp;

use crate::wire::proto::{Date, Moment, as_of::Known, moment};

/// Reads `2016`, `2016-01` or `2016-01-31`.
pub fn parse_date(text: &str) -> Result<Date, String> {
    let wrong = || format!("\"{text}\" is not a date: write 2016, 2016-01 or 2016-01-31");
    let parts: Vec<&str> = text.split('-').collect();
    let number = |index: usize, digits: usize| -> Result<i32, String> {
        match parts.get(index) {
            None => Ok(0),
            Some(part) if part.len() == digits && part.bytes().all(|b| b.is_ascii_digit()) => {
                part.parse().map_err(|_| wrong())
            }
            Some(_) => Err(wrong()),
        }
    };
    let (year, month, day) = (number(0, 4)?, number(1, 2)?, number(2, 2)?);
    let in_calendar = civil::Date::new(
        i16::try_from(year).map_err(|_| wrong())?,
        i8::try_from(if parts.len() > 1 { month } else { 1 }).map_err(|_| wrong())?,
        i8::try_from(if parts.len() > 2 { day } else { 1 }).map_err(|_| wrong())?,
    );
    if parts.len() > 3 || year == 0 || in_calendar.is_err() {
        return Err(wrong());
    }
    Ok(Date { year, month, day })
}

/// Reads how far the register had been told: a whole number is a position;
/// otherwise an RFC 3339 instant, or a day, which counts to its end in London.
pub fn parse_known(text: &str) -> Result<Known, String> {
    let wrong = || {
        format!(
            "\"{text}\" is neither a position (42), nor an instant (2020-10-01T09:30:00Z), \
             nor a day (2020-10-01)"
        )
    };
    if text.bytes().all(|b| b.is_ascii_digit()) {
        return match text.parse() {
            Ok(position) if position > 0 => Ok(Known::AsKnownAtPosition(position)),
            _ => Err(wrong()),
        };
    }
    let instant = if let Ok(instant) = text.parse::<jiff::Timestamp>() {
        instant
    } else {
        let day = parse_date(text).map_err(|_| wrong())?;
        end_of_day(&day).ok_or_else(wrong)?
    };
    Ok(Known::AsKnownAt(to_proto(instant)))
}

fn to_proto(instant: jiff::Timestamp) -> Timestamp {
    // jiff's two parts have one sign; protobuf's nanoseconds always count forward.
    let (seconds, nanos) = (instant.as_second(), instant.subsec_nanosecond());
    if nanos < 0 {
        Timestamp {
            seconds: seconds - 1,
            nanos: nanos + 1_000_000_000,
        }
    } else {
        Timestamp { seconds, nanos }
    }
}

/// Reads a moment: a whole number is a position; otherwise an RFC 3339 instant, or
/// a day, as a meeting on it has seen the register.
pub fn parse_moment(text: &str) -> Result<Moment, String> {
    let wrong = || {
        format!(
            "\"{text}\" is no moment: write a day (2020-10-01), an instant \
             (2020-10-01T09:30:00Z) or the position of an entry (42)"
        )
    };
    let moment = if !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit()) {
        moment::Moment::Position(text.parse().map_err(|_| wrong())?)
    } else if let Ok(instant) = text.parse() {
        moment::Moment::Instant(to_proto(instant))
    } else {
        let date = parse_date(text).map_err(|_| wrong())?;
        if date.day == 0 {
            return Err(format!(
                "\"{text}\" is no whole day, and a meeting is on one: write {text}-01, or the \
                 day you mean"
            ));
        }
        moment::Moment::Date(date)
    };
    Ok(Moment {
        moment: Some(moment),
    })
}

/// Reads a financial year: `2020/21`; `2020-21` is taken too, because a slash is
/// awkward in scripts.
pub fn parse_year(text: &str) -> Result<String, String> {
    let wrong = || format!("\"{text}\" is not a financial year: write 2020/21");
    let (first, second) = text.split_once(['/', '-']).ok_or_else(wrong)?;
    let digits =
        |part: &str, count: usize| part.len() == count && part.bytes().all(|b| b.is_ascii_digit());
    if !digits(first, 4) || !digits(second, 2) {
        return Err(wrong());
    }
    let year: u32 = first.parse().map_err(|_| wrong())?;
    if format!("{:02}", (year + 1) % 100) != second {
        return Err(wrong());
    }
    Ok(format!("{first}/{second}"))
}

/// The last instant of a whole day in London.
fn end_of_day(day: &Date) -> Option<jiff::Timestamp> {
    if day.day == 0 {
        return None;
    }
    let date = civil::Date::new(
        i16::try_from(day.year).ok()?,
        i8::try_from(day.month).ok()?,
        i8::try_from(day.day).ok()?,
    )
    .ok()?;
    let midnight = date.tomorrow().ok()?.to_zoned(london()).ok()?;
    midnight
        .timestamp()
        .checked_sub(jiff::SignedDuration::from_nanos(1))
        .ok()
}

/// The day in London of an instant.
pub fn london_day(instant: &Timestamp) -> Option<Date> {
    let date = to_jiff(instant)?.to_zoned(london()).date();
    Some(Date {
        year: date.year().into(),
        month: date.month().into(),
        day: date.day().into(),
    })
}

/// A date as it was recorded: `2015`, `2015-10`, `2015-10-31`.
pub fn date(date: &Date) -> String {
    match (date.month, date.day) {
        (0, _) => format!("{:04}", date.year),
        (month, 0) => format!("{:04}-{month:02}", date.year),
        (month, day) => format!("{:04}-{month:02}-{day:02}", date.year),
    }
}

/// Whether a day lies after a date that may be partial: within it is not after
/// it.
pub fn is_after(day: &Option<Date>, date: &Option<Date>) -> bool {
    let (Some(day), Some(date)) = (day, date) else {
        return false;
    };
    let end = |part: i32| if part == 0 { i32::MAX } else { part };
    (day.year, day.month, day.day) > (date.year, end(date.month), end(date.day))
}

/// An instant for people: London time, to the second, with its zone.
pub fn local_instant(instant: &Timestamp) -> String {
    to_jiff(instant).map_or_else(String::new, |it| {
        let zoned = it.to_zoned(london());
        zoned.strftime("%Y-%m-%d %H:%M:%S %Z").to_string()
    })
}

/// An instant for programs: RFC 3339, UTC, every digit there is.
pub fn utc_instant(instant: &Timestamp) -> String {
    to_jiff(instant).map_or_else(String::new, |it| it.to_string())
}

fn to_jiff(instant: &Timestamp) -> Option<jiff::Timestamp> {
    jiff::Timestamp::new(instant.seconds, instant.nanos).ok()
}

/// The register's own zone. Its rules are compiled in, so it is always there.
fn london() -> TimeZone {
    TimeZone::get("Europe/London").unwrap_or(TimeZone::UTC)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn within_a_partial_date_is_not_after_it() {
        let after = |day: &str, date: &str| is_after(&parse_date(day).ok(), &parse_date(date).ok());
        assert!(after("2020-07-16", "2020-07-15"));
        assert!(after("2020-08-01", "2020-07"));
        assert!(after("2021-01-01", "2020"));
        assert!(!after("2020-07-15", "2020-07-15"));
        assert!(!after("2020-07-31", "2020-07"));
        assert!(!after("2020-12-31", "2020"));
        assert!(!is_after(&None, &parse_date("2020").ok()));
    }

    #[test]
    fn partial_dates_are_read_and_printed_as_given() {
        for text in ["2016", "2016-01", "2016-02-29", "0001", "9999-12-31"] {
            assert_eq!(date(&parse_date(text).unwrap()), text);
        }
        for text in [
            "",
            "16",
            "2016-1",
            "2016-13",
            "2016-00",
            "2016-01-00",
            "2015-02-29",
            "2016-01-01-01",
            "2016/01",
            "0000",
            "+016",
            "2016-01-1x",
        ] {
            assert!(parse_date(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_whole_number_is_a_position() {
        assert_eq!(parse_known("42"), Ok(Known::AsKnownAtPosition(42)));
        assert_eq!(parse_known("2016"), Ok(Known::AsKnownAtPosition(2016)));
        for text in [
            "0",
            "",
            "-1",
            "2016-01",
            "yesterday",
            "99999999999999999999",
        ] {
            assert!(parse_known(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_moment_is_a_day_an_instant_or_a_position() {
        let moment = |text| parse_moment(text).unwrap().moment.unwrap();
        assert_eq!(moment("42"), moment::Moment::Position(42));
        assert_eq!(moment("0"), moment::Moment::Position(0));
        let day = parse_date("2020-10-01").unwrap();
        assert_eq!(moment("2020-10-01"), moment::Moment::Date(day));
        let instant = moment("2020-10-01T09:30:00+01:00");
        assert_eq!(instant, moment("2020-10-01T08:30:00Z"));
        for (text, way_out) in [
            ("", "write a day"),
            ("soon", "write a day"),
            ("2020-13-01", "write a day"),
            ("99999999999999999999", "write a day"),
            ("2020-10", "write 2020-10-01"),
        ] {
            let wrong = parse_moment(text).unwrap_err();
            assert!(wrong.contains(way_out), "{wrong}");
        }
    }

    #[test]
    fn a_day_counts_to_its_end_in_london() {
        let instant = |text| match parse_known(text) {
            Ok(Known::AsKnownAt(instant)) => utc_instant(&instant),
            other => panic!("{other:?}"),
        };
        assert_eq!(instant("2020-01-15"), "2020-01-15T23:59:59.999999999Z");
        // Summer time: midnight in London is eleven at night in UTC.
        assert_eq!(instant("2020-07-15"), "2020-07-15T22:59:59.999999999Z");
        assert_eq!(instant("2020-10-01T09:30:00+01:00"), "2020-10-01T08:30:00Z");
    }

    #[test]
    fn instants_before_1970_keep_their_order_of_nanoseconds() {
        let Ok(Known::AsKnownAt(instant)) = parse_known("1969-12-31T23:59:59.5Z") else {
            panic!("not an instant");
        };
        // A protobuf timestamp counts its nanoseconds forward.
        assert_eq!((instant.seconds, instant.nanos), (-1, 500_000_000));
    }

    #[test]
    fn people_read_london_time() {
        let summer = Timestamp {
            seconds: 1_594_800_000,
            nanos: 0,
        };
        assert_eq!(local_instant(&summer), "2020-07-15 09:00:00 BST");
        assert_eq!(london_day(&summer), parse_date("2020-07-15").ok());
    }

    #[test]
    fn financial_years() {
        assert_eq!(parse_year("2020/21").as_deref(), Ok("2020/21"));
        assert_eq!(parse_year("1999-00").as_deref(), Ok("1999/00"));
        for text in ["2020", "2020/22", "20/21", "2020/2021", "abcd/ef"] {
            assert!(parse_year(text).is_err(), "{text}");
        }
    }
}
