//! Who pays for a year: as printed, by formula, beside the year before, and in the variance
//! of what was reported.

use minutebook::domain::budget::shared_costs::shared_costs;
use minutebook::wire::proto::{ContributionsView, PayerView};
use serde_json::{Value, json};

use super::{alliance, at, contributions, figures, formula, get, lines, of_body};
use crate::given::{Given, bodies, event, on_x};

fn part(view: &ContributionsView, service: &str, body: &str) -> Option<i64> {
    let is_service = |id: Option<&str>| id.unwrap_or_default() == service;
    let mut costs = view.shared_costs.iter();
    let cost = costs.find(|cost| {
        is_service(
            cost.service
                .as_ref()
                .map(|service| service.service_id.as_str()),
        )
    })?;
    let mut parts = cost.parts.iter();
    parts
        .find(|part| part.body.as_ref().unwrap().body_id == body)?
        .by_formula_pence
}

const AB: &[(&str, u32)] = &[("a-pcc", 600_000), ("b-pcc", 400_000)];

#[test]
fn a_budget_of_lines_is_shared_by_formula_and_that_of_a_service_comes_first() {
    let mut given = alliance();
    given.record(&[
        lines(
            "2024/25",
            &[
                ("dogs", 100_001),
                ("cats", 50_000),
                ("cats", -10_000),
                ("", 20_000),
            ],
        ),
        formula("2024/25", "", AB),
        formula("2024/25", "cats", &[("a-pcc", 250_000), ("b-pcc", 750_000)]),
    ]);
    let view = contributions(&given, "2024-05-01", "2024/25");
    assert!(view.rows.is_empty(), "none are printed");
    assert_eq!(
        part(&view, "dogs", "a-pcc"),
        Some(60_001),
        "the formula of the whole"
    );
    assert_eq!(
        part(&view, "cats", "a-pcc"),
        Some(10_000),
        "of the cost less income"
    );
    assert_eq!(part(&view, "", "b-pcc"), Some(8_000));
    let a = of_body(&view, "a-pcc");
    assert_eq!(
        a.original_pence, None,
        "a figure that is not given is not nothing"
    );
    assert_eq!(a.by_formula_pence, Some(60_001 + 10_000 + 12_000));
    assert_eq!(a.revised_pence, a.by_formula_pence);
    assert_eq!(a.invoiced_pence, None);
    let total: i64 = view
        .payers
        .iter()
        .filter_map(|one| one.by_formula_pence)
        .sum();
    assert_eq!(total, 100_001 + 40_000 + 20_000);
    let order: Vec<_> = view
        .shared_costs
        .iter()
        .map(|cost| cost.by_formula_of_whole)
        .collect();
    assert_eq!(order, [true, false, false], "dogs, cats, the whole");
}

/// The north-west's emergency network: one share of several is public.
#[test]
fn of_one_share_known_only_that_part_is_shown() {
    let mut given = Given::recorded(&bodies());
    given.record(&[event(
        "collaborations/x",
        "2013",
        "collaborationEstablished",
        json!({ "name": "North West emergency network", "kind": "COLLABORATION_KIND_SHARED_SYSTEM",
                "partyIds": ["a-pcc", "b-pcc", "c-pcc"] }),
    )]);
    let mut one = formula("2024/25", "", &[("a-pcc", 419_800)]);
    one["fundingFormulaSet"]["sharesAre"] = "SHARES_ARE_INCOMPLETE".into();
    let head = figures(
        "2024/25",
        json!([{ "head": "Network", "amountPence": "123456789" }]),
    );
    given.record(&[one, on_x("2024-04-01", "budgetApproved", head)]);
    let view = contributions(&given, "2024-05-01", "2024/25");
    assert_eq!(view.payers.len(), 1, "nobody else's part is known");
    // 41.98 % of £1,234,567.89 is £518,271.600…
    assert_eq!(of_body(&view, "a-pcc").by_formula_pence, Some(51_827_160));
    assert_eq!(
        view.shared_costs[0].not_known_pence,
        Some(123_456_789 - 51_827_160)
    );
    assert!(
        view.left_out[0].contains("£716,296.29"),
        "{:?}",
        view.left_out
    );
}

#[test]
fn a_total_that_would_leave_something_out_is_blank() {
    let mut given = alliance();
    given.record(&[
        lines("2024/25", &[("dogs", 1_000), ("cats", 500)]),
        formula("2024/25", "dogs", AB),
    ]);
    let view = contributions(&given, "2024-05-01", "2024/25");
    assert_eq!(part(&view, "dogs", "a-pcc"), Some(600));
    assert_eq!(of_body(&view, "a-pcc").by_formula_pence, None);
    assert_eq!(view.shared_costs[1].not_shared, "no formula is recorded");
}

