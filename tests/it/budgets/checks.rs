//! Checks that a finance officer would run.

use minutebook::views::checks::{self, Asked};
use serde_json::json;

use super::{acknowledged, adjusted, alliance, at, budget, forecast, moved, outturn};
use crate::given::{Given, on_x};

fn found(given: &Given, day: &str) -> Vec<(String, String)> {
    let all = checks::list(&at(given, day), &Asked::default());
    let all = all.into_iter();
    all.map(|check| {
        let kind = check.kind().as_str_name().replace("CHECK_KIND_", "");
        (kind, check.what)
    })
    .collect()
}

fn kinds(given: &Given, day: &str) -> Vec<String> {
    found(given, day)
        .into_iter()
        .map(|(kind, _)| kind)
        .collect()
}

#[test]
fn heads_that_were_overdrawn_are_listed_with_the_amount() {
    let mut given = alliance();
    given.record(&[budget("2018-04-01", &[("dogs/Pay", 1_000), ("cats", 500)])]);
    assert_eq!(kinds(&given, "2018-05-01"), [""; 0]);
    given.record(&[acknowledged(moved(
        "2018-06-01",
        "v",
        "cats",
        "dogs/Pay",
        700,
    ))]);
    given.record(&[acknowledged(moved(
        "2018-06-02",
        "w",
        "/Vans",
        "dogs/Pay",
        9,
    ))]);
    assert_eq!(
        found(&given, "2018-06-30"),
        [
            ("HEAD_OVERDRAWN", "Cats: overdrawn by £2 in 2018/19"),
            (
                "HEAD_NOT_BUDGETED",
                "Vans: £0.09 left a head that no budget of 2018/19 has"
            ),
        ]
        .map(|(kind, what)| (kind.to_owned(), what.to_owned()))
    );
    let one = &checks::list(&at(&given, "2018-06-30"), &Asked::default())[0];
    assert_eq!((one.amount_pence, one.positions.len()), (Some(-200), 2));
    // Put right, it is listed no more.
    given.record(&[adjusted(
        "2018-07-01",
        "a",
        "FROM_RESERVE",
        &[("cats", 200), ("/Vans", 9)],
    )]);
    assert_eq!(kinds(&given, "2018-07-01"), [""; 0]);
}

#[test]
fn a_budget_may_set_a_head_below_zero() {
    let mut given = alliance();
    given.record(&[budget(
        "2018-04-01",
        &[("dogs", 1_000), ("/Savings to be found", -50)],
    )]);
    assert_eq!(kinds(&given, "2018-05-01"), [""; 0]);
}

#[test]
fn what_pays_for_a_budget_is_held_against_it() {
    let paid = |pence: [i64; 2]| {
        let cell = |body: &str, pence: i64| json!({ "serviceId": "cats", "bodyId": body, "amountPence": pence.to_string() });
        let figures = json!({
            "financialYear": "2018/19",
            "lines": [{ "serviceId": "cats", "amountPence": "500" }],
            "contributions": [cell("a-pcc", pence[0]), cell("b-pcc", pence[1])],
        });
        on_x(
            "2018-04-01",
            "budgetApproved",
            json!({ "figures": figures }),
        )
    };
    let mut given = alliance();
    given.record(&[paid([300, 150])]);
    assert_eq!(kinds(&given, "2018-05-01"), ["CONTRIBUTIONS_DIFFER"]);
    // A grant may make it up.
    let grant = json!({ "grantId": "g", "purpose": "Dogs", "amountPence": "50", "financialYear": "2018/19" });
    given.record(&[on_x("2018-04-02", "grantAwarded", grant)]);
    assert_eq!(kinds(&given, "2018-05-01"), [""; 0]);
    given.record(&[adjusted(
        "2018-06-01",
        "a",
        "SUPPLEMENTARY",
        &[("cats", 40)],
    )]);
    assert_eq!(kinds(&given, "2018-07-01"), ["BUDGET_NOT_BALANCED"]);
    given.record(&[adjusted("2018-06-02", "b", "FROM_RESERVE", &[("cats", 40)])]);
    assert_eq!(
        kinds(&given, "2018-07-01").len(),
        1,
        "a reserve pays for its own"
    );
}

