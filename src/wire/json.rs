//! Messages in proto3 JSON, read and written by their descriptors.
//!
//! No code is generated for it. Writing goes through a message's own bytes, in the
//! field order that every archive has had. Reading takes all that proto3 JSON allows,
//! and of everything else names each fault, its place, and what to write instead.

mod fault;
mod line_finder;
mod number;
mod reader;
mod shape;
mod syntax;
#[cfg(test)]
mod tests;
mod write;

use prost::Name;
use prost_reflect::MessageDescriptor;
use serde_json::value::RawValue;
use serde_json::{Error, Value};

pub use self::fault::{JsonError, JsonFault, JsonStep, path};
pub use self::line_finder::{LineFinder, offset_of};
pub use self::reader::{JsonReader, names_of};
use self::write::Json;
use super::proto::descriptors;

/// A message on one line.
pub fn to_string<M: Name>(message: &M) -> String {
    let mut line = Vec::new();
    append(&mut line, message);
    String::from_utf8(line).unwrap_or_default()
}

/// A message over several lines, for people too.
pub fn to_string_pretty<M: Name>(message: &M) -> String {
    written(message, |json| serde_json::to_string_pretty(&json))
}

/// A message as a JSON value.
pub fn to_value<M: Name>(message: &M) -> Value {
    written(message, |json| serde_json::to_value(json))
}

/// Writes a message, on one line, at the end of `line`.
pub fn append<M: Name>(line: &mut Vec<u8>, message: &M) {
    written(message, |json| serde_json::to_writer(line, &json));
}

/// Reads a message. An error names every fault, with its line and its field.
pub fn from_str<M: Name + Default>(text: &str) -> Result<M, JsonError> {
    let mut reader = JsonReader::new(text);
    let value: &RawValue = match serde_json::from_str(text) {
        Ok(value) => value,
        Err(error) => return Err(reader.broken_at(0, &error)),
    };
    let message = reader.message(value);
    reader.finish().map(|()| message)
}

/// Reads a message from a JSON value.
pub fn from_value<M: Name + Default>(value: Value) -> Result<M, JsonError> {
    from_str(&value.to_string())
}

fn written<M: Name, T: Default>(
    message: &M,
    write: impl FnOnce(Json<'_>) -> Result<T, Error>,
) -> T {
    let bytes = message.encode_to_vec();
    // Nothing in a message that this program encoded fails to be written to memory.
    write(Json::new(&M::full_name(), &bytes)).unwrap_or_default()
}

fn descriptor<M: Name>() -> MessageDescriptor {
    // A message has a name only from the files that the descriptors are of.
    let descriptor = descriptors().get_message_by_name(&M::full_name());
    descriptor.expect("a message of the published language")
}