#[test]
fn the_formula_of_the_whole_never_charges_those_outside_a_service() {
    let mut given = alliance();
    given.record(&[on_x(
        "2014",
        "serviceAdded",
        json!({ "serviceId": "owls", "name": "Owls", "partyIds": ["a-pcc", "a-cc"] }),
    )]);
    given.record(&[
        lines("2024/25", &[("owls", 900)]),
        formula("2024/25", "", AB),
    ]);
    let view = contributions(&given, "2024-05-01", "2024/25");
    assert_eq!(part(&view, "owls", "b-pcc"), None);
    assert_eq!(part(&view, "owls", "a-pcc"), None);
    assert!(
        view.shared_costs[0]
            .not_shared
            .contains("The b-pcc, which takes no part")
    );
    assert_eq!(of_payer(&view, "b-pcc"), None, "it pays nothing");
}

fn of_payer<'v>(view: &'v ContributionsView, body: &str) -> Option<&'v PayerView> {
    let mut payers = view.payers.iter();
    payers.find(|one| one.body.as_ref().unwrap().body_id == body)
}

#[test]
fn each_line_is_shared_to_the_penny_and_so_is_their_sum() {
    let lines_of = |formula: Value| {
        let mut given = alliance();
        given.record(&[
            lines(
                "2024/25",
                &[("dogs", 101), ("dogs", 33), ("dogs", -17), ("cats", 5)],
            ),
            formula,
        ]);
        let view = contributions(&given, "2024-05-01", "2024/25");
        let cost = view.shared_costs[0].clone();
        for line in &cost.lines {
            let parts: i64 = line.parts.iter().map(|part| part.amount_pence).sum();
            assert_eq!(parts, line.amount_pence);
        }
        let amounts: Vec<i64> = cost.lines.iter().map(|line| line.amount_pence).collect();
        assert_eq!(
            amounts,
            [101, 33, -17],
            "in the order of the budget, and of no other"
        );
        for part in &cost.parts {
            let of_body = cost.lines.iter().flat_map(|line| &line.parts);
            let of_body = of_body.filter(|one| one.body == part.body);
            let total: i64 = of_body.map(|one| one.amount_pence).sum();
            assert_eq!(Some(total), part.by_formula_pence);
        }
        let first = cost.lines[0].parts.iter();
        first.map(|part| part.amount_pence).collect::<Vec<_>>()
    };
    let halves = formula("2024/25", "dogs", &[("a-pcc", 500_000), ("b-pcc", 500_000)]);
    assert_eq!(lines_of(halves.clone()), [51, 50]);
    // The maximum is one of the whole cost, 117, and not of each line.
    let mut limited = halves;
    limited["fundingFormulaSet"]["limits"] = json!([{ "bodyId": "a-pcc", "maximumPence": "39" }]);
    assert_eq!(lines_of(limited), [34, 67]);
}

#[test]
fn rounded_shares_say_of_what_they_are_parts() {
    let mut given = alliance();
    let mut rounded = formula("2024/25", "dogs", &[("a-pcc", 330_000), ("b-pcc", 660_000)]);
    rounded["fundingFormulaSet"]["sharesAre"] = "SHARES_ARE_ROUNDED".into();
    given.record(&[lines("2024/25", &[("dogs", 900)]), rounded]);
    let view = contributions(&given, "2024-05-01", "2024/25");
    assert_eq!(view.shared_costs[0].printed_total_ppm, 990_000);
    assert_eq!(part(&view, "dogs", "a-pcc"), Some(300));
    assert_eq!(part(&view, "dogs", "b-pcc"), Some(600));
}

fn printed(year: &str, cells: &[(&str, i64)]) -> Value {
    let cells = cells.iter().map(|(body, pence)| {
        json!({ "serviceId": "dogs", "bodyId": body, "amountPence": pence.to_string() })
    });
    let cells: Vec<Value> = cells.collect();
    json!({ "figures": { "financialYear": year, "contributions": cells } })
}

