//! Heads are real: money leaves only a head that the budget has, and no more than it has.

use serde_json::json;

use super::{
    acknowledged, adjusted, alliance, amounts, budget, forecast, moved, reversed, view, year,
};
use crate::given::{Given, judged, on_x};

fn budgeted() -> Given {
    let mut given = alliance();
    given.record(&[budget(
        "2018-04-01",
        &[("dogs/Pay", 1_000), ("dogs/Kit", 300), ("cats", 500)],
    )]);
    given
}

#[test]
fn money_leaves_only_heads_that_the_budget_has_and_no_more_than_they_have() {
    let given = budgeted();
    judged(
        &given,
        &[
            (
                "all of it",
                moved("2018-07-01", "v", "dogs/Pay", "cats", 1_000),
                &[],
            ),
            (
                "a penny more",
                moved("2018-07-01", "v", "dogs/Pay", "cats", 1_001),
                &["HEAD_OVERDRAWN"],
            ),
            (
                "the name as others write it",
                moved("2018-07-01", "v", "dogs/PAY", "cats", 1),
                &[],
            ),
            (
                "an unknown head",
                moved("2018-07-01", "v", "dogs/Vans", "cats", 1),
                &["HEAD_NOT_IN_BUDGET"],
            ),
            (
                "the service as a whole",
                moved("2018-07-01", "v", "dogs", "cats", 1_300),
                &[],
            ),
            (
                "more than the whole",
                moved("2018-07-01", "v", "dogs", "cats", 1_301),
                &["HEAD_OVERDRAWN"],
            ),
            (
                "within what is not divided",
                moved("2018-07-01", "v", "cats/Food", "dogs/Pay", 500),
                &[],
            ),
            (
                "more than that",
                moved("2018-07-01", "v", "cats/Food", "dogs/Pay", 501),
                &["HEAD_OVERDRAWN"],
            ),
            (
                "to a new head",
                moved("2018-07-01", "v", "cats", "dogs/Vans", 1),
                &[],
            ),
            (
                "another year's budget is unknown",
                {
                    let mut event = moved("2019-07-01", "v", "dogs/Vans", "cats", 1);
                    event["virementMade"]["virement"]["financialYear"] = "2019/20".into();
                    event
                },
                &[],
            ),
            (
                "acknowledged",
                acknowledged(moved("2018-07-01", "v", "dogs/Pay", "cats", 9_000)),
                &[],
            ),
            (
                "an unknown head, acknowledged",
                acknowledged(moved("2018-07-01", "v", "dogs/Vans", "cats", 1)),
                &[],
            ),
            (
                "a cut",
                adjusted("2018-07-01", "a", "SUPPLEMENTARY", &[("dogs/Kit", -301)]),
                &["HEAD_OVERDRAWN"],
            ),
            (
                "to a reserve",
                adjusted("2018-07-01", "a", "TO_RESERVE", &[("dogs/Vans", -1)]),
                &["HEAD_NOT_IN_BUDGET"],
            ),
            (
                "a supplementary estimate adds a head",
                adjusted("2018-07-01", "a", "SUPPLEMENTARY", &[("dogs/Vans", 5)]),
                &[],
            ),
        ],
    );
}

#[test]
fn the_balance_counts_whichever_virement_is_recorded_first() {
    let (early, late) = (
        moved("2018-05-01", "e", "cats", "dogs/Pay", 400),
        moved("2018-06-01", "l", "cats", "dogs/Pay", 400),
    );
    for (first, second) in [(&early, &late), (&late, &early)] {
        let mut given = budgeted();
        given.record(std::slice::from_ref(first));
        judged(&given, &[("both", second.clone(), &["HEAD_OVERDRAWN"])]);
    }
    // Money that comes only later does not make up for it.
    let mut given = budgeted();
    given.record(&[
        late.clone(),
        adjusted("2018-07-01", "a", "SUPPLEMENTARY", &[("cats", 400)]),
    ]);
    judged(
        &given,
        &[
            ("before it came", early, &["HEAD_OVERDRAWN"]),
            (
                "after",
                moved("2018-08-01", "m", "cats", "dogs/Pay", 400),
                &[],
            ),
        ],
    );
}

#[test]
fn the_refusal_gives_the_figures() {
    let mut given = budgeted();
    given.record(&[moved("2018-06-01", "v", "cats", "dogs/Kit", 100)]);
    let refused = given.judge(&[moved("2018-05-01", "w", "cats", "dogs/Pay", 450)]);
    let refusal = format!("{:?}", refused.err());
    for part in [
        "HeadOverdrawn",
        "\"cats\"",
        "over: Pence(50)",
        "left: Pence(400)",
        "2018-06-01",
    ] {
        assert!(refusal.contains(part), "{part} in {refusal}");
    }
}

