//! Only like with like: a report is compared with the budget of what it covers.

use serde_json::{Value, json};

use super::{YEAR, alliance, amounts, budget, forecast, moved, outturn, year};
use crate::given::{Given, on_x};

fn budgeted() -> Given {
    let mut given = alliance();
    given.record(&[budget(
        "2018-04-01",
        &[("dogs/Pay", 1_000), ("dogs/Kit", 300), ("cats", 500)],
    )]);
    given
}

fn stated(on: &str, figures: Value) -> Value {
    let mut figures = figures;
    figures["financialYear"] = YEAR.into();
    on_x(on, "forecastReported", json!({ "figures": figures }))
}

/// The comparison of the last forecast: its part, the budget of that, the variance.
fn compared(given: &Given) -> (Option<i64>, Option<i64>, Option<i64>, Vec<String>) {
    let year = year(given, "2019-03-31");
    let last = year.forecasts.last().expect("a forecast").clone();
    (
        last.compared_pence,
        last.budget_pence,
        last.against_budget_pence,
        last.left_out,
    )
}

#[test]
fn a_forecast_of_a_part_is_compared_with_that_part() {
    let words = |words: &[&str]| words.iter().map(ToString::to_string).collect::<Vec<_>>();
    for (name, event, expected) in [
        (
            "one head",
            forecast("2018-09-01", &[("dogs/Kit", 350)]),
            (
                Some(350),
                Some(300),
                Some(50),
                words(&["Dogs: Pay", "Cats"]),
            ),
        ),
        (
            "a service by its name",
            forecast("2018-09-01", &[("dogs", 1_250)]),
            (Some(1_250), Some(1_300), Some(-50), words(&["Cats"])),
        ),
        (
            "finer than the budget",
            forecast("2018-09-01", &[("cats/Food", 200), ("cats/Vet", 320)]),
            (
                Some(520),
                Some(500),
                Some(20),
                words(&["Dogs: Pay", "Dogs: Kit"]),
            ),
        ),
        (
            "all",
            forecast(
                "2018-09-01",
                &[("dogs", 1_300), ("cats", 510), ("/Vans", 7)],
            ),
            (Some(1_817), Some(1_800), Some(17), vec![]),
        ),
        (
            "no head of the budget",
            forecast("2018-09-01", &[("/Vans", 7)]),
            (None, None, None, words(&["Dogs: Pay", "Dogs: Kit", "Cats"])),
        ),
        (
            "the whole as printed",
            stated(
                "2018-09-01",
                json!({ "stated": [{ "amountPence": "1790" }] }),
            ),
            (Some(1_790), Some(1_800), Some(-10), vec![]),
        ),
        (
            "a part as printed",
            stated(
                "2018-09-01",
                json!({
                    "stated": [{ "amountPence": "1290" }], "covers": { "serviceIds": ["dogs"] },
                }),
            ),
            (Some(1_290), Some(1_300), Some(-10), words(&["Cats"])),
        ),
        (
            "one body's part",
            stated(
                "2018-09-01",
                json!({
                    "stated": [{ "amountPence": "1290" }], "covers": { "bodyIds": ["a-pcc"] },
                }),
            ),
            (None, None, None, words(&["Dogs: Pay", "Dogs: Kit", "Cats"])),
        ),
    ] {
        let mut given = budgeted();
        given.record(&[event]);
        assert_eq!(compared(&given), expected, "{name}");
    }
}

#[test]
fn a_report_is_compared_with_the_budget_of_its_day() {
    let mut given = budgeted();
    given.record(&[forecast("2018-09-01", &[("dogs/Kit", 350)])]);
    given.record(&[moved("2018-10-01", "v", "cats", "dogs/Kit", 100)]);
    assert_eq!(compared(&given).2, Some(50));
    // The line itself is held against the budget as it is now.
    assert_eq!(
        amounts(&given, "2018-12-31", "dogs/Kit").variance_pence,
        Some(-50)
    );
}

#[test]
fn the_last_report_of_each_line_counts_and_earlier_ones_are_kept() {
    let mut given = budgeted();
    given.record(&[forecast("2018-09-01", &[("dogs/Kit", 350), ("cats", 480)])]);
    given.record(&[forecast("2018-11-01", &[("dogs/Kit", 320)])]);
    let forecast_of = |head| amounts(&given, "2018-12-31", head).forecast_pence;
    assert_eq!(
        (forecast_of("dogs/Kit"), forecast_of("cats")),
        (Some(320), Some(480))
    );
    assert_eq!(
        amounts(&given, "2018-10-01", "dogs/Kit").forecast_pence,
        Some(350)
    );
    let year = year(&given, "2018-12-31");
    assert_eq!(year.forecasts.len(), 2);
    assert_eq!(
        year.amounts.unwrap().forecast_pence,
        None,
        "none covers the whole"
    );
}

