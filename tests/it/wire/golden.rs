//! The golden file: one entry of every kind, as stored by version 1.
//!
//! `entry-v1.bin` is never written again. If a test here fails, no existing
//! register could be read any more: fix the change that broke it.

use std::collections::BTreeSet;

use minutebook::domain::date::day_of;
use minutebook::domain::entry::RequestPart;
use minutebook::domain::event::Kind;
use minutebook::domain::ids::{Position, RequestId, Revision};
use minutebook::wire::entry::{EntryEnvelope, decode, encode, message};
use minutebook::wire::proto;
use minutebook::wire::request::append_command;
use prost::Message;
use serde_json::Value;
use uuid::Uuid;

const JSON: &str = include_str!("../../golden/entry-v1.json");
const BIN: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden/entry-v1.bin");

const READING: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden/entry-v1.txt");

/// The events the file was made from.
pub fn events() -> Vec<Value> {
    serde_json::from_str(JSON).unwrap()
}

fn messages() -> Vec<proto::Event> {
    events().into_iter().map(super::event).collect()
}

fn envelope(index: usize, total: usize) -> EntryEnvelope<'static> {
    let number = index as u64;
    EntryEnvelope {
        salt: None,
        position: Position::new(number + 1),
        revision: Revision::new(number / 2 + 1),
        recorded_at: jiff::Timestamp::new(
            1_767_323_045 + i64::from(index as u32) * 3_601,
            123_456_000,
        )
        .unwrap(),
        recorded_by: "Register office",
        request: RequestId::new(Uuid::from_u128(
            0x0190_a000_0000_7000_8000_0000_0000_0000 + u128::from(number) / 5,
        )),
        request_index: (index % 5) as u32,
        request_size: (total - index / 5 * 5).min(5) as u32,
        caller: &minutebook::domain::entry::RecordedCaller::Local,
    }
}

fn records() -> Vec<Vec<u8>> {
    split_records(&std::fs::read(BIN).unwrap())
}

/// The records of a golden file, each of which follows its length.
pub fn split_records(mut rest: &[u8]) -> Vec<Vec<u8>> {
    let mut records = Vec::new();
    while !rest.is_empty() {
        let len = prost::decode_length_delimiter(&mut rest).unwrap();
        let (record, after) = rest.split_at(len);
        records.push(record.to_vec());
        rest = after;
    }
    records
}

#[test]
#[ignore = "made the golden file, once"]
fn make_the_golden_file() {
    assert!(
        !std::fs::exists(BIN).unwrap(),
        "a golden file is never made again"
    );
    let events = messages();
    let mut bytes = Vec::new();
    for (index, event) in events.iter().enumerate() {
        let record = encode(&envelope(index, events.len()), event);
        prost::encode_length_delimiter(record.len(), &mut bytes).unwrap();
        bytes.extend(record);
    }
    std::fs::write(BIN, bytes).unwrap();
}

/// One line an entry: the domain's reading of it.
fn reading() -> String {
    records()
        .iter()
        .map(|record| format!("{:?}\n", decode(record).unwrap().event))
        .collect()
}

#[test]
#[ignore = "run it when a name in the domain changed, and read the difference"]
fn write_the_reading() {
    std::fs::write(READING, reading()).unwrap();
}

#[test]
fn every_field_reads_as_in_the_golden_file() {
    let written = std::fs::read_to_string(READING).unwrap();
    for (now, then) in reading().lines().zip(written.lines()) {
        assert_eq!(now, then);
    }
    assert_eq!(reading().lines().count(), written.lines().count());
}

#[test]
fn the_golden_file_holds_every_kind() {
    let held: BTreeSet<String> = records()
        .iter()
        .map(|record| decode(record).unwrap().event.kind.name().to_owned())
        .chain(super::golden_slices::kinds())
        .chain(super::own::kinds())
        .collect();
    let all: BTreeSet<String> = Kind::NAMES.iter().map(ToString::to_string).collect();
    assert_eq!(held, all);
}

#[test]
fn the_golden_file_reads_as_before() {
    let events = messages();
    let records = records();
    assert_eq!(records.len(), events.len());
    for (index, (record, sent)) in records.iter().zip(&events).enumerate() {
        let envelope = envelope(index, events.len());
        let entry = decode(record).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(entry.position, envelope.position);
        assert_eq!(entry.revision, envelope.revision);
        assert_eq!(entry.recorded_at, envelope.recorded_at);
        assert_eq!(entry.recorded_on, day_of(envelope.recorded_at));
        assert_eq!(&*entry.recorded_by, envelope.recorded_by);
        assert_eq!(entry.request, envelope.request);
        assert_eq!(
            entry.request_part,
            RequestPart {
                index: envelope.request_index,
                count: envelope.request_size,
            }
        );
        // The stored event equals the sent one, and the domain reads both alike.
        let stored = message(record).unwrap();
        assert_eq!(stored.event.as_ref(), Some(sent));
        let drafted = append_command(&super::request(vec![sent.clone()])).unwrap();
        assert_eq!(entry.event, drafted.events[0]);
    }
}

#[test]
fn the_golden_file_is_written_as_before() {
    let events = messages();
    for (index, (record, sent)) in records().iter().zip(&events).enumerate() {
        assert_eq!(&encode(&envelope(index, events.len()), sent), record);
        assert_eq!(message(record).unwrap().encode_to_vec(), *record);
    }
}
