//! The moments that a difference or a replay compares.

use jiff::Timestamp;
use jiff::civil::Date;

use crate::as_of::Known;
use crate::fields::{date, full_date, instant};
use crate::proto;
use crate::proto::diff_request;
use crate::violation::{FieldViolation, MessageReader};
use minutebook_domain::date::PartialDate;
use minutebook_domain::ids::Position;

/// A day, and the entries that are known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moment {
    /// As at this day, as known at its end.
    Date(Date),
    /// As known at this instant, as at its day.
    Instant(Timestamp),
    /// As known at this position, as at the day on which it was recorded.
    Position(Position),
}

/// Reads the moment in `field`, where one is given.
pub fn moment(
    field: &str,
    given: Option<&proto::Moment>,
) -> Result<Option<Moment>, Vec<FieldViolation>> {
    let Some(given) = given else {
        return Ok(None);
    };
    let mut r = MessageReader::new();
    let moment = r.at(field, |r| read(r, given));
    r.finish(moment).map(Some)
}

/// Reads the `known` of a difference, where it is given.
pub fn known(given: Option<&diff_request::Known>) -> Result<Option<Known>, Vec<FieldViolation>> {
    let mut r = MessageReader::new();
    let known = match given {
        None => Some(None),
        Some(diff_request::Known::AsKnownAtPosition(position)) => {
            Some(Some(Known::Position(Position::new(*position))))
        }
        Some(diff_request::Known::AsKnownAt(at)) => {
            let at = instant(&mut r, "as_known_at", at);
            at.map(|at| Some(Known::Instant(at)))
        }
    };
    r.finish(known)
}

/// Reads the day in `field`, where one is given.
pub fn day(
    field: &str,
    given: Option<proto::Date>,
) -> Result<Option<PartialDate>, Vec<FieldViolation>> {
    let mut r = MessageReader::new();
    let day = date(&mut r, field, &given);
    r.finish(day)
}

fn read(r: &mut MessageReader, given: &proto::Moment) -> Option<Moment> {
    match &given.moment {
        None => {
            r.fault("give a date, an instant or a position");
            None
        }
        Some(proto::moment::Moment::Date(date)) => {
            let date = full_date(r, "date", &Some(*date))?;
            date.is_full().then(|| Moment::Date(date.first_day()))
        }
        Some(proto::moment::Moment::Instant(at)) => instant(r, "instant", at).map(Moment::Instant),
        Some(proto::moment::Moment::Position(position)) => {
            Some(Moment::Position(Position::new(*position)))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(moment: Option<proto::moment::Moment>) -> String {
        let found = super::moment("from", Some(&proto::Moment { moment })).unwrap_err();
        found[0].field.clone()
    }

    #[test]
    fn a_fault_names_the_moment_and_the_field_in_it() {
        assert_eq!(moment("from", None), Ok(None));
        assert_eq!(fault(None), "from");
        let partial = proto::Date {
            year: 2020,
            month: 5,
            day: 0,
        };
        assert_eq!(
            fault(Some(proto::moment::Moment::Date(partial))),
            "from.date"
        );
        let never = prost_types::Timestamp {
            seconds: i64::MAX,
            nanos: 0,
        };
        assert_eq!(
            fault(Some(proto::moment::Moment::Instant(never))),
            "from.instant"
        );
    }
}
