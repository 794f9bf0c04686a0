//! The day of a question, and how much of the log its answer may use.

use jiff::Timestamp;
use jiff::civil::Date;

use crate::fields::{date, instant};
use crate::proto;
use crate::violation::{FieldViolation, MessageReader};
use minutebook_domain::date::PartialDate;
use minutebook_domain::ids::Position;

/// The day and the knowledge of a question, not yet resolved.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct AsOf {
    /// `None` means today.
    pub as_at: Option<PartialDate>,
    pub known: Known,
    /// The projection must have applied this position before it answers.
    pub at_least: Position,
}

/// The part of the log that an answer may use.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Known {
    #[default]
    All,
    /// Entries up to and including this position.
    Position(Position),
    /// Entries recorded up to and including this instant.
    Instant(Timestamp),
}

/// Reads the `as_of` of a request. Left out, it means today, with all entries.
pub fn as_of(as_of: Option<&proto::AsOf>) -> Result<AsOf, Vec<FieldViolation>> {
    let mut r = MessageReader::new();
    let read = r.at("as_of", |r| match as_of {
        None => Some(AsOf::default()),
        Some(m) => read(r, m),
    });
    r.finish(read)
}

/// Reads the day up to which a list goes; a partial date means its last day.
pub fn until_on(until_on: &Option<proto::Date>) -> Result<Option<Date>, Vec<FieldViolation>> {
    let mut r = MessageReader::new();
    let read = date(&mut r, "until_on", until_on);
    let read = r.finish(read)?;
    Ok(read.map(PartialDate::last_day))
}

fn read(r: &mut MessageReader, m: &proto::AsOf) -> Option<AsOf> {
    let as_at = date(r, "as_at", &m.as_at);
    let known = match &m.known {
        None => Some(Known::All),
        Some(proto::as_of::Known::AsKnownAtPosition(position)) => {
            Some(Known::Position(Position::new(*position)))
        }
        Some(proto::as_of::Known::AsKnownAt(at)) => {
            instant(r, "as_known_at", at).map(Known::Instant)
        }
    };
    Some(AsOf {
        as_at: as_at?,
        known: known?,
        at_least: Position::new(m.at_least_position),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn left_out_it_asks_about_today_knowing_all() {
        assert_eq!(as_of(None), Ok(AsOf::default()));
        assert_eq!(as_of(Some(&proto::AsOf::default())), Ok(AsOf::default()));
    }

    #[test]
    fn every_fault_is_named_at_once() {
        let message = proto::AsOf {
            as_at: Some(proto::Date {
                year: 2020,
                month: 13,
                day: 1,
            }),
            known: Some(proto::as_of::Known::AsKnownAt(prost_types::Timestamp {
                seconds: i64::MAX,
                nanos: 0,
            })),
            at_least_position: 0,
        };
        let found = as_of(Some(&message)).unwrap_err();
        let fields: Vec<&str> = found.iter().map(|v| v.field.as_str()).collect();
        assert_eq!(fields, ["as_of.as_at", "as_of.as_known_at"]);
    }
}
