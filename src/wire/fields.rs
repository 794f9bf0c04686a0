//! Readers for single fields, one for each form of the published language.
//!
//! Every function takes the reader, the name of the field and its value. `None`
//! means that a fault was noted; an optional field that was left out reads as
//! `Some(None)`.

mod choices;
mod dates;
mod ids;
mod numbers;
mod texts;

use std::collections::HashSet;
use std::fmt::Display;
use std::hash::Hash;

pub(crate) use choices::*;
pub(crate) use dates::*;
pub(crate) use ids::*;
pub(crate) use numbers::*;
pub(crate) use texts::*;

use crate::violation::MessageReader;

/// The most items a list may hold unless its field says otherwise.
pub(crate) const ITEMS_MAX: usize = 200;

/// A value that can be read from a message.
pub(crate) trait FromWire: Sized {
    type Wire;
    /// `None` means that a fault was noted.
    fn read(r: &mut MessageReader, m: &Self::Wire) -> Option<Self>;
}

fn keep_or_fault<T, E: Display>(
    r: &mut MessageReader,
    field: &str,
    read: Result<T, E>,
) -> Option<T> {
    read.map_err(|error| r.fault_in(field, error.to_string()))
        .ok()
}

// ─── Messages ───────────────────────────────────────────────────────────────

/// A message that may be left out.
pub(crate) fn optional<T: FromWire>(
    r: &mut MessageReader,
    field: &str,
    v: &Option<T::Wire>,
) -> Option<Option<T>> {
    match v {
        None => Some(None),
        Some(m) => r.at(field, |r| T::read(r, m)).map(Some),
    }
}

/// A required message.
pub(crate) fn message<T: FromWire>(
    r: &mut MessageReader,
    field: &str,
    v: &Option<T::Wire>,
) -> Option<T> {
    let message = optional(r, field, v)?;
    if message.is_none() {
        r.fault_in(field, "required here: fill it in");
    }
    message
}

/// A message whose default is used when it is left out.
pub(crate) fn or_default<T: FromWire + Default>(
    r: &mut MessageReader,
    field: &str,
    v: &Option<T::Wire>,
) -> Option<T> {
    optional(r, field, v).map(Option::unwrap_or_default)
}

// ─── Lists ──────────────────────────────────────────────────────────────────

/// Reads each item of a list of at most `max`, even where earlier ones have faults.
pub(crate) fn each<M, T>(
    r: &mut MessageReader,
    field: &str,
    items: &[M],
    max: usize,
    mut read: impl FnMut(&mut MessageReader, &M) -> Option<T>,
) -> Option<Vec<T>> {
    let before = r.fault_count();
    if items.len() > max {
        let parts = if field == "events" {
            "requests"
        } else {
            "events"
        };
        r.fault_in(
            field,
            format!(
                "a list of at most {max} items; this one has {}: split it over several {parts}",
                items.len()
            ),
        );
    }
    // Exactly the capacity needed: the list is kept for as long as the register.
    let mut list = Vec::with_capacity(items.len().min(max));
    let items = items.iter().take(max).enumerate();
    list.extend(items.filter_map(|(index, item)| r.at_item(field, index, |r| read(r, item))));
    (r.fault_count() == before).then_some(list)
}

/// Notes a fault for each item whose `key` an earlier item has.
pub(crate) fn no_repeats<T, K: Hash + Eq>(
    r: &mut MessageReader,
    field: &str,
    items: Option<Vec<T>>,
    key: impl Fn(&T) -> K,
    item_name: &str,
) -> Option<Vec<T>> {
    let items = items?;
    let before = r.fault_count();
    let mut seen = HashSet::with_capacity(items.len());
    for (index, item) in items.iter().enumerate() {
        if !seen.insert(key(item)) {
            r.at_item(field, index, |r| {
                r.fault(format!(
                    "{item_name} is in this list already: leave the repeat out"
                ));
            });
        }
    }
    (r.fault_count() == before).then_some(items)
}

/// Requires at least one item.
pub(crate) fn at_least_one<T>(
    r: &mut MessageReader,
    field: &str,
    items: Option<Vec<T>>,
) -> Option<Vec<T>> {
    let items = items?;
    if items.is_empty() {
        r.fault_in(field, "at least one is required here: add it");
        return None;
    }
    Some(items)
}

pub(crate) fn list<T: FromWire>(
    r: &mut MessageReader,
    field: &str,
    v: &[T::Wire],
    max: usize,
) -> Option<Vec<T>> {
    each(r, field, v, max, T::read)
}

pub(crate) fn some_list<T: FromWire>(
    r: &mut MessageReader,
    field: &str,
    v: &[T::Wire],
    max: usize,
) -> Option<Vec<T>> {
    let items = list(r, field, v, max);
    at_least_one(r, field, items)
}

// ─── Many fields at once ────────────────────────────────────────────────────

/// Implements `FromWire` for messages whose domain type has the same name, field
/// by field: `domain_field: reader(wire_field, …)`.
///
/// Every field is read even after a fault, so that no fault hides another.
/// A function after `=>` checks rules across fields.
macro_rules! reads {
    ($($name:ident {
        $($kept:ident: $how:ident($field:ident $(, $more:expr)*),)*
    } $(=> $check:ident)?)*) => {$(
        impl $crate::fields::FromWire for minutebook_domain::event::$name {
            type Wire = $crate::proto::$name;

            fn read(r: &mut $crate::violation::MessageReader, m: &Self::Wire) -> Option<Self> {
                let before = r.fault_count();
                let ($($kept,)*) = ($($how(r, stringify!($field), &m.$field $(, $more)*),)*);
                $($check(r, m);)?
                if r.fault_count() > before {
                    return None;
                }
                Some(Self { $($kept: $kept?,)* })
            }
        }
    )*};
}
pub(crate) use reads;
