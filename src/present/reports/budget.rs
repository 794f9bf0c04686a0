//! Budgets by line and year, beside totals as printed, forecasts and outturns.
//!
//! One year can have several printed totals, each in its own place, and several
//! forecasts. Each place, and each forecast, has its own row, so that all figures for
//! one year are in one column.

use std::collections::{HashMap, HashSet};

use crate::domain::money::Pence;
use crate::present::cell::Cell;
use crate::present::dates;
use crate::present::report::Report;
use crate::present::sheet::Sheet;
use crate::wire::proto::{BudgetRow, BudgetView, BudgetYear, DateIs, FundType, YearFigure};

/// The lines, then the totals.
pub fn budget_by_year(view: &BudgetView) -> Report {
    let which = match view.budget_id.as_str() {
        "" => String::new(),
        id => format!(" ({id})"),
    };
    let name = match view.subject_name.as_str() {
        "" => &view.subject,
        name => name,
    };
    let mut sheet = Sheet::new("budget", format!("Budget of {name}{which}"))
        .when_empty("No budget, forecast or outturn is recorded.");
    sheet.column("line", "Line");
    for year in &view.years {
        sheet.column(&year.financial_year, &year.financial_year);
    }
    for row in &view.rows {
        sheet.row(line(row, view));
    }
    if !view.years.is_empty() {
        let mut cells = vec![Cell::named("total", "Total")];
        cells.extend(view.years.iter().map(|year| amount(year.total_pence)));
        sheet.row(cells);
    }
    for figures in further_rows(view) {
        sheet.row(figures);
    }
    for year in view.years.iter().filter(|year| year.position > 0) {
        let from = Cell::dated(&year.effective_on, year.effective_on_is()).for_people();
        let from = match (from.as_str(), year.effective_on_is()) {
            ("", _) => String::new(),
            (day, DateIs::Unspecified) => format!(" from {day}"),
            (day, _) => format!(" {day}"),
        };
        sheet.note(format!(
            "{}: set{from} by entry {}.{}",
            year.financial_year,
            year.position,
            disagreement(year)
        ));
    }
    if !view.other_budget_ids.is_empty() {
        let others = view.other_budget_ids.join(", ");
        sheet.note(format!("Beside it (--budget ID): {others}."));
    }
    Report::List(sheet)
}

fn amount(pence: Option<i64>) -> Cell {
    pence.map_or(Cell::Empty, Cell::Pence)
}

fn line(row: &BudgetRow, view: &BudgetView) -> Vec<Cell> {
    let service = row.service.clone().unwrap_or_default();
    let join = |service: &str, between: &str| match (service, row.head.as_str()) {
        ("", head) => head.to_owned(),
        (service, "") => service.to_owned(),
        (service, head) => format!("{service}{between}{head}"),
    };
    let fund = match row.fund() {
        FundType::Capital => " (capital)",
        FundType::Revenue | FundType::Unspecified => "",
    };
    let name = match service.name.as_str() {
        "" => &service.service_id,
        name => name,
    };
    let amounts: HashMap<&str, i64> = row
        .cells
        .iter()
        .map(|cell| (cell.financial_year.as_str(), cell.amount_pence))
        .collect();
    let mut cells = vec![Cell::named(
        join(&service.service_id, "/") + fund,
        join(name, ": ") + fund,
    )];
    let years = view.years.iter().map(|year| year.financial_year.as_str());
    cells.extend(years.map(|year| amount(amounts.get(year).copied())));
    cells
}

/// Two rows: the figures of some years under one label, and their differences.
struct Figures {
    label: String,
    difference_label: String,
    by_year: HashMap<String, Figure>,
}

#[derive(Clone, Copy)]
struct Figure {
    pence: i64,
    difference: Option<i64>,
}

/// The rows under the total: printed totals, forecasts, outturns, each with its
/// difference, in the order in which the years first name them.
fn further_rows(view: &BudgetView) -> Vec<Vec<Cell>> {
    let mut all: Vec<Figures> = Vec::new();
    let mut collect = |figures_of: &dyn Fn(&BudgetYear) -> Vec<Named>| {
        for year in &view.years {
            let mut used = HashSet::new();
            for named in figures_of(year) {
                // A second figure from one place in one year gets a number.
                let place = (1..)
                    .map(|n| match n {
                        1 => named.place.clone(),
                        n => format!("{} no. {n}", named.place).trim().to_owned(),
                    })
                    .find(|place| used.insert(place.clone()))
                    .unwrap_or_default();
                let label = labelled(named.kind, &place);
                let figure = named.figure;
                match all.iter_mut().find(|figures| figures.label == label) {
                    Some(figures) => {
                        figures.by_year.insert(year.financial_year.clone(), figure);
                    }
                    None => all.push(Figures {
                        label,
                        difference_label: labelled(named.difference_kind, &place),
                        by_year: HashMap::from([(year.financial_year.clone(), figure)]),
                    }),
                }
            }
        }
    };
    collect(&|year| {
        let stated = year.stated.iter().map(|total| Named {
            kind: "stated",
            difference_kind: "difference",
            place: total.place.clone(),
            figure: Figure {
                pence: total.stated_pence,
                // Where no budget was set there is no total to differ from.
                difference: year.total_pence.map(|_| total.difference_pence),
            },
        });
        stated.collect()
    });
    collect(&|year| reported("forecast", "forecast less budget", &year.forecasts));
    collect(&|year| reported("outturn", "outturn less budget", &year.outturns));

    let mut rows = Vec::new();
    for figures in &all {
        let of_years = |pick: fn(Figure) -> Option<i64>| {
            let years = view.years.iter();
            let figures = years.map(|year| figures.by_year.get(&year.financial_year).copied());
            let cells: Vec<Cell> = figures
                .map(|figure| amount(figure.and_then(pick)))
                .collect();
            cells
        };
        let mut amounts = vec![label(&figures.label)];
        amounts.extend(of_years(|figure| Some(figure.pence)));
        rows.push(amounts);
        let mut by_year = figures.by_year.values();
        if by_year.any(|figure| figure.difference.is_some()) {
            let mut differences = vec![label(&figures.difference_label)];
            differences.extend(of_years(|figure| figure.difference));
            rows.push(differences);
        }
    }
    rows
}

