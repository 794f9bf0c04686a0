//! Dates and financial years.

use jiff::Timestamp;

use super::keep_or_fault;
use crate::proto;
use crate::violation::MessageReader;
use minutebook_domain::date::{DateError, FinancialYear, PartialDate};

fn date_fault(error: &DateError) -> String {
    let remedy = match error {
        DateError::Year { .. } => "give a year from 1000 to 9999, or leave the date out",
        DateError::DayWithoutMonth => "give the month too, or the year alone",
        DateError::NoSuchDay { .. } => {
            "give a day of the calendar, or 0 for a part that is not known"
        }
        DateError::NotADate { .. } => "write it in that form",
        DateError::NotAFinancialYear { .. } => "write it in one of those forms",
        DateError::EndsBeforeItBegins { .. } => "give its first month or day first",
    };
    format!("{error}: {remedy}")
}

pub(crate) fn date(
    r: &mut MessageReader,
    field: &str,
    v: &Option<proto::Date>,
) -> Option<Option<PartialDate>> {
    let Some(date) = v else {
        return Some(None);
    };
    let date =
        PartialDate::new(date.year, date.month, date.day).map_err(|error| date_fault(&error));
    keep_or_fault(r, field, date).map(Some)
}

pub(crate) fn some_date(
    r: &mut MessageReader,
    field: &str,
    v: &Option<proto::Date>,
) -> Option<PartialDate> {
    let date = date(r, field, v)?;
    if date.is_none() {
        r.fault_in(
            field,
            "a date is required here: give a year, with its month and day where known",
        );
    }
    date
}

pub(crate) fn full_date(
    r: &mut MessageReader,
    field: &str,
    v: &Option<proto::Date>,
) -> Option<PartialDate> {
    let date = some_date(r, field, v)?;
    if !date.is_full() {
        r.fault_in(
            field,
            format!("a full day is required here; {date} is not one: give the month and the day"),
        );
        return None;
    }
    Some(date)
}

pub(crate) fn instant(
    r: &mut MessageReader,
    field: &str,
    v: &prost_types::Timestamp,
) -> Option<Timestamp> {
    let instant = Timestamp::new(v.seconds, v.nanos).ok();
    let instant = instant.filter(|_| v.nanos >= 0);
    if instant.is_none() {
        r.fault_in(
            field,
            "there is no such instant: give seconds since 1970 and 0 to 999,999,999 nanoseconds",
        );
    }
    instant
}

pub(crate) fn year(r: &mut MessageReader, field: &str, v: &str) -> Option<FinancialYear> {
    let year = v.parse().map_err(|e: DateError| date_fault(&e));
    keep_or_fault(r, field, year)
}

pub(crate) fn optional_year(
    r: &mut MessageReader,
    field: &str,
    v: &str,
) -> Option<Option<FinancialYear>> {
    if v.is_empty() {
        return Some(None);
    }
    year(r, field, v).map(Some)
}
