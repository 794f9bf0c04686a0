//! Financial years of other months than April to March, and schemes of several years.

use minutebook::domain::ids::SubjectId;
use minutebook::views;
use minutebook::wire::proto::CheckKind;
use serde_json::{Value, json};

use super::{alliance, at, budget, head, moved, view};
use crate::given::{Given, judged, on_x};

fn of_year(mut event: Value, year: &str) -> Value {
    for kind in ["budgetApproved", "forecastReported", "outturnReported"] {
        if event.get(kind).is_some() {
            event[kind]["figures"]["financialYear"] = year.into();
        }
    }
    if event.get("virementMade").is_some() {
        event["virementMade"]["virement"]["financialYear"] = year.into();
    }
    event
}

fn totals(given: &Given, day: &str) -> Vec<(String, Option<i64>)> {
    let years = view(given, day).years.into_iter();
    years
        .map(|year| (year.financial_year, year.total_pence))
        .collect()
}

#[test]
fn a_year_of_other_months_is_the_year_of_its_subject() {
    let mut given = alliance();
    given.record(&[of_year(
        budget("2018-01-01", &[("dogs", 1_000), ("cats", 500)]),
        "2018-01-01/2018-12-31",
    )]);
    let year = "2018-01/2018-12";
    assert_eq!(
        totals(&given, "2018-06-01"),
        [(year.to_owned(), Some(1_500))]
    );
    judged(
        &given,
        &[
            (
                "within it",
                of_year(moved("2018-07-01", "v", "dogs", "cats", 100), year),
                &[],
            ),
            (
                "in another year of the same days",
                moved("2018-07-01", "v", "dogs", "cats", 100),
                &["YEARS_OVERLAP"],
            ),
            (
                "a budget of another year of the same days",
                budget("2018-04-01", &[("dogs", 1)]),
                &["YEARS_OVERLAP"],
            ),
            (
                "the year that follows",
                of_year(budget("2019-01-01", &[("dogs", 1)]), "2019-01/2019-12"),
                &[],
            ),
            (
                "first accounts that are longer",
                of_year(budget("2019-01-01", &[("dogs", 1)]), "2019-01/2020-03"),
                &[],
            ),
        ],
    );
    // An outturn is one from the last day of its own year.
    let outturn = |on: &str| {
        let figures = json!({ "financialYear": year, "lines": [
            { "serviceId": "dogs", "amountPence": "900" },
            { "serviceId": "cats", "amountPence": "500" },
        ]});
        on_x(on, "outturnReported", json!({ "figures": figures }))
    };
    given.record(&[outturn("2018-12-30")]);
    let of_year = || view(&given, "2019-06-01").years.remove(0);
    assert_eq!(
        (of_year().forecasts.len(), of_year().outturns.len()),
        (1, 0)
    );
    given.record(&[outturn("2018-12-31")]);
    let year = view(&given, "2019-06-01").years.remove(0);
    assert_eq!((year.forecasts.len(), year.outturns.len()), (1, 1));
}

#[test]
fn a_scheme_without_a_year_runs_beside_the_years() {
    let mut given = alliance();
    let scheme = |on: &str, pence: &str, kind: &str| {
        let mut line = head("*dogs/Kennels");
        line["amountPence"] = pence.into();
        let figures = json!({ "financialYear": "all years", "lines": [line] });
        on_x(
            on,
            kind,
            json!({ "figures": figures, "budgetId": "kennels" }),
        )
    };
    given.record(&[
        budget("2018-04-01", &[("dogs", 1_000)]),
        scheme("2018-05-01", "50000", "budgetApproved"),
    ]);
    let x: SubjectId = "collaborations/x".parse().unwrap();
    let kennels = "kennels".parse().unwrap();
    let view = |given: &Given, day: &str| {
        views::budget::get(&at(given, day), &x, Some(&kennels)).expect("the scheme")
    };
    let shown = view(&given, "2022-06-01");
    assert_eq!(shown.years[0].financial_year, "all years");
    assert_eq!(shown.years[0].total_pence, Some(50_000));
    assert_eq!(shown.all_years_pence, Some(50_000));
    let checks = |given: &Given, day: &str| -> Vec<i32> {
        let asked = views::checks::Asked {
            subject: Some(x.clone()),
            year: None,
            outturn_months: Some(6),
        };
        let checks = views::checks::list(&at(given, day), &asked);
        let of_scheme = checks
            .into_iter()
            .filter(|check| check.budget_id == "kennels");
        of_scheme.map(|check| check.kind).collect()
    };
    // It has no last day by which an outturn is due.
    assert_eq!(checks(&given, "2018-06-01"), [0; 0]);
    assert_eq!(
        checks(&given, "2022-06-01"),
        [CheckKind::ForecastOld as i32]
    );
    // Its cost is final when a report says so.
    given.record(&[scheme("2020-05-01", "52000", "outturnReported")]);
    assert_eq!(view(&given, "2022-06-01").years[0].outturns.len(), 0);
    let mut last = scheme("2021-05-01", "53000", "outturnReported");
    last["outturnReported"]["status"] = "OUTTURN_STATUS_FINAL".into();
    given.record(&[last]);
    let year = view(&given, "2022-06-01").years.remove(0);
    assert_eq!(year.outturns.len(), 1);
    assert_eq!(
        year.amounts.unwrap().variance_pence,
        Some(3_000),
        "53,000 spent of 50,000"
    );
    // A year of it beside its whole life is not counted twice.
    let mut of_year = scheme("2018-05-01", "20000", "budgetApproved");
    of_year["budgetApproved"]["figures"]["financialYear"] = "2018/19".into();
    given.record(&[of_year]);
    assert_eq!(view(&given, "2022-06-01").all_years_pence, None);
}
