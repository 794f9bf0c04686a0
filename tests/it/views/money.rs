//! Computed sums beside printed ones, at the edges.

use minutebook::domain::ids::SubjectId;
use minutebook::views;
use minutebook::wire::proto::{DifferenceKind, DifferenceView};
use serde_json::{Value, json};

use super::{ALL, alliance};
use crate::given::{Given, on_x};

fn figures(lines: Value, contributions: Value, stated: Value) -> Value {
    json!({ "financialYear": "2020/21", "lines": lines,
            "contributions": contributions, "stated": stated })
}

fn budget(given: &mut Given, figures: Value) {
    let payload = json!({ "figures": figures });
    given.record(&[on_x("2020-04-01", "budgetApproved", payload)]);
}

fn differences(given: &Given) -> Vec<DifferenceView> {
    views::differences::list(&given.at("2026-01-01", ALL), None)
}

#[test]
fn a_matrix_sums_its_own_cells_whatever_the_budget_costs() {
    let mut given = alliance();
    budget(
        &mut given,
        figures(
            json!([{ "serviceId": "dogs", "amountPence": "500" }]),
            json!([{ "serviceId": "dogs", "bodyId": "a-pcc", "amountPence": "300" },
                   { "serviceId": "dogs", "bodyId": "b-pcc", "amountPence": "100" }]),
            json!([]),
        ),
    );
    let register_view = given.at("2020-04-01", ALL);
    let (x, year) = ("x".parse().unwrap(), "2020/21".parse().unwrap());
    let view = views::contributions::get(&register_view, &x, year).unwrap();
    assert_eq!(view.total_pence, 400, "the sum of all cells");
    assert_eq!(view.columns[0].share_ppm, 1_000_000);
    assert_eq!(view.rows[0].share_ppm, 750_000);
    let subject = SubjectId::Collaboration(x);
    let costs = views::budget::get(&register_view, &subject, None).unwrap();
    assert_eq!(
        costs.years[0].total_pence,
        Some(500),
        "the sum of its lines"
    );
}

#[test]
fn a_total_is_compared_with_figures_of_its_kind_and_with_nothing_else() {
    let stated = json!([{ "bodyId": "a-pcc", "amountPence": "7" },
                        { "serviceId": "dogs", "amountPence": "8" },
                        { "amountPence": "5" }]);
    let other = json!([{ "head": "Other", "amountPence": "5" }]);
    let found = |lines, contributions| {
        let mut given = alliance();
        budget(&mut given, figures(lines, contributions, stated.clone()));
        let differences = differences(&given).into_iter();
        let found = differences.map(|d| (d.kind(), d.computed_pence, d.stated_pence));
        found.collect::<Vec<_>>()
    };
    // Neither a payment nor the cost of a service is known.
    assert_eq!(found(other.clone(), json!([])), []);
    // Others pay, and the body does not.
    let of_b = json!([{ "serviceId": "dogs", "bodyId": "b-cc", "amountPence": "8" }]);
    assert_eq!(found(other, of_b), [(DifferenceKind::BodyTotal, 0, 7)]);
}

#[test]
fn forecasts_and_outturns_are_summed_too_and_a_correction_takes_a_difference_away() {
    let mut given = alliance();
    let wrong = figures(
        json!([{ "head": "All", "amountPence": "9" }]),
        json!([]),
        json!([{ "amountPence": "10", "place": "¶4" }]),
    );
    let outturn =
        |figures: &Value| on_x("2021-06", "outturnReported", json!({ "figures": figures }));
    given.record(&[outturn(&wrong)]);
    let at = given.register.tail().get();
    let forecast = json!({ "figures": &wrong, "basis": "Month 9" });
    given.record(&[on_x("2021-01", "forecastReported", forecast)]);
    let over_budget = |given: &Given| -> Vec<String> {
        differences(given).into_iter().map(|d| d.figures).collect()
    };
    assert_eq!(over_budget(&given), ["Month 9", "outturn"]);
    let mut right = wrong.clone();
    right["stated"][0]["amountPence"] = "9".into();
    given.record(&[on_x(
        "",
        "entryCorrected",
        json!({ "position": at.to_string(), "reason": "Misread", "replacement": outturn(&right) }),
    )]);
    assert_eq!(over_budget(&given), ["Month 9"]);
    let known_then = views::differences::list(&given.at("2026-01-01", at), None);
    assert_eq!(known_then.len(), 1, "as it was known then");
}

#[test]
fn a_benefit_falls_with_the_business_case_that_promised_it() {
    let mut given = alliance();
    let case = json!({ "instrumentId": "case", "title": "HR business case",
                       "kind": "INSTRUMENT_KIND_BUSINESS_CASE" });
    given.record(&[on_x("2014", "instrumentDrafted", case)]);
    let benefit = |id: &str| json!({ "benefitId": id, "title": "Savings", "unit": "£", "expected": "417000" });
    let mut promised = benefit("promised");
    promised["instrumentId"] = "case".into();
    given.record(&[on_x("2014", "benefitBaselined", promised)]);
    given.record(&[on_x("2014", "benefitBaselined", benefit("unrelated"))]);
    given.record(&[on_x(
        "2017",
        "assumptionInvalidated",
        json!({ "assumptionId": "cuts", "assumption": "Bigger cuts", "found": "Smaller cuts", "instrumentId": "case" }),
    )]);
    let (benefits, _) = views::benefits::list(&given.at("2018-01-01", ALL), None);
    let failed: Vec<_> = benefits
        .iter()
        .map(|b| (b.benefit_id.as_str(), b.failed_assumptions.len()))
        .collect();
    assert_eq!(failed, [("promised", 1), ("unrelated", 0)]);
}
