//! Single fields: how each form of the published language is read.
//!
//! Every function takes the reader, the field's name and its value. `None`
//! means that a fault was noted; an optional field that was left out reads as
//! `Some(None)`.

use std::collections::HashSet;
use std::fmt::Display;
use std::hash::Hash;
use std::str::FromStr;

use rust_decimal::Decimal;

use crate::domain::date::{DateError, FinancialYear, PartialDate};
use crate::domain::ids::IdError;
use crate::domain::money::{Pence, Ppm};
use crate::domain::text::{Name, Sha256, Text, TextError};
use crate::wire::enums::{Choice, Chosen};
use crate::wire::proto;
use crate::wire::violation::Reader;

/// The most items a list may hold unless its field says otherwise.
pub(crate) const ITEMS_MAX: usize = 200;

/// A message that can be read into the domain.
pub(crate) trait Read: Sized {
    /// Its published form.
    type Wire;
    /// Reads it; `None` means that a fault was noted.
    fn read(r: &mut Reader, m: &Self::Wire) -> Option<Self>;
}

fn kept<T, E: Display>(r: &mut Reader, field: &str, read: Result<T, E>) -> Option<T> {
    read.map_err(|error| r.fault_in(field, error.to_string()))
        .ok()
}

// ─── Ids ────────────────────────────────────────────────────────────────────

fn id_fault(error: &IdError) -> String {
    let way_out = match error {
        IdError::Empty => "give 1 to 63 characters of a-z, 0-9 and \"-\", such as \"emsou-soc\"",
        IdError::TooLong { .. } => "shorten it",
        IdError::BadCharacter { .. } => "write it in lower case, with \"-\" between words",
        IdError::LooseHyphen => "leave the outer \"-\" out",
        IdError::NoCollection => "such as collaborations/emsou",
        IdError::NotUuid => "write it with its hyphens; version 7 is advised",
    };
    format!("{error}: {way_out}")
}

/// A required slug.
pub(crate) fn id<T: FromStr<Err = IdError>>(r: &mut Reader, field: &str, v: &str) -> Option<T> {
    kept(r, field, v.parse().map_err(|e: IdError| id_fault(&e)))
}

/// A slug that may be left out.
pub(crate) fn optional_id<T: FromStr<Err = IdError>>(
    r: &mut Reader,
    field: &str,
    v: &str,
) -> Option<Option<T>> {
    if v.is_empty() {
        return Some(None);
    }
    id(r, field, v).map(Some)
}

