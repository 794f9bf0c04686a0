//! Faults of a JSON text: each with its place, and what to write instead.

use std::fmt;

use prost_reflect::{EnumDescriptor, FieldDescriptor, MessageDescriptor};

/// How alike two names are, from 0 to 1, for one to be proposed for the other.
const LIKENESS_MIN: f64 = 0.82;

/// The most characters of a value that a sentence repeats.
const QUOTED_CHARS_MAX: usize = 60;

/// A step from a value to one inside it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum JsonStep {
    /// A field, by its name as the text has it.
    Name(String),
    /// An item of a list, counted from zero.
    Index(usize),
}

/// One fault of a JSON text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JsonFault {
    /// Which value of the text it is in, counted from zero: a file may hold several.
    pub value: usize,
    /// The way from that value to the fault.
    pub steps: Vec<JsonStep>,
    /// The line, counted from one.
    pub line: usize,
    /// The character in that line, counted from one.
    pub column: usize,
    /// The fault, and what to write instead.
    pub sentence: String,
}

/// Why a JSON text cannot be read: its faults, in the order of the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JsonError {
    pub faults: Vec<JsonFault>,
    /// How many more there are.
    pub omitted: usize,
}

impl std::error::Error for JsonError {}

impl fmt::Display for JsonError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, fault) in self.faults.iter().enumerate() {
            let between = if index == 0 { "" } else { "\n" };
            let JsonFault {
                line,
                column,
                sentence,
                ..
            } = fault;
            write!(f, "{between}line {line}, column {column}")?;
            match path(&fault.steps).as_str() {
                "" => write!(f, ": {sentence}")?,
                path => write!(f, ", {path}: {sentence}")?,
            }
        }
        match self.omitted {
            0 => Ok(()),
            more => write!(f, "\nand {more} more"),
        }
    }
}

/// Steps as a person reads them: `events[0].effectiveOn`.
pub fn path(steps: &[JsonStep]) -> String {
    let mut text = String::new();
    for step in steps {
        match step {
            JsonStep::Index(index) => text.push_str(&format!("[{index}]")),
            JsonStep::Name(name) if text.is_empty() => text.push_str(name),
            JsonStep::Name(name) => text.push_str(&format!(".{name}")),
        }
    }
    text
}

/// A value as a sentence repeats it: the beginning of a long one.
pub(super) fn quoted(raw: &str) -> String {
    match raw.char_indices().nth(QUOTED_CHARS_MAX) {
        Some((end, _)) => format!("{} …", &raw[..end]),
        None => raw.to_owned(),
    }
}

/// A field that the message does not have.
pub(super) fn unknown_field(message: &MessageDescriptor, name: &str) -> String {
    let names: Vec<String> = message
        .fields()
        .map(|field| field.json_name().to_owned())
        .collect();
    format!(
        "{} has no field `{name}`{}",
        described(message),
        proposal(name, &names)
    )
}

/// A value that the enumeration does not have.
pub(super) fn unknown_value(of: &EnumDescriptor, name: &str) -> String {
    let unspecified = of.default_value();
    let names: Vec<String> = of
        .values()
        .filter(|value| *value != unspecified)
        .map(|value| value.name().to_owned())
        .collect();
    format!("there is no value `{name}` here{}", proposal(name, &names))
}

/// The end of a sentence about a wrong name: the name that may be meant, or all.
fn proposal(name: &str, names: &[String]) -> String {
    let plain = |name: &str| -> String {
        let letters = name.chars().filter(|c| c.is_alphanumeric());
        letters.flat_map(char::to_lowercase).collect()
    };
    let wanted = plain(name);
    let alike = names.iter().map(|known| {
        let known_plain = plain(known);
        // The name of a value without the prefix that they all have.
        let likeness = match !wanted.is_empty() && known_plain.ends_with(&wanted) {
            true => 1.0,
            false => strsim::jaro_winkler(&wanted, &known_plain),
        };
        (likeness, known)
    });
    let best = alike.max_by(|(one, _), (other, _)| one.total_cmp(other));
    match best {
        Some((likeness, known)) if likeness >= LIKENESS_MIN => {
            format!("; did you mean `{known}`?")
        }
        _ => match names {
            [] => String::new(),
            [one] => format!("; the only one is `{one}`"),
            [all @ .., last] => {
                let all: Vec<String> = all.iter().map(|name| format!("`{name}`")).collect();
                format!("; there are {} and `{last}`", all.join(", "))
            }
        },
    }
}

/// A message, by the words of its name: `an append request`.
pub(super) fn described(message: &MessageDescriptor) -> String {
    let mut words = String::new();
    for (index, c) in message.name().char_indices() {
        if c.is_uppercase() && index > 0 {
            words.push(' ');
        }
        words.extend(c.to_lowercase());
    }
    let article = match words.chars().next() {
        Some('a' | 'e' | 'i' | 'o' | 'u') => "an",
        _ => "a",
    };
    format!("{article} {words}")
}

/// A value of one kind where a message belongs.
pub(super) fn not_an_object(message: &MessageDescriptor, raw: &str) -> String {
    let names: Vec<String> = message
        .fields()
        .take(3)
        .map(|field| format!("\"{}\": …", field.json_name()))
        .collect();
    format!(
        "{} is not {}; write an object: {{ {} }}",
        quoted(raw),
        described(message),
        names.join(", ")
    )
}

/// A text or a number where a date belongs.
pub(super) fn not_a_date(raw: &str) -> String {
    let text = raw.trim_matches('"');
    let parts: Vec<i32> = match text.parse::<minutebook_domain::date::PartialDate>() {
        Ok(date) => {
            let parts = [
                Some(i32::from(date.year())),
                date.month().map(i32::from),
                date.day().map(i32::from),
            ];
            parts.into_iter().flatten().collect()
        }
        Err(_) => vec![2018, 4, 1],
    };
    let fields = ["year", "month", "day"].iter().zip(parts);
    let fields: Vec<String> = fields
        .map(|(name, part)| format!("\"{name}\": {part}"))
        .collect();
    format!(
        "{} is not a date here; write {{ {} }}",
        quoted(raw),
        fields.join(", ")
    )
}

/// A number that its field cannot hold, or no whole number.
pub(super) fn not_a_number(field: &FieldDescriptor, raw: &str, why: &str) -> String {
    let unit = match field.name() {
        name if name.ends_with("_pence") => "; amounts are in whole pence: 12345 is £123.45",
        name if name.ends_with("_ppm") => "; shares are in millionths: 250000 is 25%",
        _ => "",
    };
    format!("{} {why}{unit}", quoted(raw))
}
