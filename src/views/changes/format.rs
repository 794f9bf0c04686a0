//! Fields and their values as people read them.

use jiff::Timestamp;
use prost_reflect::{DynamicMessage, FieldDescriptor, Kind, ReflectMessage, Value};

use super::items;
use super::table;
use minutebook_domain::date::PartialDate;
use minutebook_domain::money::{Pence, Ppm};
use minutebook_wire::enum_label::enum_label;

/// The largest number of characters of a value in words.
const VALUE_MAX: usize = 300;

/// Lists with more items than this are reported by their number.
const LISTED_MAX: usize = 8;

/// The name of a message without its package.
pub(super) fn short_name(full: &str) -> &str {
    full.strip_prefix("minutebook.v1.").unwrap_or(full)
}

/// A text on one line, cut where it runs long.
pub(super) fn cut(text: &str, max: usize) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(max) {
        None => line,
        Some((end, _)) => format!("{} …", line[..end].trim_end()),
    }
}

/// Two texts that differ, each from shortly before the difference.
pub(super) fn excerpts_from_difference(first: &str, other: &str) -> (String, String) {
    /// The characters of the common part that are kept in front.
    const BEFORE: usize = 40;
    let same = first.chars().zip(other.chars()).take_while(|(a, b)| a == b);
    let skipped = same.count().saturating_sub(BEFORE);
    let from = |text: &str| {
        let rest: String = text.chars().skip(skipped).collect();
        let dots = if skipped > 0 { "… " } else { "" };
        format!("{dots}{}", cut(&rest, VALUE_MAX))
    };
    (from(first), from(other))
}

/// The name of a field.
pub(super) fn label(field: &FieldDescriptor) -> String {
    let message = field.parent_message();
    if let Some(label) = table::label(short_name(message.full_name()), field.name()) {
        return label.to_owned();
    }
    let name = ["_pence", "_ppm", "_count", "_ids", "_id"]
        .iter()
        .find_map(|unit| field.name().strip_suffix(unit));
    name.unwrap_or(field.name()).replace('_', " ")
}

/// The name of one item of a list field: the singular of its label.
pub(super) fn singular(field: &FieldDescriptor) -> String {
    let many = label(field);
    let stem = |ends: &str| many.strip_suffix(ends).map(str::to_owned);
    if many.ends_with(" of") || many.ends_with(" as") {
        many
    } else if let Some(stem) = stem("ies") {
        format!("{stem}y")
    } else if let Some(stem) = stem("ches") {
        format!("{stem}ch")
    } else {
        stem("s").unwrap_or(many)
    }
}

/// A value of a field; empty where there is none.
pub(super) fn value(field: &FieldDescriptor, value: &Value) -> String {
    let name = field.name();
    match value {
        Value::Bool(true) => "yes".to_owned(),
        Value::Bool(false) => "no".to_owned(),
        Value::I64(pence) if name.ends_with("_pence") => Pence::computed(*pence).to_string(),
        Value::U32(ppm) if name.ends_with("_ppm") => Ppm::computed(*ppm).to_string(),
        Value::U64(position) if name.ends_with("position") => format!("entry {position}"),
        Value::I32(number) => number.to_string(),
        Value::I64(number) => number.to_string(),
        Value::U32(number) => number.to_string(),
        Value::U64(number) => number.to_string(),
        Value::F32(number) => number.to_string(),
        Value::F64(number) => number.to_string(),
        Value::String(text) => cut(text, VALUE_MAX),
        Value::EnumNumber(number) => choice(field, *number),
        Value::Message(message) => message_text(message),
        Value::List(items) => {
            let items: Vec<String> = items.iter().map(|item| self::value(field, item)).collect();
            items.join(", ")
        }
        Value::Bytes(_) | Value::Map(_) => String::new(),
    }
}

/// A value of an enumeration; empty for the zero, which has no meaning.
fn choice(field: &FieldDescriptor, number: i32) -> String {
    let Kind::Enum(choices) = field.kind() else {
        return String::new();
    };
    let unspecified = choices.default_value();
    choices.get_value(number).map_or_else(String::new, |value| {
        enum_label(value.name(), unspecified.name())
    })
}

/// An instant as proto3 JSON has it; `None` for another message.
pub(super) fn instant(message: &DynamicMessage) -> Option<String> {
    if message.descriptor().full_name() != "google.protobuf.Timestamp" {
        return None;
    }
    let part = |name| {
        message
            .get_field_by_name(name)
            .map(|value| value.into_owned())
    };
    let (seconds, nanos) = (part("seconds")?.as_i64()?, part("nanos")?.as_i32()?);
    Some(Timestamp::new(seconds, nanos).ok()?.to_string())
}

/// A date as it was recorded, whole or partial; `None` for another message.
fn date(message: &DynamicMessage) -> Option<String> {
    if message.descriptor().full_name() != "google.type.Date" {
        return None;
    }
    let part = |name| {
        message
            .get_field_by_name(name)
            .and_then(|value| value.as_i32())
    };
    let date = PartialDate::new(part("year")?, part("month")?, part("day")?);
    date.ok().map(|date| date.to_string())
}

