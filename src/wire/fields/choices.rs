//! Choices from an enumeration.

use std::hash::Hash;

use super::{ITEMS_MAX, at_least_one, each, no_repeats};
use crate::enums::{FromEnum, WireEnum};
use crate::violation::MessageReader;

fn choice_names<W: WireEnum>() -> String {
    let names: Vec<&str> = W::CHOICES
        .iter()
        .map(|choice| choice.published_name())
        .collect();
    names.join(", ")
}

/// The value of the current field; `Some(None)` for "unspecified".
fn known_choice<W: WireEnum>(r: &mut MessageReader, v: i32) -> Option<Option<W>> {
    let Ok(choice) = W::try_from(v) else {
        r.fault(format!(
            "{v} is not a choice this server knows (the client may be newer than the server): \
             choose one of {}",
            choice_names::<W>()
        ));
        return None;
    };
    Some((!choice.is_unspecified()).then_some(choice))
}

/// `Some(None)` for "unspecified".
pub(crate) fn wire_choice<W: WireEnum>(
    r: &mut MessageReader,
    field: &str,
    v: &i32,
) -> Option<Option<W>> {
    r.at(field, |r| known_choice(r, *v))
}

/// A required choice, in its published form.
pub(crate) fn some_wire_choice<W: WireEnum>(
    r: &mut MessageReader,
    field: &str,
    v: &i32,
) -> Option<W> {
    let choice = wire_choice::<W>(r, field, v)?;
    if choice.is_none() {
        r.fault_in(
            field,
            format!("a choice is required here: one of {}", choice_names::<W>()),
        );
    }
    choice
}

pub(crate) fn choice<T: FromEnum>(r: &mut MessageReader, field: &str, v: &i32) -> Option<T> {
    some_wire_choice::<T::Wire>(r, field, v).and_then(T::from_wire)
}

pub(crate) fn optional_choice<T: FromEnum>(
    r: &mut MessageReader,
    field: &str,
    v: &i32,
) -> Option<Option<T>> {
    wire_choice::<T::Wire>(r, field, v).map(|choice| choice.and_then(T::from_wire))
}

/// A choice with a documented default.
pub(crate) fn choice_or<T: FromEnum>(
    r: &mut MessageReader,
    field: &str,
    v: &i32,
    default: T,
) -> Option<T> {
    optional_choice(r, field, v).map(|choice| choice.unwrap_or(default))
}

/// Refuses repeats.
pub(crate) fn choices<T: FromEnum + Hash + Eq + Copy>(
    r: &mut MessageReader,
    field: &str,
    v: &[i32],
) -> Option<Vec<T>> {
    let items = each(r, field, v, ITEMS_MAX, |r, item| {
        let before = r.fault_count();
        let choice = known_choice::<T::Wire>(r, *item).flatten();
        if choice.is_none() && r.fault_count() == before {
            r.fault(format!(
                "a choice is required here: one of {}",
                choice_names::<T::Wire>()
            ));
        }
        choice.and_then(T::from_wire)
    });
    no_repeats(r, field, items, |choice| *choice, "this choice")
}

/// Refuses repeats and an empty list.
pub(crate) fn some_choices<T: FromEnum + Hash + Eq + Copy>(
    r: &mut MessageReader,
    field: &str,
    v: &[i32],
) -> Option<Vec<T>> {
    let items = choices(r, field, v);
    at_least_one(r, field, items)
}
