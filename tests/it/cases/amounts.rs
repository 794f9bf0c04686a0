//! Amounts and shares that a source does not give exactly: kept as given, never as £0.

use minutebook::views;
use minutebook::wire::proto::{AmountIs, DifferenceKind, SharesAre};
use serde_json::{Value, json};

use super::at;
use crate::given::{Given, bodies, collaboration, event, judged, on_x};

fn alliance() -> Given {
    let mut events = bodies();
    events.push(collaboration(&["a-pcc", "b-pcc", "c-pcc"]));
    events.push(on_x(
        "2014",
        "serviceAdded",
        json!({ "serviceId": "s", "name": "S" }),
    ));
    Given::recorded(&events)
}

fn formula(shares: &[(&str, u32)], shares_are: &str) -> Value {
    let shares: Vec<Value> = shares
        .iter()
        .map(|(body, ppm)| json!({ "bodyId": body, "sharePpm": ppm }))
        .collect();
    let mut payload =
        json!({ "serviceId": "s", "financialYear": "2014/15", "basis": "NRE", "shares": shares });
    if !shares_are.is_empty() {
        payload["sharesAre"] = format!("SHARES_ARE_{shares_are}").into();
    }
    on_x("2014-04-01", "fundingFormulaSet", payload)
}

#[test]
fn shares_are_kept_as_printed_or_as_far_as_they_are_known() {
    let thirds = [("a-pcc", 330_000), ("b-pcc", 330_000), ("c-pcc", 330_000)];
    let one = [("a-pcc", 419_800)];
    let mut given = alliance();
    judged(
        &given,
        &[
            (
                "99 % as if exact",
                formula(&thirds, ""),
                &["SHARES_NOT_WHOLE"],
            ),
            ("99 % as printed", formula(&thirds, "ROUNDED"), &[]),
            (
                "90 % is no rounding",
                formula(&[("a-pcc", 450_000), ("b-pcc", 450_000)], "ROUNDED"),
                &["SHARES_NOT_WHOLE"],
            ),
            ("one of several", formula(&one, "INCOMPLETE"), &[]),
            (
                "one of several as if rounded",
                formula(&one, "ROUNDED"),
                &["SHARES_NOT_WHOLE"],
            ),
            (
                "all, called incomplete",
                formula(&[("a-pcc", 1_000_000)], "INCOMPLETE"),
                &["SHARES_NOT_WHOLE"],
            ),
        ],
    );
    given.record(&[formula(&thirds, "ROUNDED")]);
    let differences = views::differences::list(&at(&given, "2014-05-01"), None);
    assert_eq!(differences.len(), 1);
    assert_eq!(differences[0].kind(), DifferenceKind::Shares);
    assert!(
        differences[0].what.contains("99 %"),
        "{}",
        differences[0].what
    );
    let view = views::collaboration::get(&at(&given, "2014-05-01"), &"x".parse().unwrap()).unwrap();
    assert_eq!(view.formulas[0].total_ppm, 990_000);
    assert_eq!(view.formulas[0].shares_are(), SharesAre::Rounded);
    given.record(&[formula(&one, "INCOMPLETE")]);
    assert!(views::differences::list(&at(&given, "2014-05-01"), None).is_empty());
}

#[test]
fn savings_may_be_about_at_least_or_not_given_and_of_unknown_length() {
    let mut given = alliance();
    let savings = |id: &str, extra: Value| {
        let mut savings = json!({ "fromYear": "2014/15", "description": id });
        savings
            .as_object_mut()
            .unwrap()
            .extend(extra.as_object().unwrap().clone());
        on_x(
            "2014-04-01",
            "savingsPlanned",
            json!({ "savingsId": id, "savings": savings }),
        )
    };
    given.record(&[
        savings(
            "a",
            json!({ "amountIs": "AMOUNT_IS_NOT_GIVEN", "openEnded": true }),
        ),
        savings(
            "b",
            json!({ "amountPence": "100", "amountIs": "AMOUNT_IS_AT_LEAST" }),
        ),
    ]);
    for (id, extra) in [
        ("r1", json!({ "amountPence": "40" })),
        ("r2", json!({ "amountIs": "AMOUNT_IS_NOT_GIVEN" })),
    ] {
        let mut savings = json!({ "fromYear": "2014/15", "description": id });
        savings
            .as_object_mut()
            .unwrap()
            .extend(extra.as_object().unwrap().clone());
        given.record(&[on_x(
            "2015-04-01",
            "savingsRealised",
            json!({ "savingsId": id, "planId": "b", "savings": savings }),
        )]);
    }
    let (_, views) = views::benefits::list(&at(&given, "2016-01-01"), None);
    assert_eq!(views[0].planned_pence, None);
    assert_eq!(views[0].planned_is(), AmountIs::NotGiven);
    assert_eq!(views[0].to_year, "");
    assert_eq!(views[1].planned_pence, Some(100));
    assert_eq!(views[1].planned_is(), AmountIs::AtLeast);
    assert_eq!(views[1].realised_pence, 40);
    assert_eq!(
        views[1].realised_is(),
        AmountIs::AtLeast,
        "a part of it is not given"
    );
}

#[test]
fn nothing_to_compare_is_no_difference_and_a_bound_is_no_amount() {
    let budget = |stated: Value, lines: Value| {
        event(
            "bodies/council",
            "2016-04-01",
            "budgetApproved",
            json!({ "figures": { "financialYear": "2016/17", "stated": [stated], "lines": lines } }),
        )
    };
    let differences = |stated: Value, lines: Value| {
        let mut given = Given::recorded(&bodies());
        given.record(&[budget(stated, lines)]);
        views::differences::list(&at(&given, "2016-05-01"), None).len()
    };
    let line = |pence: &str| json!([{ "head": "x", "amountPence": pence }]);
    assert_eq!(
        differences(json!({ "amountPence": "500" }), json!([])),
        0,
        "nothing to compare"
    );
    assert_eq!(differences(json!({ "amountPence": "500" }), line("400")), 1);
    assert_eq!(
        differences(
            json!({ "amountPence": "500", "amountIs": "AMOUNT_IS_AT_LEAST" }),
            line("600")
        ),
        0
    );
    assert_eq!(
        differences(
            json!({ "amountPence": "500", "amountIs": "AMOUNT_IS_AT_LEAST" }),
            line("400")
        ),
        1
    );
    assert_eq!(
        differences(
            json!({ "amountPence": "500", "amountIs": "AMOUNT_IS_ABOUT" }),
            line("400")
        ),
        0
    );
}
