//! Tables fit the terminal: on 80, 120 and 200 columns no line is wider, no word is broken,
//! and every value and heading is still there.

use std::collections::BTreeMap;

use minutebook::wire::json;
use serde_json::json;
use unicode_width::UnicodeWidthStr;

use crate::given::{append, event};
use crate::program::{Serving, books, councils, fed, monitoring, program, register, walkthrough};

const WIDTHS: [u16; 3] = [80, 120, 200];

/// Wider than any line, so that each value is in its column.
const UNLIMITED: u16 = 20_000;

/// Every view of the books, and narrower questions.
const QUESTIONS: &[&str] = &[
    "show collaborations --all",
    "show collaboration bch",
    "show collaboration east-midlands",
    "show collaboration fictional-three-shires",
    "show bodies --all",
    "show body leicestershire-pcc",
    "show body hertfordshire-pcc",
    "show boards",
    "show board strategic-alliance-summit",
    "show board fictional-three-shires-board",
    "show meeting fictional-three-shires-board 2024-06-17",
    "show decisions",
    "show decisions bch --pending",
    "show contributions east-midlands --year 2020/21",
    "show contributions east-midlands --year 2020/21 --table shares",
    "show budget bch",
    "show budget bch --year 2017/18",
    "show budget fictional-three-shires",
    "show budget bodies/isle-of-wight-council --year 2004/05",
    "show deadlines",
    "show attention",
    "show recommendations --all",
    "show benefits",
    "show approvals --all",
    "show proposal 01900000-0000-7000-8000-000000000102",
    "show proposal 01900000-0000-7000-8000-000000000108",
    "show virements",
    "show breaches",
    "show notices --all",
    "show checks",
    "show differences",
    "show settlements",
    "show mandates --all",
    "show sources",
    "history",
    "history collaborations/fictional-three-shires",
    "audit diff --from 2017-01-01 --to 2021-01-01",
    "audit replay collaborations/fictional-three-shires",
    "audit who",
    "whoami",
];

fn with_all_books() -> (Serving, tempfile::TempDir) {
    let (serving, dir) = register();
    let mut files = books().to_vec();
    files.extend([councils(), monitoring(), walkthrough()]);
    serving.record(&files);
    (serving, dir)
}

fn printed(serving: &Serving, question: &str, columns: u16) -> String {
    let output = program()
        .args(question.split(' '))
        .args(["--server", &serving.url])
        .env("COLUMNS", columns.to_string())
        .output()
        .expect("the program");
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{question}: {stderr}");
    String::from_utf8(output.stdout).expect("text")
}

/// How often each word is in a text, without the lines of its tables. The colon after a
/// title that has no column, and the point between two values, are none of the words.
fn words(text: &str) -> BTreeMap<&str, usize> {
    let mut words = BTreeMap::new();
    for word in text.split([' ', '\n', '│', '┆']) {
        let is_drawn = |c: char| ('\u{2500}'..='\u{257f}').contains(&c) || c == '·';
        let word = word.trim_end_matches(':');
        if !word.is_empty() && !word.chars().all(is_drawn) {
            *words.entry(word).or_default() += 1;
        }
    }
    words
}

/// Whether a text has every word of another as often. An address that is longer than a line
/// may be broken.
fn missing<'t>(text: &str, columns: u16, wide: &'t str) -> Vec<&'t str> {
    let there = words(text);
    let whole: String = text.split([' ', '\n', '│']).collect();
    let is_there = |word: &str, times: usize| {
        let is_address = word.contains("://") && word.width() + 8 > columns.into();
        there.get(word).is_some_and(|found| *found >= times)
            || (is_address && whole.matches(word).count() >= times)
    };
    let wanted = words(wide).into_iter();
    wanted
        .filter_map(|(word, times)| (!is_there(word, times)).then_some(word))
        .collect()
}

fn fits(question: &str, columns: u16, text: &str, wide: &str) -> Vec<String> {
    let mut wrong = Vec::new();
    for line in text.lines().filter(|line| line.width() > columns.into()) {
        wrong.push(format!("{question} at {columns}: too wide: {line}"));
    }
    // Who has read the log changes as one asks.
    let wide = if question == "audit who" { "" } else { wide };
    for word in missing(text, columns, wide) {
        wrong.push(format!(
            "{question} at {columns}: {word} is broken or missing"
        ));
    }
    wrong
}

#[test]
fn every_view_fits_and_breaks_no_word() {
    let (serving, _dir) = with_all_books();
    let mut wrong = Vec::new();
    for question in QUESTIONS {
        let wide = printed(&serving, question, UNLIMITED);
        assert!(!wide.trim().is_empty(), "{question} prints nothing");
        for columns in WIDTHS {
            let text = printed(&serving, question, columns);
            wrong.extend(fits(question, columns, &text, &wide));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn an_explanation_fits() {
    let (serving, dir) = with_all_books();
    let book = dir.path().join("book.json");
    let made = json!({
        "virementId": "a-virement-with-a-long-id-that-nobody-has-agreed-to-before",
        "virement": {
            "financialYear": "2024/25",
            "sources": [{
                "head": {"serviceId": "forensics", "head": "Staff"},
                "amountPence": "10000001",
            }],
            "targets": [{
                "head": {"serviceId": "dogs", "head": "Kennels"},
                "amountPence": "10000001",
            }],
        },
    });
    let subject = "collaborations/fictional-three-shires";
    let request = append(1, &[event(subject, "2024-12-02", "virementMade", made)]);
    std::fs::write(&book, json::to_string(&request)).expect("a book");
    let ask = |columns: u16| {
        let output = program()
            .args([
                "explain",
                book.to_str().expect("a path"),
                "--server",
                &serving.url,
            ])
            .env("COLUMNS", columns.to_string())
            .output()
            .expect("the program");
        String::from_utf8(output.stdout).expect("text")
    };
    let wide = ask(UNLIMITED);
    assert!(wide.contains("APPROVAL"), "{wide}");
    for columns in WIDTHS {
        let wrong = fits("explain", columns, &ask(columns), &wide);
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }
}

/// Names that are wide, that have combining marks, or that have no place to be broken.
#[test]
fn names_of_any_script_fit() {
    let (serving, _dir) = register();
    let names = [
        ("wide", "東京都千代田区".repeat(12)),
        ("marked", "Le\u{301}on ".repeat(30).trim_end().to_owned()),
        ("endless", "x".repeat(200)),
    ];
    for (tag, (id, name)) in (1..).zip(&names) {
        let body = json!({"kind": "BODY_KIND_OTHER", "name": name});
        let subject = format!("bodies/{id}");
        let registered = event(&subject, "2020-01-01", "bodyRegistered", body);
        let request = json::to_string(&append(tag, &[registered]));
        let output = fed(&serving, &["record", "-"], &request);
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{stderr}");
    }
    for question in [
        "show bodies",
        "show body endless",
        "show sources",
        "history",
    ] {
        for columns in WIDTHS {
            let text = printed(&serving, question, columns);
            let wrong = fits(question, columns, &text, "");
            assert!(wrong.is_empty(), "{}", wrong.join("\n"));
            let marks = |text: &str| text.matches(['東', 'x', '\u{301}']).count();
            let whole = printed(&serving, question, UNLIMITED);
            assert_eq!(marks(&text), marks(&whole), "{question} at {columns}");
        }
    }
}
