//! Events that only the register records: no request can, and their bytes are
//! golden too.

use minutebook::domain::date::day_of;
use minutebook::domain::event::Kind;
use minutebook::domain::ids::{Position, RequestId, Revision, SubjectId};
use minutebook::wire::entry::{EntryEnvelope, decode, encode, message};
use minutebook::wire::proto;
use minutebook::wire::request::{append_command, explained};
use prost::Message;
use serde_json::json;
use uuid::Uuid;

const BIN: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden/entry-v1-own.bin");

fn event() -> proto::Event {
    let payload = json!({ "subject": "register", "checkpointKeyReplaced": {
        "verifierKey": "register.example/north+0a1b2c3d+AQ==",
        "statement": "register.example/north\n7\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n" } });
    super::event(payload)
}

fn envelope() -> EntryEnvelope<'static> {
    EntryEnvelope {
        salt: None,
        position: Position::new(8),
        revision: Revision::new(1),
        recorded_at: jiff::Timestamp::new(1_767_323_045, 123_456_000).unwrap(),
        recorded_by: "register",
        request: RequestId::new(Uuid::from_u128(0x0190_a000_0000_7000_8000_0000_0000_0001)),
        request_index: 0,
        request_size: 1,
        caller: &minutebook::domain::entry::RecordedCaller::Local,
    }
}

/// The kinds of event in this file.
pub fn kinds() -> Vec<String> {
    let record = std::fs::read(BIN).unwrap();
    vec![decode(&record).unwrap().event.kind.name().to_owned()]
}

#[test]
#[ignore = "made the golden file, once"]
fn make_the_golden_file_of_its_own_entry() {
    assert!(
        !std::fs::exists(BIN).unwrap(),
        "a golden file is never made again"
    );
    std::fs::write(BIN, encode(&envelope(), &event())).unwrap();
}

#[test]
fn the_registers_own_entry_keeps_its_golden_bytes() {
    let record = std::fs::read(BIN).unwrap();
    assert_eq!(encode(&envelope(), &event()), record);
    assert_eq!(message(&record).unwrap().encode_to_vec(), record);
    let entry = decode(&record).unwrap();
    assert_eq!(entry.event.subject, SubjectId::Register);
    assert_eq!(entry.event.subject.to_string(), "register");
    assert_eq!(entry.recorded_on, day_of(envelope().recorded_at));
    let Kind::CheckpointKeyReplaced(replaced) = &entry.event.kind else {
        panic!("{:?}", entry.event.kind)
    };
    assert!(
        replaced
            .verifier_key
            .as_str()
            .starts_with("register.example/")
    );
}

#[test]
fn no_request_can_record_the_registers_own_events() {
    let request = super::request(vec![event()]);
    let found = append_command(&request).unwrap_err();
    assert_eq!(found[0].field, "events[0].subject");
    assert!(
        found[0].description.contains("audit rotate-key"),
        "{found:?}"
    );
    let asked = proto::ExplainRequest {
        events: vec![event()],
    };
    assert_eq!(explained(&asked).unwrap_err()[0].field, "events[0].subject");
}

#[test]
fn nothing_else_is_about_the_register() {
    let about = |mut event: serde_json::Value| {
        event["subject"] = "register".into();
        let event = super::event(event);
        append_command(&super::request(vec![event])).unwrap_err()
    };
    let correction = about(json!({ "entryCorrected": { "position": "1", "reason": "No" } }));
    let alias = about(json!({ "aliasAdded": { "alias": "R" } }));
    for found in [correction, alias] {
        assert_eq!(found[0].field, "events[0].subject", "{found:?}");
    }
}
