//! The JSON form against prost-reflect's own, and against texts that are fixed.

use prost_reflect::{DynamicMessage, FieldDescriptor, Kind, SetFieldError, Value as Held};
use serde_json::json;

use super::*;
use crate::proto::{
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
        // Nobody writes a status as text: its details are of any type.
        let has_status = matches!(
            of.full_name(),
            "google.rpc.Status" | "minutebook.v1.DryRunResponse"
        );
        if has_status || of.full_name().starts_with("google.protobuf.") {
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
            let mut reader = JsonReader::new(&ours);
            let read = reader.dynamic(&of, serde_json::from_str(&ours).unwrap());
            assert_eq!(reader.finish(), Ok(()), "{ours}");
            assert_eq!(read, Some(message));
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
fn every_fault_has_its_place_and_says_what_to_write() {
    for (text, expected) in [
        (
            r#"{"expectedRevisions":[{"subjekt":"bodies/a"}]}"#,
            "line 1, column 24, expectedRevisions[0].subjekt: an expected revision has no field \
             `subjekt`; did you mean `subject`?",
        ),
        (
            "{\"requestId\":\"a\",\n\"request_id\":\"b\"}",
            "line 2, column 1, request_id: `request_id` is given twice; take one away",
        ),
        (
            r#"{"events":[{"entryCorrected":{"position":"1","targetEventId":"e"}}]}"#,
            "line 1, column 46, events[0].entryCorrected.targetEventId: `position` and \
             `targetEventId` exclude each other; take one away",
        ),
        (
            r#"{"events":[{"effectiveOn":"2018-04"}]}"#,
            "line 1, column 27, events[0].effectiveOn: \"2018-04\" is not a date here; write \
             { \"year\": 2018, \"month\": 4 }",
        ),
        (
            r#"{"events":[{"effectiveOn":1}]}"#,
            "line 1, column 27, events[0].effectiveOn: 1 is not a date here; write \
             { \"year\": 2018, \"month\": 4, \"day\": 1 }",
        ),
        (
            r#"{"events":[{"bodyRegistered":{"kind":"CIRCUS"}}]}"#,
            "line 1, column 38, events[0].bodyRegistered.kind: there is no value `CIRCUS` \
             here; there are `BODY_KIND_",
        ),
        (
            r#"{"events":[{"bodyRegistered":{"kind":"policing body"}}]}"#,
            "line 1, column 38, events[0].bodyRegistered.kind: there is no value `policing body` \
             here; did you mean `BODY_KIND_POLICING_BODY`?",
        ),
        (
            r#"{"events":[null]}"#,
            "line 1, column 12, events[0]: null is no item of a list; take it away",
        ),
        (
            r#"{"events":[["bodies/a"]]}"#,
            "line 1, column 12, events[0]: [\"bodies/a\"] is not an event; write an object: \
             { \"subject\": …, ",
        ),
        (
            r#"{"events":{"subject":"bodies/a"}}"#,
            "line 1, column 11, events: {\"subject\":\"bodies/a\"} is not a list; write it in \
             brackets: [ … ]",
        ),
        (
            r#"{"requestId":5}"#,
            "line 1, column 14, requestId: 5 is not a text; write it in quotation marks",
        ),
        (
            r#"{"validateOnly":"true"}"#,
            "line 1, column 17, validateOnly: \"true\" is neither true nor false; write one of \
             them, without quotation marks",
        ),
        (
            r#"{"expectedRevisions":[{"revision":"-1"}]}"#,
            "line 1, column 35, expectedRevisions[0].revision: \"-1\" is too small; the least is 0",
        ),
        (
            r#"{"requestId":"a" "recordedBy":"b"}"#,
            "line 1, column 18: a comma or the end of the object, `}`, is missing \
             before this",
        ),
        (
            "{} {}",
            "line 1, column 4: the value is complete before this; take away what follows",
        ),
        (
            "{\"events\":[{},\n{\"subject\": bodies}]}",
            "line 2, column 13, events[1].subject: this is no value; write an object",
        ),
        ("", "line 1, column 1: the text ends where a value belongs"),
        ("null", "line 1, column 1: null is not an append request"),
    ] {
        let found = sentence(text);
        assert!(found.starts_with(expected), "{text}\n{found}\n{expected}");
        for parser_word in [
            "struct",
            "enum ",
            "google",
            "EOF",
            "ident",
            "visitor",
            "invalid type",
        ] {
            assert!(!found.contains(parser_word), "{parser_word}: {found}");
        }
    }
}

#[test]
fn all_faults_are_named_at_once_in_the_order_of_the_text() {
    let text = "{\n \"requestID\": \"a\",\n \"events\": [\n  {\"subject\": 7},\n  \
                {\"virementMade\": {\"virement\": {\"sources\": [{\"amountPence\": 1.5}]}, \"virementld\": 1}}\n ]\n}";
    let found = from_str::<AppendRequest>(text).unwrap_err();
    let places: Vec<_> = found
        .faults
        .iter()
        .map(|fault| path(&fault.steps))
        .collect();
    assert_eq!(places[0], "requestID");
    assert_eq!(places[1], "events[0].subject");
    assert_eq!(
        places[2],
        "events[1].virementMade.virement.sources[0].amountPence"
    );
    assert_eq!(places[3], "events[1].virementMade.virementld");
    let pence = &found.faults[2].sentence;
    assert!(pence.contains("amounts are in whole pence"), "{pence}");
    let lines: Vec<_> = found.faults.iter().map(|fault| fault.line).collect();
    assert_eq!(lines[..3], [2, 4, 5]);
    let many = format!("{{{}\"z\":1}}", "\"x\":1,".repeat(149));
    let found = from_str::<AppendRequest>(&many).unwrap_err();
    assert_eq!((found.faults.len(), found.omitted), (100, 50));
}

#[test]
fn messages_inside_messages_have_a_limit() {
    let nested = |levels: usize| {
        let open = "{\"entryCorrected\":{\"replacement\":".repeat(levels);
        format!("{{\"events\":[{open}{{}}{}]}}", "}}".repeat(levels))
    };
    assert!(from_str::<AppendRequest>(&nested(40)).is_ok());
    assert!(sentence(&nested(60)).contains("nested deeper than 100 levels"));
    assert!(sentence(&nested(100_000)).contains("nested deeper than 100 levels"));
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
        r#"{"requestId":"a","expectedRevisions":[{"subject":"bodies/a","revision":0.7e1}],"events":null}"#,
        r#"{"requestId":"a","expectedRevisions":[{"subject":"bodies/a","revision":"70e-1"}],"validateOnly":null}"#,
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
    // Members of a `oneof` that are null are left out, as other fields are.
    let text = r#"{"asKnownAtPosition":-0,"asKnownAt":null,"atLeastPosition":3e5}"#;
    let read: AsOf = from_str(text).unwrap();
    let known = proto::as_of::Known::AsKnownAtPosition(0);
    assert_eq!((read.known, read.at_least_position), (Some(known), 300_000));
    for bytes in ["+//+AA==", "-__-AA==", "-__-AA", "+//+AA"] {
        let read: Entry = from_value(json!({ "requestId": bytes })).unwrap();
        assert_eq!(read.request_id, [0xfb, 0xff, 0xfe, 0]);
    }
}
