//! Days, years, instants and positions as people type them on the command line.

use jiff::civil;

use minutebook_domain::date::{FinancialYear, PartialDate, end_of};
use minutebook_grpc::wire::proto::{Date, Moment, as_of::Known, moment};
use minutebook_grpc::wire::reply;

/// Reads `2016`, `2016-01` or `2016-01-31`.
pub fn parse_date(text: &str) -> Result<Date, String> {
    partial_date(text).map(reply::date)
}

fn partial_date(text: &str) -> Result<PartialDate, String> {
    text.parse()
        .map_err(|_| format!("\"{text}\" is not a date: write 2016, 2016-01 or 2016-01-31"))
}

/// Days, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DayRange {
    from: civil::Date,
    until: civil::Date,
}

impl DayRange {
    pub fn has(&self, day: civil::Date) -> bool {
        (self.from..=self.until).contains(&day)
    }

    pub fn first_day(&self) -> Date {
        reply::day(self.from)
    }

    pub fn last_day(&self) -> Date {
        reply::day(self.until)
    }
}

/// Reads `2026-04-01..2026-06-30`: from the first day of a date to the last of another.
pub fn parse_range(text: &str) -> Result<DayRange, String> {
    let wrong = || {
        format!(
            "\"{text}\" is no range of days: write two dates, the earlier one first, such as \
             2026-04-01..2026-06-30"
        )
    };
    let (from, until) = text.split_once("..").ok_or_else(wrong)?;
    let range = DayRange {
        from: partial_date(from)?.first_day(),
        until: partial_date(until)?.last_day(),
    };
    (range.from <= range.until)
        .then_some(range)
        .ok_or_else(wrong)
}

/// Reads a position, `42` or `#42`, where nothing but a position is meant.
pub fn parse_position(text: &str) -> Result<u64, String> {
    let number = text.strip_prefix('#').unwrap_or(text);
    match whole(number) {
        Some(position) if position > 0 => Ok(position),
        _ => Err(format!(
            "\"{text}\" is no position: write the number of an entry, 1 or more"
        )),
    }
}

/// A number in digits alone.
fn whole(text: &str) -> Option<u64> {
    let is_digits = text.bytes().all(|b| b.is_ascii_digit());
    is_digits.then(|| text.parse().ok()).flatten()
}

/// The advice for a number that is no date, and so may be meant as a position.
fn perhaps_position(text: &str) -> String {
    match whole(text) {
        Some(position) => format!("; for the entry at position {position}, write '#{position}'"),
        None => String::new(),
    }
}

/// Reads `--as-known-at`: `#42` is a position; otherwise an RFC 3339 instant, or a date,
/// which counts to its end in London.
pub fn parse_known(text: &str) -> Result<Known, String> {
    let wrong = || {
        format!(
            "\"{text}\" is neither a date (2020, 2020-10, 2020-10-01), nor an instant \
             (2020-10-01T09:30:00Z), nor a position ('#42'){}",
            perhaps_position(text)
        )
    };
    if let Some(position) = text.strip_prefix('#') {
        return match whole(position) {
            Some(position) if position > 0 => Ok(Known::AsKnownAtPosition(position)),
            _ => Err(wrong()),
        };
    }
    let instant = match text.parse::<jiff::Timestamp>() {
        Ok(instant) => instant,
        Err(_) => end_of(partial_date(text).map_err(|_| wrong())?.last_day()),
    };
    Ok(Known::AsKnownAt(reply::timestamp(instant)))
}

/// Reads a moment: `#42` is a position; otherwise an RFC 3339 instant, or a day, which
/// means the register as a meeting on that day could see it.
pub fn parse_moment(text: &str) -> Result<Moment, String> {
    let wrong = || {
        format!(
            "\"{text}\" is no moment: write a day (2020-10-01), an instant \
             (2020-10-01T09:30:00Z) or the position of an entry ('#42'){}",
            perhaps_position(text)
        )
    };
    let moment = if let Some(position) = text.strip_prefix('#') {
        moment::Moment::Position(whole(position).ok_or_else(wrong)?)
    } else if let Ok(instant) = text.parse() {
        moment::Moment::Instant(reply::timestamp(instant))
    } else {
        let date = partial_date(text).map_err(|_| wrong())?;
        if !date.is_full() {
            return Err(format!(
                "\"{text}\" is no whole day, and a meeting is on one: write {}, or the day you \
                 mean{}",
                date.first_day(),
                perhaps_position(text)
            ));
        }
        moment::Moment::Date(reply::date(date))
    };
    Ok(Moment {
        moment: Some(moment),
    })
}

