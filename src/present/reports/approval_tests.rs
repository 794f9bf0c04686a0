//! Tests of the reports about approvals: for people, and for programs.

use super::fixtures::*;
use crate::answer::Answer;
use crate::report::Report;
use crate::table::{self, Layout};
use crate::{csv, json};
use minutebook_wire::proto::*;

/// So wide that no sentence is broken.
fn table(answer: &impl Answer) -> String {
    table::render(&answer.report(), Layout::plain(400))
}

/// The rows of the CSV file, each as long as its header.
#[track_caller]
fn rows(report: &Report) -> Vec<Vec<(String, String)>> {
    let mut bytes = Vec::new();
    csv::write(report, &mut bytes).unwrap();
    let mut reader = ::csv::Reader::from_reader(bytes.as_slice());
    let header: Vec<String> = reader
        .headers()
        .unwrap()
        .iter()
        .map(str::to_owned)
        .collect();
    let mut keys = header.clone();
    keys.sort();
    keys.dedup();
    assert_eq!(keys.len(), header.len(), "no column twice: {header:?}");
    reader
        .records()
        .map(|row| {
            let row = row.expect("as many cells as columns");
            header
                .iter()
                .cloned()
                .zip(row.iter().map(str::to_owned))
                .collect()
        })
        .collect()
}

#[track_caller]
fn cell<'a>(row: &'a [(String, String)], key: &str) -> &'a str {
    let found = row.iter().find(|(name, _)| name == key);
    &found.unwrap_or_else(|| panic!("no column {key}")).1
}

#[track_caller]
fn says(table: &str, all: &[&str]) {
    for part in all {
        assert!(table.contains(part), "{part:?} is not in\n{table}");
    }
}

/// The table as one text, whatever line a word was put on.
fn flat(table: &str) -> String {
    let words: Vec<&str> = table
        .split(|c: char| c.is_whitespace() || "│┆".contains(c))
        .filter(|word| !word.is_empty())
        .collect();
    words.join(" ")
}

#[test]
fn approvals_say_who_is_awaited_since_when_and_until_the_next_meeting() {
    let table = flat(&table(&approvals()));
    says(
        &table,
        &[
            "2020-06",
            " 44 ",
            "2020-09-01",
            "£500,000",
            "approved 2020-06-30",
        ],
    );
    says(
        &table,
        &[
            "C-PCC; the decision of Regional Board",
            "Virements over £250,000",
            "unregulated",
        ],
    );
    let rows = rows(&approvals().report());
    assert_eq!(cell(&rows[0], "awaited"), "c-pcc; decision of em-board");
    assert_eq!(cell(&rows[0], "rule_id"), "large");
    assert_eq!(cell(&rows[0], "age_days"), "44");
    assert_eq!(cell(&rows[0], "amount"), "500000.00");
    // Nought is no age once it is settled, and no amount where there is none.
    assert_eq!(cell(&rows[1], "age_days"), "");
    assert_eq!(cell(&rows[1], "amount"), "");
    assert_eq!(cell(&rows[1], "regime"), "unregulated");
    assert_eq!(cell(&rows[1], "standing"), "approved");
}

#[test]
fn a_proposal_shows_its_needs_indented_and_every_mark_of_a_vote() {
    let table = table(&in_full());
    says(
        &table,
        &[
            "│ all of these",
            "│ └ every policing body",
            "│ └ the board, by a majority",
        ],
    );
    let text = flat(&table);
    for mark in [
        "replaced by a later one",
        "too late: already decided",
        "conflict declared: sits on both",
        "covers a projected underspend",
    ] {
        says(&text, &[mark]);
    }
    // Three weeks late; and, within the month it was given in, not late at all.
    says(&text, &["approve 2020-07-01 replaced by a later one"]);
    says(&text, &["£400,000 covers a projected underspend"]);
    says(&text, &["Approved £400,000, made £300,000, left £100,000."]);
    says(
        &text,
        &[
            "Two of three commissioners agreed.",
            "More figures are wanted.",
        ],
    );
    let rows = rows(&in_full().report());
    let value = |section: &str, item: &str, field: &str| {
        let matches = |row: &&Vec<(String, String)>| {
            [("section", section), ("item", item), ("field", field)]
                .iter()
                .all(|(key, value)| cell(row, key) == *value)
        };
        rows.iter()
            .find(matches)
            .map(|row| cell(row, "value").to_owned())
    };
    assert_eq!(value("needs", "3", "need").as_deref(), Some("1.2"));
    assert_eq!(value("words", "1", "recorded_late").as_deref(), Some("no"));
    assert_eq!(value("words", "2", "recorded_late").as_deref(), Some("yes"));
    assert_eq!(value("words", "2", "too_late").as_deref(), Some("yes"));
    assert_eq!(value("summary", "1", "left").as_deref(), Some("100000.00"));
    assert_eq!(
        value("ratifies", "1", "amount"),
        None,
        "not stated is not 0"
    );
}

