//! The golden file of the events about the course of a decision, and of the fields that
//! came with them: their bytes are golden too.

use minutebook::domain::event::Kind;
use minutebook::domain::ids::{Position, RequestId, Revision};
use minutebook::wire::entry::{EntryEnvelope, decode, encode, message};
use minutebook::wire::proto;
use minutebook::wire::request::append_command;
use prost::Message;
use serde_json::Value;
use uuid::Uuid;

const JSON: &str = include_str!("../../golden/entry-course-v1.json");
const BIN: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/tests/golden/entry-course-v1.bin"
);

/// The events that the file was made from.
pub fn events() -> Vec<Value> {
    serde_json::from_str(JSON).unwrap()
}

fn messages() -> Vec<proto::Event> {
    events().into_iter().map(super::event).collect()
}

fn envelope(index: usize) -> EntryEnvelope<'static> {
    EntryEnvelope {
        position: Position::new(index as u64 + 1),
        revision: Revision::new(index as u64 + 1),
        recorded_at: jiff::Timestamp::new(1_795_000_000, 5_000).unwrap(),
        recorded_by: "Register office",
        request: RequestId::new(Uuid::from_u128(0x0190_a000_0000_7000_8000_0000_0000_0002)),
        request_index: index as u32,
        request_size: events().len() as u32,
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
    let kinds = records.map(|record| decode(&record).unwrap().event.kind);
    kinds.map(|kind: Kind| kind.name().to_owned()).collect()
}

#[test]
#[ignore = "made the golden file, once"]
fn make_the_golden_file_of_the_course() {
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
fn the_course_keeps_its_golden_bytes() {
    let (messages, records) = (messages(), records());
    assert_eq!(messages.len(), records.len());
    for (index, (sent, record)) in messages.iter().zip(&records).enumerate() {
        assert_eq!(&encode(&envelope(index), sent), record);
        assert_eq!(message(record).unwrap().encode_to_vec(), *record);
        assert_eq!(message(record).unwrap().event.as_ref(), Some(sent));
        let read = append_command(&super::request(vec![sent.clone()])).unwrap();
        assert_eq!(decode(record).unwrap().event, read.events[0]);
    }
}
