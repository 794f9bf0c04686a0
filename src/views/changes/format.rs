//! Fields and their values in words, figures and dates as people write them.

use jiff::Timestamp;
use prost_reflect::{DynamicMessage, FieldDescriptor, Kind, ReflectMessage, Value};

use super::items;
use super::table;

/// How many characters a value has in words at most.
const VALUE_MAX: usize = 300;

/// How many items of a list are told in words; of more, their number.
const TOLD_MAX: usize = 8;

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

/// Two texts that differ, each from shortly before they do.
pub(super) fn apart(one: &str, other: &str) -> (String, String) {
    /// How much of what both say is kept in front.
    const BEFORE: usize = 40;
    let same = one.chars().zip(other.chars()).take_while(|(a, b)| a == b);
    let skipped = same.count().saturating_sub(BEFORE);
    let from = |text: &str| {
        let rest: String = text.chars().skip(skipped).collect();
        let dots = if skipped > 0 { "… " } else { "" };
        format!("{dots}{}", cut(&rest, VALUE_MAX))
    };
    (from(one), from(other))
}

/// What a field is called.
pub(super) fn label(field: &FieldDescriptor) -> String {
    let of = field.parent_message();
    if let Some(label) = table::label(short_name(of.full_name()), field.name()) {
        return label.to_owned();
    }
    let name = ["_pence", "_ppm", "_count", "_ids", "_id"]
        .iter()
        .find_map(|unit| field.name().strip_suffix(unit));
    name.unwrap_or(field.name()).replace('_', " ")
}

/// What one item of a list is called, its name aside.
pub(super) fn one(field: &FieldDescriptor) -> String {
    let many = label(field);
    let of = |ends: &str| many.strip_suffix(ends).map(str::to_owned);
    if many.ends_with(" of") || many.ends_with(" as") {
        many
    } else if let Some(stem) = of("ies") {
        format!("{stem}y")
    } else if let Some(stem) = of("ches") {
        format!("{stem}ch")
    } else {
        of("s").unwrap_or(many)
    }
}

/// A value of a field; empty where it says nothing.
pub(super) fn value(field: &FieldDescriptor, value: &Value) -> String {
    let name = field.name();
    match value {
        Value::Bool(true) => "yes".to_owned(),
        Value::Bool(false) => "no".to_owned(),
        Value::I64(pence) if name.ends_with("_pence") => pounds(*pence),
        Value::U32(ppm) if name.ends_with("_ppm") => share(*ppm),
        Value::U64(position) if name.ends_with("position") => format!("entry {position}"),
        Value::I32(number) => number.to_string(),
        Value::I64(number) => number.to_string(),
        Value::U32(number) => number.to_string(),
        Value::U64(number) => number.to_string(),
        Value::F32(number) => number.to_string(),
        Value::F64(number) => number.to_string(),
        Value::String(text) => cut(text, VALUE_MAX),
        Value::EnumNumber(number) => choice(field, *number),
        Value::Message(message) => said(message),
        Value::List(items) => {
            let items: Vec<String> = items.iter().map(|item| self::value(field, item)).collect();
            items.join(", ")
        }
        Value::Bytes(_) | Value::Map(_) => String::new(),
    }
}

/// A value of an enumeration: its published name without what all of them begin
/// with; empty for the one that says nothing.
fn choice(field: &FieldDescriptor, number: i32) -> String {
    let Kind::Enum(of) = field.kind() else {
        return String::new();
    };
    let nothing = of.default_value();
    let prefix = nothing.name().trim_end_matches("UNSPECIFIED");
    match of.get_value(number) {
        Some(value) if value.number() != nothing.number() => {
            let name = value.name();
            let name = name.strip_prefix(prefix).unwrap_or(name);
            let words = name.to_lowercase().replace('_', " ");
            words.replace("22a", "22A")
        }
        Some(_) | None => String::new(),
    }
}

/// Pounds, with pence only where there are any.
fn pounds(pence: i64) -> String {
    let (pounds, rest) = (pence.unsigned_abs() / 100, pence.unsigned_abs() % 100);
    let digits = pounds.to_string();
    let mut text = if pence < 0 { "-£" } else { "£" }.to_owned();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    if rest > 0 {
        text.push_str(&format!(".{rest:02}"));
    }
    text
}