#[test]
fn days_that_passed_are_listed() {
    let mut given = alliance();
    given.record(&[budget("2018-04-01", &[("cats", 500)])]);
    let of = |given: &Given, day| kinds(given, day).join(" ");
    assert_eq!(of(&given, "2018-07-01"), "");
    assert_eq!(
        of(&given, "2018-07-02"),
        "FORECAST_OLD",
        "a quarter has passed"
    );
    given.record(&[forecast("2018-07-02", &[("cats", 490)])]);
    assert_eq!(of(&given, "2018-10-02"), "");
    assert_eq!(of(&given, "2018-10-03"), "FORECAST_OLD");
    assert_eq!(of(&given, "2019-06-30"), "");
    assert_eq!(of(&given, "2019-07-01"), "OUTTURN_MISSING");
    let six = Asked {
        outturn_months: Some(6),
        ..Asked::default()
    };
    assert!(checks::list(&at(&given, "2019-07-01"), &six).is_empty());
    given.record(&[moved("2019-04-02", "v", "cats", "dogs", 5)]);
    given.record(&[outturn("2019-07-01", &[("cats", 480)])]);
    assert_eq!(of(&given, "2019-07-01"), "VIREMENT_AFTER_YEAR");
    let other = Asked {
        year: Some("2017/18".parse().unwrap()),
        ..Asked::default()
    };
    assert!(checks::list(&at(&given, "2019-07-01"), &other).is_empty());
}

#[test]
fn a_virement_that_is_recorded_twice_is_listed() {
    let mut given = alliance();
    given.record(&[budget("2018-04-01", &[("cats", 500)])]);
    given.record(&[moved("2018-05-01", "v", "cats", "dogs", 5)]);
    given.record(&[moved("2018-05-02", "w", "cats", "dogs", 5)]);
    assert_eq!(kinds(&given, "2018-06-01"), [""; 0]);
    given.record(&[moved("2018-05-02", "again", "cats", "dogs", 5)]);
    assert_eq!(kinds(&given, "2018-06-01"), ["MOVED_TWICE"]);
}

#[test]
fn a_payment_that_is_recorded_twice_is_listed() {
    let paid = |on: &str, id: &str, reference: &str| {
        let payload = json!({
            "paymentId": id, "bodyId": "a-pcc", "financialYear": "2018/19", "amountPence": "500",
            "reference": reference,
        });
        on_x(on, "contributionPaid", payload)
    };
    let mut given = alliance();
    given.record(&[paid("2018-05-01", "one", "Q1")]);
    given.record(&[paid("2018-05-01", "two", "Q2")]);
    given.record(&[paid("2018-05-02", "three", "Q1")]);
    assert_eq!(kinds(&given, "2018-06-01"), [""; 0]);
    given.record(&[paid("2018-05-01", "four", "Q1")]);
    assert_eq!(kinds(&given, "2018-06-01"), ["PAID_TWICE"]);
}

#[test]
fn running_totals_are_kept_by_year_head_service_and_approver() {
    let mut given = alliance();
    given.record(&[budget("2018-04-01", &[("dogs/Pay", 1_000), ("cats", 500)])]);
    given.record(&[moved("2018-05-01", "v", "dogs/Pay", "dogs/Kit", 300)]);
    given.record(&[moved("2018-06-01", "w", "dogs/pay", "cats", 50)]);
    given.record(&[moved("2018-07-01", "x", "cats", "@a-pcc", 20)]);
    given.record(&[moved("2018-08-01", "y", "cats", "dogs/Kit", 7)]);
    given.record(&[super::reversed("2018-09-01", "y")]);
    let totals = minutebook::views::virement_totals::list(&at(&given, "2018-12-31"), None);
    let found: Vec<_> = totals
        .iter()
        .map(|one| {
            let service = one
                .service
                .as_ref()
                .map_or("", |service| service.service_id.as_str());
            let head = one.head.as_ref().map(|head| head.head.as_str());
            (
                service,
                head,
                one.count,
                one.out_pence,
                one.in_pence,
                one.returned_pence,
            )
        })
        .collect();
    assert_eq!(
        found,
        [
            ("", None, 3, 370, 350, 20),
            ("cats", Some(""), 2, 20, 50, 0),
            ("dogs", Some("Kit"), 1, 0, 300, 0),
            ("dogs", Some("Pay"), 2, 350, 0, 0),
            ("cats", None, 2, 20, 50, 0),
            ("dogs", None, 2, 350, 300, 0),
        ]
    );
}

#[test]
fn a_formula_that_does_not_total_the_whole_is_listed() {
    let mut given = alliance();
    let shares = json!([{ "bodyId": "a-pcc", "sharePpm": 333000 }, { "bodyId": "b-pcc", "sharePpm": 666000 }]);
    let formula = json!({ "financialYear": "2018/19", "basis": "Population", "shares": shares, "sharesAre": "SHARES_ARE_ROUNDED" });
    given.record(&[on_x("2018-04-01", "fundingFormulaSet", formula)]);
    assert_eq!(kinds(&given, "2018-05-01"), ["FORMULA_NOT_WHOLE"]);
}
