//! A message as its fields lie in its bytes.
//!
//! Two states of a subject are nearly the same. What is the same byte for byte is
//! found here without being decoded, so that comparing costs what differs.

use std::collections::BTreeMap;

use prost::encoding::{DecodeContext, WireType, decode_key, decode_varint, encode_key, skip_field};
use prost_reflect::{DynamicMessage, Kind, MessageDescriptor};

/// The fields of one message.
#[derive(Default)]
pub(super) struct RawFields<'a> {
    /// Those that hold no message, as they were encoded.
    plain: Vec<u8>,
    /// The messages of each field that holds any, by its number.
    messages: BTreeMap<u32, Vec<&'a [u8]>>,
}

impl<'a> RawFields<'a> {
    /// Reads a message that this program has encoded itself: what is not one
    /// reads as far as it is.
    pub fn read(of: &MessageDescriptor, bytes: &'a [u8]) -> Self {
        let mut fields = Self::default();
        let mut rest = bytes;
        while let Ok((number, wire)) = decode_key(&mut rest) {
            let field = of.get_field(number);
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

    /// Whether what is no message is the same in both.
    pub fn is_plainly(&self, other: &Self) -> bool {
        self.plain == other.plain
    }

    /// The message with nothing but what is no message.
    pub fn plain(&self, of: &MessageDescriptor) -> DynamicMessage {
        decoded(of, &self.plain)
    }

    /// The messages of a field.
    pub fn messages(&self, number: u32) -> &[&'a [u8]] {
        self.messages.get(&number).map_or(&[], Vec::as_slice)
    }
}

/// A whole message.
pub(super) fn decoded(of: &MessageDescriptor, bytes: &[u8]) -> DynamicMessage {
    DynamicMessage::decode(of.clone(), bytes).unwrap_or_else(|_| DynamicMessage::new(of.clone()))
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
    use crate::wire::proto::{BodyRef, PartyView, descriptors};

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
        let of = descriptors()
            .get_message_by_name("minutebook.v1.PartyView")
            .unwrap();
        let fields = RawFields::read(&of, &bytes);
        let body = fields.messages(1);
        assert_eq!(BodyRef::decode(body[0]).ok(), party.body);
        let plain = fields.plain(&of);
        assert_eq!(plain.fields().count(), 1);
        assert_eq!(plain.descriptor().full_name(), "minutebook.v1.PartyView");
        assert!(fields.messages(3).is_empty());
        assert!(!fields.is_plainly(&RawFields::read(&of, b"")));
    }
}
