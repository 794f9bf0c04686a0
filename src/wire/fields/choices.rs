//! Choices from an enumeration.

use std::hash::Hash;

use super::{ITEMS_MAX, at_least_one, each, no_repeats};
use crate::wire::enums::{FromEnum, WireEnum};
use crate::wire::violation::MessageReader;

fn words<W: WireEnum>() -> String {
    let words: Vec<&str> = W::CHOICES.iter().map(|choice| choice.word()).collect();
    words.join(", ")
}

/// What was chosen here, or `Some(None)` when nothing was.
fn known_choice<W: WireEnum>(r: &mut MessageReader, v: i32) -> Option<Option<W>> {
    let Ok(choice) = W::try_from(v) else {
        r.fault(format!(
            "{v} is not a choice this server knows (the client may be newer than the server): \
             choose one of {}",
            words::<W>()
        ));
        return None;
    };
    Some((!choice.is_unspecified()).then_some(choice))
}

/// What was chosen, or `Some(None)` when nothing was.
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
            format!("a choice is required here: one of {}", words::<W>()),
        );
    }
    choice
}

/// A required choice.
pub(crate) fn choice<T: FromEnum>(r: &mut MessageReader, field: &str, v: &i32) -> Option<T> {
    some_wire_choice::<T::Wire>(r, field, v).and_then(T::chosen)
}

/// A choice that may be left open.
pub(crate) fn optional_choice<T: FromEnum>(
    r: &mut MessageReader,
    field: &str,
    v: &i32,
) -> Option<Option<T>> {
    wire_choice::<T::Wire>(r, field, v).map(|choice| choice.and_then(T::chosen))
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

/// Choices, without repeats.
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
                words::<T::Wire>()
            ));
        }
        choice.and_then(T::chosen)
    });
    no_repeats(r, field, items, |choice| *choice, "this choice")
}

/// At least one choice, without repeats.
pub(crate) fn some_choices<T: FromEnum + Hash + Eq + Copy>(
    r: &mut MessageReader,
    field: &str,
    v: &[i32],
) -> Option<Vec<T>> {
    let items = choices(r, field, v);
    at_least_one(r, field, items)
}
