//! Ids that the same content always has, so that importing twice records once.

use minutebook_wire::proto::Event;
use prost::Message as _;
use sha2::{Digest as _, Sha256};
use uuid::Builder;

fn digest(purpose: &str, bytes: &[u8]) -> [u8; 32] {
    let mut hash = Sha256::new();
    hash.update(b"minutebook workbook 1\0");
    hash.update(purpose.as_bytes());
    hash.update([0]);
    hash.update(bytes);
    hash.finalize().into()
}

/// A UUID of version 8 that the same content always has.
pub fn derived_uuid(purpose: &str, bytes: &[u8]) -> String {
    let digest = digest(purpose, bytes);
    let mut short = [0; 16];
    short.copy_from_slice(&digest[..16]);
    Builder::from_custom_bytes(short).into_uuid().to_string()
}

/// The id of the request with these events.
pub fn request_id(events: &[Event]) -> String {
    derived_uuid("request", &encoded(events))
}

/// A readable id that the same events always have: `decision-0a1b2c3d4e5f`.
pub fn derived_id(noun: &str, events: &[Event]) -> String {
    let digest = digest(noun, &encoded(events));
    let digits: String = digest[..6]
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    format!("{noun}-{digits}")
}

fn encoded(events: &[Event]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for event in events {
        bytes.extend(event.encode_length_delimited_to_vec());
    }
    bytes
}
