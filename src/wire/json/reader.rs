//! Reads messages from a JSON text, and finds every fault of it at once.
//!
//! A register must not guess what somebody meant: a name that is not known, a field
//! given twice and two fields that exclude each other are faults. A value is looked at
//! as it is written, so a fault has its line, and a large amount is never rounded.

use std::fmt::{self, Formatter};

use base64::Engine as _;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use prost::Name;
use prost_reflect::{DynamicMessage, FieldDescriptor, Kind, MessageDescriptor, Value};
use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::Error;
use serde_json::value::RawValue;

use super::fault::{self, JsonError, JsonFault, JsonStep, quoted};
use super::line_finder::{LineFinder, offset_of};
use super::number::{Bounded, NotWhole, whole};
use super::{descriptor, syntax};

/// The most faults that are named; the others are counted.
const FAULTS_MAX: usize = 100;

/// How deep messages may be nested, as in every reader of protobuf.
const DEPTH_MAX: usize = 100;

/// Base64 of either alphabet, with or without padding: proto3 JSON allows all four.
const BYTES: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

/// A reader of the values of one text, which collects the faults of all of them.
#[derive(Debug)]
pub struct JsonReader<'t> {
    text: &'t str,
    /// How many values were read.
    values: usize,
    steps: Vec<JsonStep>,
    faults: Vec<(usize, JsonFault)>,
    omitted: usize,
}

impl<'t> JsonReader<'t> {
    pub const fn new(text: &'t str) -> Self {
        Self {
            text,
            values: 0,
            steps: Vec::new(),
            faults: Vec::new(),
            omitted: 0,
        }
    }

    /// Reads `value`, which is a part of the text. Where it has faults, the message
    /// lacks those fields, and [`JsonReader::finish`] fails.
    pub fn message<M: Name + Default>(&mut self, value: &'t RawValue) -> M {
        let message = self.object(&descriptor::<M>(), value, 0);
        self.values += 1;
        let message = message.and_then(|message| message.transcode_to().ok());
        message.unwrap_or_default()
    }

    /// Reads a value as a message of any type.
    #[cfg(test)]
    pub(super) fn dynamic(
        &mut self,
        message: &MessageDescriptor,
        value: &'t RawValue,
    ) -> Option<DynamicMessage> {
        self.object(message, value, 0)
    }

    /// An error if anything that was read has a fault.
    pub fn finish(self) -> Result<(), JsonError> {
        if self.faults.is_empty() {
            return Ok(());
        }
        let mut faults = self.faults;
        faults.sort_by_key(|(offset, _)| *offset);
        let mut lines = LineFinder::new(self.text);
        let placed = faults.into_iter().map(|(offset, mut fault)| {
            (fault.line, fault.column) = lines.place(offset);
            fault
        });
        Err(JsonError {
            faults: placed.collect(),
            omitted: self.omitted,
        })
    }

    /// The error of a text that is not JSON, from the value that begins at `from` on.
    pub fn broken_at(mut self, from: usize, error: &Error) -> JsonError {
        let before = error.line().saturating_sub(1);
        let line_start = match before {
            0 => 0,
            _ => {
                let ends = self.text.match_indices('\n');
                ends.map(|(at, _)| at + 1).nth(before - 1).unwrap_or(0)
            }
        };
        let mut offset = line_start + error.column().saturating_sub(1);
        while !self.text.is_char_boundary(offset) && offset < self.text.len() {
            offset += 1;
        }
        self.steps = syntax::steps(&self.text[from..]);
        self.fault_at(offset.min(self.text.len()), syntax::sentence(error));
        let omitted = self.omitted;
        match self.finish() {
            Err(error) => error,
            // A fault was added.
            Ok(()) => JsonError {
                faults: Vec::new(),
                omitted,
            },
        }
    }

    fn fault(&mut self, raw: &'t RawValue, sentence: String) {
        self.fault_at(offset_of(self.text, raw), sentence);
    }

    fn fault_at(&mut self, offset: usize, sentence: String) {
        if self.faults.len() >= FAULTS_MAX {
            self.omitted += 1;
            return;
        }
        let fault = JsonFault {
            value: self.values,
            steps: self.steps.clone(),
            line: 0,
            column: 0,
            sentence,
        };
        self.faults.push((offset, fault));
    }

