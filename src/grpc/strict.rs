//! The protobuf codec, which refuses requests with unknown fields.
//!
//! prost drops fields that it does not know. A recorder with a newer client would
//! get a receipt for an event whose new field was dropped, and a reader would get
//! the answer to another question. So the server refuses such a request and names
//! the field. Clients read answers leniently: an older client may ignore fields
//! that a newer server adds.

use std::marker::PhantomData;

use bytes::{Buf, Bytes};
use prost::{Message, Name};
use prost_reflect::{DynamicMessage, ReflectMessage, Value};
use tonic::Status;
use tonic::codec::{BufferSettings, DecodeBuf, Decoder};
use tonic_prost::{ProstCodec, ProstEncoder};

use super::{access_log, status};
use crate::wire::proto::descriptors;
use crate::wire::violation::FieldViolation;

/// The codec of every service and client of this package; `build.rs` sets it.
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

/// Decodes a message, and refuses unknown fields in requests.
#[derive(Debug, Clone)]
pub struct Strict<U>(PhantomData<U>);

impl<U: Message + Name + Default> Decoder for Strict<U> {
    type Item = U;
    type Error = Status;

    fn decode(&mut self, buf: &mut DecodeBuf<'_>) -> Result<Option<U>, Status> {
        let bytes = buf.copy_to_bytes(buf.remaining());
        let message = U::decode(bytes.clone()).map_err(|error| status::not_a_message(&error))?;
        access_log::note_request(&U::full_name(), &bytes);
        // Encoded again, the known fields take the same number of bytes. Only a
        // request that is longer can have others, and is decoded a second time.
        if U::NAME.ends_with("Request") && message.encoded_len() != bytes.len() {
            let unknown = unknown_fields(&U::full_name(), bytes);
            if !unknown.is_empty() {
                return Err(status::invalid_fields(unknown));
            }
        }
        Ok(Some(message))
    }
}

/// The fields of an encoded message that the published language does not have.
fn unknown_fields(name: &str, bytes: Bytes) -> Vec<FieldViolation> {
    let descriptor = descriptors().get_message_by_name(name);
    let message = descriptor.and_then(|descriptor| DynamicMessage::decode(descriptor, bytes).ok());
    let mut unknown = Vec::new();
    if let Some(message) = message {
        collect_unknown(&message, "", &mut unknown);
    }
    unknown
}

fn collect_unknown(message: &DynamicMessage, path: &str, unknown: &mut Vec<FieldViolation>) {
    for field in message.unknown_fields() {
        unknown.push(FieldViolation {
            field: path.to_owned(),
            description: format!(
                "field number {} of {} is not known to this server, which may be older than \
                 the client: leave it out, or update the server",
                field.number(),
                message.descriptor().full_name(),
            ),
        });
    }
    for (field, value) in message.fields() {
        let dot = if path.is_empty() { "" } else { "." };
        let path = format!("{path}{dot}{}", field.name());
        match value {
            Value::Message(inner) => collect_unknown(inner, &path, unknown),
            Value::List(list) => {
                for (i, item) in list.iter().enumerate() {
                    if let Value::Message(inner) = item {
                        collect_unknown(inner, &format!("{path}[{i}]"), unknown);
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
    fn an_unknown_field_is_named_at_any_depth() {
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
        // A second event, with field 999 set to 1.
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
