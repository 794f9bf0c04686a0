//! Reports at another level than the budget: a head for its parts, or the parts of a head.

use minutebook::wire::proto::{BudgetAmounts, BudgetYear};
use serde_json::{Value, json};

use super::{alliance, amounts, budget, forecast, moved, year};
use crate::given::{Given, on_x};

fn defined(id: &str, name: &str, parent: &str) -> Value {
    let payload = json!({ "headId": id, "name": name, "parentId": parent });
    on_x("2018-04-01", "budgetHeadDefined", payload)
}

/// Employees are pay and agency staff.
fn employees() -> Given {
    let mut given = alliance();
    given.record(&[
        defined("emp", "Employees", ""),
        defined("pay", "Pay", "emp"),
        defined("ag", "Agency", "emp"),
    ]);
    given
}

/// The budget, the figure and the variance of the last forecast, and of the whole year.
fn compared(year: &BudgetYear) -> [Option<i64>; 3] {
    let last = year.forecasts.last().expect("a forecast");
    let whole = year.amounts.as_ref().unwrap();
    assert_eq!(whole.forecast_pence, last.figure_pence, "{last:?}");
    assert_eq!(whole.variance_pence, last.against_budget_pence);
    assert!(last.left_out.is_empty(), "{:?}", last.left_out);
    [
        last.budget_pence,
        last.figure_pence,
        last.against_budget_pence,
    ]
}

fn group<'y>(year: &'y BudgetYear, id: &str) -> &'y BudgetAmounts {
    let mut groups = year.groups.iter();
    let group = groups.find(|group| group.head_id == id).expect("the group");
    group.amounts.as_ref().unwrap()
}

#[test]
fn a_head_is_compared_with_all_its_parts() {
    let mut given = employees();
    given.record(&[
        budget(
            "2018-04-01",
            &[
                ("dogs/Pay", 8_000),
                ("dogs/Agency", 2_000),
                ("dogs/Kit", 5_000),
            ],
        ),
        forecast(
            "2018-10-01",
            &[("dogs/Employees", 10_500), ("dogs/Kit", 4_800)],
        ),
    ]);
    let year = year(&given, "2018-12-31");
    assert_eq!(compared(&year), [Some(15_000), Some(15_300), Some(300)]);
    let employees = group(&year, "emp");
    assert_eq!(
        (
            employees.revised_pence,
            employees.forecast_pence,
            employees.variance_pence
        ),
        (Some(10_000), Some(10_500), Some(500))
    );
    // A line of the report has no budget of its own, and so no variance.
    let line = amounts(&given, "2018-12-31", "dogs/Employees");
    assert_eq!(
        (line.forecast_pence, line.variance_pence),
        (Some(10_500), None)
    );
}

#[test]
fn the_parts_of_a_head_are_compared_with_it() {
    let mut given = employees();
    given.record(&[
        budget(
            "2018-04-01",
            &[("dogs/Employees", 10_000), ("dogs/Kit", 5_000)],
        ),
        forecast(
            "2018-10-01",
            &[
                ("dogs/Pay", 8_500),
                ("dogs/Agency", 2_500),
                ("dogs/Kit", 4_800),
            ],
        ),
    ]);
    let year = year(&given, "2018-12-31");
    assert_eq!(compared(&year), [Some(15_000), Some(15_800), Some(800)]);
    let employees = group(&year, "emp");
    assert_eq!(employees.variance_pence, Some(1_000));
}

#[test]
fn a_virement_between_heads_that_no_budget_names_changes_no_variance() {
    let reported = &[("dogs/Pay", 8_500), ("dogs/Kit", 2_500), ("cats", 2_000)];
    let mut given = alliance();
    given.record(&[
        budget("2018-04-01", &[("dogs", 10_000), ("cats", 2_000)]),
        forecast("2018-10-01", reported),
    ]);
    assert_eq!(
        compared(&year(&given, "2018-12-31")),
        [Some(12_000), Some(13_000), Some(1_000)]
    );
    given.record(&[moved("2018-07-01", "v", "dogs/Pay", "dogs/Kit", 100)]);
    assert_eq!(
        compared(&year(&given, "2018-12-31")),
        [Some(12_000), Some(13_000), Some(1_000)]
    );
    let pay = amounts(&given, "2018-12-31", "dogs/Pay");
    assert_eq!((pay.revised_pence, pay.variance_pence), (Some(-100), None));
}

