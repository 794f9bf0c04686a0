//! The command line: exit codes with a meaning, machine-readable answers, and
//! nothing recorded by accident.

use std::io::{BufRead, BufReader};
use std::process::Stdio;
use std::time::{Duration, Instant};

use minutebook::wire::json;
use minutebook::wire::proto;
use serde_json::json;

use crate::given::{append, event};
use crate::program::{Serving, books, fails, fed, program, register};

fn with_books() -> (Serving, tempfile::TempDir) {
    let (serving, dir) = register();
    serving.record(&books());
    (serving, dir)
}

fn entries(serving: &Serving) -> usize {
    serving
        .prints(&["history", "--format", "json"])
        .lines()
        .count()
}

#[test]
fn each_exit_code_has_its_cause() {
    let (serving, dir) = with_books();
    fails(
        &serving.run(&["show", "collaboration", "nowhere"]),
        1,
        "collaborations/nowhere",
    );
    fails(
        &serving.run(&["show", "collaboration", "bch", "--as-at", "1999"]),
        1,
        "bch",
    );
    fails(&serving.run(&["show", "collaboration"]), 2, "<ID>");
    fails(
        &serving.run(&["show", "collaborations", "--as-at", "yesterday"]),
        2,
        "2016-01-31",
    );
    let nobody = program()
        .args(["show", "bodies", "--server", "http://127.0.0.1:1"])
        .output()
        .expect("the program");
    fails(&nobody, 3, "minutebook serve");
    fails(
        &serving.run(&["record", "no-such-book.json"]),
        4,
        "no-such-book.json",
    );
    fails(
        &fed(&serving, &["record", "-"], "{\n \"requestId\": 7x }"),
        4,
        "line 2",
    );

    let data = dir.path().join("register");
    let second = program()
        .args([
            "serve",
            "--listen",
            "127.0.0.1:0",
            "--log-level",
            "off",
            "--data",
        ])
        .arg(&data)
        .output()
        .expect("the program");
    fails(&second, 5, "in use by another process");
    std::fs::write(dir.path().join("notes.txt"), "mine").expect("a file");
    let foreign = program()
        .args([
            "serve",
            "--listen",
            "127.0.0.1:0",
            "--log-level",
            "off",
            "--data",
        ])
        .arg(dir.path())
        .output()
        .expect("the program");
    assert_eq!(foreign.status.code(), Some(5));
    assert_eq!(
        std::fs::read(dir.path().join("notes.txt")).expect("it"),
        b"mine",
        "untouched"
    );
}

#[test]
fn a_refusal_names_the_rule_and_leaves_no_trace() {
    let (serving, _dir) = with_books();
    let before = entries(&serving);
    let transfer = event(
        "collaborations/bch",
        "2018-04-01",
        "serviceLeadTransferred",
        json!({ "serviceId": "jps", "fromId": "hertfordshire-cc", "toId": "cambridgeshire-cc" }),
    );
    let text = json::to_string(&append(1, &[transfer]));
    let refused = fed(&serving, &["record", "-"], &text);
    fails(&refused, 1, "NOT_THE_CURRENT_LEAD");
    assert!(
        String::from_utf8_lossy(&refused.stderr).contains("bedfordshire-cc"),
        "who leads it"
    );
    assert_eq!(entries(&serving), before);
}

#[test]
fn a_dry_run_records_nothing_and_shows_the_result() {
    let (serving, _dir) = register();
    let [bch, ..] = books();
    let dry = serving.prints(&["record", "--dry-run", bch.to_str().expect("a path")]);
    assert!(!dry.is_empty());
    assert_eq!(entries(&serving), 0);
    let orphan = event(
        "collaborations/x",
        "2014",
        "partyJoined",
        json!({ "bodyId": "nobody" }),
    );
    let text = json::to_string(&append(1, &[orphan]));
    fails(
        &fed(&serving, &["record", "--dry-run", "-"], &text),
        1,
        "UNKNOWN_SUBJECT",
    );
    assert_eq!(entries(&serving), 0);
}

