//! Checks the names in a JSON text: those of fields and of enum values.
//!
//! A register must not guess what somebody meant: a name that is not known, a field
//! given twice and two fields that exclude each other are refused where they are.
//! Values of other kinds are left to the reading that follows.

use std::borrow::Cow;
use std::fmt::{self, Formatter};

use prost_reflect::{EnumDescriptor, FieldDescriptor, Kind, MessageDescriptor};
use serde::de::{
    Deserialize, DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess,
    Unexpected, Visitor,
};

/// Checks a value; gives whether there is one, which `null` is not.
pub(super) struct Check {
    kind: CheckedKind,
    is_list: bool,
}

#[derive(Clone)]
enum CheckedKind {
    Message(MessageDescriptor),
    Enum(EnumDescriptor),
    Other,
}

impl Check {
    /// A message.
    pub fn of(message: &MessageDescriptor) -> Self {
        Self {
            kind: CheckedKind::Message(message.clone()),
            is_list: false,
        }
    }

    fn of_field(field: &FieldDescriptor) -> Self {
        let kind = match field.kind() {
            Kind::Message(of) if of.full_name() != "google.protobuf.Timestamp" => {
                CheckedKind::Message(of)
            }
            Kind::Enum(of) => CheckedKind::Enum(of),
            _ => CheckedKind::Other,
        };
        Self {
            kind,
            is_list: field.is_list(),
        }
    }
}

impl<'de> DeserializeSeed<'de> for Check {
    type Value = bool;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<bool, D::Error> {
        match self.kind {
            CheckedKind::Other if !self.is_list => {
                Ok(Option::<IgnoredAny>::deserialize(deserializer)?.is_some())
            }
            _ => deserializer.deserialize_any(self),
        }
    }
}

impl<'de> Visitor<'de> for Check {
    type Value = bool;

    fn expecting(&self, f: &mut Formatter<'_>) -> fmt::Result {
        if self.is_list {
            f.write_str("a list of ")?;
        }
        match &self.kind {
            CheckedKind::Message(of) => write!(f, "{} (an object)", of.name()),
            CheckedKind::Enum(of) => write!(f, "{} (a name)", of.name()),
            CheckedKind::Other => f.write_str("values"),
        }
    }

    fn visit_unit<E>(self) -> Result<bool, E> {
        Ok(false)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<bool, A::Error> {
        if !self.is_list {
            return Err(Error::invalid_type(Unexpected::Seq, &self));
        }
        let item = || Self {
            kind: self.kind.clone(),
            is_list: false,
        };
        while let Some(is_given) = items.next_element_seed(item())? {
            if !is_given {
                return Err(Error::invalid_type(Unexpected::Unit, &item()));
            }
        }
        Ok(true)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<bool, A::Error> {
        let message = match &self.kind {
            CheckedKind::Message(message) if !self.is_list => message,
            _ => return Err(Error::invalid_type(Unexpected::Map, &self)),
        };
        let mut given: Vec<FieldDescriptor> = Vec::new();
        while let Some(name) = entries.next_key::<Cow<'de, str>>()? {
            let field = field(message, &name).ok_or_else(|| unknown_field(message, &name))?;
            if given.contains(&field) {
                return Err(Error::custom(format_args!("duplicate field `{name}`")));
            }
            let excluded = given.iter().find(|other| excludes(&field, other));
            if let Some(other) = excluded {
                return Err(Error::custom(format_args!(
                    "`{}` and `{name}` cannot both be given",
                    other.json_name()
                )));
            }
            if entries.next_value_seed(Self::of_field(&field))? {
                given.push(field);
            }
        }
        Ok(true)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<bool, E> {
        match &self.kind {
            CheckedKind::Enum(of) if !self.is_list => {
                if of.get_value_by_name(text).is_none() {
                    return Err(unknown_value(of, text));
                }
                Ok(true)
            }
            _ => Err(Error::invalid_type(Unexpected::Str(text), &self)),
        }
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<bool, E> {
        match &self.kind {
            CheckedKind::Enum(_) if !self.is_list => Ok(true),
            _ => {
                let found = Unexpected::Unsigned(number);
                Err(Error::invalid_type(found, &self))
            }
        }
    }
}

fn field(message: &MessageDescriptor, name: &str) -> Option<FieldDescriptor> {
    let field = message.get_field_by_json_name(name);
    field.or_else(|| message.get_field_by_name(name))
}

fn excludes(one: &FieldDescriptor, other: &FieldDescriptor) -> bool {
    let oneof = one.containing_oneof();
    oneof.is_some() && oneof == other.containing_oneof()
}

fn unknown_field<E: Error>(message: &MessageDescriptor, name: &str) -> E {
    let fields = message.fields();
    let names = listed(fields.map(|field| field.json_name().to_owned()));
    Error::custom(format_args!("unknown field `{name}`, expected {names}"))
}

fn unknown_value<E: Error>(of: &EnumDescriptor, name: &str) -> E {
    let names = listed(of.values().map(|value| value.name().to_owned()));
    Error::custom(format_args!("unknown value `{name}`, expected {names}"))
}

fn listed(names: impl Iterator<Item = String>) -> String {
    let names: Vec<_> = names.map(|name| format!("`{name}`")).collect();
    match names.as_slice() {
        [] => "none".to_owned(),
        [one] => one.clone(),
        several => format!("one of {}", several.join(", ")),
    }
}