/// A share in per cent, to two decimals.
fn share(ppm: u32) -> String {
    let hundredths = (u64::from(ppm) + 50) / 100;
    format!("{}.{:02}%", hundredths / 100, hundredths % 100)
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
    let (year, month, day) = (part("year")?, part("month")?, part("day")?);
    Some(match (month, day) {
        (0, _) => format!("{year:04}"),
        (month, 0) => format!("{year:04}-{month:02}"),
        (month, day) => format!("{year:04}-{month:02}-{day:02}"),
    })
}

/// A message in a line: what it is called where that says all, else what it says.
pub(super) fn said(message: &DynamicMessage) -> String {
    if let Some(text) = date(message).or_else(|| instant(message)) {
        return text;
    }
    let text = |name: &str| {
        let value = message.get_field_by_name(name);
        value.map_or_else(String::new, |value| match &*value {
            Value::String(text) => text.clone(),
            Value::Message(inner) => said(inner),
            _ => String::new(),
        })
    };
    let first = |names: &[&str]| {
        let mut texts = names.iter().map(|name| text(name));
        texts.find(|text| !text.is_empty()).unwrap_or_default()
    };
    let both = |between: &str, one: String, other: String| match (one.as_str(), other.as_str()) {
        (one, "") => one.to_owned(),
        ("", other) => other.to_owned(),
        (one, other) => format!("{one}{between}{other}"),
    };
    let descriptor = message.descriptor();
    let said = match short_name(descriptor.full_name()) {
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
            let head = head.and_then(|head| Some(said(head.as_message()?)));
            let place = both("", text("returned_to"), head.unwrap_or_default());
            let amount = descriptor.get_field_by_name("amount_pence");
            let amount = amount.filter(|amount| message.has_field(amount));
            let amount = amount.map(|amount| value(&amount, &message.get_field(&amount)));
            both(" ", amount.unwrap_or_default(), place)
        }
        _ => in_parts(message),
    };
    cut(&said, VALUE_MAX)
}

/// Field by field, but for what goes without saying.
fn in_parts(message: &DynamicMessage) -> String {
    let descriptor = message.descriptor();
    let of = short_name(descriptor.full_name());
    let is_told = |field: &FieldDescriptor| {
        !(items::names(message, field)
            || table::is_measure(field.name())
            || table::repeats(of, field.name())
            || table::is_untold(of, field.name()))
    };
    let mut parts = Vec::new();
    for (field, value) in message.fields().filter(|(field, _)| is_told(field)) {
        let label = label(&field);
        if let Value::List(list) = value
            && (list.len() > TOLD_MAX || list.iter().any(|item| !is_short(item)))
        {
            let one = one(&field);
            let label = if list.len() == 1 { &one } else { &label };
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
        // All it has to say is that something is nought.
        let nought = descriptor.fields().filter(is_told);
        let nought = nought.filter(|field| field.name().ends_with("_pence"));
        parts.extend(nought.map(|field| value(&field, &message.get_field(&field))));
    }
    parts.join("; ")
}

/// Whether an item of a list can be told by its name alone.
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
    fn figures_are_written_as_people_write_them() {
        assert_eq!(pounds(612_932_800), "£6,129,328");
        assert_eq!(pounds(-105), "-£1.05");
        assert_eq!(pounds(i64::MIN), "-£92,233,720,368,547,758.08");
        assert_eq!(share(273_049), "27.30%");
    }

    #[test]
    fn what_makes_the_difference_is_shown_however_late_it_comes() {
        let long = "x".repeat(400);
        let (one, other) = apart(&format!("{long}one"), &format!("{long}other"));
        assert_eq!(one, format!("… {}one", "x".repeat(39)));
        assert!(other.ends_with("xother"), "{other}");
        assert_eq!(apart("a", "b"), ("a".to_owned(), "b".to_owned()));
    }

    #[test]
    fn what_runs_long_is_cut_and_says_so() {
        assert_eq!(cut("a  b\nc", 10), "a b c");
        assert_eq!(cut("aé ééé", 3), "aé …");
    }
}
