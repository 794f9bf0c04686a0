//! Budgets of which only the total is known, before or after one by line.

use serde_json::{Value, json};

use super::{alliance, amounts, budget, moved, outturn, view, year};
use crate::given::{Given, judged, on_x};

fn total_alone(on: &str, pence: i64) -> Value {
    let figures = json!({
        "financialYear": super::YEAR,
        "stated": [{ "amountPence": pence.to_string(), "place": "p. 1" }],
    });
    on_x(on, "budgetApproved", json!({ "figures": figures }))
}

/// The total as it is, as first set, set anew, and what no line divides.
fn figures(given: &Given) -> [Option<i64>; 4] {
    let year = year(given, "2018-12-31");
    let whole = year.amounts.unwrap();
    assert_eq!(whole.revised_pence, year.total_pence);
    let undivided = year.undivided.and_then(|amounts| amounts.revised_pence);
    let rows = view(given, "2018-12-31").rows;
    let rows = rows.iter().flat_map(|row| &row.cells);
    let rows: i64 = rows.map(|cell| cell.amount_pence).sum();
    if !view(given, "2018-12-31").rows.is_empty() {
        let parts = Some(rows + undivided.unwrap_or_default());
        assert_eq!(parts, whole.revised_pence, "the parts total the whole");
    }
    [
        whole.revised_pence,
        whole.original_pence,
        whole.set_anew_pence,
        undivided,
    ]
}

#[test]
fn a_total_after_lines_is_the_budget_and_the_rest_is_not_divided() {
    let events = [
        budget("2018-02-01", &[("dogs", 5_000), ("cats", 700)]),
        total_alone("2018-11-01", 5_400),
    ];
    let mut given = alliance();
    given.record(&events);
    let expected = [Some(5_400), Some(5_700), Some(-300), Some(-300)];
    assert_eq!(figures(&given), expected);
    let mut other_order = alliance();
    other_order.record(&[events[1].clone(), events[0].clone()]);
    assert_eq!(figures(&other_order), expected);
    // Spending is held against the total that is in force.
    given.record(&[outturn("2019-04-30", &[("dogs", 4_700), ("cats", 710)])]);
    let whole = year(&given, "2019-12-31").amounts.unwrap();
    assert_eq!(
        (whole.outturn_pence, whole.variance_pence),
        (Some(5_410), Some(10))
    );
    assert_eq!(
        amounts(&given, "2018-12-31", "dogs").revised_pence,
        Some(5_000)
    );
}

#[test]
fn lines_after_a_total_keep_the_original() {
    let mut given = alliance();
    given.record(&[total_alone("2018-02-01", 100_000)]);
    assert_eq!(figures(&given), [Some(100_000), Some(100_000), None, None]);
    given.record(&[budget("2018-05-01", &[("dogs", 60_000), ("cats", 50_000)])]);
    assert_eq!(
        figures(&given),
        [Some(110_000), Some(100_000), Some(10_000), Some(0)]
    );
    given.record(&[total_alone("2018-06-01", 90_000)]);
    assert_eq!(
        figures(&given),
        [Some(90_000), Some(100_000), Some(-10_000), Some(-20_000)]
    );
}

#[test]
fn no_head_had_more_than_the_whole() {
    let mut given = alliance();
    given.record(&[total_alone("2018-04-01", 1_000)]);
    judged(
        &given,
        &[
            (
                "all of it may be there",
                moved("2018-07-01", "v", "dogs/Pay", "cats", 1_000),
                &[],
            ),
            (
                "and no more",
                moved("2018-07-01", "v", "dogs/Pay", "cats", 1_001),
                &["HEAD_OVERDRAWN"],
            ),
            (
                "back to a body",
                moved("2018-07-01", "v", "dogs/Pay", "@a-pcc", 1_001),
                &["HEAD_OVERDRAWN"],
            ),
        ],
    );
    given.record(&[moved("2018-07-01", "v", "dogs/Pay", "@a-pcc", 600)]);
    judged(
        &given,
        &[
            (
                "of another head, and more than is left of the whole",
                moved("2018-08-01", "w", "cats", "@b-pcc", 401),
                &["HEAD_OVERDRAWN"],
            ),
            (
                "what is left",
                moved("2018-08-01", "w", "cats", "@b-pcc", 400),
                &[],
            ),
        ],
    );
}

#[test]
fn a_total_less_than_its_lines_limits_them() {
    let mut given = alliance();
    given.record(&[
        budget("2018-04-01", &[("dogs", 300), ("cats", 200)]),
        total_alone("2018-06-01", 400),
        moved("2018-07-01", "v", "dogs", "@a-pcc", 300),
    ]);
    judged(
        &given,
        &[
            (
                "all of the lines",
                moved("2018-07-02", "w", "cats", "@a-pcc", 200),
                &["HEAD_OVERDRAWN"],
            ),
            (
                "all of the total",
                moved("2018-07-02", "w", "cats", "@a-pcc", 100),
                &[],
            ),
        ],
    );
}

#[test]
fn the_rest_of_a_total_beside_those_of_services_is_not_divided() {
    let mut given = alliance();
    let figures = json!({
        "financialYear": super::YEAR,
        "stated": [{ "amountPence": "100" }, { "serviceId": "dogs", "amountPence": "60" }],
    });
    given.record(&[on_x(
        "2018-04-01",
        "budgetApproved",
        json!({ "figures": figures }),
    )]);
    let year = year(&given, "2018-12-31");
    assert_eq!(year.total_pence, Some(100));
    assert_eq!(year.undivided.unwrap().revised_pence, Some(40));
    judged(
        &given,
        &[
            (
                "of the rest",
                moved("2018-07-01", "v", "cats/Vets", "dogs", 40),
                &[],
            ),
            (
                "more than the rest",
                moved("2018-07-01", "v", "cats/Vets", "dogs", 41),
                &["HEAD_OVERDRAWN"],
            ),
        ],
    );
}
