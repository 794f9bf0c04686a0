//! The JSON form against prost-reflect's own, and against texts that are fixed.

use prost_reflect::{FieldDescriptor, Kind, SetFieldError, Value as Held};
use serde_json::json;

use super::*;
use crate::wire::proto::{
    self, AppendRequest, AsOf, Entry, Event, ExpectedRevision, MatterKind, RuleConditions,
};

/// A message with a value in every field; of a `oneof`, in the one at `choice`.
fn filled(of: &MessageDescriptor, choice: usize, depth: usize) -> DynamicMessage {
    let mut message = DynamicMessage::new(of.clone());
    for field in of.fields() {
        let oneof = field.containing_oneof();
        let is_chosen = oneof.is_none_or(|oneof| {
            let of_oneof: Vec<_> = oneof.fields().collect();
            of_oneof[choice % of_oneof.len()] == field
        });
        let is_deep = matches!(field.kind(), Kind::Message(_)) && depth == 0;
        if is_chosen && !is_deep {
            let value = |n| value(&field, n, choice, depth);
            let set = match field.is_list() {
                true => message.try_set_field(&field, Held::List(vec![value(0), value(1)])),
                false => message.try_set_field(&field, value(0)),
            };
            assert_eq!(set, Ok::<(), SetFieldError>(()));
        }
    }
    message
}

fn value(field: &FieldDescriptor, n: usize, choice: usize, depth: usize) -> Held {
    match field.kind() {
        Kind::Bool => Held::Bool(true),
        Kind::Int32 | Kind::Sint32 => Held::I32(-7 + n as i32),
        Kind::Uint32 => Held::U32(u32::MAX),
        Kind::Int64 => Held::I64(i64::MIN + n as i64),
        Kind::Uint64 => Held::U64(u64::MAX - n as u64),
        Kind::String => Held::String(format!("{} \"£\n\u{1f600}\u{7}", field.name())),
        Kind::Bytes => Held::Bytes(vec![0xfb, 0xff, n as u8].into()),
        Kind::Enum(of) => {
            let last = of.values().last().unwrap().number();
            // The second of a list has no name.
            Held::EnumNumber(if n == 0 { last } else { 9_999 })
        }
        Kind::Message(of) if of.full_name() == "google.protobuf.Timestamp" => {
            let mut instant = DynamicMessage::new(of);
            instant.set_field_by_name("seconds", Held::I64(1_700_000_000));
            instant.set_field_by_name("nanos", Held::I32(120_000));
            Held::Message(instant)
        }
        Kind::Message(of) => Held::Message(filled(&of, choice, depth - 1)),
        other => panic!("{other:?}"),
    }
}

#[test]
fn every_message_is_as_prost_reflect_has_it_and_reads_back_the_same() {
    let mut written = 0;
    for of in descriptors().all_messages() {
        if of.full_name().starts_with("google.protobuf.") {
            continue;
        }
        let choices = of.oneofs().map(|oneof| oneof.fields().len()).max();
        for choice in 0..choices.unwrap_or(1) {
            let message = filled(&of, choice, 4);
            let bytes = prost::Message::encode_to_vec(&message);
            let ours = serde_json::to_string(&Json::new(of.full_name(), &bytes)).unwrap();
            let theirs = serde_json::to_string(&message).unwrap();
            let theirs: Value = serde_json::from_str(&theirs.replace("Z\"", "+00:00\"")).unwrap();
            assert_eq!(serde_json::from_str::<Value>(&ours).unwrap(), theirs);
            let mut checked = serde_json::Deserializer::from_str(&ours);
            Check::of(&of).deserialize(&mut checked).unwrap();
            let mut read = serde_json::Deserializer::from_str(&ours);
            let read = DynamicMessage::deserialize(of.clone(), &mut read).unwrap();
            assert_eq!(read, message);
            written += 1;
        }
    }
    assert!(written > 300, "{written}");
}

