//! The part of a forecast or outturn that the parties bear: of the same lines, less the
//! money of reserves and grants.

use minutebook::wire::proto::ContributionsView;
use serde_json::{Value, json};

use super::{alliance, contributions, figures, formula, lines, of_body};
use crate::given::{Given, on_x};

const YEAR: &str = "2024/25";
const AB: &[(&str, u32)] = &[("a-pcc", 600_000), ("b-pcc", 400_000)];

fn heads(of: &[(&str, i64)]) -> Value {
    let lines = of.iter().map(|(head, pence)| {
        json!({ "serviceId": "dogs", "head": head, "amountPence": pence.to_string() })
    });
    lines.collect()
}

fn adjusted(kind: &str, pence: i64) -> Value {
    let line = json!({ "serviceId": "dogs", "amountPence": pence.to_string() });
    let payload = json!({ "adjustmentId": "a", "financialYear": YEAR,
        "kind": format!("ADJUSTMENT_KIND_{kind}"), "lines": [line], "reserve": "General" });
    on_x("2024-05-01", "budgetAdjusted", payload)
}

fn shared(given: &Given) -> ContributionsView {
    contributions(given, "2025-12-31", YEAR)
}

#[test]
fn of_a_report_that_leaves_lines_out_only_the_variance_of_the_rest_is_shared() {
    let mut given = alliance();
    given.record(&[
        on_x(
            "2024-04-01",
            "budgetApproved",
            figures(YEAR, heads(&[("Pay", 10_000), ("Kit", 5_000)])),
        ),
        formula(YEAR, "", AB),
    ]);
    for (on, kind) in [
        ("2024-10-01", "forecastReported"),
        ("2025-05-01", "outturnReported"),
    ] {
        given.record(&[on_x(on, kind, figures(YEAR, heads(&[("Pay", 10_100)])))]);
    }
    let view = shared(&given);
    let (a, b) = (of_body(&view, "a-pcc"), of_body(&view, "b-pcc"));
    assert_eq!((a.forecast_pence, a.outturn_pence), (None, None));
    assert_eq!(
        (a.forecast_variance_pence, b.forecast_variance_pence),
        (Some(60), Some(40))
    );
    assert_eq!(
        (a.outturn_variance_pence, b.outturn_variance_pence),
        (Some(60), Some(40))
    );
}

#[test]
fn the_parties_do_not_bear_what_a_reserve_or_a_grant_pays_for() {
    for (kind, pence, spent) in [
        ("FROM_RESERVE", 1_000, 11_000),
        ("GRANT", 1_000, 11_000),
        ("BROUGHT_FORWARD", 1_000, 11_000),
        ("TO_RESERVE", -1_000, 9_000),
    ] {
        let mut given = alliance();
        given.record(&[
            lines(YEAR, &[("dogs", 10_000)]),
            formula(YEAR, "", AB),
            adjusted(kind, pence),
            on_x(
                "2025-05-01",
                "outturnReported",
                figures(
                    YEAR,
                    json!([{ "serviceId": "dogs", "amountPence": spent.to_string() }]),
                ),
            ),
        ]);
        let view = shared(&given);
        let a = of_body(&view, "a-pcc");
        assert_eq!(
            (a.revised_pence, a.outturn_pence, a.outturn_variance_pence),
            (Some(6_000), Some(6_000), Some(0)),
            "{kind}"
        );
    }
}

#[test]
fn money_that_is_given_back_is_that_of_its_body_alone() {
    let mut given = alliance();
    let back = json!({ "virementId": "v", "virement": {
        "financialYear": YEAR,
        "sources": [{ "head": { "serviceId": "dogs" }, "amountPence": "1000" }],
        "targets": [{ "returnedToId": "a-pcc", "amountPence": "1000" }],
    }});
    given.record(&[
        lines(YEAR, &[("dogs", 10_000)]),
        formula(YEAR, "", AB),
        on_x("2024-07-01", "virementMade", back),
    ]);
    let view = shared(&given);
    let revised = ["a-pcc", "b-pcc"].map(|body| of_body(&view, body).revised_pence);
    assert_eq!(revised, [Some(5_000), Some(4_000)]);
    assert_eq!(view.shared_costs[0].revised_pence, Some(9_000));
    // Spending of the rest is no variance of either.
    given.record(&[on_x(
        "2025-05-01",
        "outturnReported",
        figures(
            YEAR,
            json!([{ "serviceId": "dogs", "amountPence": "9000" }]),
        ),
    )]);
    let view = shared(&given);
    let variances = ["a-pcc", "b-pcc"].map(|body| of_body(&view, body).outturn_variance_pence);
    assert_eq!(variances, [Some(0), Some(0)]);
}