#[test]
fn this_year_is_beside_the_last_by_the_same_measure() {
    let mut given = alliance();
    let budget = |on: &str, payload: Value| on_x(on, "budgetApproved", payload);
    given.record(&[
        budget(
            "2023-04-01",
            printed("2023/24", &[("a-pcc", 700), ("b-pcc", 300), ("b-cc", 10)]),
        ),
        budget(
            "2024-04-01",
            printed("2024/25", &[("a-pcc", 600), ("b-pcc", 400)]),
        ),
    ]);
    let view = contributions(&given, "2024-05-01", "2024/25");
    let a = of_body(&view, "a-pcc");
    assert_eq!(
        (a.original_pence, a.last_year_pence),
        (Some(600), Some(700))
    );
    assert_eq!((a.change_pence, a.change_ppm), (Some(-100), Some(-142_857)));
    let b = of_body(&view, "b-pcc");
    assert_eq!((b.change_pence, b.change_ppm), (Some(100), Some(333_333)));
    let left = of_body(&view, "b-cc");
    assert_eq!(
        (left.original_pence, left.last_year_pence),
        (None, Some(10))
    );
    assert_eq!(
        left.change_pence, None,
        "what it pays this year is not given"
    );
    // Where one of the years has lines alone, both are by formula.
    given.record(&[
        formula("2024/25", "", AB),
        formula("2025/26", "", AB),
        lines("2025/26", &[("dogs", 2_000)]),
    ]);
    let view = contributions(&given, "2025-05-01", "2025/26");
    let a = of_body(&view, "a-pcc");
    assert_eq!(
        (a.by_formula_pence, a.last_year_pence),
        (Some(1_200), Some(600))
    );
    let b = of_body(&view, "b-pcc");
    assert_eq!((b.last_year_pence, b.change_pence), (Some(400), Some(400)));
}

/// The parts in the costs of dogs as they are now.
fn moved(given: &Given) -> Option<Vec<i64>> {
    let (x, year) = ("x".parse().unwrap(), "2024/25".parse().unwrap());
    let view = at(given, "2024-05-01");
    let collaboration = view.collaboration(&x).unwrap();
    let dossier = &collaboration.subject().dossier;
    let costs = shared_costs(&collaboration, dossier, year, view.as_at());
    let parts = costs[0].by_now.as_ref()?.parts.values();
    Some(parts.map(|part| part.get()).collect())
}

fn dogs_cost_more() -> Value {
    let lines = json!([{ "serviceId": "dogs", "amountPence": "600" }]);
    let payload = json!({ "adjustmentId": "more", "financialYear": "2024/25",
        "kind": "ADJUSTMENT_KIND_SUPPLEMENTARY", "lines": lines, "reason": "more dogs" });
    on_x("2024-04-15", "budgetAdjusted", payload)
}

#[test]
fn contributions_as_printed_change_by_the_shares_of_what_changed() {
    let mut given = alliance();
    given.record(&[on_x(
        "2024-04-01",
        "budgetApproved",
        printed("2024/25", &[("a-pcc", 650), ("b-pcc", 350)]),
    )]);
    given.record(&[dogs_cost_more()]);
    assert_eq!(moved(&given), None, "nobody says who bears the change");
    given.record(&[formula("2024/25", "dogs", AB)]);
    assert_eq!(moved(&given), Some(vec![650 + 360, 350 + 240]));
    // Where none are printed, all is by formula.
    let mut given = alliance();
    given.record(&[
        lines("2024/25", &[("dogs", 1_000)]),
        formula("2024/25", "", AB),
        dogs_cost_more(),
    ]);
    assert_eq!(moved(&given), Some(vec![960, 640]));
}

#[test]
fn a_body_that_alone_followed_another_is_compared_with_it() {
    let mut given = alliance();
    given.record(&[on_x(
        "2023-04-01",
        "budgetApproved",
        printed("2023/24", &[("a-pcc", 700), ("b-pcc", 300)]),
    )]);
    given.record(&[event(
        "bodies/mayor",
        "2024-04-01",
        "bodyRegistered",
        json!({ "name": "The mayor", "kind": "BODY_KIND_POLICING_BODY", "force": "a" }),
    )]);
    given.record(&[event(
        "bodies/a-pcc",
        "2024-04-01",
        "bodySucceeded",
        json!({ "successorId": "mayor" }),
    )]);
    given.record(&[on_x(
        "2024-04-01",
        "budgetApproved",
        printed("2024/25", &[("mayor", 770), ("b-pcc", 300)]),
    )]);
    let view = contributions(&given, "2024-05-01", "2024/25");
    let mayor = of_body(&view, "mayor");
    assert_eq!(
        (mayor.last_year_pence, mayor.change_ppm),
        (Some(700), Some(100_000))
    );
    assert_eq!(of_payer(&view, "a-pcc"), None);
}

