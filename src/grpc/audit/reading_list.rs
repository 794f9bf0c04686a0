//! The list of readings, page by page.
//!
//! A page token is the key of the last reading of the page before: readings that are added
//! meanwhile are of a later day, or of another caller.

use tonic::Status;

use crate::field_reader::FieldReader;
use crate::status;
use crate::wire::caller::principal;
use crate::wire::moment::day;
use crate::wire::proto::log_reading::Sort;
use crate::wire::proto::{ListReadingsRequest, ListReadingsResponse, LogReading};
use crate::wire::reply::timestamp;
use minutebook_domain::caller::Pseudonym;
use minutebook_domain::date::PartialDate;
use minutebook_kernel::readings::{Reading, ReadingKey, ReadingSort, Readings, parse_pseudonym};

const SIZE_DEFAULT: usize = 100;

const SIZE_MAX: usize = 1_000;

/// The answer to a request that its caller may make.
pub fn list(
    readings: &Readings,
    request: &ListReadingsRequest,
) -> Result<ListReadingsResponse, Status> {
    let mut fields = FieldReader::default();
    let from = fields.keep_faults(day("from_on", request.from_on));
    let until = fields.keep_faults(day("until_on", request.until_on));
    let size = size(&mut fields, request.page_size);
    let read = from.zip(until).zip(size);
    let ((from, until), size) = fields.finish(read)?;
    let from = from.map(PartialDate::first_day);
    let until = until.map(PartialDate::last_day);
    let mut after = after(&request.page_token)?;
    let mut found: Vec<Reading> = Vec::new();
    // One more than the page holds says whether there is another page.
    while found.len() <= size {
        let some = readings.list(after.as_ref(), SIZE_MAX);
        let Some(last) = some.last() else {
            break;
        };
        after = Some(last.key());
        let is_wanted = |reading: &Reading| {
            let day = reading.key().day;
            from.is_none_or(|from| from <= day) && until.is_none_or(|until| day <= until)
        };
        found.extend(some.into_iter().filter(is_wanted));
    }
    let has_more = found.len() > size;
    found.truncate(size);
    let last = found.last().filter(|_| has_more);
    Ok(ListReadingsResponse {
        next_page_token: last
            .map(|reading| token(&reading.key()))
            .unwrap_or_default(),
        readings: found.iter().map(message).collect(),
    })
}

fn size(fields: &mut FieldReader, size: i32) -> Option<usize> {
    match usize::try_from(size) {
        Ok(0) => Some(SIZE_DEFAULT),
        Ok(size) => Some(size.min(SIZE_MAX)),
        Err(_) => {
            let rule = format!("{size} is negative: give 1 to {SIZE_MAX}, or leave it out");
            fields.fault("page_size", rule);
            None
        }
    }
}

/// `2026-11-29.export.066d453f734c970e81e9f730bc97de82`
fn token(key: &ReadingKey) -> String {
    let pseudonym = key.pseudonym.map(|pseudonym| pseudonym.to_string());
    let pseudonym = pseudonym.unwrap_or_default();
    format!("{}.{}.{pseudonym}", key.day, key.sort.name())
}

fn after(token: &str) -> Result<Option<ReadingKey>, Status> {
    if token.is_empty() {
        return Ok(None);
    }
    let key = parse_token(token).ok_or_else(|| {
        status::page_token_mismatch(
            "this is not a token of this list: send next_page_token unchanged, or leave it out",
        )
    })?;
    Ok(Some(key))
}

fn parse_token(token: &str) -> Option<ReadingKey> {
    let mut parts = token.splitn(3, '.');
    let day = parts.next()?.parse().ok()?;
    let name = parts.next()?;
    let pseudonym: Option<Pseudonym> = match parts.next()? {
        "" => None,
        text => Some(parse_pseudonym(text)?),
    };
    let mut sorts = ReadingSort::ALL.into_iter();
    Some(ReadingKey {
        day,
        sort: sorts.find(|sort| sort.name() == name)?,
        pseudonym,
    })
}

/// The published form of a reading.
pub fn message(reading: &Reading) -> LogReading {
    let sort = match reading.sort {
        ReadingSort::Export => Sort::Export,
        ReadingSort::History => Sort::History,
        ReadingSort::Subscription => Sort::Subscription,
    };
    let mut message = LogReading {
        sort: sort.into(),
        first_at: Some(timestamp(reading.first_at)),
        last_at: Some(timestamp(reading.last_at)),
        begun: reading.begun,
        finished: reading.finished,
        from_position: reading.from.get(),
        to_position: reading.to.get(),
        ..LogReading::default()
    };
    if let Some(reader) = &reading.reader {
        message.signed_in = true;
        message.pseudonym = reader.pseudonym.to_string();
        message.principals = reader.principals.iter().map(principal).collect();
        message.mandate_positions = reader.mandates.iter().map(|at| at.get()).collect();
    }
    message
}
