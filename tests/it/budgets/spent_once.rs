//! No money leaves twice, whichever of its names or levels it leaves by.

use serde_json::{Value, json};

use super::{adjusted, alliance, budget, moved};
use crate::given::{Given, judged, on_x};

fn defined(on: &str, id: &str, name: &str, other: &str, parent: &str) -> Value {
    let other: Vec<&str> = Some(other)
        .filter(|name| !name.is_empty())
        .into_iter()
        .collect();
    let payload = json!({ "headId": id, "name": name, "otherNames": other, "parentId": parent });
    on_x(on, "budgetHeadDefined", payload)
}

fn out(id: &str, from: &str, pence: i64) -> Value {
    moved("2018-07-01", id, from, "@a-pcc", pence)
}

fn recorded(events: &[Value]) -> Given {
    let mut given = alliance();
    given.record(events);
    given
}

#[test]
fn a_service_does_not_lose_more_than_all_of_its_lines_have() {
    let given = recorded(&[
        budget(
            "2018-04-01",
            &[("dogs", 1_000), ("dogs/Staff", 500), ("cats", 100)],
        ),
        out("v", "dogs", 1_000),
        out("w", "dogs/Kit", 500),
    ]);
    // The head that no budget names drew on what the line of the staff has.
    judged(
        &given,
        &[("again", out("z", "dogs/Staff", 500), &["HEAD_OVERDRAWN"])],
    );
}

#[test]
fn a_head_and_its_parts_have_the_money_of_the_parts() {
    let given = recorded(&[
        defined("2018-04-01", "pay", "Pay", "", ""),
        defined("2018-04-01", "ot", "Overtime", "", "pay"),
        budget("2018-04-01", &[("cats/Overtime", 1_000), ("dogs", 9_000)]),
        out("v", "cats/Pay", 1_000),
    ]);
    judged(
        &given,
        &[(
            "again",
            out("w", "cats/Overtime", 1_000),
            &["HEAD_OVERDRAWN"],
        )],
    );
}

#[test]
fn a_defined_head_opens_no_money_of_another_service() {
    let given = recorded(&[
        defined("2018-04-01", "pay", "Pay", "", ""),
        budget("2018-04-01", &[("cats/Pay", 1_000)]),
    ]);
    judged(
        &given,
        &[
            (
                "of another service",
                out("v", "dogs/Pay", 1_000),
                &["HEAD_NOT_IN_BUDGET"],
            ),
            ("of its own", out("v", "cats/Pay", 1_000), &[]),
            ("of any", out("v", "/Pay", 1_000), &[]),
        ],
    );
}

#[test]
fn a_head_keeps_what_left_it_under_a_name_that_it_no_longer_has() {
    let given = recorded(&[
        defined("2018-04-01", "staff", "Staff", "Pay", ""),
        budget("2018-04-01", &[("/Staff", 1_000), ("/Kit", 1_000)]),
        moved("2018-05-01", "v", "/Pay", "/Kit", 1_000),
        defined("2018-06-01", "staff", "Staff", "", ""),
    ]);
    judged(
        &given,
        &[("again", out("w", "/Staff", 1_000), &["HEAD_OVERDRAWN"])],
    );
}

#[test]
fn one_head_is_one_source_and_target_under_all_its_names() {
    let given = recorded(&[
        defined("2018-04-01", "staff", "Staff", "Pay", ""),
        budget("2018-04-01", &[("dogs/Staff", 1_000)]),
    ]);
    let to_itself = moved("2018-07-01", "v", "dogs/Staff", "dogs/Pay", 1);
    judged(&given, &[("to itself", to_itself, &["SELF_REFERENCE"])]);
}

#[test]
fn only_income_that_is_expected_is_moved() {
    let mut given = recorded(&[budget(
        "2018-04-01",
        &[("dogs", 1_000), ("+cats/Fees", -500)],
    )]);
    let move_from = |from: &str| moved("2018-07-01", "v", from, "dogs", 100);
    judged(
        &given,
        &[
            ("expected", move_from("+cats/Fees"), &[]),
            (
                "of nothing",
                move_from("+cats/Sales"),
                &["HEAD_NOT_IN_BUDGET"],
            ),
        ],
    );
    given.record(&[adjusted(
        "2018-06-01",
        "s",
        "SUPPLEMENTARY",
        &[("+cats/Sales", -50)],
    )]);
    judged(&given, &[("added since", move_from("+cats/Sales"), &[])]);
}

#[test]
fn a_later_budget_sets_a_head_anew_whatever_left_it_before() {
    let budgets = [
        budget("2018-04-01", &[("dogs", 700), ("cats", 100)]),
        budget("2018-10-01", &[("dogs", 200), ("cats", 100)]),
    ];
    let early = moved("2018-07-01", "v", "dogs", "cats", 700);
    let given = recorded(&budgets);
    judged(
        &given,
        &[
            ("all that it had then", early, &[]),
            (
                "more than it has since",
                moved("2018-11-01", "v", "dogs", "cats", 201),
                &["HEAD_OVERDRAWN"],
            ),
        ],
    );
}
