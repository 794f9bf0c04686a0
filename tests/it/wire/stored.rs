//! Stored records: the same bytes as prost writes, and no bytes that make the
//! reader panic.

use jiff::Timestamp;
use minutebook::domain::entry::RequestPart;
use minutebook::domain::ids::{Position, RequestId, Revision};
use minutebook::wire::entry::{EntryDecodeError, EntryEnvelope, decode, encode, message};
use minutebook::wire::proto;
use proptest::prelude::*;
use prost::Message;
use serde_json::json;
use uuid::Uuid;

use super::{event, golden};

fn by_prost(envelope: &EntryEnvelope<'_>, event: &proto::Event) -> Vec<u8> {
    let micros = envelope.recorded_at.as_microsecond();
    proto::Entry {
        position: envelope.position.get(),
        revision: envelope.revision.get(),
        recorded_at: Some(prost_types::Timestamp {
            seconds: micros.div_euclid(1_000_000),
            nanos: i32::try_from(micros.rem_euclid(1_000_000) * 1_000).unwrap(),
        }),
        recorded_by: envelope.recorded_by.to_owned(),
        request_id: envelope.request.uuid().as_bytes().to_vec(),
        request_index: envelope.request_index,
        request_size: envelope.request_size,
        event: Some(event.clone()),
    }
    .encode_to_vec()
}

fn envelope() -> EntryEnvelope<'static> {
    EntryEnvelope {
        position: Position::new(7),
        revision: Revision::new(3),
        recorded_at: "2026-06-30T23:30:00.123456789Z".parse().unwrap(),
        recorded_by: "Register office",
        request: RequestId::new(Uuid::from_u128(5)),
        request_index: 0,
        request_size: 1,
    }
}

fn lead() -> proto::Event {
    event(json!({"subject": "collaborations/emsou", "leadAppointed": {"bodyId": "x"}}))
}

#[test]
fn an_entry_reads_back_to_the_microsecond_on_london_s_day() {
    let entry = decode(&encode(&envelope(), &lead())).unwrap();
    assert_eq!(entry.recorded_at.to_string(), "2026-06-30T23:30:00.123456Z");
    assert_eq!(entry.recorded_on.to_string(), "2026-07-01");
    assert_eq!(entry.request_part, RequestPart { index: 0, count: 1 });
    assert_eq!(entry.event.subject.to_string(), "collaborations/emsou");
}

#[test]
fn bytes_that_are_no_entry_are_refused() {
    assert_eq!(decode(b"\xff\xff"), Err(EntryDecodeError::NotAnEntry));
    assert_eq!(decode(b""), Err(EntryDecodeError::NotAnEntry));
}

#[test]
fn a_kind_from_the_future_stops_the_reader_and_names_the_entry() {
    // Field 19 of the event: a kind of a later version.
    let mut newer = proto::Event {
        subject: "collaborations/emsou".into(),
        ..Default::default()
    }
    .encode_to_vec();
    prost::encoding::string::encode(19, &"?".to_owned(), &mut newer);
    let mut bytes = Vec::new();
    prost::encoding::uint64::encode(1, &7, &mut bytes);
    prost::encoding::bytes::encode(8, &newer, &mut bytes);
    let error = decode(&bytes).unwrap_err();
    assert_eq!(
        error,
        EntryDecodeError::UnknownKind {
            position: Position::new(7)
        }
    );
    assert!(error.to_string().contains("entry 7"), "{error}");
    assert!(
        error.to_string().contains("a newer version wrote this"),
        "{error}"
    );
}

#[test]
fn a_field_from_the_future_is_never_cut_off() {
    let mut bytes = encode(&envelope(), &lead());
    prost::encoding::string::encode(99, &"new".to_owned(), &mut bytes);
    let refused = EntryDecodeError::UnknownFields {
        position: Position::new(7),
    };
    assert_eq!(message(&bytes), Err(refused.clone()));
    assert_eq!(decode(&bytes), Err(refused));
}

#[test]
fn a_record_that_breaks_a_rule_names_the_entry_and_the_field() {
    let mut broken = lead();
    broken.subject = "collaborations/NO".into();
    let unnumbered = EntryEnvelope {
        revision: Revision::ZERO,
        recorded_by: "",
        ..envelope()
    };
    let Err(EntryDecodeError::Invalid {
        position,
        violations,
    }) = decode(&encode(&unnumbered, &broken))
    else {
        panic!("it was read");
    };
    assert_eq!(position, Position::new(7));
    let fields: Vec<&str> = violations.iter().map(|v| v.field.as_str()).collect();
    assert_eq!(fields, ["revision", "recorded_by", "event.subject"]);
}

proptest! {
    #[test]
    fn the_bytes_are_those_of_prost(
        position: u64,
        revision: u64,
        micros in -377_705_023_201_000_000_i64..253_402_207_200_000_000,
        recorded_by in ".{0,40}",
        request: u128,
        request_index: u32,
        request_size: u32,
        which: prop::sample::Index,
    ) {
        let events = golden::events();
        let event = event(events[which.index(events.len())].clone());
        let envelope = EntryEnvelope {
            position: Position::new(position),
            revision: Revision::new(revision),
            recorded_at: Timestamp::from_microsecond(micros).unwrap(),
            recorded_by: &recorded_by,
            request: RequestId::new(Uuid::from_u128(request)),
            request_index,
            request_size,
        };
        prop_assert_eq!(encode(&envelope, &event), by_prost(&envelope, &event));
    }

    #[test]
    fn random_bytes_never_make_it_fall_over(bytes: Vec<u8>) {
        let _ = decode(&bytes);
    }

    #[test]
    fn a_flipped_byte_never_makes_it_fall_over(
        which: prop::sample::Index,
        place: prop::sample::Index,
        byte: u8,
    ) {
        let events = golden::events();
        let event = event(events[which.index(events.len())].clone());
        let mut bytes = encode(&envelope(), &event);
        let at = place.index(bytes.len());
        bytes[at] = byte;
        if decode(&bytes).is_ok() {
            // A message that was read has the same length again.
            prop_assert_eq!(message(&bytes).unwrap().encoded_len(), bytes.len());
        }
    }
}
