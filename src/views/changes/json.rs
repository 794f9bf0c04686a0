//! A value in its proto3 JSON form, the same text for the same value.

use prost_reflect::{DynamicMessage, EnumDescriptor, Kind, Value};
use serde_json::{Map, Value as Json, json};

use super::format::instant;

/// The text; fields by name.
pub(super) fn text(kind: &Kind, value: &Value) -> String {
    json(kind, value).to_string()
}

fn json(kind: &Kind, value: &Value) -> Json {
    match value {
        Value::Bool(value) => json!(value),
        Value::I32(value) => json!(value),
        Value::U32(value) => json!(value),
        // As proto3 JSON has them: not every program can hold them as numbers.
        Value::I64(value) => json!(value.to_string()),
        Value::U64(value) => json!(value.to_string()),
        Value::F32(value) => json!(value),
        Value::F64(value) => json!(value),
        Value::String(value) => json!(value),
        // No view has bytes or maps in it.
        Value::Bytes(_) | Value::Map(_) => Json::Null,
        Value::EnumNumber(number) => match kind {
            Kind::Enum(of) => name(of, *number),
            _ => json!(number),
        },
        Value::List(items) => items.iter().map(|item| json(kind, item)).collect(),
        Value::Message(message) => object(message),
    }
}

fn name(of: &EnumDescriptor, number: i32) -> Json {
    match of.get_value(number) {
        Some(value) => json!(value.name()),
        None => json!(number),
    }
}

fn object(message: &DynamicMessage) -> Json {
    if let Some(instant) = instant(message) {
        return json!(instant);
    }
    let mut object = Map::new();
    for (field, value) in message.fields() {
        object.insert(field.json_name().to_owned(), json(&field.kind(), value));
    }
    Json::Object(object)
}
