//! Days, years, instants and positions as people type them on the command line.

use crate::domain::date::{FinancialYear, PartialDate, end_of};
use crate::wire::proto::{Date, Moment, as_of::Known, moment};
use crate::wire::reply;

/// Reads `2016`, `2016-01` or `2016-01-31`.
pub fn parse_date(text: &str) -> Result<Date, String> {
    partial_date(text).map(reply::date)
}

fn partial_date(text: &str) -> Result<PartialDate, String> {
    text.parse()
        .map_err(|_| format!("\"{text}\" is not a date: write 2016, 2016-01 or 2016-01-31"))
}

/// Reads `--as-known-at`: a whole number is a position; otherwise an RFC 3339
/// instant, or a day, which counts to its end in London.
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
        let date = partial_date(text).map_err(|_| wrong())?;
        if !date.is_full() {
            return Err(wrong());
        }
        end_of(date.first_day())
    };
    Ok(Known::AsKnownAt(reply::timestamp(instant)))
}

/// Reads a moment: a whole number is a position; otherwise an RFC 3339 instant, or a
/// day, which means the register as a meeting on that day could see it.
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
        moment::Moment::Instant(reply::timestamp(instant))
    } else {
        let date = partial_date(text).map_err(|_| wrong())?;
        if !date.is_full() {
            return Err(format!(
                "\"{text}\" is no whole day, and a meeting is on one: write {text}-01, or the \
                 day you mean"
            ));
        }
        moment::Moment::Date(reply::date(date))
    };
    Ok(Moment {
        moment: Some(moment),
    })
}

/// Reads a financial year: `2020/21`, or `2020-21`, because a slash is awkward in
/// scripts.
pub fn parse_year(text: &str) -> Result<String, String> {
    text.replacen('-', "/", 1)
        .parse()
        .map(|year: FinancialYear| year.to_string())
        .map_err(|_| format!("\"{text}\" is not a financial year: write 2020/21"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::present::dates::{date, utc_instant};

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
        for (text, advice) in [
            ("", "write a day"),
            ("soon", "write a day"),
            ("2020-13-01", "write a day"),
            ("99999999999999999999", "write a day"),
            ("2020-10", "write 2020-10-01"),
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
        for text in ["2020", "2020/22", "20/21", "2020/2021", "abcd/ef"] {
            assert!(parse_year(text).is_err(), "{text}");
        }
    }
}