#[test]
fn a_reversal_cannot_take_what_has_been_moved_on() {
    let mut given = budgeted();
    given.record(&[moved("2018-06-01", "v", "cats", "dogs/Vans", 100)]);
    given.record(&[moved("2018-07-01", "w", "dogs/Vans", "dogs/Kit", 80)]);
    judged(
        &given,
        &[("moved on", reversed("2018-08-01", "v"), &["HEAD_OVERDRAWN"])],
    );
    given.record(&[reversed("2018-08-01", "w")]);
    judged(&given, &[("back again", reversed("2018-08-02", "v"), &[])]);
}

#[test]
fn income_that_is_raised_has_no_limit() {
    let mut given = alliance();
    given.record(&[budget(
        "2018-04-01",
        &[("+/Fees", -50), ("+/Grants", -10), ("cats", 100)],
    )]);
    // As "£30 of income from grants to fees": fees are to bring in 30 more, grants 30 less.
    given.record(&[moved("2018-07-01", "v", "+/Fees", "+/Grants", 30)]);
    let pence = |head| amounts(&given, "2018-12-31", head).revised_pence;
    assert_eq!((pence("+/Fees"), pence("+/Grants")), (Some(-80), Some(20)));
    judged(
        &given,
        &[("more", moved("2018-08-01", "w", "+/Fees", "cats", 900), &[])],
    );
}

fn defined(id: &str, name: &str, others: &[&str], parent: &str) -> serde_json::Value {
    let payload = json!({ "headId": id, "name": name, "otherNames": others, "parentId": parent });
    on_x("2018-01-01", "budgetHeadDefined", payload)
}

#[test]
fn one_head_has_many_names_and_parts() {
    let mut given = alliance();
    given.record(&[
        defined("employees", "Employees", &[], ""),
        defined("pay", "Pay", &["Salaries"], "employees"),
        defined("training", "Training", &[], "employees"),
    ]);
    given.record(&[budget(
        "2018-04-01",
        &[("/Salaries", 900), ("/Training", 100), ("/Rent", 50)],
    )]);
    given.record(&[moved("2018-07-01", "v", "/pay", "/Rent", 300)]);
    given.record(&[forecast("2018-09-01", &[("/PAY ", 650), ("/Training", 90)])]);
    let pay = amounts(&given, "2018-12-31", "/Pay");
    assert_eq!(
        (pay.revised_pence, pay.variance_pence),
        (Some(600), Some(50))
    );
    let year = year(&given, "2018-12-31");
    let group = year
        .groups
        .iter()
        .find(|group| group.head_id == "employees")
        .unwrap();
    let group = group.amounts.as_ref().unwrap();
    assert_eq!(
        (group.revised_pence, group.forecast_pence),
        (Some(700), Some(740))
    );
    assert_eq!(view(&given, "2018-12-31").heads.len(), 3);
    judged(
        &given,
        &[
            (
                "from the group as a whole",
                moved("2018-08-01", "w", "/Employees", "/Rent", 700),
                &[],
            ),
            (
                "more",
                moved("2018-08-01", "w", "/Employees", "/Rent", 701),
                &["HEAD_OVERDRAWN"],
            ),
            (
                "a name of another",
                defined("rent", "Rent", &["salaries"], ""),
                &["HEAD_NAMED_TWICE"],
            ),
            (
                "its own part",
                defined("employees", "Employees", &[], "pay"),
                &["SELF_REFERENCE"],
            ),
            (
                "an unknown parent",
                defined("rent", "Rent", &[], "premises"),
                &["UNKNOWN_ITEM"],
            ),
            (
                "defined again",
                defined("pay", "Pay", &["Salaries", "Wages"], "employees"),
                &[],
            ),
        ],
    );
}

#[test]
fn a_corrected_budget_that_overdraws_a_head_is_taken_and_shown() {
    let mut given = budgeted();
    let budget_position = given.register.tail().get();
    given.record(&[moved("2018-06-01", "v", "cats", "dogs/Kit", 400)]);
    let right = budget(
        "2018-04-01",
        &[("dogs/Pay", 1_000), ("dogs/Kit", 300), ("cats", 350)],
    );
    let corrected = json!({
        "position": budget_position.to_string(), "reason": "Misread.", "replacement": right,
    });
    given.record(&[on_x("", "entryCorrected", corrected)]);
    assert_eq!(
        amounts(&given, "2018-12-31", "cats").revised_pence,
        Some(-50)
    );
}