/// Reads a financial year in any of its forms, or `2020-21`, because a slash is awkward in
/// scripts.
pub fn parse_year(text: &str) -> Result<String, String> {
    let year = text.parse::<FinancialYear>();
    let with_slash = |_| text.replacen('-', "/", 1).parse();
    let year = year.or_else(with_slash).or_else(|_| text.parse());
    year.map(|year| year.to_string())
        .map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use minutebook_present::dates::{date, utc_instant};

    #[test]
    fn partial_dates_are_read_as_given() {
        for text in ["2016", "2016-01", "2016-02-29", "1000", "9999-12-31"] {
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
            "0999",
            "+016",
            "2016-01-1x",
        ] {
            assert!(parse_date(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_range_has_both_its_ends() {
        let range = parse_range("2026-04..2026-06-30").unwrap();
        for (day, is_in) in [
            ("2026-03-31", false),
            ("2026-04-01", true),
            ("2026-06-30", true),
            ("2026-07-01", false),
        ] {
            assert_eq!(range.has(day.parse().unwrap()), is_in, "{day}");
        }
        for text in [
            "2026",
            "2026-06..2026-05",
            "2026..",
            "2026-04-01...2026-05-01",
        ] {
            assert!(parse_range(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_number_is_a_year_and_a_position_has_a_hash() {
        assert_eq!(parse_known("#42"), Ok(Known::AsKnownAtPosition(42)));
        assert_eq!(parse_known("#2016"), Ok(Known::AsKnownAtPosition(2016)));
        assert_eq!(parse_known("2016"), parse_known("2016-12-31"));
        assert_eq!(parse_known("2016-02"), parse_known("2016-02-29"));
        for text in [
            "#0",
            "#",
            "#-1",
            "#+1",
            "#2016-01",
            "0",
            "",
            "-1",
            "yesterday",
            "#99999999999999999999",
        ] {
            assert!(parse_known(text).is_err(), "{text}");
        }
        let wrong = parse_known("42").unwrap_err();
        assert!(
            wrong.ends_with("for the entry at position 42, write '#42'"),
            "{wrong}"
        );
        // Where nothing but a position is meant, the hash may be left out.
        assert_eq!(parse_position("42"), Ok(42));
        assert_eq!(parse_position("#42"), Ok(42));
        for text in ["", "#", "0", "#0", "-1", "##1", "x"] {
            assert!(parse_position(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_moment_is_a_day_an_instant_or_a_position() {
        let moment = |text| parse_moment(text).unwrap().moment.unwrap();
        assert_eq!(moment("#42"), moment::Moment::Position(42));
        assert_eq!(moment("#2020"), moment::Moment::Position(2020));
        assert_eq!(moment("#0"), moment::Moment::Position(0));
        let day = parse_date("2020-10-01").unwrap();
        assert_eq!(moment("2020-10-01"), moment::Moment::Date(day));
        let instant = moment("2020-10-01T09:30:00+01:00");
        assert_eq!(instant, moment("2020-10-01T08:30:00Z"));
        for (text, advice) in [
            ("", "write a day"),
            ("soon", "write a day"),
            ("42", "position 42, write '#42'"),
            ("2020-13-01", "write a day"),
            ("#99999999999999999999", "write a day"),
            ("2020-10", "write 2020-10-01"),
            ("2020", "write 2020-01-01"),
            ("2020", "position 2020, write '#2020'"),
        ] {
            let wrong = parse_moment(text).unwrap_err();
            assert!(wrong.contains(advice), "{wrong}");
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
    fn financial_years() {
        assert_eq!(parse_year("2020/21").as_deref(), Ok("2020/21"));
        assert_eq!(parse_year("1999-00").as_deref(), Ok("1999/00"));
        assert_eq!(
            parse_year("2020-01/2020-12").as_deref(),
            Ok("2020-01/2020-12")
        );
        assert_eq!(parse_year("all years").as_deref(), Ok("all years"));
        for text in ["2020", "2020/22", "20/21", "2020/2021", "abcd/ef"] {
            assert!(parse_year(text).is_err(), "{text}");
        }
    }
}
