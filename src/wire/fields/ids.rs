//! Ids: slugs, UUIDs, subjects.

use std::hash::Hash;
use std::str::FromStr;

use super::{ITEMS_MAX, at_least_one, each, keep_or_fault, no_repeats};
use crate::violation::MessageReader;
use minutebook_domain::ids::IdError;

fn id_fault(error: &IdError) -> String {
    let remedy = match error {
        IdError::Empty => "give 1 to 63 characters of a-z, 0-9 and \"-\", such as \"emsou-soc\"",
        IdError::TooLong { .. } => "shorten it",
        IdError::BadCharacter { .. } => "write it in lower case, with \"-\" between words",
        IdError::LooseHyphen => "leave the outer \"-\" out",
        IdError::NoCollection => "such as collaborations/emsou",
        IdError::NotUuid => "write it with its hyphens; version 7 is advised",
    };
    format!("{error}: {remedy}")
}

/// A required slug.
pub(crate) fn id<T: FromStr<Err = IdError>>(
    r: &mut MessageReader,
    field: &str,
    v: &str,
) -> Option<T> {
    keep_or_fault(r, field, v.parse().map_err(|e: IdError| id_fault(&e)))
}

/// A slug that may be left out.
pub(crate) fn optional_id<T: FromStr<Err = IdError>>(
    r: &mut MessageReader,
    field: &str,
    v: &str,
) -> Option<Option<T>> {
    if v.is_empty() {
        return Some(None);
    }
    id(r, field, v).map(Some)
}

pub(crate) fn uuid<T: FromStr<Err = IdError>>(
    r: &mut MessageReader,
    field: &str,
    v: &str,
) -> Option<T> {
    if v.is_empty() {
        r.fault_in(
            field,
            "a UUID is required here, such as 01890a5d-ac96-774b-bcce-b302099a8057; version 7 is \
             advised",
        );
        return None;
    }
    id(r, field, v)
}

pub(crate) fn optional_uuid<T: FromStr<Err = IdError>>(
    r: &mut MessageReader,
    field: &str,
    v: &str,
) -> Option<Option<T>> {
    optional_id(r, field, v)
}

pub(crate) fn subject<T: FromStr<Err = IdError>>(
    r: &mut MessageReader,
    field: &str,
    v: &str,
) -> Option<T> {
    if v.is_empty() {
        r.fault_in(
            field,
            "a subject is required: write bodies/ID, boards/ID or collaborations/ID",
        );
        return None;
    }
    id(r, field, v)
}

/// Slugs; refuses repeats.
pub(crate) fn ids<T: FromStr<Err = IdError> + Hash + Eq + Clone>(
    r: &mut MessageReader,
    field: &str,
    v: &[String],
) -> Option<Vec<T>> {
    let items = each(r, field, v, ITEMS_MAX, |r, item| {
        item.parse()
            .map_err(|e: IdError| r.fault(id_fault(&e)))
            .ok()
    });
    no_repeats(r, field, items, T::clone, "this id")
}

/// Slugs; refuses repeats and an empty list.
pub(crate) fn some_ids<T: FromStr<Err = IdError> + Hash + Eq + Clone>(
    r: &mut MessageReader,
    field: &str,
    v: &[String],
) -> Option<Vec<T>> {
    let items = ids(r, field, v);
    at_least_one(r, field, items)
}