/// A message in one line: its name where that identifies it, else its fields.
pub(super) fn message_text(message: &DynamicMessage) -> String {
    if let Some(text) = date(message).or_else(|| instant(message)) {
        return text;
    }
    let text = |name: &str| {
        let value = message.get_field_by_name(name);
        value.map_or_else(String::new, |value| match &*value {
            Value::String(text) => text.clone(),
            Value::Message(inner) => message_text(inner),
            _ => String::new(),
        })
    };
    let first = |names: &[&str]| {
        let mut texts = names.iter().map(|name| text(name));
        texts.find(|text| !text.is_empty()).unwrap_or_default()
    };
    let both =
        |between: &str, first: String, second: String| match (first.as_str(), second.as_str()) {
            (first, "") => first.to_owned(),
            ("", second) => second.to_owned(),
            (first, second) => format!("{first}{between}{second}"),
        };
    let descriptor = message.descriptor();
    let line = match short_name(descriptor.full_name()) {
        "BodyRef" => first(&["name", "body_id"]),
        "BoardRef" => first(&["name", "board_id"]),
        "CollaborationRef" => first(&["name", "collaboration_id"]),
        "ServiceRef" => first(&["name", "service_id"]),
        "ActorRef" => match (text("body"), text("office")) {
            (body, office) if body.is_empty() || office.is_empty() => body + &office,
            (body, office) => format!("{body} ({office})"),
        },
        "Awaited" => both(", on ", text("who"), text("board")),
        "BudgetHead" => both(" / ", text("service_id"), text("head")),
        "Document" => first(&["title", "uri"]),
        "Source" => both(", ", text("title"), text("place")),
        "Identifier" => both(" ", text("scheme"), text("value")),
        "RuleRef" => {
            let set = text("rule_set_id");
            let set = if set.is_empty() {
                set
            } else {
                format!("({set})")
            };
            both(" ", both(": ", text("title"), text("what")), set)
        }
        "Coming" => both(": ", text("effective_on"), text("summary")),
        "FaultView" => text("what"),
        "VirementSideView" => {
            let head = message.get_field_by_name("head");
            let head = head.and_then(|head| Some(message_text(head.as_message()?)));
            let place = both("", text("returned_to"), head.unwrap_or_default());
            let amount = descriptor.get_field_by_name("amount_pence");
            let amount = amount.filter(|amount| message.has_field(amount));
            let amount = amount.map(|amount| value(&amount, &message.get_field(&amount)));
            both(" ", amount.unwrap_or_default(), place)
        }
        _ => in_parts(message),
    };
    cut(&line, VALUE_MAX)
}

/// The fields of a message, without those that the context gives.
fn in_parts(message: &DynamicMessage) -> String {
    let descriptor = message.descriptor();
    let name = short_name(descriptor.full_name());
    let is_shown = |field: &FieldDescriptor| {
        !(items::names(message, field)
            || table::is_measure(field.name())
            || table::repeats(name, field.name())
            || table::is_hidden(name, field.name()))
    };
    let mut parts = Vec::new();
    for (field, value) in message.fields().filter(|(field, _)| is_shown(field)) {
        let label = label(&field);
        if let Value::List(list) = value
            && (list.len() > LISTED_MAX || list.iter().any(|item| !is_short(item)))
        {
            let singular = singular(&field);
            let label = if list.len() == 1 { &singular } else { &label };
            parts.push(format!("{} {label}", list.len()));
            continue;
        }
        let text = self::value(&field, value);
        match (label.as_str(), text.as_str()) {
            (_, "") => {}
            ("", text) => parts.push(text.to_owned()),
            (label, text) => parts.push(format!("{label} {text}")),
        }
    }
    if parts.is_empty() {
        // Only zero amounts are left, so show them.
        let zero = descriptor.fields().filter(is_shown);
        let zero = zero.filter(|field| field.name().ends_with("_pence"));
        parts.extend(zero.map(|field| value(&field, &message.get_field(&field))));
    }
    parts.join("; ")
}

/// Whether an item of a list is short enough to be listed.
fn is_short(item: &Value) -> bool {
    match item {
        Value::Message(message) => {
            let descriptor = message.descriptor();
            table::is_short(short_name(descriptor.full_name()))
        }
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_difference_is_shown_however_late_it_is() {
        let long = "x".repeat(400);
        let (one, other) = excerpts_from_difference(&format!("{long}one"), &format!("{long}other"));
        assert_eq!(one, format!("… {}one", "x".repeat(39)));
        assert!(other.ends_with("xother"), "{other}");
        assert_eq!(
            excerpts_from_difference("a", "b"),
            ("a".to_owned(), "b".to_owned())
        );
    }

    #[test]
    fn long_texts_are_cut_and_marked() {
        assert_eq!(cut("a  b\nc", 10), "a b c");
        assert_eq!(cut("aé ééé", 3), "aé …");
    }
}