    fn object(
        &mut self,
        message: &MessageDescriptor,
        raw: &'t RawValue,
        depth: usize,
    ) -> Option<DynamicMessage> {
        if !raw.get().starts_with('{') {
            self.fault(
                raw,
                match message.full_name() {
                    "google.type.Date" => fault::not_a_date(raw.get()),
                    _ => fault::not_an_object(message, raw.get()),
                },
            );
            return None;
        }
        if depth >= DEPTH_MAX {
            let sentence = format!("messages are nested deeper than {DEPTH_MAX} levels here");
            self.fault(raw, sentence);
            return None;
        }
        let members = match serde_json::from_str(raw.get()) {
            Ok(Members(members)) => members,
            Err(error) => {
                self.fault(raw, syntax::sentence(&error));
                return None;
            }
        };
        let mut read = DynamicMessage::new(message.clone());
        let mut given: Vec<FieldDescriptor> = Vec::new();
        for (key, value) in members {
            let Some(name) = self.text_of(key) else {
                continue;
            };
            self.steps.push(JsonStep::Name(name.clone()));
            match self.member(message, &name, &given, key, value) {
                // A field that is null is one that is left out.
                Some(field) if value.get() != "null" => {
                    if let Some(value) = self.field(&field, value, depth) {
                        read.set_field(&field, value);
                    }
                    given.push(field);
                }
                _ => {}
            }
            self.steps.pop();
        }
        Some(read)
    }

    /// The field with a name, if the message has it and it may be given.
    fn member(
        &mut self,
        message: &MessageDescriptor,
        name: &str,
        given: &[FieldDescriptor],
        key: &'t RawValue,
        value: &'t RawValue,
    ) -> Option<FieldDescriptor> {
        let field = message.get_field_by_json_name(name);
        let Some(field) = field.or_else(|| message.get_field_by_name(name)) else {
            self.fault(key, fault::unknown_field(message, name));
            return None;
        };
        if value.get() == "null" {
            return None;
        }
        if given.contains(&field) {
            self.fault(key, format!("`{name}` is given twice; take one away"));
            return None;
        }
        if let Some(other) = given.iter().find(|other| excludes(&field, other)) {
            let other = other.json_name();
            let sentence = format!("`{other}` and `{name}` exclude each other; take one away");
            self.fault(key, sentence);
            return None;
        }
        Some(field)
    }

    fn field(&mut self, field: &FieldDescriptor, raw: &'t RawValue, depth: usize) -> Option<Value> {
        if !field.is_list() {
            return self.single(field, raw, depth);
        }
        let items: Option<Vec<&'t RawValue>> = match raw.get().starts_with('[') {
            true => serde_json::from_str(raw.get()).ok(),
            false => None,
        };
        let Some(items) = items else {
            let sentence = format!(
                "{} is not a list; write it in brackets: [ … ]",
                quoted(raw.get())
            );
            self.fault(raw, sentence);
            return None;
        };
        let mut read = Vec::with_capacity(items.len());
        for (index, item) in items.into_iter().enumerate() {
            self.steps.push(JsonStep::Index(index));
            if item.get() == "null" {
                let sentence = "null is no item of a list; take it away";
                self.fault(item, sentence.to_owned());
            } else {
                read.extend(self.single(field, item, depth));
            }
            self.steps.pop();
        }
        Some(Value::List(read))
    }

    fn single(
        &mut self,
        field: &FieldDescriptor,
        raw: &'t RawValue,
        depth: usize,
    ) -> Option<Value> {
        match field.kind() {
            Kind::Message(of) if of.full_name() == "google.protobuf.Timestamp" => {
                self.instant(of, raw)
            }
            Kind::Message(of) => self.object(&of, raw, depth + 1).map(Value::Message),
            Kind::Enum(of) => {
                if raw.get().starts_with('"') {
                    let name = self.text_of(raw)?;
                    let value = of.get_value_by_name(&name);
                    if value.is_none() {
                        self.fault(raw, fault::unknown_value(&of, &name));
                    }
                    return value.map(|value| Value::EnumNumber(value.number()));
                }
                self.integer(field, raw).map(Value::EnumNumber)
            }
            Kind::Bool => match raw.get() {
                "true" => Some(Value::Bool(true)),
                "false" => Some(Value::Bool(false)),
                other => {
                    let sentence = format!(
                        "{} is neither true nor false; write one of them, without quotation marks",
                        quoted(other)
                    );
                    self.fault(raw, sentence);
                    None
                }
            },
            Kind::String => {
                if raw.get().starts_with('"') {
                    return self.text_of(raw).map(Value::String);
                }
                let sentence = format!(
                    "{} is not a text; write it in quotation marks",
                    quoted(raw.get())
                );
                self.fault(raw, sentence);
                None
            }
            Kind::Bytes => self.bytes(raw).map(|bytes| Value::Bytes(bytes.into())),
            Kind::Int32 | Kind::Sint32 | Kind::Sfixed32 => self.integer(field, raw).map(Value::I32),
            Kind::Int64 | Kind::Sint64 | Kind::Sfixed64 => self.integer(field, raw).map(Value::I64),
            Kind::Uint32 | Kind::Fixed32 => self.integer(field, raw).map(Value::U32),
            Kind::Uint64 | Kind::Fixed64 => self.integer(field, raw).map(Value::U64),
            // No message of the package has one: a test says so.
            Kind::Double | Kind::Float => None,
        }
    }