#[test]
fn the_text_is_the_one_that_was_always_written() {
    let entry = Entry {
        position: 7,
        recorded_at: Some(prost_types::Timestamp {
            seconds: -1,
            nanos: 120_000_000,
        }),
        request_id: vec![0xfb, 0xff, 0xfe],
        request_size: 2,
        event: Some(Event {
            subject: "bodies/a".into(),
            ..Event::default()
        }),
        ..Entry::default()
    };
    assert_eq!(
        to_string(&entry),
        r#"{"position":"7","recordedAt":"1969-12-31T23:59:59.120+00:00","requestId":"+//+","requestSize":2,"event":{"subject":"bodies/a"}}"#
    );
    // A member of a `oneof` comes last, whatever its number.
    let as_of = AsOf {
        at_least_position: 3,
        known: Some(proto::as_of::Known::AsKnownAtPosition(0)),
        ..AsOf::default()
    };
    let text = r#"{"atLeastPosition":"3","asKnownAtPosition":"0"}"#;
    assert_eq!(to_string(&as_of), text);
    // What is `optional` and zero is there, and a kind without a name is a number.
    let conditions = RuleConditions {
        matter_kinds: vec![1, 9_999],
        amount_over_pence: Some(0),
        budget_share_over_ppm: Some(0),
        ..RuleConditions::default()
    };
    assert_eq!(
        to_value(&conditions),
        json!({ "matterKinds": [MatterKind::SignInstrument.as_str_name(), 9_999],
            "amountOverPence": "0", "budgetShareOverPpm": 0 })
    );
    let empty = AppendRequest::default();
    assert_eq!(to_string(&empty), "{}");
    assert_eq!(to_string_pretty(&empty), "{}");
    assert_eq!(
        to_string_pretty(&ExpectedRevision {
            subject: "bodies/a".into(),
            revision: 1,
        }),
        "{\n  \"subject\": \"bodies/a\",\n  \"revision\": \"1\"\n}"
    );
}

fn sentence(text: &str) -> String {
    from_str::<AppendRequest>(text).unwrap_err().to_string()
}

#[test]
fn a_wrong_name_is_refused_where_it_is() {
    for (text, expected) in [
        (
            r#"{"expectedRevisions":[{"subjekt":"bodies/a"}]}"#,
            "unknown field `subjekt`, expected one of `subject`, `revision` at line 1 column 32",
        ),
        (
            "{\"requestId\":\"a\",\n\"request_id\":\"b\"}",
            "duplicate field `request_id` at line 2 column 12",
        ),
        (
            r#"{"events":[{"entryCorrected":{"position":"1","targetEventId":"e"}}]}"#,
            "`position` and `targetEventId` cannot both be given at line 1 column 60",
        ),
        (
            r#"{"events":[{"boardConstituted":{"powers":["BOARD_POWER_X"]}}]}"#,
            "unknown value `BOARD_POWER_X`, expected one of `BOARD_POWER_UNSPECIFIED`",
        ),
        (
            r#"{"events":[null]}"#,
            "invalid type: null, expected Event (an object) at line 1 column 16",
        ),
        (
            r#"{"events":[["bodies/a"]]}"#,
            "invalid type: sequence, expected Event (an object) at line 1 column 12",
        ),
        (
            r#"{"events":{"subject":"bodies/a"}}"#,
            "invalid type: map, expected a list of Event (an object)",
        ),
        (
            r#"{"requestId":5}"#,
            "invalid type: integer `5`, expected a string at line 1 column 14",
        ),
        (
            r#"{"expectedRevisions":[{"revision":"-1"}]}"#,
            "invalid digit found in string at line 1 column 38",
        ),
        (
            r#"{"requestId":"a" "recordedBy":"b"}"#,
            "expected `,` or `}` at line 1 column 18",
        ),
        ("{} {}", "trailing characters at line 1 column 4"),
        ("", "EOF while parsing a value at line 1 column 0"),
    ] {
        let found = sentence(text);
        assert!(found.starts_with(expected), "{text}\n{found}\n{expected}");
    }
}

#[test]
fn all_that_proto3_json_allows_is_read() {
    let expected = AppendRequest {
        request_id: "a".into(),
        expected_revisions: vec![ExpectedRevision {
            subject: "bodies/a".into(),
            revision: 7,
        }],
        ..AppendRequest::default()
    };
    for text in [
        r#"{"requestId":"a","expectedRevisions":[{"subject":"bodies/a","revision":"7"}]}"#,
        r#"{"request_id":"a","expected_revisions":[{"subject":"bodies/a","revision":7}]}"#,
        r#"{"requestId":"a","expectedRevisions":[{"subject":"bodies/a","revision":7.0}],"events":[],"recordedBy":null,"validateOnly":false}"#,
    ] {
        assert_eq!(from_str::<AppendRequest>(text).unwrap(), expected);
    }
    let value = json!({ "matterKinds": [1], "amountOverPence": null });
    let read: RuleConditions = from_value(value).unwrap();
    assert_eq!((read.matter_kinds, read.amount_over_pence), (vec![1], None));
    for instant in ["2026-01-05T09:00:00Z", "2026-01-05T10:00:00+01:00"] {
        let read: Entry = from_value(json!({ "recordedAt": instant })).unwrap();
        assert_eq!(read.recorded_at.unwrap().seconds, 1_767_603_600);
    }
}