#[test]
fn virements_show_what_is_left_the_moves_and_every_confirmation() {
    let text = flat(&table(&virements_answer()));
    says(
        &text,
        &[
            "Made without a request",
            "└ v-1, 2020-07-15",
            "└ v-2, 2020-07-15, breach",
        ],
    );
    says(
        &text,
        &[
            "on a projected underspend",
            "back to A-PCC, £200,000",
            "not stated",
        ],
    );
    says(
        &text,
        &[
            "2020-08-10, for £9,999",
            "awaited",
            "└ carried forward",
            "the whole",
        ],
    );
    assert_eq!(text.matches("£0").count(), 1, "nothing is left: {text}");

    let rows = rows(&virements_answer().report());
    let kinds: Vec<&str> = rows.iter().map(|row| cell(row, "kind")).collect();
    assert_eq!(
        kinds,
        [
            "virement", "move", "virement", "move", "disposal", "part", "part", "part"
        ]
    );
    assert_eq!(cell(&rows[0], "left"), "0.00");
    assert_eq!(cell(&rows[2], "made"), "", "not stated is not 0");
    assert_eq!(cell(&rows[2], "left"), "");
    assert_eq!(cell(&rows[3], "part_of"), cell(&rows[2], "id"));
    assert_eq!(cell(&rows[5], "confirmed"), "9999.00");
    assert_eq!(cell(&rows[6], "confirmed"), "");
    assert_eq!(cell(&rows[6], "body"), "b-pcc");
}

#[test]
fn a_breach_shows_the_missing_approval_and_those_that_came_too_late() {
    let text = flat(&table(&breaches()));
    says(
        &text,
        &[
            "acknowledged",
            "not stated",
            "Virements over £250,000 (large)",
        ],
    );
    says(
        &text,
        &["No approved proposal is cited. [APPROVAL_REQUIRED]"],
    );
    says(&text, &["The money was gone before the board met."]);
    says(
        &text,
        &["by Regional collaboration team, 2020-08-01 10:00:00 BST"],
    );
    says(
        &text,
        &[
            "Ratify it: ratified after the fact: approved 2020-08-20",
            "Allow it: dated before the act, recorded after it: approved 2020-07-01",
        ],
    );
    let row = &rows(&breaches().report())[0];
    assert_eq!(cell(row, "amount"), "", "not stated is not 0");
    assert_eq!(cell(row, "missing_reasons"), "APPROVAL_REQUIRED");
    assert_eq!(cell(row, "recorded_at"), "2020-08-01T09:00:00Z");
}

#[test]
fn a_notice_says_when_it_takes_effect_and_why_then() {
    let text = flat(&table(&notices()));
    says(&text, &["2021-03-31", " 30 ", "running", "East Midlands"]);
    let row = &rows(&notices().report())[0];
    assert_eq!(cell(row, "day_set_by"), "extended");
    assert_eq!(cell(row, "given_for_on"), "2020-12-31");
    assert_eq!(cell(row, "waived_by"), "b-pcc");
}

#[test]
fn nothing_is_answered_with_a_sentence() {
    for (table, sentence) in [
        (
            table(&ListApprovalsResponse::default()),
            "No such proposal is on record",
        ),
        (
            table(&ListVirementsResponse::default()),
            "No virement and no disposal",
        ),
        (
            table(&ListBreachesResponse::default()),
            "None is on record.",
        ),
        (table(&ListNoticesResponse::default()), "There are none."),
    ] {
        says(&table, &[sentence]);
    }
    assert!(rows(&ListVirementsResponse::default().report()).is_empty());
}

#[test]
fn the_json_of_each_view_is_its_answer() {
    fn reads<A>(answer: &A)
    where
        A: Answer + Default + PartialEq + std::fmt::Debug,
    {
        let read: A = minutebook_wire::json::from_str(&json::render(answer)).unwrap();
        assert_eq!(&read, answer);
    }
    reads(&approvals());
    reads(&in_full());
    reads(&virements_answer());
    reads(&breaches());
    reads(&notices());
}

#[test]
fn a_collaboration_says_its_regime_its_rules_and_the_faults_of_its_instruments() {
    let view = CollaborationView {
        approval_rules: rule_set(),
        approval_regime: "Its own rules, scheme-2019, say who must agree.".into(),
        instruments: vec![InstrumentView {
            instrument_id: "s22a".into(),
            faults: vec![FaultView {
                reason: "PARTY_MATRIX".into(),
                what: "No chief officer of force a is a party.".into(),
                since_on: on("2020-04-01"),
                position: 33,
            }],
            ..Default::default()
        }],
        ..Default::default()
    };
    let answer = GetCollaborationResponse {
        collaboration: Some(view),
        ..Default::default()
    };
    let text = flat(&table(&answer));
    says(&text, &["Its own rules, scheme-2019, say who must agree."]);
    says(
        &text,
        &["Approval rules scheme-2019 (adopted by collaborations/em, in force since"],
    );
    says(&text, &["a virement of more than £250,000"]);
    says(
        &text,
        &["No chief officer of force a is a party.", "PARTY_MATRIX"],
    );

    let board = |approval_rules| GetBoardResponse {
        board: Some(BoardView {
            approval_rules,
            ..Default::default()
        }),
        ..Default::default()
    };
    says(&table(&board(None)), &["none adopted by this board"]);
    let with_rules = table(&board(rule_set()));
    says(&with_rules, &["Approval rules scheme-2019"]);
    assert!(!with_rules.contains("none adopted"), "{with_rules}");
}

fn approvals() -> ListApprovalsResponse {
    ListApprovalsResponse {
        approvals: vec![approval(), carried()],
        ..Default::default()
    }
}

fn in_full() -> GetProposalResponse {
    GetProposalResponse {
        proposal: Some(proposal()),
        ..Default::default()
    }
}

fn virements_answer() -> ListVirementsResponse {
    ListVirementsResponse {
        virements: virements(),
        disposals: disposals(),
        ..Default::default()
    }
}

fn breaches() -> ListBreachesResponse {
    ListBreachesResponse {
        breaches: vec![breach()],
        ..Default::default()
    }
}

fn notices() -> ListNoticesResponse {
    ListNoticesResponse {
        notices: vec![notice()],
        ..Default::default()
    }
}
