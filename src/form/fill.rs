//! A message as it would be typed: the other way of reading.

use minutebook_domain::date::MONTHS;
use prost_reflect::{DynamicMessage, FieldDescriptor, Kind, Value};

use crate::names::FormNames;
use crate::noun::Noun;
use crate::read::real_oneof;
use crate::shape::FieldShape;
use crate::typed::TypedNode;

/// The texts of the boxes of a group of fields.
pub fn typed(message: &DynamicMessage, names: &FormNames) -> TypedNode {
    let mut node = TypedNode::default();
    for (field, value) in message.fields() {
        if let Some(oneof) = real_oneof(&field) {
            node.set(oneof.name(), TypedNode::of_text(field.name()));
        }
        node.set(field.name(), of_field(&field, value, names));
    }
    node
}

fn of_field(field: &FieldDescriptor, value: &Value, names: &FormNames) -> TypedNode {
    let shape = FieldShape::of(field);
    match (value, &shape) {
        (Value::List(items), FieldShape::Choice(_)) => TypedNode::of_texts(
            items
                .iter()
                .map(|item| text(field, &shape, item, names))
                .collect(),
        ),
        (Value::List(items), _) => {
            TypedNode::of_rows(items.iter().map(|item| one(field, &shape, item, names)))
        }
        (value, _) => one(field, &shape, value, names),
    }
}

fn one(field: &FieldDescriptor, shape: &FieldShape, value: &Value, names: &FormNames) -> TypedNode {
    match (value, shape) {
        (Value::Message(message), FieldShape::Group(_)) => typed(message, names),
        _ => TypedNode::of_text(text(field, shape, value, names)),
    }
}

fn text(field: &FieldDescriptor, shape: &FieldShape, value: &Value, names: &FormNames) -> String {
    match (value, shape) {
        (Value::String(id), FieldShape::Name(noun)) => shown(noun, id, names),
        (Value::String(text), _) => text.clone(),
        (Value::Bool(true), _) => "yes".to_owned(),
        (Value::Bool(false), _) => String::new(),
        (Value::I64(pence), FieldShape::Pounds) => pounds(*pence),
        (Value::I64(ppm), FieldShape::Percent) => percent(*ppm),
        (Value::U32(ppm), FieldShape::Percent) => percent(i64::from(*ppm)),
        (Value::EnumNumber(number), _) => match field.kind() {
            Kind::Enum(values) => values
                .get_value(*number)
                .map_or_else(|| number.to_string(), |value| value.name().to_owned()),
            _ => number.to_string(),
        },
        (Value::U32(number), _) => number.to_string(),
        (Value::U64(number), _) => number.to_string(),
        (Value::I32(number), _) => number.to_string(),
        (Value::I64(number), _) => number.to_string(),
        (Value::Message(date), FieldShape::Day) => day(date),
        // The protocol has no other values.
        _ => String::new(),
    }
}

fn shown(noun: &Noun, id: &str, names: &FormNames) -> String {
    names.shown(noun, id)
}

/// `30,000`, or `30,000.50` where there are pence.
pub fn pounds(pence: i64) -> String {
    let sign = if pence < 0 { "-" } else { "" };
    let digits = (pence.unsigned_abs() / 100).to_string();
    let mut grouped = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    match pence.unsigned_abs() % 100 {
        0 => format!("{sign}{grouped}"),
        rest => format!("{sign}{grouped}.{rest:02}"),
    }
}

/// `27.3` for 273,000 millionths.
pub fn percent(ppm: i64) -> String {
    let sign = if ppm < 0 { "-" } else { "" };
    let whole = ppm.unsigned_abs() / 10_000;
    let rest = format!("{:04}", ppm.unsigned_abs() % 10_000);
    match rest.trim_end_matches('0') {
        "" => format!("{sign}{whole}"),
        rest => format!("{sign}{whole}.{rest}"),
    }
}

/// `1 October 2024`, `October 2024` or `2024`.
fn day(date: &DynamicMessage) -> String {
    let part = |name| {
        let value = date.get_field_by_name(name);
        value.and_then(|value| value.as_i32()).unwrap_or_default()
    };
    let month = usize::try_from(part("month") - 1).ok();
    match (month.and_then(|month| MONTHS.get(month)), part("day")) {
        (None, _) => part("year").to_string(),
        (Some(month), 0) => format!("{month} {}", part("year")),
        (Some(month), day) => format!("{day} {month} {}", part("year")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_and_shares_are_written_as_people_write_them() {
        for (pence, text) in [
            (3_000_000, "30,000"),
            (-123_456_789, "-1,234,567.89"),
            (5, "0.05"),
            (99_900, "999"),
        ] {
            assert_eq!(pounds(pence), text);
        }
        for (ppm, text) in [(273_000, "27.3"), (1_000_000, "100"), (-1, "-0.0001")] {
            assert_eq!(percent(ppm), text);
        }
    }
}
