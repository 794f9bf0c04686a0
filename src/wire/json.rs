//! Messages in proto3 JSON, read and written by their descriptors.
//!
//! No code is generated for it. Writing goes through a message's own bytes, in the
//! field order that every archive has had. Reading is prost-reflect's and takes all
//! that proto3 JSON allows. `check` runs before it, because prost-reflect would
//! silently keep the last of two values, and does not say which names there are.

mod check;
mod shape;
#[cfg(test)]
mod tests;
mod write;

use prost::Name;
use prost_reflect::{DynamicMessage, MessageDescriptor};
use serde::Deserializer;
use serde::de::{DeserializeSeed, Error as _};
use serde_json::{Error, Value};

use self::check::Check;
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

/// Reads a message. An error says the line and the column.
pub fn from_str<M: Name + Default>(text: &str) -> Result<M, Error> {
    let descriptor = descriptor::<M>();
    let mut checked = serde_json::Deserializer::from_str(text);
    Check::of(&descriptor).deserialize(&mut checked)?;
    checked.end()?;
    read(descriptor, &mut serde_json::Deserializer::from_str(text))
}

/// Reads a message from a JSON value.
pub fn from_value<M: Name + Default>(value: Value) -> Result<M, Error> {
    let descriptor = descriptor::<M>();
    Check::of(&descriptor).deserialize(&value)?;
    read(descriptor, value)
}

fn written<M: Name, T: Default>(
    message: &M,
    write: impl FnOnce(Json<'_>) -> Result<T, Error>,
) -> T {
    let bytes = message.encode_to_vec();
    // Nothing in a message that this program encoded fails to be written to memory.
    write(Json::new(&M::full_name(), &bytes)).unwrap_or_default()
}

fn read<'de, M, D>(descriptor: MessageDescriptor, json: D) -> Result<M, Error>
where
    M: Name + Default,
    D: Deserializer<'de, Error = Error>,
{
    let message = DynamicMessage::deserialize(descriptor, json)?;
    message.transcode_to().map_err(Error::custom)
}

fn descriptor<M: Name>() -> MessageDescriptor {
    // A message has a name only from the files that the descriptors are of.
    let descriptor = descriptors().get_message_by_name(&M::full_name());
    descriptor.expect("a message of the published language")
}
