//! What is written of a message's fields, looked up once for all messages.

use std::collections::HashMap;
use std::sync::LazyLock;

use prost_reflect::{FieldDescriptor, Kind, MessageDescriptor};

use crate::proto::descriptors;

/// A message.
pub(super) struct Shape {
    pub kind: MessageKind,
    /// In the order in which they are written: as they are declared, and those of a
    /// `oneof` last.
    pub fields: Vec<Field>,
    /// Field numbers, ascending, and where the field is in `fields`.
    numbers: Vec<(u32, usize)>,
}

/// How a message is written.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum MessageKind {
    /// As an object.
    Object,
    /// As a text: `google.protobuf.Timestamp`.
    Timestamp,
}

/// A field of a message.
pub(super) struct Field {
    pub name: String,
    pub is_list: bool,
    pub kind: FieldKind,
}

/// How a field's value is encoded, and so how it is written.
pub(super) enum FieldKind {
    Bool,
    Int32,
    /// A small number is encoded as a small one, negative or not.
    Sint32,
    Int64,
    Uint32,
    Uint64,
    String,
    Bytes,
    /// The names by their numbers, ascending.
    Enum(Vec<(i32, String)>),
    /// An index into the shapes.
    Message(usize),
    /// One that no message of the package has: a test says so.
    Other,
}

/// The shapes of all messages.
pub(super) struct Shapes {
    shapes: Vec<Shape>,
    names: HashMap<String, usize>,
}

/// Those of the package.
pub(super) fn shapes() -> &'static Shapes {
    static SHAPES: LazyLock<Shapes> = LazyLock::new(Shapes::new);
    &SHAPES
}

impl Shapes {
    fn new() -> Self {
        let messages: Vec<_> = descriptors().all_messages().collect();
        let name_and_index =
            |(index, message): (usize, &MessageDescriptor)| (message.full_name().to_owned(), index);
        let names = messages.iter().enumerate().map(name_and_index).collect();
        let shapes = messages.iter().map(|message| shape(message, &names));
        Self {
            shapes: shapes.collect(),
            names,
        }
    }

    pub fn named(&self, name: &str) -> Option<&Shape> {
        self.names.get(name).map(|index| self.at(*index))
    }

    pub fn at(&self, index: usize) -> &Shape {
        &self.shapes[index]
    }
}

impl Shape {
    /// Where the field with a number is in the written order.
    pub fn place(&self, number: u32) -> Option<usize> {
        let found = self
            .numbers
            .binary_search_by_key(&number, |(number, _)| *number);
        found.ok().map(|at| self.numbers[at].1)
    }
}

fn shape(message: &MessageDescriptor, names: &HashMap<String, usize>) -> Shape {
    let declared = &message.descriptor_proto().field;
    let numbers = declared.iter().map(|field| field.number().unsigned_abs());
    let mut fields: Vec<_> = numbers
        .filter_map(|number| message.get_field(number))
        .collect();
    // The sort is stable.
    fields.sort_by_key(oneof_place);
    let places = fields.iter().enumerate();
    let mut numbers: Vec<_> = places
        .map(|(place, field)| (field.number(), place))
        .collect();
    numbers.sort_unstable();
    Shape {
        kind: match message.full_name() {
            "google.protobuf.Timestamp" => MessageKind::Timestamp,
            _ => MessageKind::Object,
        },
        fields: fields.iter().map(|field| written(field, names)).collect(),
        numbers,
    }
}

/// `None` for a field of no `oneof`, as an `optional` one is.
fn oneof_place(field: &FieldDescriptor) -> Option<usize> {
    let oneof = field.containing_oneof()?;
    let mut oneofs = field.parent_message().oneofs();
    oneofs.position(|other| other == oneof && !oneof.is_synthetic())
}

fn written(field: &FieldDescriptor, names: &HashMap<String, usize>) -> Field {
    let kind = match field.kind() {
        Kind::Bool => FieldKind::Bool,
        Kind::Int32 => FieldKind::Int32,
        Kind::Sint32 => FieldKind::Sint32,
        Kind::Int64 => FieldKind::Int64,
        Kind::Uint32 => FieldKind::Uint32,
        Kind::Uint64 => FieldKind::Uint64,
        Kind::String => FieldKind::String,
        Kind::Bytes => FieldKind::Bytes,
        Kind::Enum(of) => {
            let values = of.values();
            let mut names: Vec<_> = values
                .map(|value| (value.number(), value.name().to_owned()))
                .collect();
            names.sort_unstable();
            FieldKind::Enum(names)
        }
        Kind::Message(of) if !of.is_map_entry() => match names.get(of.full_name()) {
            Some(index) => FieldKind::Message(*index),
            None => FieldKind::Other,
        },
        _ => FieldKind::Other,
    };
    Field {
        name: field.json_name().to_owned(),
        is_list: field.is_list(),
        kind,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_is_of_a_kind_that_can_be_written() {
        let messages: Vec<_> = descriptors().all_messages().collect();
        assert!(messages.len() > 200, "{}", messages.len());
        for message in messages {
            let shape = shapes().named(message.full_name()).unwrap();
            for field in &shape.fields {
                let is_known = !matches!(field.kind, FieldKind::Other);
                assert!(is_known, "{} of {}", field.name, message.full_name());
            }
        }
    }
}
