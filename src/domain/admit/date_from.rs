//! The way out where something began within the date of an event.

use jiff::civil::Date;

use crate::domain::date::PartialDate;

/// The end of a sentence of a fault, for an event that is dated to a month or year and rests
/// on something that began on a later day of that. Empty if it does not.
pub(super) fn date_from(on: PartialDate, since: Option<Date>) -> String {
    let within = since.filter(|since| on.first_day() < *since && *since <= on.last_day());
    within.map_or_else(String::new, |since| {
        format!(
            ". The change would hold from the first day of {on}: if the source gives no day, and it \
             was not before {since}, date it {since} with effective_on_is DATE_IS_FROM"
        )
    })
}
