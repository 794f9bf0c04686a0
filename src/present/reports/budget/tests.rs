//! Tests of the budget over the years.

use super::*;
use crate::csv;
use crate::table::{self, Layout};
use minutebook_wire::proto::{BudgetCell, FundType, ServiceRef, Source, StatedFigure};

fn row(id: &str, head: &str, amounts: &[(&str, i64)]) -> BudgetRow {
    BudgetRow {
        service: (!id.is_empty()).then(|| ServiceRef {
            service_id: id.into(),
            name: id.to_uppercase(),
        }),
        head: head.into(),
        fund: FundType::Revenue.into(),
        is_income: false,
        head_id: String::new(),
        cells: amounts
            .iter()
            .map(|(year, thousands)| BudgetCell {
                financial_year: (*year).into(),
                amount_pence: thousands * 100_000,
                amounts: Some(BudgetAmounts {
                    revised_pence: Some(thousands * 100_000),
                    ..Default::default()
                }),
                is_budgeted: true,
            })
            .collect(),
    }
}

fn stated(thousands: i64, difference: i64, place: &str) -> StatedFigure {
    StatedFigure {
        stated_pence: thousands * 100_000,
        difference_pence: difference * 100_000,
        place: place.into(),
        is_compared: true,
        ..StatedFigure::default()
    }
}

fn outturn(thousands: i64, against: i64) -> YearFigure {
    YearFigure {
        total_pence: thousands * 100_000,
        figure_pence: Some(thousands * 100_000),
        is_whole: true,
        sources: vec![Source {
            place: "¶6.14".into(),
            ..Default::default()
        }],
        against_budget_pence: Some(against * 100_000),
        ..Default::default()
    }
}

fn bch() -> BudgetView {
    let year = |financial_year: &str, total: i64| BudgetYear {
        financial_year: financial_year.into(),
        total_pence: Some(total * 100_000),
        stated: vec![stated(total, 0, "Table 1")],
        ..Default::default()
    };
    let mut first = year("2017/18", 37_802);
    first.stated.push(stated(37_342, 460, "¶6.11"));
    first.forecasts = vec![outturn(37_280, -522)];
    first.position = 12;
    BudgetView {
        subject: "collaborations/bch".into(),
        subject_name: "BCH".into(),
        years: vec![first, year("2018/19", 37_359)],
        rows: vec![
            row("jps", "", &[("2017/18", 14_282), ("2018/19", 14_000)]),
            row("", "Overheads", &[("2017/18", 23_520), ("2018/19", 23_359)]),
        ],
        ..Default::default()
    }
}

#[test]
fn three_figures_for_one_year_stand_in_one_column() {
    let mut csv = Vec::new();
    csv::write(&budget_by_year(&bch()), &mut csv).unwrap();
    assert_eq!(
        String::from_utf8(csv).unwrap(),
        "line,2017/18,2018/19\n\
         jps,14282000.00,14000000.00\n\
         Overheads,23520000.00,23359000.00\n\
         total,37802000.00,37359000.00\n\
         stated (Table 1),37802000.00,37359000.00\n\
         difference (Table 1),0.00,0.00\n\
         stated (¶6.11),37342000.00,\n\
         difference (¶6.11),460000.00,\n\
         forecast (¶6.14),37280000.00,\n\
         forecast less budget (¶6.14),-522000.00,\n"
    );
    let table = table::render(&budget_by_year(&bch()), Layout::plain(100));
    assert!(table.contains("£14,282,000"), "in full: {table}");
    assert!(
        table.contains(
            "2017/18: set by entry 12. £37,802,000 computed; £37,342,000 stated (¶6.11); \
             £37,280,000 forecast\n  (¶6.14).\n"
        ),
        "{table}"
    );
}

#[test]
fn two_totals_in_one_place_both_show_and_a_year_without_budget_differs_from_nothing() {
    let mut view = bch();
    view.years[1].total_pence = None;
    let uncompared = |thousands| StatedFigure {
        is_compared: false,
        ..stated(thousands, 0, "")
    };
    view.years[1].stated = vec![uncompared(1), uncompared(2)];
    let mut csv = Vec::new();
    csv::write(&budget_by_year(&view), &mut csv).unwrap();
    let csv = String::from_utf8(csv).unwrap();
    assert!(
        csv.contains("\nstated,,1000.00\nstated (no. 2),,2000.00\n"),
        "{csv}"
    );
    assert!(csv.contains("\ntotal,37802000.00,\n"));
}

#[test]
fn a_line_is_a_service_a_head_or_a_head_within_a_service() {
    let view = bch();
    let name = |row: BudgetRow| {
        let cell = line(&row, &view).swap_remove(0);
        (cell.for_programs(), cell.for_people())
    };
    assert_eq!(
        name(row("jps", "Dogs", &[])),
        ("jps/Dogs".into(), "JPS: Dogs".into())
    );
    let mut capital = row("jps", "", &[]);
    capital.fund = FundType::Capital.into();
    assert_eq!(
        name(capital),
        ("jps (capital)".into(), "JPS (capital)".into())
    );
}
