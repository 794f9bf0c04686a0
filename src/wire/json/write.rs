//! Writes a message from its bytes.
//!
//! An export writes every entry, and a verification writes it again, so nothing is
//! decoded into a message of its own that is only read once.

use base64::display::Base64Display;
use base64::engine::general_purpose::STANDARD;
use prost::Message;
use prost::encoding::{WireType, decode_key, decode_varint};
use serde::ser::{Serialize, SerializeMap, SerializeSeq, Serializer};

use super::shape::{Field, FieldKind, MessageKind, Shape, shapes};

/// An encoded message, to be written as JSON.
pub(super) struct Json<'a> {
    shape: &'static Shape,
    bytes: &'a [u8],
}

/// A field's value as it is in the bytes.
#[derive(Clone, Copy)]
enum Raw<'a> {
    Varint(u64),
    Bytes(&'a [u8]),
}

impl<'a> Json<'a> {
    /// A message of the published language.
    pub fn new(name: &str, bytes: &'a [u8]) -> Self {
        let shape = shapes().named(name);
        let shape = shape.expect("a message of the published language");
        Self { shape, bytes }
    }

    /// The values, in the order in which they are written, each with its field.
    fn values(&self) -> Vec<(usize, Raw<'a>)> {
        let mut values = Vec::with_capacity(8);
        let mut rest = self.bytes;
        while let Ok((number, wire)) = decode_key(&mut rest) {
            let Some(raw) = raw(wire, &mut rest) else {
                break;
            };
            if let Some(place) = self.shape.place(number) {
                values.push((place, raw));
            }
        }
        if !values.is_sorted_by_key(|(place, _)| *place) {
            // The sort is stable, so a list keeps its order.
            values.sort_by_key(|(place, _)| *place);
        }
        values
    }
}

/// The next value. No message of the package has values of a fixed width.
fn raw<'a>(wire: WireType, rest: &mut &'a [u8]) -> Option<Raw<'a>> {
    match wire {
        WireType::Varint => decode_varint(rest).ok().map(Raw::Varint),
        WireType::LengthDelimited => {
            let len = usize::try_from(decode_varint(rest).ok()?).ok()?;
            let (bytes, after) = rest.split_at_checked(len)?;
            *rest = after;
            Some(Raw::Bytes(bytes))
        }
        _ => None,
    }
}

impl Serialize for Json<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.shape.kind == MessageKind::Timestamp {
            return serializer.serialize_str(&instant(self.bytes));
        }
        let values = self.values();
        let mut object = serializer.serialize_map(None)?;
        for run in values.chunk_by(|(one, _), (next, _)| one == next) {
            let field = &self.shape.fields[run[0].0];
            if field.is_list {
                object.serialize_entry(&field.name, &List { field, run })?;
            } else {
                let kind = &field.kind;
                let raw = run[run.len() - 1].1;
                object.serialize_entry(&field.name, &Value { kind, raw })?;
            }
        }
        object.end()
    }
}

struct List<'a> {
    field: &'static Field,
    run: &'a [(usize, Raw<'a>)],
}

impl Serialize for List<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let kind = &self.field.kind;
        let is_delimited = matches!(
            kind,
            FieldKind::String | FieldKind::Bytes | FieldKind::Message(_)
        );
        let mut list = serializer.serialize_seq(None)?;
        for &(_, raw) in self.run {
            match raw {
                Raw::Bytes(mut packed) if !is_delimited => {
                    while let Ok(number) = decode_varint(&mut packed) {
                        let raw = Raw::Varint(number);
                        list.serialize_element(&Value { kind, raw })?;
                    }
                }
                raw => list.serialize_element(&Value { kind, raw })?,
            }
        }
        list.end()
    }
}

struct Value<'a> {
    kind: &'static FieldKind,
    raw: Raw<'a>,
}

impl Serialize for Value<'_> {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_possible_wrap,
        reason = "protobuf encodes a negative number as its two's complement in 64 bits"
    )]
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match (self.kind, self.raw) {
            (FieldKind::Bool, Raw::Varint(number)) => serializer.serialize_bool(number != 0),
            (FieldKind::Int32, Raw::Varint(number)) => serializer.serialize_i32(number as i32),
            (FieldKind::Sint32, Raw::Varint(number)) => {
                let number = number as u32;
                serializer.serialize_i32((number >> 1) as i32 ^ -((number & 1) as i32))
            }
            (FieldKind::Uint32, Raw::Varint(number)) => serializer.serialize_u32(number as u32),
            // Not every program can hold them as numbers.
            (FieldKind::Int64, Raw::Varint(number)) => serializer.collect_str(&(number as i64)),
            (FieldKind::Uint64, Raw::Varint(number)) => serializer.collect_str(&number),
            (FieldKind::Enum(names), Raw::Varint(number)) => {
                let number = number as i32;
                match names.binary_search_by_key(&number, |(number, _)| *number) {
                    Ok(at) => serializer.serialize_str(&names[at].1),
                    Err(_) => serializer.serialize_i32(number),
                }
            }
            (FieldKind::String, Raw::Bytes(text)) => {
                serializer.serialize_str(std::str::from_utf8(text).unwrap_or_default())
            }
            (FieldKind::Bytes, Raw::Bytes(bytes)) => {
                serializer.collect_str(&Base64Display::new(bytes, &STANDARD))
            }
            (FieldKind::Message(index), Raw::Bytes(bytes)) => {
                let shape = shapes().at(*index);
                Json { shape, bytes }.serialize(serializer)
            }
            _ => serializer.serialize_unit(),
        }
    }
}

/// An instant with its offset in digits, as archives have always had it.
fn instant(bytes: &[u8]) -> String {
    let instant = prost_types::Timestamp::decode(bytes).unwrap_or_default();
    let mut text = instant.to_string();
    if text.ends_with('Z') {
        text.truncate(text.len() - 1);
        text.push_str("+00:00");
    }
    text
}