/// A required UUID.
pub(crate) fn uuid<T: FromStr<Err = IdError>>(r: &mut Reader, field: &str, v: &str) -> Option<T> {
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

/// A UUID that may be left out.
pub(crate) fn optional_uuid<T: FromStr<Err = IdError>>(
    r: &mut Reader,
    field: &str,
    v: &str,
) -> Option<Option<T>> {
    optional_id(r, field, v)
}

/// A required subject.
pub(crate) fn subject<T: FromStr<Err = IdError>>(
    r: &mut Reader,
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

// ─── Lists ──────────────────────────────────────────────────────────────────

/// Reads each item of a list of at most `max`, whatever became of the others.
pub(crate) fn each<M, T>(
    r: &mut Reader,
    field: &str,
    items: &[M],
    max: usize,
    mut read: impl FnMut(&mut Reader, &M) -> Option<T>,
) -> Option<Vec<T>> {
    let before = r.fault_count();
    if items.len() > max {
        r.fault_in(
            field,
            format!(
                "a list of at most {max} items; this one has {}: split it over several events",
                items.len()
            ),
        );
    }
    let read: Vec<T> = items
        .iter()
        .take(max)
        .enumerate()
        .filter_map(|(index, item)| r.at_item(field, index, |r| read(r, item)))
        .collect();
    (r.fault_count() == before).then_some(read)
}

/// Notes each item of `items` whose `key` an earlier one has.
pub(crate) fn no_repeats<T, K: Hash + Eq>(
    r: &mut Reader,
    field: &str,
    items: Option<Vec<T>>,
    key: impl Fn(&T) -> K,
    what: &str,
) -> Option<Vec<T>> {
    let items = items?;
    let before = r.fault_count();
    let mut seen = HashSet::with_capacity(items.len());
    for (index, item) in items.iter().enumerate() {
        if !seen.insert(key(item)) {
            r.at_item(field, index, |r| {
                r.fault(format!(
                    "{what} is in this list already: leave the repeat out"
                ));
            });
        }
    }
    (r.fault_count() == before).then_some(items)
}

/// Requires at least one item.
pub(crate) fn at_least_one<T>(
    r: &mut Reader,
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

/// Slugs, without repeats.
pub(crate) fn ids<T: FromStr<Err = IdError> + Hash + Eq + Clone>(
    r: &mut Reader,
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

/// At least one slug, without repeats.
pub(crate) fn some_ids<T: FromStr<Err = IdError> + Hash + Eq + Clone>(
    r: &mut Reader,
    field: &str,
    v: &[String],
) -> Option<Vec<T>> {
    let items = ids(r, field, v);
    at_least_one(r, field, items)
}

/// Names, without repeats.
pub(crate) fn names(r: &mut Reader, field: &str, v: &[String]) -> Option<Vec<Name>> {
    let items = each(r, field, v, ITEMS_MAX, |r, item| {
        Name::new(item)
            .map_err(|e| r.fault(text_fault(&e, "a name")))
            .ok()
    });
    no_repeats(
        r,
        field,
        items,
        |name| name.as_str().to_owned(),
        "this name",
    )
}

/// Messages.
pub(crate) fn list<T: Read>(
    r: &mut Reader,
    field: &str,
    v: &[T::Wire],
    max: usize,
) -> Option<Vec<T>> {
    each(r, field, v, max, T::read)
}

/// At least one message.
pub(crate) fn some_list<T: Read>(
    r: &mut Reader,
    field: &str,
    v: &[T::Wire],
    max: usize,
) -> Option<Vec<T>> {
    let items = list(r, field, v, max);
    at_least_one(r, field, items)
}

// ─── Text ───────────────────────────────────────────────────────────────────

fn text_fault(error: &TextError, what: &str) -> String {
    let way_out = match error {
        TextError::Blank => "say it",
        TextError::TooLong { .. } => "shorten it, or point to a document instead",
        TextError::Control { .. } => "leave it out",
        TextError::NotSha256 => "write the digest as sha256sum prints it, or leave it out",
    };
    match error {
        TextError::NotSha256 => format!("{error}: {way_out}"),
        TextError::Blank | TextError::TooLong { .. } | TextError::Control { .. } => {
            format!("{what}: {error}: {way_out}")
        }
    }
}

/// A required name.
pub(crate) fn name(r: &mut Reader, field: &str, v: &str) -> Option<Name> {
    let name = Name::new(v).map_err(|e| text_fault(&e, "a name, on one line"));
    kept(r, field, name)
}

/// A name that may be left out.
pub(crate) fn optional_name(r: &mut Reader, field: &str, v: &str) -> Option<Option<Name>> {
    if v.is_empty() {
        return Some(None);
    }
    name(r, field, v).map(Some)
}

/// A text, possibly none.
pub(crate) fn text(r: &mut Reader, field: &str, v: &str) -> Option<Text> {
    let text = Text::new(v).map_err(|e| text_fault(&e, "a text"));
    kept(r, field, text)
}

/// A text that must say something.
pub(crate) fn some_text(r: &mut Reader, field: &str, v: &str) -> Option<Text> {
    let text = Text::required(v).map_err(|e| text_fault(&e, "a text"));
    kept(r, field, text)
}

/// A remark of at most 200 characters, possibly none.
pub(crate) fn remark(r: &mut Reader, field: &str, v: &str) -> Option<Text> {
    let text = Text::bounded(v, 200).map_err(|e| text_fault(&e, "a remark"));
    kept(r, field, text)
}

/// A link of at most 2,000 characters, possibly none.
pub(crate) fn uri(r: &mut Reader, field: &str, v: &str) -> Option<Text> {
    let text = Text::bounded(v, 2_000).map_err(|e| text_fault(&e, "a link"));
    kept(r, field, text)
}

/// A digest that may be left out.
pub(crate) fn sha256(r: &mut Reader, field: &str, v: &str) -> Option<Option<Sha256>> {
    if v.is_empty() {
        return Some(None);
    }
    let digest = Sha256::from_hex(v).map_err(|e| text_fault(&e, "a digest"));
    kept(r, field, digest).map(Some)
}

// ─── Dates ──────────────────────────────────────────────────────────────────

fn date_fault(error: &DateError) -> String {
    let way_out = match error {
        DateError::Year { .. } => "give a year from 1000 to 9999, or leave the date out",
        DateError::DayWithoutMonth => "give the month too, or the year alone",
        DateError::NoSuchDay { .. } => {
            "give a day of the calendar, or 0 for a part that is not known"
        }
        DateError::NotADate { .. } => "write it so",
        DateError::NotAFinancialYear { .. } => "write its two years so, the second one shortened",
    };
    format!("{error}: {way_out}")
}

/// A partial date that may be left out.
pub(crate) fn date(
    r: &mut Reader,
    field: &str,
    v: &Option<proto::Date>,
) -> Option<Option<PartialDate>> {
    let Some(date) = v else {
        return Some(None);
    };
    let date =
        PartialDate::new(date.year, date.month, date.day).map_err(|error| date_fault(&error));
    kept(r, field, date).map(Some)
}

/// A required partial date.
pub(crate) fn some_date(
    r: &mut Reader,
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

/// A required full day.
pub(crate) fn full_date(
    r: &mut Reader,
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

/// A required financial year.
pub(crate) fn year(r: &mut Reader, field: &str, v: &str) -> Option<FinancialYear> {
    let year = v.parse().map_err(|e: DateError| date_fault(&e));
    kept(r, field, year)
}

/// A financial year that may be left out.
pub(crate) fn optional_year(r: &mut Reader, field: &str, v: &str) -> Option<Option<FinancialYear>> {
    if v.is_empty() {
        return Some(None);
    }
    year(r, field, v).map(Some)
}

// ─── Numbers ────────────────────────────────────────────────────────────────

/// An amount, of either sign.
pub(crate) fn pence(r: &mut Reader, field: &str, v: &i64) -> Option<Pence> {
    let amount = Pence::new(*v);
    if amount.is_none() {
        r.fault_in(
            field,
            format!("an amount is at most 10^15 pence either way; {v} is beyond: check the unit"),
        );
    }
    amount
}

/// An amount that is not negative.
pub(crate) fn natural_pence(r: &mut Reader, field: &str, v: &i64) -> Option<Pence> {
    if *v < 0 {
        r.fault_in(
            field,
            format!("this amount must not be negative; {v} is: give 0 or more"),
        );
        return None;
    }
    pence(r, field, v)
}

/// An amount above nothing.
pub(crate) fn positive_pence(r: &mut Reader, field: &str, v: &i64) -> Option<Pence> {
    if *v == 0 {
        r.fault_in(field, "an amount above nothing is required here: give it");
        return None;
    }
    natural_pence(r, field, v)
}

/// An amount that is not negative, where 0 stands for "not said".
pub(crate) fn optional_pence(r: &mut Reader, field: &str, v: &i64) -> Option<Option<Pence>> {
    natural_pence(r, field, v).map(|amount| Some(amount).filter(|a| *a != Pence::ZERO))
}

/// A bound on an amount, where none may be set.
pub(crate) fn pence_bound(r: &mut Reader, field: &str, v: &Option<i64>) -> Option<Option<Pence>> {
    match v {
        None => Some(None),
        Some(v) => natural_pence(r, field, v).map(Some),
    }
}

/// A bound on a share, where none may be set.
pub(crate) fn ppm_bound(r: &mut Reader, field: &str, v: &Option<u32>) -> Option<Option<u32>> {
    if v.is_some_and(|v| v > Ppm::WHOLE) {
        r.fault_in(
            field,
            "a share in millionths is at most 1,000,000, the whole: give the share so",
        );
        return None;
    }
    Some(*v)
}

/// A share above nothing.
pub(crate) fn ppm(r: &mut Reader, field: &str, v: &u32) -> Option<Ppm> {
    let share = Ppm::new(*v);
    if share.is_none() {
        r.fault_in(
            field,
            format!("a share is 1 to 1,000,000 millionths; {v} is not: 273,000 is 27.3 %"),
        );
    }
    share
}

/// A count, where 0 stands for "not known".
pub(crate) fn count(_: &mut Reader, _: &str, v: &u32) -> Option<Option<u32>> {
    Some((*v > 0).then_some(*v))
}

/// A length of notice, where 0 stands for "no clause known".
pub(crate) fn months(r: &mut Reader, field: &str, v: &u32) -> Option<Option<u32>> {
    if *v > 120 {
        r.fault_in(
            field,
            format!("a notice period is at most 120 months; {v} is more: check the unit"),
        );
        return None;
    }
    count(r, field, v)
}

/// Whether something is so.
pub(crate) fn flag(_: &mut Reader, _: &str, v: &bool) -> Option<bool> {
    Some(*v)
}

/// A required decimal.
pub(crate) fn decimal(r: &mut Reader, field: &str, v: &str) -> Option<Decimal> {
    let digits = v.strip_prefix('-').unwrap_or(v);
    let (whole, part) = digits.split_once('.').unwrap_or((digits, "0"));
    let numeric = |s: &str| !s.is_empty() && s.bytes().all(|b| b.is_ascii_digit());
    let given = digits.len() - usize::from(digits.contains('.'));
    let number = (numeric(whole) && numeric(part) && given <= 18 && part.len() <= 6)
        .then(|| v.parse().ok())
        .flatten();
    if number.is_none() {
        r.fault_in(
            field,
            "a decimal is written \"27.3\" or \"-4\": at most 18 digits, at most 6 of them after \
             the point, and nothing else",
        );
    }
    number
}

/// A decimal that may be left out.
pub(crate) fn optional_decimal(r: &mut Reader, field: &str, v: &str) -> Option<Option<Decimal>> {
    if v.is_empty() {
        return Some(None);
    }
    decimal(r, field, v).map(Some)
}

// ─── Choices ────────────────────────────────────────────────────────────────

fn words<W: Choice>() -> String {
    let words: Vec<&str> = W::CHOICES.iter().map(|choice| choice.word()).collect();
    words.join(", ")
}

/// What was chosen here, or `Some(None)` when nothing was.
fn known_choice<W: Choice>(r: &mut Reader, v: i32) -> Option<Option<W>> {
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
pub(crate) fn wire_choice<W: Choice>(r: &mut Reader, field: &str, v: &i32) -> Option<Option<W>> {
    r.at(field, |r| known_choice(r, *v))
}

/// A required choice, in its published form.
pub(crate) fn some_wire_choice<W: Choice>(r: &mut Reader, field: &str, v: &i32) -> Option<W> {
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
pub(crate) fn choice<T: Chosen>(r: &mut Reader, field: &str, v: &i32) -> Option<T> {
    some_wire_choice::<T::Wire>(r, field, v).and_then(T::chosen)
}

/// A choice that may be left open.
pub(crate) fn optional_choice<T: Chosen>(
    r: &mut Reader,
    field: &str,
    v: &i32,
) -> Option<Option<T>> {
    wire_choice::<T::Wire>(r, field, v).map(|choice| choice.and_then(T::chosen))
}

/// A choice with a documented default.
pub(crate) fn choice_or<T: Chosen>(r: &mut Reader, field: &str, v: &i32, default: T) -> Option<T> {
    optional_choice(r, field, v).map(|choice| choice.unwrap_or(default))
}

/// Choices, without repeats.
pub(crate) fn choices<T: Chosen + Hash + Eq + Copy>(
    r: &mut Reader,
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
pub(crate) fn some_choices<T: Chosen + Hash + Eq + Copy>(
    r: &mut Reader,
    field: &str,
    v: &[i32],
) -> Option<Vec<T>> {
    let items = choices(r, field, v);
    at_least_one(r, field, items)
}

// ─── Messages ───────────────────────────────────────────────────────────────

/// A message that may be left out.
pub(crate) fn optional<T: Read>(
    r: &mut Reader,
    field: &str,
    v: &Option<T::Wire>,
) -> Option<Option<T>> {
    match v {
        None => Some(None),
        Some(m) => r.at(field, |r| T::read(r, m)).map(Some),
    }
}

/// A required message.
pub(crate) fn message<T: Read>(r: &mut Reader, field: &str, v: &Option<T::Wire>) -> Option<T> {
    let message = optional(r, field, v)?;
    if message.is_none() {
        r.fault_in(field, "required here: fill it in");
    }
    message
}

/// A message that says nothing when it is left out.
pub(crate) fn or_default<T: Read + Default>(
    r: &mut Reader,
    field: &str,
    v: &Option<T::Wire>,
) -> Option<T> {
    optional(r, field, v).map(Option::unwrap_or_default)
}

/// Reads messages of the same name, field by field: `kept: how(field, …)`.
///
/// Every field is read before the first fault counts, so none hides another.
/// A function after `=>` looks at the fields together.
macro_rules! reads {
    ($($name:ident {
        $($kept:ident: $how:ident($field:ident $(, $more:expr)*),)*
    } $(=> $check:ident)?)*) => {$(
        impl $crate::wire::fields::Read for $crate::domain::event::$name {
            type Wire = $crate::wire::proto::$name;

            fn read(r: &mut $crate::wire::violation::Reader, m: &Self::Wire) -> Option<Self> {
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