#[test]
fn a_total_alone_is_the_figure_and_contradicts_nothing() {
    let mut given = alliance();
    let total = json!({ "financialYear": YEAR, "stated": [{ "amountPence": "43595" }] });
    given.record(&[on_x(
        "2018-04-01",
        "budgetApproved",
        json!({ "figures": total }),
    )]);
    given.record(&[stated(
        "2018-11-01",
        json!({ "stated": [{ "amountPence": "43706" }] }),
    )]);
    given.record(&[outturn("2019-05-01", &[("/All services", 43_515)])]);
    let year = year(&given, "2019-06-01");
    assert_eq!(year.total_pence, Some(43_595));
    assert!(!year.stated[0].is_compared);
    assert_eq!(year.forecasts[0].against_budget_pence, Some(111));
    assert_eq!(year.outturns[0].against_budget_pence, Some(-80));
    // The part of one service is not in the total by itself.
    given.record(&[forecast("2018-12-01", &[("dogs", 100)])]);
    assert_eq!(compared(&given).1, None);
}

#[test]
fn what_is_not_given_is_blank() {
    let mut given = alliance();
    given.record(&[forecast("2018-09-01", &[("dogs", 350)])]);
    let year = year(&given, "2018-12-31");
    assert_eq!(year.total_pence, None);
    let amounts = year.amounts.unwrap();
    assert_eq!(
        (amounts.original_pence, amounts.revised_pence),
        (None, None)
    );
    assert_eq!(year.forecasts[0].figure_pence, Some(350));
    given.record(&[stated(
        "2018-10-01",
        json!({
            "variances": [{ "amountPence": "-30", "sign": "VARIANCE_SIGN_SPENT_LESS_BUDGET" }],
        }),
    )]);
    let year = super::year(&given, "2018-12-31");
    assert_eq!(year.forecasts[1].figure_pence, None);
    assert_eq!(year.forecasts[1].variances[0].stated_pence, -30);
    assert_eq!(year.forecasts[1].variances[0].computed_pence, None);
}

#[test]
fn variances_by_line_and_body_have_their_sign() {
    let mut given = alliance();
    let cells = |amounts: [i64; 2]| {
        json!([
            { "serviceId": "cats", "bodyId": "a-pcc", "amountPence": amounts[0].to_string() },
            { "serviceId": "cats", "bodyId": "b-pcc", "amountPence": amounts[1].to_string() },
        ])
    };
    let set = json!({ "financialYear": YEAR, "contributions": cells([300, 200]) });
    given.record(&[on_x(
        "2018-04-01",
        "budgetApproved",
        json!({ "figures": set }),
    )]);
    let variance = |scope: Value, pence: i64, sign: &str| {
        let mut variance = scope;
        variance["amountPence"] = pence.to_string().into();
        variance["sign"] = format!("VARIANCE_SIGN_{sign}").into();
        variance
    };
    let figures = json!({ "contributions": cells([346, 194]), "variances": [
        variance(json!({ "bodyId": "a-pcc" }), 46, "SPENT_LESS_BUDGET"),
        variance(json!({ "bodyId": "b-pcc", "serviceId": "cats" }), 6, "BUDGET_LESS_SPENT"),
        variance(json!({}), 111, "SPENT_LESS_BUDGET"),
    ] });
    given.record(&[stated("2018-11-01", figures)]);
    let forecast = year(&given, "2018-12-31").forecasts.remove(0);
    let computed: Vec<_> = forecast
        .variances
        .iter()
        .map(|one| one.computed_pence)
        .collect();
    assert_eq!(computed, [Some(46), Some(6), Some(40)]);
    let differences = minutebook::views::differences::list(&super::at(&given, "2018-12-31"), None);
    let found: Vec<_> = differences
        .iter()
        .map(|one| (one.kind().as_str_name(), one.difference_pence))
        .collect();
    assert_eq!(found, [("DIFFERENCE_KIND_VARIANCE", -71)]);
}

#[test]
fn an_early_outturn_is_a_forecast_and_the_status_of_a_late_one_is_shown() {
    let mut given = budgeted();
    given.record(&[outturn("2018-12-01", &[("cats", 480)])]);
    let mut audited = outturn("2019-09-01", &[("cats", 470)]);
    audited["outturnReported"]["status"] = "OUTTURN_STATUS_AUDITED".into();
    given.record(&[outturn("2019-04-20", &[("cats", 475)]), audited]);
    let year = year(&given, "2019-10-01");
    assert_eq!((year.forecasts.len(), year.outturns.len()), (1, 2));
    assert_eq!(
        year.outturns[1].status().as_str_name(),
        "OUTTURN_STATUS_AUDITED"
    );
    assert_eq!(
        amounts(&given, "2019-10-01", "cats").outturn_pence,
        Some(470)
    );
}