#[test]
fn a_variance_is_shared_by_formula_and_only_for_what_the_report_covers() {
    let mut given = alliance();
    let mut limited = formula("2024/25", "dogs", AB);
    limited["fundingFormulaSet"]["limits"] = json!([{ "bodyId": "b-pcc", "maximumPence": "300" }]);
    given.record(&[
        lines("2024/25", &[("dogs", 1_000), ("cats", 500)]),
        limited,
        formula("2024/25", "cats", AB),
        on_x(
            "2024-10-31",
            "forecastReported",
            figures(
                "2024/25",
                json!([{ "serviceId": "dogs", "amountPence": "1100" }]),
            ),
        ),
    ]);
    let view = contributions(&given, "2024-11-01", "2024/25");
    let (a, b) = (of_body(&view, "a-pcc"), of_body(&view, "b-pcc"));
    // The cap holds for both: all of the overspend is borne by the other.
    assert_eq!(a.forecast_variance_pence, Some(100));
    assert_eq!(b.forecast_variance_pence, Some(0));
    assert_eq!(a.forecast_pence, None, "that of cats is not forecast");
    assert_eq!(a.outturn_variance_pence, None);
    assert!(
        view.left_out
            .iter()
            .any(|one| one.starts_with("Cats: the forecast gives no figure"))
    );
    assert_eq!(view.forecast_on.unwrap().month, 10);
}

#[test]
fn a_report_of_the_whole_is_compared_with_the_whole() {
    let mut given = alliance();
    given.record(&[
        lines("2024/25", &[("dogs", 1_000), ("cats", 500)]),
        formula("2024/25", "", AB),
        on_x(
            "2025-05-31",
            "outturnReported",
            json!({ "figures": { "financialYear": "2024/25", "stated": [{ "amountPence": "1400" }] } }),
        ),
    ]);
    let view = contributions(&given, "2025-06-01", "2024/25");
    let (a, b) = (of_body(&view, "a-pcc"), of_body(&view, "b-pcc"));
    assert_eq!(
        (a.outturn_pence, a.outturn_variance_pence),
        (Some(840), Some(-60))
    );
    assert_eq!(
        (b.outturn_pence, b.outturn_variance_pence),
        (Some(560), Some(-40))
    );
    // Where a service has a formula of its own, one of the whole shares nothing.
    given.record(&[formula("2024/25", "cats", &[("a-pcc", 1_000_000)])]);
    let view = contributions(&given, "2025-06-01", "2024/25");
    assert_eq!(of_body(&view, "a-pcc").outturn_variance_pence, None);
}

#[test]
fn contributions_that_a_report_prints_come_before_any_formula() {
    let mut given = alliance();
    given.record(&[
        on_x(
            "2024-04-01",
            "budgetApproved",
            printed("2024/25", &[("a-pcc", 600), ("b-pcc", 400)]),
        ),
        formula("2024/25", "", AB),
        on_x(
            "2025-05-31",
            "outturnReported",
            printed("2024/25", &[("a-pcc", 500), ("b-pcc", 450)]),
        ),
    ]);
    let view = contributions(&given, "2025-06-01", "2024/25");
    let (a, b) = (of_body(&view, "a-pcc"), of_body(&view, "b-pcc"));
    assert_eq!(
        (a.outturn_pence, a.outturn_variance_pence),
        (Some(500), Some(-100))
    );
    assert_eq!(
        (b.outturn_pence, b.outturn_variance_pence),
        (Some(450), Some(50))
    );
    // An outturn without a budget is shown too.
    let mut given = alliance();
    given.record(&[on_x(
        "2025-05-31",
        "outturnReported",
        printed("2024/25", &[("a-pcc", 500)]),
    )]);
    let view = contributions(&given, "2025-06-01", "2024/25");
    let a = of_body(&view, "a-pcc");
    assert_eq!(
        (a.outturn_pence, a.outturn_variance_pence),
        (Some(500), None)
    );
}

#[test]
fn a_year_of_which_nothing_is_shared_has_no_answer() {
    let mut given = alliance();
    given.record(&[lines("2024/25", &[("dogs", 1_000)])]);
    assert!(get(&given, "2024-05-01", "2024/25").is_none());
    assert!(get(&given, "2024-05-01", "2025/26").is_none());
}

#[test]
fn the_order_of_recording_does_not_matter() {
    let events = [
        lines("2024/25", &[("dogs", 1_000), ("cats", 500)]),
        formula("2024/25", "", AB),
        formula("2024/25", "cats", &[("a-pcc", 999_999), ("b-pcc", 1)]),
        on_x(
            "2024-10-31",
            "forecastReported",
            figures(
                "2024/25",
                json!([{ "serviceId": "dogs", "amountPence": "1100" }]),
            ),
        ),
    ];
    let answer = |events: &[Value]| {
        let mut given = alliance();
        for event in events {
            given.record(std::slice::from_ref(event));
        }
        let mut view = contributions(&given, "2024-11-01", "2024/25");
        view.position = 0;
        view
    };
    let expected = answer(&events);
    let mut turned = events.to_vec();
    for _ in 0..events.len() {
        turned.rotate_left(1);
        assert_eq!(answer(&turned), expected);
    }
}
