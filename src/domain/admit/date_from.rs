//! The way out where something began, or ended, within the date of an event.

use jiff::civil::Date;

use crate::date::PartialDate;

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

/// The rest of a sentence of a fault, for an event that is dated after the first day of an end
/// of which the source gives only the month or year. Empty if it is not.
pub(super) fn end_within(ended_on: PartialDate, on: PartialDate) -> String {
    if ended_on.is_full() || !on.is_by(ended_on).may_be() {
        return String::new();
    }
    format!(
        "; or, if the end was later in {ended_on} than this (it holds from the first day), replace \
         its entry (entry_corrected) by one of its day, or of the first day on which it can have \
         been, with effective_on_is DATE_IS_FROM"
    )
}
