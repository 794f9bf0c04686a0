//! The golden file of the kinds and fields about instruments that came after the first
//! release of the language.
//!
//! `entry-v1-instruments.bin` is never written again: see `golden.rs`.

use std::collections::BTreeSet;

use minutebook::domain::ids::{Position, RequestId, Revision};
use minutebook::wire::entry::{EntryEnvelope, decode, encode, message};
use minutebook::wire::proto;
use minutebook::wire::request::append_command;
use prost::Message;
use serde_json::Value;
use uuid::Uuid;

const JSON: &str = include_str!("../../golden/entry-v1-instruments.json");
const BIN: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/tests/golden/entry-v1-instruments.bin"
);

/// The events the file was made from.
pub fn events() -> Vec<Value> {
    serde_json::from_str(JSON).unwrap()
}

fn messages() -> Vec<proto::Event> {
    events().into_iter().map(super::event).collect()
}

fn envelope(index: usize) -> EntryEnvelope<'static> {
    let number = index as u64;
    EntryEnvelope {
        position: Position::new(number + 1),
        revision: Revision::new(number + 1),
        recorded_at: jiff::Timestamp::new(1_795_800_000, 123_456_000).unwrap(),
        recorded_by: "Register office",
        request: RequestId::new(Uuid::from_u128(
            0x0190_a000_0000_7000_8000_0000_0000_1000 + u128::from(number),
        )),
        request_index: 0,
        request_size: 1,
    }
}

fn records() -> Vec<Vec<u8>> {
    let bytes = std::fs::read(BIN).unwrap();
    let mut rest = &bytes[..];
    let mut records = Vec::new();
    while !rest.is_empty() {
        let len = prost::decode_length_delimiter(&mut rest).unwrap();
        let (record, after) = rest.split_at(len);
        records.push(record.to_vec());
        rest = after;
    }
    records
}

/// The kinds of event in this file.
pub fn kinds() -> BTreeSet<String> {
    let records = records();
    let kinds = records
        .iter()
        .map(|record| decode(record).unwrap().event.kind.name().to_owned());
    kinds.collect()
}

#[test]
#[ignore = "made the golden file, once"]
fn make_the_golden_file_of_instruments() {
    assert!(
        !std::fs::exists(BIN).unwrap(),
        "a golden file is never made again"
    );
    let mut bytes = Vec::new();
    for (index, event) in messages().iter().enumerate() {
        let record = encode(&envelope(index), event);
        prost::encode_length_delimiter(record.len(), &mut bytes).unwrap();
        bytes.extend(record);
    }
    std::fs::write(BIN, bytes).unwrap();
}

#[test]
fn the_golden_file_of_instruments_is_read_and_written_as_before() {
    let events = messages();
    let records = records();
    assert_eq!(records.len(), events.len());
    for (index, (record, sent)) in records.iter().zip(&events).enumerate() {
        assert_eq!(&encode(&envelope(index), sent), record);
        assert_eq!(message(record).unwrap().encode_to_vec(), *record);
        assert_eq!(message(record).unwrap().event.as_ref(), Some(sent));
        let drafted = append_command(&super::request(vec![sent.clone()])).unwrap();
        assert_eq!(decode(record).unwrap().event, drafted.events[0]);
    }
}
