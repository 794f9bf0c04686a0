//! Files and answers that people and their programs read and write: JSON with faults,
//! CSV for spreadsheets, texts that would steer a terminal.

use serde_json::json;

use crate::given::{append, event};
use crate::grpc::test_server::registered;
use crate::program::{books, fails, fed, register, walkthrough};

#[test]
fn every_spelling_of_a_number_that_proto3_json_allows_is_recorded() {
    let (serving, _dir) = register();
    let text = std::fs::read_to_string(walkthrough()).expect("a book");
    // The same amounts and days, otherwise written, and fields that are left out.
    let other = text
        .replace("\"30000000\"", "3e7")
        .replace("\"year\": 2024,", "\"year\": 20.24e2,")
        .replace("\"year\": 2025,", "\"year\": \"2025.0\",")
        .replace("\"requestId\":", "\"validateOnly\": null, \"requestId\":");
    for written in ["3e7", "20.24e2", "\"2025.0\"", "null"] {
        assert!(other.contains(written), "{written}");
    }
    let recorded = fed(&serving, &["record", "-"], &other);
    let stderr = String::from_utf8_lossy(&recorded.stderr);
    assert!(recorded.status.success(), "{stderr}");
    // It is the same book: nothing is recorded again.
    let again = serving.record(&[walkthrough()]);
    assert!(again.contains("Nothing new"), "{again}");
}

#[test]
fn all_faults_of_a_file_are_named_with_their_place_and_the_way_out() {
    let (serving, _dir) = register();
    let file = r#"{"title": "A book", "appends": [
{"requestId": "01930f5e-7c00-7000-8000-000000000001", "recordedBy": "Team", "events": [
  {"subject": "bodies/a", "effectiveOn": "2018-04-01"},
  {"subject": "bodies/a", "efectiveOn": {"year": 2018}},
  {"subject": "bodies/a", "bodyRegistered": {"name": 5, "kind": "COUNCIL"}}]},
{"requestId": "01930f5e-7c00-7000-8000-000000000002", "events": {"\u001b[2J\u2028\u200b": 1}},
{"requestId": "01930f5e-7c00-7000-8000-000000000003", "validateOnly": "yes"}
]}"#;
    let refused = fed(&serving, &["record", "-"], file);
    let stderr = String::from_utf8_lossy(&refused.stderr).into_owned();
    for says in [
        "6 faults, and nothing of it was sent",
        "line 3, column 42, append 1, events[0].effectiveOn: \"2018-04-01\" is not a date here; \
         write { \"year\": 2018, \"month\": 4, \"day\": 1 }",
        "line 4, column 27, append 1, events[1].efectiveOn: an event has no field `efectiveOn`; \
         did you mean `effectiveOn`?",
        "line 5, column 54, append 1, events[2].bodyRegistered.name: 5 is not a text; write it \
         in quotation marks",
        "append 1, events[2].bodyRegistered.kind: there is no value `COUNCIL` here; did you mean \
         `BODY_KIND_COUNCIL`?",
        "line 6, column 65, append 2, events: ",
        "line 7, column 71, append 3, validateOnly: \"yes\" is neither true nor false",
    ] {
        fails(&refused, 4, says);
    }
    for parser_word in [
        "struct",
        "untagged",
        "google.",
        "expected ",
        "EOF",
        "invalid type",
    ] {
        assert!(!stderr.contains(parser_word), "{parser_word}: {stderr}");
    }
    // One fault is named in one line, wherever the text breaks.
    let broken = fed(
        &serving,
        &["record", "-"],
        "{\n \"events\": [{\"subject\": \"bodies/a\"",
    );
    fails(
        &broken,
        4,
        "line 2, column 34, append 1, events[0]: the text ends inside an object: `}` is missing",
    );
    assert_eq!(serving.prints(&["history", "--format", "json"]), "");
}

#[test]
fn a_name_in_a_file_cannot_steer_the_terminal() {
    let (serving, _dir) = register();
    let name = "\\u001b[2J\\u009b1m\\u2028\\u2029\\u061c\\u200b\\u202e\\udb40\\udc41\\ufeffx";
    for text in [
        format!("{{\"{name}\": 1}}"),
        format!("{{\"events\": [{{\"bodyRegistered\": {{\"kind\": \"{name}\"}}}}]}}"),
        format!("{{\"requestId\": \"{name}\", \"recordedBy\": \"{name}\"}}"),
        format!("{{\"events\": [{{\"subject\": \"{name}\"}}]}}"),
    ] {
        for command in ["record", "explain"] {
            let refused = fed(&serving, &[command, "-"], &text);
            assert!(!refused.status.success());
            let stderr = String::from_utf8_lossy(&refused.stderr).into_owned();
            let invisible = |c: char| c != '\n' && minutebook::present::invisible::is_invisible(c);
            assert!(!stderr.contains(invisible), "{stderr:?}");
        }
    }
}

#[test]
fn csv_for_a_file_has_a_mark_and_csv_for_a_pipe_has_none() {
    let (serving, dir) = register();
    let formula = event(
        "bodies/formula",
        "2013",
        "bodyRegistered",
        json!({ "name": "\u{3000}＝cmd|'/c calc'!A1 é", "kind": "BODY_KIND_OTHER" }),
    );
    let text = minutebook::wire::json::to_string(&append(1, &[formula, registered("b")]));
    let recorded = fed(&serving, &["record", "-"], &text);
    assert!(
        recorded.status.success(),
        "{}",
        String::from_utf8_lossy(&recorded.stderr)
    );
    let file = dir.path().join("bodies.csv");
    let out = file.to_str().expect("a path");
    let piped = serving.prints(&["show", "bodies", "--format", "csv"]);
    assert!(
        !piped.starts_with('\u{feff}') && piped.contains(",'"),
        "{piped}"
    );
    assert_eq!(serving.prints(&["show", "bodies", "--out", out]), "");
    let written = std::fs::read_to_string(&file).expect("the file");
    assert_eq!(written, format!("\u{feff}{piped}"));
    // A command that fails leaves the file as it was.
    let failed = serving.run(&["show", "body", "nobody", "--out", out]);
    fails(&failed, 1, "nobody");
    assert_eq!(std::fs::read_to_string(&file).expect("the file"), written);
    // Other forms have no mark.
    let table = dir.path().join("bodies.txt");
    serving.prints(&["show", "bodies", "--out", table.to_str().expect("a path")]);
    let table = std::fs::read_to_string(&table).expect("the file");
    assert!(table.starts_with("Bodies\n┌"), "{table}");
}

#[test]
fn a_year_is_a_date_on_both_axes_and_a_position_has_a_hash() {
    let (serving, _dir) = register();
    serving.record(&books());
    let bodies = |known: &str| {
        let words = ["show", "bodies", "--format", "csv", "--as-known-at", known];
        serving.prints(&words).lines().count() - 1
    };
    // Nothing was recorded by the end of that year, and much is by this year's.
    assert_eq!(bodies("2016"), 0);
    assert_eq!(bodies("2016-02"), 0);
    assert!(bodies("2999") > 3);
    assert!(bodies("#3") < bodies("#2016"));
    let number = serving.run(&["show", "bodies", "--as-known-at", "42"]);
    fails(&number, 2, "for the entry at position 42, write '#42'");
    let moment = serving.run(&["audit", "diff", "--from", "2016"]);
    fails(&moment, 2, "for the entry at position 2016, write '#2016'");
}
