//! A subject keeps its money in one currency, and no figure adds those of two.

use minutebook::domain::admit::Refusal;
use minutebook::views;
use minutebook::wire::summary::summary;
use serde_json::{Value, json};

use super::{alliance, at, contributions, formula, lines};
use crate::given::{Given, judged, on_x};
use crate::program::register;

fn in_euros(mut event: Value) -> Value {
    event["currency"] = "EUR".into();
    event
}

fn budgeted() -> Given {
    let mut given = alliance();
    given.record(&[in_euros(lines(
        "2024/25",
        &[("dogs", 100_000), ("cats", 5)],
    ))]);
    given
}

fn moved(pence: i64) -> Value {
    let side = |service: &str| json!({ "head": { "serviceId": service }, "amountPence": pence.to_string() });
    let virement = json!({ "financialYear": "2024/25", "sources": [side("dogs")],
                           "targets": [side("cats")] });
    let payload = json!({ "virementId": "v", "virement": virement });
    on_x("2024-07-01", "virementMade", payload)
}

#[test]
fn all_amounts_of_a_subject_are_in_one_currency() {
    let given = budgeted();
    judged(
        &given,
        &[
            ("in its own", in_euros(moved(1)), &[]),
            ("in sterling", moved(1), &["OTHER_CURRENCY"]),
            (
                "shares have no currency",
                formula("2024/25", "", &[("a-pcc", 1_000_000)]),
                &[],
            ),
        ],
    );
    // Another subject keeps its own.
    let mut budget = lines("2024/25", &[]);
    budget["subject"] = "bodies/a-pcc".into();
    budget["budgetApproved"]["figures"]["lines"] =
        json!([{ "head": "Kennels", "amountPence": "100" }]);
    judged(&given, &[("another subject", budget, &[])]);
}

#[test]
fn a_currency_that_was_wrong_is_corrected_with_its_entry() {
    let mut given = alliance();
    given.record(&[lines("2024/25", &[("dogs", 100_000)])]);
    let position = given.register.tail().get();
    let right = in_euros(lines("2024/25", &[("dogs", 100_000)]));
    let payload = json!({ "position": position.to_string(), "reason": "In euros",
                          "replacement": right });
    given.record(&[on_x("", "entryCorrected", payload)]);
    judged(
        &given,
        &[("in euros from then on", in_euros(moved(1)), &[])],
    );
    let x = "collaborations/x".parse().unwrap();
    let budget = views::budget::get(&at(&given, "2024-12-31"), &x, None).unwrap();
    assert_eq!(budget.currency, "EUR");
}

#[test]
fn words_have_the_sign_of_the_currency() {
    let mut given = budgeted();
    let Err(Refusal::Rules(findings)) = given.judge(&[in_euros(moved(100_001))]) else {
        panic!("taken");
    };
    let fault = findings[0].fault.to_string();
    assert!(
        fault.starts_with("€1,000.01 would leave the head dogs of 2024/25, which has €1,000"),
        "{fault}"
    );
    given.record(&[in_euros(moved(40))]);
    let line = summary(&given.entries.last().unwrap().event);
    assert!(line.contains("€0.40") && !line.contains('£'), "{line}");
}

#[test]
fn answers_name_the_currency() {
    let mut given = budgeted();
    given.record(&[
        formula("2024/25", "", &[("a-pcc", 600_000), ("b-pcc", 400_000)]),
        in_euros(moved(40)),
    ]);
    let view = at(&given, "2024-12-31");
    assert_eq!(
        contributions(&given, "2024-12-31", "2024/25").currency,
        "EUR"
    );
    let (virements, _) = views::virements::list(&view, None);
    assert!(!virements.is_empty() && virements.iter().all(|one| one.currency == "EUR"));
    let totals = views::virement_totals::list(&view, None);
    assert!(!totals.is_empty() && totals.iter().all(|one| one.currency == "EUR"));
}

#[test]
fn the_command_prints_it_and_a_column_names_it_for_programs() {
    let (serving, dir) = register();
    let bodies = ["sligo", "derry"].map(|id| {
        json!({ "subject": format!("bodies/{id}"), "effectiveOn": { "year": 2000 },
                "bodyRegistered": { "name": id, "kind": "BODY_KIND_COUNCIL" } })
    });
    let on = |kind: &str, payload: Value| {
        json!({ "subject": "collaborations/cross-border", kind: payload,
                "effectiveOn": { "year": 2024, "month": 1, "day": 1 } })
    };
    let established = json!({ "name": "Cross-border roads", "partyIds": ["sligo", "derry"],
                              "kind": "COLLABORATION_KIND_PARTNERSHIP" });
    let figures = json!({ "financialYear": "2024-01/2024-12",
                          "lines": [{ "head": "Salt", "amountPence": "123456" }] });
    let mut events = bodies.to_vec();
    events.push(on("collaborationEstablished", established));
    events.push(in_euros(on(
        "budgetApproved",
        json!({ "figures": figures }),
    )));
    let append = json!({ "requestId": "0190a000-0000-7000-8000-0000000000ab",
                         "recordedBy": "Finance team", "events": events });
    let file = dir.path().join("roads.json");
    std::fs::write(&file, append.to_string()).unwrap();
    serving.record(&[file]);
    let show = |more: &[&str]| {
        let budget = [
            "show",
            "budget",
            "collaborations/cross-border",
            "--as-at",
            "2024-07-01",
        ];
        serving.prints(&[&budget, more].concat())
    };
    let table = show(&[]);
    assert!(
        table.contains("€1,234.56") && !table.contains('£'),
        "{table}"
    );
    assert_eq!(
        show(&["--year", "2024-01/2024-12", "--format", "csv"]),
        "line,revised,currency\nSalt,1234.56,EUR\ntotal,1234.56,EUR\n"
    );
    assert!(show(&["--format", "json"]).contains("\"currency\": \"EUR\""));
}
