//! The golden file of capacities and successions: an entry of each kind, with every field.

use minutebook::domain::ids::{Position, RequestId, Revision};
use minutebook::wire::entry::{EntryEnvelope, decode, encode, message};
use minutebook::wire::request::append_command;
use prost::Message;
use serde_json::Value;
use uuid::Uuid;

const JSON: &str = include_str!("../../golden/entry-v1-bodies.json");
const BIN: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/tests/golden/entry-v1-bodies.bin"
);

/// The events the file was made from.
pub fn events() -> Vec<Value> {
    serde_json::from_str(JSON).unwrap()
}

fn envelope(index: usize) -> EntryEnvelope<'static> {
    EntryEnvelope {
        position: Position::new(index as u64 + 1),
        revision: Revision::new(index as u64 + 1),
        recorded_at: jiff::Timestamp::new(1_795_000_000 + index as i64, 0).unwrap(),
        recorded_by: "Register office",
        request: RequestId::new(Uuid::from_u128(
            0x0190_a000_0000_7000_8000_0000_0000_2000 + index as u128,
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
pub fn kinds() -> Vec<String> {
    let records = records().into_iter();
    let kinds = records.map(|record| decode(&record).unwrap().event.kind.name().to_owned());
    kinds.collect()
}

#[test]
#[ignore = "made the golden file, once"]
fn make_the_golden_file_of_bodies() {
    assert!(
        !std::fs::exists(BIN).unwrap(),
        "a golden file is never made again"
    );
    let mut bytes = Vec::new();
    for (index, event) in events().into_iter().enumerate() {
        let record = encode(&envelope(index), &super::event(event));
        prost::encode_length_delimiter(record.len(), &mut bytes).unwrap();
        bytes.extend(record);
    }
    std::fs::write(BIN, bytes).unwrap();
}

#[test]
fn entries_about_bodies_keep_their_golden_bytes() {
    let events = events();
    let records = records();
    assert_eq!(records.len(), events.len());
    for (index, (record, event)) in records.iter().zip(events).enumerate() {
        let sent = super::event(event);
        assert_eq!(&encode(&envelope(index), &sent), record);
        assert_eq!(message(record).unwrap().encode_to_vec(), *record);
        let entry = decode(record).unwrap();
        let read = append_command(&super::request(vec![sent])).unwrap();
        assert_eq!(entry.event, read.events[0]);
    }
}
