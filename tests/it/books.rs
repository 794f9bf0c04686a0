//! The books: recorded in any order, alone or twice, their sums agree to the pound.

mod councils;
mod papers;
pub mod walkthrough;

use std::collections::BTreeSet;

use serde_json::Value;

use crate::program::{Serving, books, councils, walkthrough};

/// A server in a new directory, with these files recorded in this order.
fn server_with(files: &[std::path::PathBuf]) -> (Serving, tempfile::TempDir) {
    let dir = tempfile::tempdir().expect("a directory");
    let serving = Serving::on(&dir.path().join("register"));
    serving.record(files);
    (serving, dir)
}

fn json(serving: &Serving, arguments: &[&str]) -> Value {
    let text = serving.prints(&[arguments, &["--format", "json"]].concat());
    serde_json::from_str(&text).expect("JSON")
}

/// An answer without the fields that depend on the time and order of recording.
fn timeless(mut answer: Value) -> Value {
    fn strip(value: &mut Value) {
        match value {
            Value::Object(fields) => {
                fields.retain(|name, _| {
                    !matches!(
                        name.as_str(),
                        "position"
                            | "positions"
                            | "answeredFrom"
                            | "knownAt"
                            | "recordedAt"
                            | "recordedOn"
                    )
                });
                fields.values_mut().for_each(strip);
            }
            Value::Array(items) => items.iter_mut().for_each(strip),
            _ => {}
        }
    }
    strip(&mut answer);
    answer
}

const QUESTIONS: &[&[&str]] = &[
    &["show", "collaborations"],
    &["show", "collaboration", "bch"],
    &["show", "collaboration", "east-midlands", "--as-at", "2014"],
    &["show", "bodies"],
    &["show", "body", "leicestershire-pcc"],
    &[
        "show",
        "board",
        "east-midlands-regional-collaboration-board",
    ],
    &[
        "show",
        "contributions",
        "east-midlands",
        "--year",
        "2020/21",
    ],
    &["show", "budget", "bch"],
    &["show", "benefits"],
    &["show", "board", "fictional-three-shires-board"],
    &["show", "board", "joint-public-health-board"],
    &["show", "body", "northamptonshire-pcc"],
    &["show", "collaboration", "public-health-dorset"],
    &["show", "approvals"],
    &["show", "virements"],
    &["show", "breaches"],
];

fn entries(serving: &Serving) -> usize {
    let history = serving.prints(&["history", "--format", "json"]);
    history.lines().count()
}

/// Every order of the papers. The fictional book, which shares nothing with them, and
/// that of the councils, which shares a body, come first, last and in between.
#[test]
fn the_order_of_the_books_does_not_matter() {
    let [bch, east, leics] = books();
    let mut expected = None;
    for (at, order) in [
        [&bch, &east, &leics],
        [&bch, &leics, &east],
        [&east, &bch, &leics],
        [&east, &leics, &bch],
        [&leics, &bch, &east],
        [&leics, &east, &bch],
    ]
    .into_iter()
    .enumerate()
    {
        let mut order: Vec<_> = order.into_iter().cloned().collect();
        order.insert(at % 4, walkthrough());
        order.insert((at + 2) % 5, councils());
        let (serving, _dir) = server_with(&order);
        let answers: Vec<Value> = QUESTIONS
            .iter()
            .map(|question| timeless(json(&serving, question)))
            .collect();
        let found = (entries(&serving), answers);
        let (count, answers) = expected.get_or_insert_with(|| found.clone());
        assert_eq!(*count, found.0, "{order:?}");
        for ((question, expected), found) in QUESTIONS.iter().zip(answers).zip(found.1) {
            assert_eq!(found, *expected, "{question:?} of {order:?}");
        }
    }
}

#[test]
fn each_book_is_complete_alone_and_recorded_twice_counts_once() {
    for book in books().into_iter().chain([councils(), walkthrough()]) {
        let (serving, _dir) = server_with(std::slice::from_ref(&book));
        let count = entries(&serving);
        let again = serving.record(std::slice::from_ref(&book));
        assert!(again.to_lowercase().contains("nothing new"), "{again}");
        assert_eq!(entries(&serving), count);
    }
}

#[test]
fn the_fictional_book_shares_nothing_with_the_papers_and_is_marked_as_fiction() {
    let text = |path: &std::path::Path| std::fs::read_to_string(path).expect("a book");
    let fiction: Value = serde_json::from_str(&text(&walkthrough())).expect("JSON");
    let papers = books().map(|book| text(&book)).concat() + &text(&councils());
    for append in fiction["appends"].as_array().expect("appends") {
        let request = append["requestId"].as_str().expect("an id");
        assert!(!papers.contains(request), "{request}");
        for event in append["events"].as_array().expect("events") {
            let subject = event["subject"].as_str().expect("a subject");
            assert!(subject.contains("/fictional-"), "{subject}");
            for founding in [
                "bodyRegistered",
                "boardConstituted",
                "collaborationEstablished",
            ] {
                let Some(name) = event[founding]["name"].as_str() else {
                    continue;
                };
                assert!(name.starts_with("Fictional "), "{name}");
            }
        }
    }
}

