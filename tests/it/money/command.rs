//! Who pays, as the command writes it: tables, CSV and JSON.

use serde_json::{Value, json};

use crate::program::{Serving, register};

const EVENTS: &str = include_str!("../../golden/entry-v1-payers.json");

fn roads() -> (Serving, tempfile::TempDir) {
    let (serving, dir) = register();
    let events: Value = serde_json::from_str(EVENTS).unwrap();
    let append = json!({ "requestId": "0190a000-0000-7000-8000-0000000000aa",
                         "recordedBy": "Finance team", "events": events });
    let file = dir.path().join("roads.json");
    std::fs::write(&file, append.to_string()).unwrap();
    serving.record(&[file]);
    (serving, dir)
}

fn show(serving: &Serving, more: &[&str]) -> String {
    let question = [
        "show",
        "contributions",
        "roads",
        "--year",
        "2019/20",
        "--as-at",
        "2020-07-01",
    ];
    serving.prints(&[&question, more].concat())
}

#[test]
fn a_treasurer_reads_who_pays_as_csv_json_and_tables() {
    let (serving, _dir) = roads();
    // £100,000.01 by hours, at least £500, and at most 55 % for Ash: Ash has its maximum,
    // Oak its minimum, and Elm bears the rest. £50,000 by length, at most £29,000 for Elm.
    // £1,000 by the formula of the whole.
    assert_eq!(
        show(&serving, &["--format", "csv"]),
        "body,total,by_formula,overspend_charged,invoiced,paid,due,overdue\n\
         ash,,55500.01,,,,,\n\
         elm,,73800.00,,38000.00,10000.00,38000.00,28000.00\n\
         oak,,21700.00,300.00,25300.00,6000.00,25300.00,19300.00\n\
         total,,151000.01,300.00,63300.00,16000.00,63300.00,47300.00\n\
         stated,,,,,,,\n\
         difference,,,,,,,\n"
    );
    let shares = show(&serving, &["--table", "shares", "--format", "csv"]);
    assert!(
        shares.starts_with("service,body,basis,share,used,original,by_formula,revised,"),
        "{shares}"
    );
    assert!(
        shares.contains("\ngritting,oak,Hours of gritting,0.0623,0.125,,500.00,"),
        "{shares}"
    );
    let lines = show(&serving, &["--table", "lines", "--format", "csv"]);
    assert!(
        lines.contains("\ngritting,Salt,revenue,elm,44500.00\n"),
        "{lines}"
    );
    let invoices = show(&serving, &["--table", "invoices", "--format", "csv"]);
    assert!(
        invoices.contains(
            "\nelm-1,elm,gritting,contribution,2019-05-01,2,2019-12,30000.00,2000.00,28000.00,yes,\
             SI-0041,ash,,2019/20\n"
        ),
        "{invoices}"
    );
    let payments = show(&serving, &["--table", "payments", "--format", "csv"]);
    assert_eq!(payments.lines().count(), 5, "{payments}");
    assert!(
        payments.contains("\nbank-3,oak,2019-09-01,-1000.00,,,Returned,no,2019/20\n"),
        "{payments}"
    );
    let answer: Value = serde_json::from_str(&show(&serving, &["--format", "json"])).unwrap();
    let view = &answer["contributions"];
    assert_eq!(view["payers"][1]["overduePence"], "2800000");
    assert_eq!(view["payers"][0].get("invoicedPence"), None);
    assert_eq!(
        view["sharedCosts"][0]["parts"][1]["byFormulaPence"],
        "4450000"
    );
    let table = show(&serving, &[]);
    for part in [
        "Who pays for 2019/20",
        "By formula",
        "By Hours of gritting: Gritting.",
        "Ash Council bears at least 10% of the cost and at most 55% of the cost.",
        "each other body bears at least £500.",
        "Invoices",
        "Payments",
    ] {
        assert!(table.contains(part), "{part}: {table}");
    }
    let only = show(&serving, &["--table", "payments"]);
    assert!(
        only.contains("bank-1") && !only.contains("Who pays"),
        "{only}"
    );
}