    fn text_of(&mut self, raw: &'t RawValue) -> Option<String> {
        match serde_json::from_str(raw.get()) {
            Ok(text) => Some(text),
            Err(error) => {
                self.fault(raw, syntax::sentence(&error));
                None
            }
        }
    }

    fn integer<T: Bounded>(&mut self, field: &FieldDescriptor, raw: &'t RawValue) -> Option<T> {
        let text = raw.get();
        let is_number = text.starts_with(|c: char| c == '-' || c.is_ascii_digit());
        let number = match text.strip_prefix('"') {
            Some(rest) => whole(rest.strip_suffix('"').unwrap_or(rest)),
            None if is_number => whole(text),
            None => Err(NotWhole::NoNumber),
        };
        let sentence = match number {
            Ok(number) => match T::try_from(number) {
                Ok(number) => return Some(number),
                Err(_) if number < T::LEAST => {
                    format!("{} is too small; the least is {}", quoted(text), T::LEAST)
                }
                Err(_) => format!("{} is too large; the most is {}", quoted(text), T::MOST),
            },
            Err(NotWhole::Huge) => {
                format!("{} is far too large; the most is {}", quoted(text), T::MOST)
            }
            Err(NotWhole::NoNumber) if matches!(field.kind(), Kind::Enum(_)) => {
                format!("{} is not the name of a value", quoted(text))
            }
            Err(NotWhole::NoNumber) => fault::not_a_number(
                field,
                text,
                "is not a whole number; write digits, such as 12",
            ),
            Err(NotWhole::Fraction) => {
                fault::not_a_number(field, text, "has a fraction; write a whole number")
            }
        };
        self.fault(raw, sentence);
        None
    }

    fn bytes(&mut self, raw: &'t RawValue) -> Option<Vec<u8>> {
        let bytes = match raw.get().starts_with('"') {
            true => {
                let text = self.text_of(raw)?;
                BYTES.decode(text.replace('-', "+").replace('_', "/")).ok()
            }
            false => None,
        };
        if bytes.is_none() {
            let sentence = format!("{} is not base64; write bytes so", quoted(raw.get()));
            self.fault(raw, sentence);
        }
        bytes
    }

    fn instant(&mut self, of: MessageDescriptor, raw: &'t RawValue) -> Option<Value> {
        let mut json = serde_json::Deserializer::from_str(raw.get());
        match DynamicMessage::deserialize(of, &mut json) {
            Ok(instant) => Some(Value::Message(instant)),
            Err(_) => {
                let sentence = format!(
                    "{} is not an instant; write \"2020-10-01T09:30:00Z\"",
                    quoted(raw.get())
                );
                self.fault(raw, sentence);
                None
            }
        }
    }
}

fn excludes(one: &FieldDescriptor, other: &FieldDescriptor) -> bool {
    let oneof = one.containing_oneof();
    oneof.is_some() && oneof == other.containing_oneof()
}

/// The names of an object's fields, in order; none if it is no object.
pub fn names_of(value: &RawValue) -> Vec<String> {
    let members = serde_json::from_str(value.get()).map(|Members(members)| members);
    let keys = members.unwrap_or_default().into_iter().map(|(key, _)| key);
    keys.filter_map(|key| serde_json::from_str(key.get()).ok())
        .collect()
}

/// The names and values of an object, as they are written.
struct Members<'t>(Vec<(&'t RawValue, &'t RawValue)>);

impl<'t> Deserialize<'t> for Members<'t> {
    fn deserialize<D: Deserializer<'t>>(deserializer: D) -> Result<Self, D::Error> {
        struct Object;

        impl<'t> Visitor<'t> for Object {
            type Value = Members<'t>;

            fn expecting(&self, f: &mut Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'t>>(self, mut entries: A) -> Result<Members<'t>, A::Error> {
                let mut members = Vec::new();
                while let Some(entry) = entries.next_entry()? {
                    members.push(entry);
                }
                Ok(Members(members))
            }
        }

        deserializer.deserialize_map(Object)
    }
}
