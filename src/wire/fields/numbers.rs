//! Amounts, shares, counts, decimals.

use rust_decimal::Decimal;

use crate::violation::MessageReader;
use minutebook_domain::currency::Currency;
use minutebook_domain::money::{Pence, Ppm};

/// The currency of an event; pounds sterling where none is named.
pub(crate) fn currency(r: &mut MessageReader, code: &str) -> Option<Currency> {
    if code.is_empty() {
        return Some(Currency::STERLING);
    }
    let currency = Currency::from_code(code);
    if currency.is_none() {
        let given: String = code.chars().take(40).collect();
        let capitals = given.to_ascii_uppercase();
        let remedy = match Currency::from_code(&capitals) {
            Some(_) => format!("write it in capitals, {capitals}"),
            None => "give one such as \"EUR\", or leave it out for pounds sterling".to_owned(),
        };
        r.fault_in(
            "currency",
            format!(
                "{given:?} is no code of three capitals (ISO 4217) for money in use that has \
                 hundredths: {remedy}"
            ),
        );
    }
    currency
}

/// An amount of either sign.
pub(crate) fn pence(r: &mut MessageReader, field: &str, v: &i64) -> Option<Pence> {
    let amount = Pence::new(*v).map(|amount| amount.in_currency(r.event.currency));
    // Zero is the same in every currency, and often means that none is given.
    r.event.has_amounts |= *v != 0;
    r.event.takes_amounts = true;
    if amount.is_none() {
        r.fault_in(
            field,
            format!("an amount is at most 10^15 pence either way; {v} is more: check the unit"),
        );
    }
    amount
}

/// An amount that is not negative.
pub(crate) fn natural_pence(r: &mut MessageReader, field: &str, v: &i64) -> Option<Pence> {
    if *v < 0 {
        r.fault_in(
            field,
            format!("this amount must not be negative; {v} is: give 0 or more"),
        );
        return None;
    }
    pence(r, field, v)
}

pub(crate) fn positive_pence(r: &mut MessageReader, field: &str, v: &i64) -> Option<Pence> {
    if *v == 0 {
        r.fault_in(field, "an amount above zero is required here: give it");
        return None;
    }
    if *v < 0 {
        r.fault_in(
            field,
            format!("an amount above zero is required here; {v} is below: give it without a sign"),
        );
        return None;
    }
    pence(r, field, v)
}

/// An amount that is not negative; 0 means "not stated".
pub(crate) fn optional_pence(r: &mut MessageReader, field: &str, v: &i64) -> Option<Option<Pence>> {
    natural_pence(r, field, v).map(|amount| Some(amount).filter(|a| *a != Pence::ZERO))
}

/// A bound on an amount; unset means "no bound".
pub(crate) fn pence_bound(
    r: &mut MessageReader,
    field: &str,
    v: &Option<i64>,
) -> Option<Option<Pence>> {
    match v {
        None => Some(None),
        Some(v) => natural_pence(r, field, v).map(Some),
    }
}

/// A bound on a share; unset means "no bound".
pub(crate) fn ppm_bound(
    r: &mut MessageReader,
    field: &str,
    v: &Option<u32>,
) -> Option<Option<u32>> {
    if v.is_some_and(|v| v > Ppm::WHOLE) {
        r.fault_in(
            field,
            "a share in millionths is at most 1,000,000, which is the whole: 273,000 is 27.3 %",
        );
        return None;
    }
    Some(*v)
}

/// A share above zero.
pub(crate) fn ppm(r: &mut MessageReader, field: &str, v: &u32) -> Option<Ppm> {
    let share = Ppm::new(*v);
    if share.is_none() {
        r.fault_in(
            field,
            format!("a share is 1 to 1,000,000 millionths; {v} is not: 273,000 is 27.3 %"),
        );
    }
    share
}

/// 0 means "not known".
pub(crate) fn count(_: &mut MessageReader, _: &str, v: &u32) -> Option<Option<u32>> {
    Some((*v > 0).then_some(*v))
}

/// 0 means "no clause known".
pub(crate) fn months(r: &mut MessageReader, field: &str, v: &u32) -> Option<Option<u32>> {
    if *v > 120 {
        r.fault_in(
            field,
            format!("a notice period is at most 120 months; {v} is more: check the unit"),
        );
        return None;
    }
    count(r, field, v)
}

/// 0 means "no such clause".
pub(crate) fn count_to(
    r: &mut MessageReader,
    field: &str,
    v: &u32,
    max: u32,
    unit: &str,
) -> Option<Option<u32>> {
    if *v > max {
        r.fault_in(
            field,
            format!("this is at most {max} {unit}; {v} is more: check the unit"),
        );
        return None;
    }
    count(r, field, v)
}

pub(crate) fn flag(_: &mut MessageReader, _: &str, v: &bool) -> Option<bool> {
    Some(*v)
}

pub(crate) fn decimal(r: &mut MessageReader, field: &str, v: &str) -> Option<Decimal> {
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

pub(crate) fn optional_decimal(
    r: &mut MessageReader,
    field: &str,
    v: &str,
) -> Option<Option<Decimal>> {
    if v.is_empty() {
        return Some(None);
    }
    decimal(r, field, v).map(Some)
}