#[test]
fn a_virement_to_a_head_above_stays_within_it() {
    let mut given = employees();
    given.record(&[
        budget("2018-04-01", &[("dogs/Pay", 10_000), ("dogs/Kit", 5_000)]),
        moved("2018-07-01", "v", "dogs/Kit", "dogs/Employees", 100),
        forecast(
            "2018-10-01",
            &[("dogs/Employees", 10_300), ("dogs/Kit", 4_900)],
        ),
    ]);
    let year = year(&given, "2018-12-31");
    assert_eq!(compared(&year), [Some(15_000), Some(15_200), Some(200)]);
    assert_eq!(group(&year, "emp").variance_pence, Some(200));
}

#[test]
fn a_printed_total_of_a_head_is_that_of_its_parts() {
    let mut given = employees();
    let figures = json!({
        "financialYear": super::YEAR,
        "lines": [
            { "head": "Pay", "amountPence": "8000" },
            { "head": "Agency", "amountPence": "2000" },
            { "head": "Kit", "amountPence": "5000" },
        ],
        "stated": [{ "head": "Employees", "amountPence": "9999", "place": "E" }],
    });
    given.record(&[on_x(
        "2018-04-01",
        "budgetApproved",
        json!({ "figures": figures }),
    )]);
    let view = super::at(&given, "2018-12-31");
    let differences = minutebook::views::differences::list(&view, None);
    let [difference] = differences.as_slice() else {
        panic!("{differences:?}");
    };
    assert_eq!(
        (
            difference.part.as_str(),
            difference.computed_pence,
            difference.difference_pence
        ),
        ("Employees", 10_000, 1)
    );
}

#[test]
fn a_part_that_is_reported_later_is_put_into_the_whole() {
    let mut given = alliance();
    given.record(&[
        budget("2018-04-01", &[("dogs", 10_000), ("cats", 5_000)]),
        forecast("2018-07-01", &[("dogs", 10_100), ("cats", 5_000)]),
        forecast("2018-10-01", &[("dogs", 9_000)]),
    ]);
    let year = year(&given, "2018-12-31");
    let whole = year.amounts.as_ref().unwrap();
    assert_eq!(
        (whole.forecast_pence, whole.variance_pence),
        (Some(14_000), Some(-1_000))
    );
    let lines = ["dogs", "cats"].map(|line| amounts(&given, "2018-12-31", line).forecast_pence);
    assert_eq!(lines, [Some(9_000), Some(5_000)]);
}

#[test]
fn a_later_report_of_one_part_leaves_the_other_parts_as_they_were() {
    let mut given = alliance();
    given.record(&[
        budget("2018-04-01", &[("dogs", 100), ("cats", 50)]),
        forecast(
            "2018-07-01",
            &[("dogs/Staff", 60), ("dogs/Kit", 40), ("cats", 50)],
        ),
        forecast("2018-10-01", &[("dogs/Staff", 65)]),
    ]);
    let year = year(&given, "2018-12-31");
    let whole = year.amounts.as_ref().unwrap();
    assert_eq!(
        (whole.forecast_pence, whole.variance_pence),
        (Some(155), Some(5))
    );
    let dogs = year.groups.iter().find(|group| {
        let lines = group.lines.as_ref();
        lines.is_some_and(|lines| {
            lines
                .service
                .as_ref()
                .is_some_and(|s| s.service_id == "dogs")
        })
    });
    let dogs = dogs.unwrap().amounts.as_ref().unwrap();
    assert_eq!(
        (dogs.forecast_pence, dogs.variance_pence),
        (Some(105), Some(5))
    );
}