/// A `show` command, and the parser of its answer.
type Shown = (&'static [&'static str], fn(&str));

fn reads<T: prost::Name + Default>(text: &str) {
    json::from_str::<T>(text).expect("the answer of the RPC");
}

const SHOWS: &[Shown] = &[
    (
        &["collaborations"],
        reads::<proto::ListCollaborationsResponse>,
    ),
    (
        &["collaboration", "bch"],
        reads::<proto::GetCollaborationResponse>,
    ),
    (
        &["collaboration", "collaborations/east-midlands"],
        reads::<proto::GetCollaborationResponse>,
    ),
    (&["bodies"], reads::<proto::ListBodiesResponse>),
    (
        &["body", "leicestershire-pcc"],
        reads::<proto::GetBodyResponse>,
    ),
    (&["boards"], reads::<proto::ListBoardsResponse>),
    (
        &["board", "em-criminal-justice-board"],
        reads::<proto::GetBoardResponse>,
    ),
    (&["decisions"], reads::<proto::ListDecisionsResponse>),
    (
        &["decisions", "--pending"],
        reads::<proto::ListDecisionsResponse>,
    ),
    (
        &["contributions", "east-midlands", "--year", "2020/21"],
        reads::<proto::GetContributionsResponse>,
    ),
    (&["budget", "bch"], reads::<proto::GetBudgetResponse>),
    (
        &[
            "budget",
            "bodies/leicestershire-pcc",
            "--budget",
            "commissioning",
        ],
        reads::<proto::GetBudgetResponse>,
    ),
    (&["deadlines"], reads::<proto::ListDeadlinesResponse>),
    (&["attention"], reads::<proto::GetAttentionResponse>),
    (
        &["recommendations"],
        reads::<proto::ListRecommendationsResponse>,
    ),
    (&["benefits"], reads::<proto::ListBenefitsResponse>),
    (&["differences"], reads::<proto::ListDifferencesResponse>),
    (&["checks"], reads::<proto::ListChecksResponse>),
];

#[test]
fn every_view_is_read_by_people_and_by_programs() {
    let (serving, _dir) = with_books();
    for (words, reads) in SHOWS {
        let show =
            |format: &str| serving.prints(&[&["show"], *words, &["--format", format]].concat());
        reads(&show("json"));
        let table = show("table");
        assert!(
            table.contains("As the register stands at position"),
            "{words:?}: {table}"
        );
        assert!(
            !table.contains('\u{1b}'),
            "{words:?}: no escape codes in a pipe"
        );
        let csv = show("csv");
        let widths: Vec<usize> = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .from_reader(csv.as_bytes())
            .records()
            .map(|record| record.expect("a record").len())
            .collect();
        assert!(
            !widths.is_empty() && widths.iter().all(|width| *width == widths[0]),
            "{words:?}"
        );
    }
}

#[test]
fn a_subject_is_named_by_its_id_in_any_spelling_its_name_or_an_alias() {
    let (serving, _dir) = with_books();
    let one = serving.prints(&["show", "collaboration", "bch"]);
    for name in ["BCH", " Bch ", "collaborations/bch", "Collaborations/BCH"] {
        assert_eq!(
            serving.prints(&["show", "collaboration", name]),
            one,
            "{name}"
        );
    }
    let due = |words: &[&str]| serving.prints(&[&["show", "deadlines"], words].concat());
    assert_eq!(due(&["BCH"]), due(&["--subject", "collaborations/bch"]));
    assert_eq!(due(&["bch", "--all"]), due(&["--subject", "bch", "--past"]));
    // An id that no collaboration has is that of a body; a name is looked up.
    let pcc = serving.prints(&["show", "approvals", "bodies/leicestershire-pcc"]);
    let bare = serving.prints(&["show", "approvals", "leicestershire-pcc"]);
    assert_eq!(bare, pcc);
    let body = serving.prints(&[
        "show",
        "body",
        "bodies/leicestershire-pcc",
        "--format",
        "json",
    ]);
    let body: serde_json::Value = serde_json::from_str(&body).expect("json");
    let name = body["body"]["summary"]["body"]["name"]
        .as_str()
        .expect("a name");
    let by_name = serving.prints(&["show", "body", &name.to_uppercase(), "--format", "json"]);
    assert_eq!(
        by_name,
        serving.prints(&["show", "body", "leicestershire-pcc", "--format", "json"])
    );
}

