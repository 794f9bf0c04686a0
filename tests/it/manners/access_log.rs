//! One line for each request: who, which method, about which subject, with which outcome
//! and position, and how long. Nothing that a caller wrote.

use serde_json::{Value, json};

use super::Started;
use crate::given::{append, event};
use crate::grpc::test_server::registered;
use crate::program::program;

fn run(server: &Started, arguments: &[&str]) -> bool {
    let output = program()
        .args(arguments)
        .args(["--server", &server.url()])
        .output()
        .expect("the program");
    output.status.success()
}

/// The lines of the access log, without the parts that differ from run to run.
fn lines(log: &str) -> Vec<Value> {
    let lines = log
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).expect("a JSON object a line"));
    lines
        .filter(|line| line["target"] == "minutebook::access")
        .map(|line| {
            let mut fields = line["fields"].clone();
            let fields = fields.as_object_mut().expect("fields");
            let peer = fields.remove("peer").expect("who");
            assert!(
                peer.as_str().expect("text").starts_with("127.0.0.1:"),
                "{peer}"
            );
            assert_eq!(fields.remove("caller"), Some(json!("nobody signed in")));
            let duration = fields.remove("duration_us").expect("how long");
            assert!(duration.is_u64(), "{duration}");
            assert_eq!(fields.remove("message"), Some(json!("request")));
            Value::Object(fields.clone())
        })
        .collect()
}

#[test]
fn each_request_has_one_line_and_each_refusal_its_reason() {
    let dir = tempfile::tempdir().expect("a folder");
    let data = dir.path().join("register");
    let arguments = ["--listen", "0", "--log-format", "json"];
    let server = Started::on(&data, &arguments);
    let file = dir.path().join("book.json");
    let path = file.to_str().expect("a path").to_owned();
    let orphan = event(
        "collaborations/x",
        "2014",
        "partyJoined",
        json!({ "bodyId": "nobody" }),
    );
    // Two that are recorded, and one that a rule refuses.
    let mut first = append(1, &[registered("one"), registered("two")]);
    first.recorded_by = "A Secret Office".to_owned();
    let book: Vec<String> = [
        first,
        append(2, &[registered("three")]),
        append(3, &[orphan]),
    ]
    .iter()
    .map(minutebook::wire::json::to_string)
    .collect();
    std::fs::write(&file, book.join("\n")).expect("written");
    assert!(!run(&server, &["record", &path]));
    assert!(run(&server, &["show", "body", "one"]));
    assert!(!run(&server, &["show", "body", "secret-name"]));
    assert!(!run(&server, &["show", "body", "Secret Name"]));
    let budget = ["show", "budget", "bodies/one", "--budget", "Secret Name"];
    assert!(!run(&server, &budget));
    assert!(run(&server, &["history", "bodies/two"]));
    let (code, log) = server.stop();
    assert_eq!(code, Some(0));

    let record = "minutebook.v1.RecordService/AppendStream";
    let get = "minutebook.v1.RegisterService/GetBody";
    let lines = lines(&log);
    for expected in [
        json!({ "method": record, "subject": "bodies/one bodies/two", "outcome": "OK",
            "position": 2 }),
        json!({ "method": record, "subject": "bodies/three", "outcome": "OK", "position": 3 }),
        json!({ "method": record, "subject": "collaborations/x",
            "outcome": "FAILED_PRECONDITION", "reason": "UNKNOWN_SUBJECT UNKNOWN_BODY" }),
        // The stream itself, which ends with its last request.
        json!({ "method": record, "outcome": "FAILED_PRECONDITION",
            "reason": "UNKNOWN_SUBJECT UNKNOWN_BODY" }),
        json!({ "method": get, "subject": "bodies/one", "outcome": "OK", "position": 3 }),
        json!({ "method": get, "subject": "bodies/secret-name", "outcome": "NOT_FOUND",
            "reason": "BODY_NOT_FOUND", "position": 3 }),
        json!({ "method": "minutebook.v1.RegisterService/GetBudget", "subject": "bodies/one",
            "outcome": "INVALID_ARGUMENT", "reason": "INVALID_FIELDS" }),
        json!({ "method": "minutebook.v1.AuditService/ReadHistory", "subject": "bodies/two",
            "outcome": "OK" }),
    ] {
        let found = lines.iter().filter(|line| **line == expected).count();
        assert_eq!(found, 1, "{expected}\n{lines:#?}");
    }
    // An id that is not there and a name are looked up.
    let found = json!({ "method": "minutebook.v1.RegisterService/FindSubjects", "outcome": "OK",
        "position": 3 });
    let found = lines.iter().filter(|line| **line == found).count();
    assert_eq!(found, 2, "{lines:#?}");
    assert_eq!(lines.len(), 11, "{lines:#?}");
    for written in ["Secret Office", "Secret Name", "\"nobody\"", "Body one"] {
        assert!(!log.contains(written), "{written} is in {log}");
    }
}

#[test]
fn the_access_log_can_be_turned_off() {
    let dir = tempfile::tempdir().expect("a folder");
    let data = dir.path().join("register");
    let level = "info,minutebook::access=off";
    let arguments = [
        "--listen",
        "0",
        "--log-format",
        "json",
        "--log-level",
        level,
    ];
    let server = Started::on(&data, &arguments);
    assert!(run(&server, &["show", "bodies"]));
    let (code, log) = server.stop();
    assert_eq!(code, Some(0));
    assert!(log.contains("serving"), "{log}");
    assert_eq!(lines(&log), Vec::<Value>::new());
}