#[test]
fn a_body_that_several_books_name_is_one_body() {
    let (serving, _dir) = server_with(&books());
    let history = serving.prints(&["history", "bodies/leicestershire-pcc", "--format", "json"]);
    let registrations = history
        .lines()
        .filter(|line| line.contains("\"bodyRegistered\""))
        .count();
    assert_eq!(registrations, 1);
    let view = json(&serving, &["show", "body", "leicestershire-pcc"]);
    let party_to: BTreeSet<&str> = view["body"]["partyTo"]
        .as_array()
        .expect("what it is party to")
        .iter()
        .map(|m| {
            m["collaboration"]["collaborationId"]
                .as_str()
                .expect("an id")
        })
        .collect();
    assert!(
        party_to.is_superset(&BTreeSet::from(["east-midlands", "youth-commission"])),
        "{party_to:?}"
    );
}

#[test]
fn annex_a_comes_back_to_the_pound() {
    let (serving, _dir) = server_with(&books());
    let csv = serving.prints(&[
        "show",
        "contributions",
        "east-midlands",
        "--year",
        "2020/21",
        "--format",
        "csv",
    ]);
    assert_eq!(
        csv,
        include_str!("../golden/contributions-east-midlands-2020-21.csv")
    );

    // The paper's arithmetic, from its cells alone.
    let pence = |text: &str| text.replace('.', "").parse::<i64>().expect("pence");
    let rows: Vec<Vec<&str>> = csv.lines().map(|line| line.split(',').collect()).collect();
    let bodies = &rows[1..6];
    let cells: Vec<i64> = bodies
        .iter()
        .flat_map(|row| &row[1..9])
        .filter(|cell| !cell.is_empty())
        .map(|cell| pence(cell))
        .collect();
    assert_eq!(
        (cells.len(), cells.iter().sum::<i64>()),
        (36, 3_663_270_500)
    );
    assert_eq!(
        rows[7].last().map(|cell| pence(cell)),
        Some(3_663_270_300),
        "as printed"
    );
    let view = json(
        &serving,
        &[
            "show",
            "contributions",
            "east-midlands",
            "--year",
            "2020/21",
        ],
    );
    let stated: i64 = view["contributions"]["rows"]
        .as_array()
        .expect("rows")
        .iter()
        .map(|row| {
            row["stated"][0]["statedPence"]
                .as_str()
                .expect("stated")
                .parse::<i64>()
                .expect("pence")
        })
        .sum();
    assert_eq!(stated, 3_663_270_400, "the printed rows");
    let leicestershire = &view["contributions"]["rows"][1];
    assert_eq!(leicestershire["totalPence"], "879858000");
    assert_eq!(leicestershire["stated"][0]["statedPence"], "879857900");

    let differences = json(
        &serving,
        &[
            "show",
            "differences",
            "--subject",
            "collaborations/east-midlands",
        ],
    );
    let computed: Vec<(&str, &str)> = differences["differences"]
        .as_array()
        .expect("differences")
        .iter()
        .filter(|line| line["kind"] != "DIFFERENCE_KIND_NOTED")
        .map(|line| {
            let service = &line["service"]["serviceId"];
            (
                service
                    .as_str()
                    .or(line["body"]["bodyId"].as_str())
                    .unwrap_or("whole"),
                line["differencePence"].as_str().expect("pence"),
            )
        })
        .collect();
    assert_eq!(
        computed,
        [
            ("leicestershire-pcc", "100"),
            ("emsou-soc", "100"),
            ("emsou-major-crime", "100"),
            ("emsou-forensics", "-100"),
            ("em-legal", "100"),
            ("whole", "200"),
        ]
    );
}

#[test]
fn table_1_comes_back_to_the_thousand() {
    let (serving, _dir) = server_with(&books());
    let csv = serving.prints(&["show", "budget", "bch", "--format", "csv"]);
    assert_eq!(csv, include_str!("../golden/budget-bch.csv"));
    let year = |label: &str| {
        let line = csv
            .lines()
            .find(|line| line.starts_with(label))
            .expect("a line");
        line.split(',').nth(2).expect("2017/18").to_owned()
    };
    let three = [
        year("total,"),
        year("stated (¶6.11)"),
        year("forecast (¶6.14)"),
    ];
    assert_eq!(
        three,
        ["37802000.00", "37342000.00", "37280000.00"],
        "side by side"
    );
}

#[test]
fn bch_in_2016_shows_nothing_recorded_for_later() {
    let (serving, _dir) = server_with(&books());
    for date in ["2016-01-01", "2026-01-01"] {
        let view = json(&serving, &["show", "collaboration", "bch", "--as-at", date]);
        let jps = &view["collaboration"]["services"][0];
        assert_eq!(jps["service"]["serviceId"], "jps");
        assert_eq!(jps["lead"]["bodyId"], "bedfordshire-cc", "{date}");
        assert_eq!(jps["units"].as_array().map(Vec::len), Some(10), "{date}");
    }
    let then = serving.prints(&[
        "show",
        "collaboration",
        "bch",
        "--as-at",
        "2016-01-01",
        "--format",
        "json",
    ]);
    let (_, then) = then
        .split_once("\"collaboration\"")
        .expect("the view, after what it speaks for");
    for later in [
        "2017",
        "2018",
        "2019",
        "2020",
        "three-hr-systems",
        "hr-on-athena",
    ] {
        let found = then.lines().find(|line| line.contains(later));
        assert!(found.is_none(), "{later}: {found:?}");
    }
    assert!(
        !serving
            .run(&["show", "budget", "bch", "--as-at", "2016-01-01"])
            .status
            .success()
    );
    let boards = json(
        &serving,
        &[
            "show",
            "board",
            "strategic-alliance-summit",
            "--as-at",
            "2016-01-01",
        ],
    );
    assert!(
        boards["board"]["summary"].get("chair").is_none(),
        "nobody is known to have chaired it then"
    );
}