#[test]
fn a_name_of_several_is_not_guessed_and_a_part_of_one_is_offered() {
    let (serving, _dir) = with_books();
    let fails = |words: &[&str]| {
        let output = serving.run(words);
        assert_eq!(output.status.code(), Some(1), "{words:?}");
        String::from_utf8(output.stderr).expect("text")
    };
    let part = fails(&["show", "body", "Leicestershire"]);
    assert!(part.contains("With \"leicestershire\" in them:"), "{part}");
    assert!(part.contains("bodies/leicestershire-pcc ("), "{part}");
    let part = fails(&["show", "board", "Midlands Regional"]);
    assert!(part.contains("boards/"), "{part}");
    let nothing = fails(&["show", "board", "xyz"]);
    assert!(!nothing.contains("in them"), "{nothing}");
    // Two bodies of one name: neither is taken.
    let body = |id: &str| {
        let named = json!({ "name": "The Twins", "kind": "BODY_KIND_COUNCIL" });
        event(&format!("bodies/{id}"), "2019", "bodyRegistered", named)
    };
    let text = json::to_string(&append(1, &[body("twin-one"), body("twin-two")]));
    assert!(fed(&serving, &["record", "-"], &text).status.success());
    let several = fails(&["show", "body", "the twins"]);
    assert!(several.contains("can mean several"), "{several}");
    for id in ["bodies/twin-one", "bodies/twin-two"] {
        assert!(several.contains(id), "{several}");
    }
}

#[test]
fn a_name_that_a_spreadsheet_would_run_is_defused() {
    let (serving, _dir) = register();
    let registered = event(
        "bodies/formula",
        "2013",
        "bodyRegistered",
        json!({ "name": "=cmd|'/c calc'!A1", "kind": "BODY_KIND_OTHER" }),
    );
    let text = json::to_string(&append(1, &[registered]));
    assert!(fed(&serving, &["record", "-"], &text).status.success());
    let csv = serving.prints(&["show", "bodies", "--format", "csv"]);
    assert!(csv.contains("'=cmd"), "{csv}");
    assert!(!csv.contains(",=cmd"), "{csv}");
}

#[test]
fn both_time_axes_are_asked_on_the_command_line() {
    let (serving, _dir) = with_books();
    let bodies = |known: &[&str]| {
        let text = serving.prints(&[&["show", "bodies", "--format", "csv"], known].concat());
        text.lines().count() - 1
    };
    let all = bodies(&[]);
    assert!(all > 20, "{all}");
    assert!(bodies(&["--as-known-at", "#2"]) < all);
    assert_eq!(bodies(&["--as-known-at", "2000-01-01T00:00:00Z"]), 0);
    assert_eq!(bodies(&["--as-known-at", "2099-01-01"]), all);
    assert!(
        bodies(&["--as-at", "2012-06"]) < all,
        "before the commissioners"
    );
}

