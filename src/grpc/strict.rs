//! Messages as protobuf, with nothing lost on the way in.
//!
//! prost drops fields it does not know. A recorder newer than the server would
//! be told "recorded" of an event whose new field was thrown away, and an asker
//! would get the answer to another question; so a request with a field this
//! server does not know is refused, and the field is named. Answers are read as
//! they come: an older client may ignore what a newer server adds.

use std::marker::PhantomData;

use bytes::{Buf, Bytes};
use prost::{Message, Name};
use prost_reflect::{DynamicMessage, ReflectMessage, Value};
use tonic::Status;
use tonic::codec::{BufferSettings, DecodeBuf, Decoder};
use tonic_prost::{ProstCodec, ProstEncoder};

use super::status;
use crate::wire::proto::descriptors;
use crate::wire::violation::FieldViolation;

/// The codec of every service and client of this package.
#[derive(Debug, Clone)]
pub struct Codec<T, U>(PhantomData<(T, U)>);

impl<T, U> Default for Codec<T, U> {
    fn default() -> Self {
        Self(PhantomData)
    }
}

impl<T, U> tonic::codec::Codec for Codec<T, U>
where
    T: Message + Send + 'static,
    U: Message + Name + Default + Send + 'static,
{
    type Encode = T;
    type Decode = U;
    type Encoder = ProstEncoder<T>;
    type Decoder = Strict<U>;

    fn encoder(&mut self) -> Self::Encoder {
        ProstCodec::<T, U>::raw_encoder(BufferSettings::default())
    }

    fn decoder(&mut self) -> Self::Decoder {
        Strict(PhantomData)
    }
}

/// Decodes a message; of a request, all of it.
#[derive(Debug, Clone)]
pub struct Strict<U>(PhantomData<U>);

impl<U: Message + Name + Default> Decoder for Strict<U> {
    type Item = U;
    type Error = Status;

    fn decode(&mut self, buf: &mut DecodeBuf<'_>) -> Result<Option<U>, Status> {
        let bytes = buf.copy_to_bytes(buf.remaining());
        let message = U::decode(bytes.clone()).map_err(|error| status::not_a_message(&error))?;
        // What is known takes exactly these bytes, as every encoder in use
        // writes them; only where it does not is it worth looking for more.
        if U::NAME.ends_with("Request") && message.encoded_len() != bytes.len() {
            let unknown = unknown_fields(&U::full_name(), bytes);
            if !unknown.is_empty() {
                return Err(status::invalid(unknown));
            }
        }
        Ok(Some(message))
    }
}

/// The fields of an encoded message that the published language does not have.
fn unknown_fields(name: &str, bytes: Bytes) -> Vec<FieldViolation> {
    let descriptor = descriptors().get_message_by_name(name);
    let message = descriptor.and_then(|descriptor| DynamicMessage::decode(descriptor, bytes).ok());
    let mut found = Vec::new();
    if let Some(message) = message {
        look(&message, "", &mut found);
    }
    found
}

fn look(message: &DynamicMessage, path: &str, found: &mut Vec<FieldViolation>) {
    for unknown in message.unknown_fields() {
        found.push(FieldViolation {
            field: path.to_owned(),
            description: format!(
                "field number {} of {} is not known to this server, which may be older than \
                 the client: leave it out, or update the server",
                unknown.number(),
                message.descriptor().full_name(),
            ),
        });
    }
    for (field, value) in message.fields() {
        let dot = if path.is_empty() { "" } else { "." };
        let path = format!("{path}{dot}{}", field.name());
        match value {
            Value::Message(inner) => look(inner, &path, found),
            Value::List(list) => {
                for (i, item) in list.iter().enumerate() {
                    if let Value::Message(inner) = item {
                        look(inner, &format!("{path}[{i}]"), found);
                    }
                }
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::proto::{AppendRequest, Event};

    #[test]
    fn what_is_not_known_is_named_however_deep() {
        let event = Event {
            subject: "bodies/a".into(),
            ..Event::default()
        };
        let request = AppendRequest {
            events: vec![event.clone()],
            ..AppendRequest::default()
        };
        let bytes = Bytes::from(request.encode_to_vec());
        assert_eq!(unknown_fields("minutebook.v1.AppendRequest", bytes), []);
        // The event once more, as the second, with a field 999 set to 1.
        let mut newer = event.encode_to_vec();
        prost::encoding::uint32::encode(999, &1, &mut newer);
        let mut bytes = request.encode_to_vec();
        prost::encoding::bytes::encode(2, &newer, &mut bytes);
        let unknown = unknown_fields("minutebook.v1.AppendRequest", bytes.into());
        assert_eq!(unknown.len(), 1);
        assert_eq!(unknown[0].field, "events[1]");
        assert!(
            unknown[0].description.contains("999"),
            "{}",
            unknown[0].description
        );
    }
}
