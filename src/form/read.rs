//! The boxes of a form, read as the message that they mean.

use minutebook_workbook::typed_text;
use prost_reflect::{DynamicMessage, EnumDescriptor, FieldDescriptor, Kind, MessageDescriptor};
use prost_reflect::{OneofDescriptor, ReflectMessage as _, Value};

use minutebook_domain::date::PartialDate;
use minutebook_wire::proto::DateIs;

use crate::names::FormNames;
use crate::new_id;
use crate::noun::Noun;
use crate::shape::FieldShape;
use crate::typed::{TypedNode, below, row_of};

/// A fault and the box that has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormFault {
    /// The name of the box: the path of the field within the event.
    pub field: String,
    /// The fault and the way out, for people.
    pub sentence: String,
}

/// Reads the boxes of a form. A box with a fault leaves its field unset, and the others are
/// read all the same.
pub struct BoxReader<'n> {
    names: &'n FormNames,
    request_id: &'n str,
    pub faults: Vec<FormFault>,
}

impl<'n> BoxReader<'n> {
    /// The id of the request makes the ids of new things.
    pub const fn new(names: &'n FormNames, request_id: &'n str) -> Self {
        Self {
            names,
            request_id,
            faults: Vec::new(),
        }
    }

    fn fault(&mut self, name: &str, sentence: impl Into<String>) {
        self.faults.push(FormFault {
            field: name.to_owned(),
            sentence: sentence.into(),
        });
    }

    /// Reads a group of fields. Rows that are blank must be gone already.
    pub fn message(
        &mut self,
        name: &str,
        kind: &MessageDescriptor,
        typed: &TypedNode,
    ) -> DynamicMessage {
        let mut message = DynamicMessage::new(kind.clone());
        for field in kind.fields().filter(|field| real_oneof(field).is_none()) {
            self.field(&mut message, name, &field, typed);
        }
        for oneof in kind.oneofs().filter(is_real) {
            self.oneof(&mut message, name, &oneof, typed);
        }
        message
    }

    fn field(
        &mut self,
        message: &mut DynamicMessage,
        group: &str,
        field: &FieldDescriptor,
        typed: &TypedNode,
    ) {
        let name = below(group, field.name());
        let own = typed.field(field.name());
        let shape = FieldShape::of(field);
        if field.is_list() {
            let items = self.list(&name, field, &shape, own);
            if !items.is_empty() {
                message.set_field(field, Value::List(items));
            }
            return;
        }
        let value = match &shape {
            FieldShape::Group(kind) if own.is_blank() => {
                let _ = kind;
                None
            }
            FieldShape::Group(kind) => Some(Value::Message(self.message(&name, kind, own))),
            FieldShape::NewId if own.is_blank() => {
                let id = new_id::made_id(field, typed, &name, self.request_id, self.names);
                Some(Value::String(id))
            }
            FieldShape::NewUuid if own.is_blank() => {
                Some(Value::String(new_id::made_uuid(&name, self.request_id)))
            }
            FieldShape::Day => self.day(message, &name, field, own.text()),
            _ => self.value(&name, field, &shape, own.text()),
        };
        if let Some(value) = value {
            message.set_field(field, value);
        }
    }

    fn list(
        &mut self,
        name: &str,
        field: &FieldDescriptor,
        shape: &FieldShape,
        own: &TypedNode,
    ) -> Vec<Value> {
        let mut items = Vec::new();
        for text in own.texts() {
            items.extend(self.value(name, field, shape, text));
        }
        for (index, row) in own.rows().enumerate() {
            let name = row_of(name, index);
            match shape {
                FieldShape::Group(kind) => {
                    items.push(Value::Message(self.message(&name, kind, row)));
                }
                shape => items.extend(self.value(&name, field, shape, row.text())),
            }
        }
        items
    }

    fn oneof(
        &mut self,
        message: &mut DynamicMessage,
        group: &str,
        oneof: &OneofDescriptor,
        typed: &TypedNode,
    ) {
        let Some(chosen) = chosen(oneof, typed) else {
            return;
        };
        let Some(field) = oneof.fields().find(|field| field.name() == chosen) else {
            let name = below(group, oneof.name());
            self.fault(&name, "Choose one of the answers of this form.");
            return;
        };
        let name = below(group, field.name());
        let own = typed.field(field.name());
        let shape = FieldShape::of(&field);
        let value = match &shape {
            FieldShape::Group(kind) => Some(Value::Message(self.message(&name, kind, own))),
            FieldShape::Name(_) | FieldShape::Line | FieldShape::Paragraph if own.is_blank() => {
                Some(Value::String(String::new()))
            }
            shape => self.value(&name, &field, shape, own.text()),
        };
        match value {
            Some(value) => message.set_field(&field, value),
            None if own.is_blank() => self.fault(&name, "You chose this: fill it in."),
            None => {}
        }
    }

