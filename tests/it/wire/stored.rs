//! Stored records: the same bytes as prost writes, and no bytes that make the
//! reader panic.

use jiff::Timestamp;
use minutebook::domain::caller::Pseudonym;
use minutebook::domain::entry::{MandatedCaller, RecordedCaller, RequestPart};
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
        salt: Vec::new(),
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
        caller: match envelope.caller {
            RecordedCaller::Local => None,
            RecordedCaller::Store => Some(proto::EntryCaller {
                at_store: true,
                ..Default::default()
            }),
            RecordedCaller::Mandated(caller) => Some(proto::EntryCaller {
                mandate_positions: caller.mandates.iter().map(|at| at.get()).collect(),
                pseudonym: caller.pseudonym.0.to_vec(),
                at_store: false,
            }),
        },
        event: Some(event.clone()),
    }
    .encode_to_vec()
}

fn envelope() -> EntryEnvelope<'static> {
    EntryEnvelope {
        salt: None,
        position: Position::new(7),
        revision: Revision::new(3),
        recorded_at: "2026-06-30T23:30:00.123456789Z".parse().unwrap(),
        recorded_by: "Register office",
        request: RequestId::new(Uuid::from_u128(5)),
        request_index: 0,
        request_size: 1,
        caller: &RecordedCaller::Local,
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

/// Every way in which an entry states its caller.
fn callers() -> impl Strategy<Value = RecordedCaller> {
    let positions = prop::collection::vec(1_u64.., 1..4);
    let mandated = (positions, any::<[u8; 16]>()).prop_map(|(positions, pseudonym)| {
        RecordedCaller::Mandated(std::sync::Arc::new(MandatedCaller {
            mandates: positions.into_iter().map(Position::new).collect(),
            pseudonym: Pseudonym(pseudonym),
        }))
    });
    prop_oneof![
        Just(RecordedCaller::Local),
        Just(RecordedCaller::Store),
        mandated
    ]
}

#[test]
fn a_caller_is_read_as_it_was_written_and_a_broken_one_is_not() {
    let caller = RecordedCaller::Mandated(std::sync::Arc::new(MandatedCaller {
        mandates: vec![Position::new(2), Position::new(300)],
        pseudonym: Pseudonym([7; 16]),
    }));
    let envelope = EntryEnvelope {
        caller: &caller,
        ..envelope()
    };
    let bytes = encode(&envelope, &lead());
    assert_eq!(decode(&bytes).unwrap().caller, caller);
    let broken: [fn(&mut proto::EntryCaller); 4] = [
        |caller| caller.pseudonym.truncate(15),
        |caller| caller.mandate_positions.clear(),
        |caller| caller.at_store = true,
        |caller| *caller = proto::EntryCaller::default(),
    ];
    for (which, break_it) in broken.iter().enumerate() {
        let mut entry = message(&bytes).unwrap();
        break_it(entry.caller.as_mut().unwrap());
        let Err(EntryDecodeError::Invalid { violations, .. }) = decode(&entry.encode_to_vec())
        else {
            panic!("{which} was read");
        };
        assert_eq!(violations[0].field, "caller");
    }
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
        caller in callers(),
        which: prop::sample::Index,
    ) {
        let events = golden::events();
        let event = event(events[which.index(events.len())].clone());
        let envelope = EntryEnvelope {
            salt: None,
            position: Position::new(position),
            revision: Revision::new(revision),
            recorded_at: Timestamp::from_microsecond(micros).unwrap(),
            recorded_by: &recorded_by,
            request: RequestId::new(Uuid::from_u128(request)),
            request_index,
            request_size,
            caller: &caller,
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
