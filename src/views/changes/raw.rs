//! The fields of a message as encoded bytes.
//!
//! Two states of a subject are nearly the same. Fields with equal bytes are found here
//! without decoding, so that a comparison costs only the differences.

use std::collections::BTreeMap;

use prost::encoding::{DecodeContext, WireType, decode_key, decode_varint, encode_key, skip_field};
use prost_reflect::{DynamicMessage, Kind, MessageDescriptor};

/// The fields of one message.
#[derive(Default)]
pub(super) struct RawFields<'a> {
    /// The fields that hold no message, as they were encoded.
    plain: Vec<u8>,
    /// The messages of each field that holds any, by its number.
    messages: BTreeMap<u32, Vec<&'a [u8]>>,
}

impl<'a> RawFields<'a> {
    /// Reads a message that this program has encoded itself. Reading stops at bytes that
    /// are no message.
    pub fn read(descriptor: &MessageDescriptor, bytes: &'a [u8]) -> Self {
        let mut fields = Self::default();
        let mut rest = bytes;
        while let Ok((number, wire)) = decode_key(&mut rest) {
            let field = descriptor.get_field(number);
            let is_message = field.is_some_and(|field| matches!(field.kind(), Kind::Message(_)));
            if is_message && wire == WireType::LengthDelimited {
                let Some((message, after)) = delimited(rest) else {
                    break;
                };
                fields.messages.entry(number).or_default().push(message);
                rest = after;
                continue;
            }
            let value = rest;
            if skip_field(wire, number, &mut rest, DecodeContext::default()).is_err() {
                break;
            }
            encode_key(number, wire, &mut fields.plain);
            let len = value.len() - rest.len();
            fields.plain.extend_from_slice(&value[..len]);
        }
        fields
    }

    /// Whether the fields without messages are equal.
    pub fn is_plainly(&self, other: &Self) -> bool {
        self.plain == other.plain
    }

    /// The message with only its fields without messages.
    pub fn plain(&self, descriptor: &MessageDescriptor) -> DynamicMessage {
        decoded(descriptor, &self.plain)
    }

    pub fn messages(&self, number: u32) -> &[&'a [u8]] {
        self.messages.get(&number).map_or(&[], Vec::as_slice)
    }
}

pub(super) fn decoded(descriptor: &MessageDescriptor, bytes: &[u8]) -> DynamicMessage {
    DynamicMessage::decode(descriptor.clone(), bytes)
        .unwrap_or_else(|_| DynamicMessage::new(descriptor.clone()))
}

fn delimited(mut bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let len = usize::try_from(decode_varint(&mut bytes).ok()?).ok()?;
    bytes.split_at_checked(len)
}

#[cfg(test)]
mod tests {
    use prost::Message;
    use prost_reflect::ReflectMessage;

    use super::*;
    use minutebook_wire::proto::{BodyRef, PartyView, descriptors};

    #[test]
    fn fields_are_found_in_the_bytes() {
        let party = PartyView {
            body: Some(BodyRef {
                body_id: "a".into(),
                name: "A".into(),
            }),
            kind: 2,
            ..PartyView::default()
        };
        let bytes = party.encode_to_vec();
        let descriptor = descriptors()
            .get_message_by_name("minutebook.v1.PartyView")
            .unwrap();
        let fields = RawFields::read(&descriptor, &bytes);
        let body = fields.messages(1);
        assert_eq!(BodyRef::decode(body[0]).ok(), party.body);
        let plain = fields.plain(&descriptor);
        assert_eq!(plain.fields().count(), 1);
        assert_eq!(plain.descriptor().full_name(), "minutebook.v1.PartyView");
        assert!(fields.messages(3).is_empty());
        assert!(!fields.is_plainly(&RawFields::read(&descriptor, b"")));
    }
}