    /// One value of a box; `None` where it is blank or has a fault.
    fn value(
        &mut self,
        name: &str,
        field: &FieldDescriptor,
        shape: &FieldShape,
        text: &str,
    ) -> Option<Value> {
        let text = text.trim();
        if text.is_empty() {
            return None;
        }
        let value = match shape {
            FieldShape::Line
            | FieldShape::Suggested(_)
            | FieldShape::Paragraph
            | FieldShape::NewId
            | FieldShape::NewUuid => Ok(Value::String(text.to_owned())),
            FieldShape::Name(noun) => self.id(noun, text).map(Value::String),
            FieldShape::Year => year(text).map(Value::String),
            FieldShape::Flag => Ok(Value::Bool(true)),
            FieldShape::Choice(values) => choice(values, text),
            FieldShape::Pounds => {
                typed_text::pounds(text.trim_start_matches(['€', ' '])).map(Value::I64)
            }
            FieldShape::Percent => percent(field, text),
            FieldShape::Count => count(field, text),
            FieldShape::Day => typed_text::day(text).map(|day| date(day.date)),
            FieldShape::Group(_) => return None,
        };
        value
            .map_err(|sentence| self.fault(name, crate::words::sentence(&sentence)))
            .ok()
    }

    fn id(&self, noun: &Noun, text: &str) -> Result<String, String> {
        match (noun, text) {
            (Noun::Subject(_), "register") => Ok(text.to_owned()),
            _ => self.names.meant(noun, text),
        }
    }

    /// A day. The day of the event may be about, by or from a day, which is a field of its
    /// own.
    fn day(
        &mut self,
        message: &mut DynamicMessage,
        name: &str,
        field: &FieldDescriptor,
        text: &str,
    ) -> Option<Value> {
        if text.trim().is_empty() {
            return None;
        }
        let day = match typed_text::day(text) {
            Ok(day) => day,
            Err(sentence) => {
                self.fault(name, crate::words::sentence(&sentence));
                return None;
            }
        };
        if day.is != DateIs::Unspecified {
            let how = message
                .descriptor()
                .get_field_by_name("effective_on_is")
                .filter(|_| field.name() == "effective_on");
            match how {
                Some(how) if !message.has_field(&how) => {
                    message.set_field(&how, Value::EnumNumber(day.is.into()));
                }
                Some(_) => {}
                None => {
                    self.fault(
                        name,
                        "Write the day alone: that it is about, by or from a day cannot be recorded here.",
                    );
                    return None;
                }
            }
        }
        Some(date(day.date))
    }
}

/// Whether alternatives exclude each other; an optional field is no such choice.
pub fn is_real(oneof: &OneofDescriptor) -> bool {
    oneof
        .fields()
        .next()
        .is_some_and(|field| real_oneof(&field).is_some())
}

/// The choice that a field is an alternative of.
pub fn real_oneof(field: &FieldDescriptor) -> Option<OneofDescriptor> {
    let is_optional = field.field_descriptor_proto().proto3_optional();
    field.containing_oneof().filter(|_| !is_optional)
}

/// The alternative that was chosen: by its button, or because it alone is filled in.
pub fn chosen(oneof: &OneofDescriptor, typed: &TypedNode) -> Option<String> {
    let button = typed.field(oneof.name()).text().trim();
    if !button.is_empty() {
        return Some(button.to_owned());
    }
    let mut filled = oneof
        .fields()
        .filter(|field| !typed.field(field.name()).is_blank());
    let first = filled.next()?;
    filled.next().is_none().then(|| first.name().to_owned())
}

fn choice(values: &EnumDescriptor, text: &str) -> Result<Value, String> {
    let by_name = values.get_value_by_name(text);
    let by_number = || values.get_value(text.parse().ok()?);
    by_name
        .or_else(by_number)
        .map(|value| Value::EnumNumber(value.number()))
        .ok_or_else(|| "Choose one of the answers of this form".to_owned())
}

fn percent(field: &FieldDescriptor, text: &str) -> Result<Value, String> {
    let ppm = typed_text::percent(text)?;
    match field.kind() {
        Kind::Int64 => Ok(Value::I64(ppm)),
        _ => u32::try_from(ppm)
            .map(Value::U32)
            .map_err(|_| "A share is not below zero, and not as large as this".to_owned()),
    }
}

fn count(field: &FieldDescriptor, text: &str) -> Result<Value, String> {
    let plain = text.trim_start_matches('#').replace(',', "");
    let wrong = || format!("“{text}” is no whole number: write digits");
    match field.kind() {
        Kind::Uint64 => plain.parse().map(Value::U64).map_err(|_| wrong()),
        Kind::Int64 => plain.parse().map(Value::I64).map_err(|_| wrong()),
        Kind::Int32 => plain.parse().map(Value::I32).map_err(|_| wrong()),
        _ => typed_text::count(text).map(Value::U32).map_err(|_| wrong()),
    }
}

/// A year in the spelling of the register. One that is not a year is left to the register,
/// which says why.
fn year(text: &str) -> Result<String, String> {
    match typed_text::financial_year(text) {
        Ok(year) => Ok(year.to_string()),
        Err(sentence) => Err(sentence),
    }
}

/// A date of the protocol.
fn date(day: PartialDate) -> Value {
    let wire = minutebook_wire::reply::date(day);
    let pool = minutebook_wire::proto::descriptors();
    // The pool holds every message that the protocol uses.
    let kind = pool.get_message_by_name("google.type.Date");
    let Some(kind) = kind else {
        return Value::String(String::new());
    };
    let mut message = DynamicMessage::new(kind);
    for (field, number) in [
        ("year", wire.year),
        ("month", wire.month),
        ("day", wire.day),
    ] {
        message.set_field_by_name(field, Value::I32(number));
    }
    Value::Message(message)
}