#[test]
fn amounts_spent_so_far_and_other_budgets_are_no_forecast() {
    let mut given = alliance();
    let mut so_far = figures(
        YEAR,
        json!([{ "serviceId": "dogs", "amountPence": "4000" }]),
    );
    so_far["figures"]["amountBasis"] = "AMOUNT_BASIS_TO_DATE".into();
    let mut other = figures(
        YEAR,
        json!([{ "serviceId": "dogs", "amountPence": "7000" }]),
    );
    other["budgetId"] = "grant".into();
    given.record(&[
        lines(YEAR, &[("dogs", 10_000)]),
        formula(YEAR, "", AB),
        on_x("2024-10-01", "forecastReported", so_far),
        on_x("2024-10-02", "forecastReported", other),
    ]);
    let view = shared(&given);
    let a = of_body(&view, "a-pcc");
    assert_eq!((a.forecast_pence, a.forecast_variance_pence), (None, None));
}

#[test]
fn a_maximum_of_the_whole_holds_for_all_services_together() {
    let mut given = alliance();
    let mut capped = formula(YEAR, "", AB);
    capped["fundingFormulaSet"]["limits"] = json!([{ "bodyId": "a-pcc", "maximumPence": "10000" }]);
    given.record(&[
        lines(YEAR, &[("dogs", 100_000), ("cats", 50_000), ("", 1)]),
        capped,
    ]);
    let view = shared(&given);
    let (a, b) = (of_body(&view, "a-pcc"), of_body(&view, "b-pcc"));
    assert_eq!(
        (a.by_formula_pence, a.revised_pence),
        (Some(10_000), Some(10_000))
    );
    assert_eq!(
        (b.by_formula_pence, b.revised_pence),
        (Some(140_001), Some(140_001))
    );
    // The parts of each service total it.
    for cost in &view.shared_costs {
        let parts = cost.parts.iter().map(|part| part.by_formula_pence);
        assert_eq!(parts.sum::<Option<i64>>(), cost.amount_pence);
    }
    given.record(&[on_x(
        "2025-05-01",
        "outturnReported",
        figures(
            YEAR,
            json!([{ "serviceId": "dogs", "amountPence": "110000" },
                   { "serviceId": "cats", "amountPence": "50000" },
                   { "head": "Other", "amountPence": "1" }]),
        ),
    )]);
    let view = shared(&given);
    let (a, b) = (of_body(&view, "a-pcc"), of_body(&view, "b-pcc"));
    assert_eq!(
        (a.outturn_pence, a.outturn_variance_pence),
        (Some(10_000), Some(0))
    );
    assert_eq!(
        (b.outturn_pence, b.outturn_variance_pence),
        (Some(150_001), Some(10_000))
    );
}

#[test]
fn a_report_of_what_is_of_no_service_is_not_one_of_the_whole() {
    let mut given = alliance();
    given.record(&[
        lines(YEAR, &[("dogs", 10_000), ("cats", 5_000), ("", 1_000)]),
        formula(YEAR, "", AB),
        on_x(
            "2025-05-01",
            "outturnReported",
            figures(YEAR, json!([{ "head": "Other", "amountPence": "1100" }])),
        ),
    ]);
    let view = shared(&given);
    let variances = ["a-pcc", "b-pcc"].map(|body| of_body(&view, body).outturn_variance_pence);
    assert_ne!(variances[0], Some(-8_940), "of 16,000 nobody reported");
    let other = view.shared_costs.last().unwrap();
    assert!(other.service.is_none());
    let of_parts = other.parts.iter().map(|part| part.outturn_variance_pence);
    assert_eq!(of_parts.sum::<Option<i64>>(), Some(100));
}

#[test]
fn a_service_that_a_grant_pays_for_has_a_variance_of_its_own() {
    let mut given = alliance();
    let mut grant = adjusted("GRANT", 1_000);
    grant["budgetAdjusted"]["lines"][0]["serviceId"] = "cats".into();
    given.record(&[
        lines(YEAR, &[("dogs", 10_000)]),
        formula(YEAR, "", AB),
        grant,
        on_x(
            "2025-05-01",
            "outturnReported",
            figures(
                YEAR,
                json!([{ "serviceId": "dogs", "amountPence": "9900" },
                       { "serviceId": "cats", "amountPence": "1500" }]),
            ),
        ),
    ]);
    let view = shared(&given);
    let a = of_body(&view, "a-pcc");
    assert_eq!(
        (a.revised_pence, a.outturn_pence, a.outturn_variance_pence),
        (Some(6_000), Some(6_240), Some(240))
    );
}

#[test]
fn money_given_back_from_a_total_is_that_of_its_body_alone_too() {
    let mut given = alliance();
    let total = json!({ "figures": { "financialYear": YEAR,
                        "stated": [{ "amountPence": "10000" }] } });
    let back = json!({ "virementId": "v", "virement": {
        "financialYear": YEAR,
        "sources": [{ "head": { "serviceId": "dogs" }, "amountPence": "3000" }],
        "targets": [{ "returnedToId": "b-pcc", "amountPence": "3000" }],
    }});
    given.record(&[
        on_x("2024-04-01", "budgetApproved", total),
        formula(YEAR, "", AB),
        on_x("2024-07-01", "virementMade", back),
    ]);
    let view = shared(&given);
    let revised = ["a-pcc", "b-pcc"].map(|body| of_body(&view, body).revised_pence);
    assert_eq!(revised, [Some(6_000), Some(1_000)]);
}