struct Named {
    kind: &'static str,
    difference_kind: &'static str,
    place: String,
    figure: Figure,
}

fn reported(
    kind: &'static str,
    difference_kind: &'static str,
    figures: &[YearFigure],
) -> Vec<Named> {
    figures
        .iter()
        .map(|reported| Named {
            kind,
            difference_kind,
            place: place_of(reported),
            figure: Figure {
                pence: reported.total_pence,
                difference: reported.against_budget_pence,
            },
        })
        .collect()
}

/// The mark that distinguishes one forecast from another: its place, else its basis,
/// else its day.
fn place_of(figure: &YearFigure) -> String {
    let place = figure.sources.iter().map(|source| &source.place);
    if let Some(place) = place.into_iter().find(|place| !place.is_empty()) {
        return place.clone();
    }
    if !figure.basis.is_empty() {
        return figure.basis.clone();
    }
    figure
        .reported_on
        .as_ref()
        .map_or_else(String::new, dates::date)
}

fn labelled(kind: &str, place: &str) -> String {
    if place.is_empty() {
        kind.to_owned()
    } else {
        format!("{kind} ({place})")
    }
}

/// A label, with a capital for people.
fn label(text: &str) -> Cell {
    let mut rest = text.chars();
    let first = rest.next().map(|c| c.to_uppercase().to_string());
    Cell::named(text, first.unwrap_or_default() + rest.as_str())
}

/// The figures for one year that differ from its total, in a sentence.
fn disagreement(year: &BudgetYear) -> String {
    let Some(total) = year.total_pence else {
        return String::new();
    };
    let mut figures: Vec<String> = Vec::new();
    for stated in &year.stated {
        if stated.difference_pence != 0 {
            let label = labelled("stated", &stated.place);
            figures.push(format!("{} {label}", Pence::computed(stated.stated_pence)));
        }
    }
    let reported = [("forecast", &year.forecasts), ("outturn", &year.outturns)];
    for (kind, reports) in reported {
        for figure in reports {
            if figure.total_pence != total {
                let label = labelled(kind, &place_of(figure));
                figures.push(format!("{} {label}", Pence::computed(figure.total_pence)));
            }
        }
    }
    if figures.is_empty() {
        return String::new();
    }
    format!(
        " {} computed; {}.",
        Pence::computed(total),
        figures.join("; ")
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::present::csv;
    use crate::present::table::{self, Layout};
    use crate::wire::proto::{BudgetCell, ServiceRef, Source, StatedFigure};

    fn row(id: &str, head: &str, amounts: &[(&str, i64)]) -> BudgetRow {
        BudgetRow {
            service: (!id.is_empty()).then(|| ServiceRef {
                service_id: id.into(),
                name: id.to_uppercase(),
            }),
            head: head.into(),
            fund: FundType::Revenue.into(),
            cells: amounts
                .iter()
                .map(|(year, thousands)| BudgetCell {
                    financial_year: (*year).into(),
                    amount_pence: thousands * 100_000,
                })
                .collect(),
        }
    }

    fn stated(thousands: i64, difference: i64, place: &str) -> StatedFigure {
        StatedFigure {
            stated_pence: thousands * 100_000,
            difference_pence: difference * 100_000,
            place: place.into(),
            ..StatedFigure::default()
        }
    }

    fn outturn(thousands: i64, against: i64) -> YearFigure {
        YearFigure {
            total_pence: thousands * 100_000,
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
                 £37,280,000 forecast (¶6.14).\n"
            ),
            "{table}"
        );
    }

    #[test]
    fn two_totals_in_one_place_both_show_and_a_year_without_budget_differs_from_nothing() {
        let mut view = bch();
        view.years[1].total_pence = None;
        view.years[1].stated = vec![stated(1, 0, ""), stated(2, 0, "")];
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
}