#[test]
fn history_is_a_line_an_entry_and_can_be_followed() {
    let (serving, _dir) = with_books();
    let lines = serving.prints(&["history", "collaborations/bch", "--format", "json"]);
    for line in lines.lines() {
        let response: proto::ReadHistoryResponse = json::from_str(line).expect("an entry a line");
        let event = response
            .entry
            .and_then(|entry| entry.event)
            .expect("an event");
        assert_eq!(event.subject, "collaborations/bch");
    }
    let backward = serving.prints(&[
        "history",
        "collaborations/bch",
        "--backward",
        "--limit",
        "1",
        "--format",
        "json",
    ]);
    assert_eq!(backward.lines().next(), lines.lines().last());

    let mut following = program()
        .args([
            "history",
            "bodies/newcomer",
            "--follow",
            "--format",
            "json",
            "--server",
            &serving.url,
        ])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("the program");
    let newcomer = event(
        "bodies/newcomer",
        "2020",
        "bodyRegistered",
        json!({ "name": "Newcomer", "kind": "BODY_KIND_OTHER" }),
    );
    let text = json::to_string(&append(1, &[newcomer]));
    assert!(fed(&serving, &["record", "-"], &text).status.success());
    let mut line = String::new();
    let stdout = following.stdout.take().expect("its output");
    BufReader::new(stdout).read_line(&mut line).expect("a line");
    following.kill().expect("to stop it");
    following.wait().expect("its end");
    assert!(line.contains("bodies/newcomer"), "{line}");
}

#[test]
fn a_terminated_server_drains_and_a_reader_that_goes_away_is_no_fault() {
    let (mut serving, _dir) = with_books();
    let mut reader = program()
        .args(["history", "--server", &serving.url])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program");
    drop(reader.stdout.take());
    let gone = reader.wait_with_output().expect("its end");
    assert!(
        gone.stderr.is_empty(),
        "{}",
        String::from_utf8_lossy(&gone.stderr)
    );

    let pid = serving.child.id().to_string();
    let sent = std::process::Command::new("kill")
        .args(["-TERM", &pid])
        .status();
    assert!(sent.expect("kill").success());
    let since = Instant::now();
    let ended = loop {
        if let Some(ended) = serving.child.try_wait().expect("its state") {
            break ended;
        }
        assert!(since.elapsed() < Duration::from_secs(20), "it drains");
        std::thread::sleep(Duration::from_millis(20));
    };
    assert_eq!(ended.code(), Some(0));
}

#[test]
fn the_demo_runs_once_and_leaves_nothing_behind() {
    let temp = tempfile::tempdir().expect("a directory");
    let output = program()
        .args(["demo", "--once"])
        .env("TMPDIR", temp.path())
        .output();
    let output = output.expect("the program");
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    for sentence in [
        "£36,632,705",
        "£36,632,703",
        "£37,342,000",
        "Strategic Alliance",
        "Stage 2",
        "Roads policing",
        "11 for, 11 against, 1 abstained",
        "retrospective",
    ] {
        assert!(text.contains(sentence), "{sentence}");
    }
    let (papers, fiction) = text.split_once("\nFiction: ").expect("both");
    let breach = "projected-underspend-returned made, 2019/20: amount not stated";
    // However its line is broken.
    let words: Vec<&str> = papers.split_whitespace().collect();
    assert!(words.join(" ").contains(breach), "the real one");
    assert!(!papers.to_lowercase().contains("fiction"), "nothing of it");
    assert!(
        fiction.contains("ratified after the fact"),
        "the invented one"
    );
    assert_eq!(
        std::fs::read_dir(temp.path()).expect("it").count(),
        0,
        "its register is gone"
    );
}

#[test]
fn help_teaches() {
    for verb in [
        "serve",
        "demo",
        "record",
        "explain",
        "show",
        "history",
        "completions",
    ] {
        let help = program()
            .args(["help", verb])
            .output()
            .expect("the program");
        let text = String::from_utf8_lossy(&help.stdout);
        assert!(
            help.status.success() && text.contains("Example"),
            "{verb}: {text}"
        );
    }
    let bash = program()
        .args(["completions", "bash"])
        .output()
        .expect("the program");
    assert!(String::from_utf8_lossy(&bash.stdout).contains("contributions"));
}
