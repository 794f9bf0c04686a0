//! Who pays for a year.
//!
//! The CSV file is a matrix with the totals under it: `body,<services>,total`, a row a
//! body, then `total`, `stated` and `difference`. A cell is empty where a body pays
//! nothing, which is not the same as paying £0.00. After `total` come those figures of
//! each body that are known for at least one: `by_formula`, `revised`, `last_year` … to
//! `overdue`. A body's own total as printed has no place in that matrix; the table says it
//! in words. People read the matrix, those figures, the costs and the invoices as tables of
//! their own, and the command can write each of them as CSV.

mod by_formula;
mod payers;
mod printed;
mod shares;

use std::collections::HashMap;

use self::payers::PayerColumn;
pub(super) use self::shares::sentences as formula_sentences;
use super::figures::{disagreements, first_stated};
use super::invoices;
use crate::cell::Cell;
use crate::report::Report;
use crate::sheet::Sheet;
use minutebook_wire::proto::{ContributionRow, ContributionsView, DateIs};

/// A table of the answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ContributionsTable {
    /// Each body, and what it pays for each service.
    Matrix,
    /// Each service, and the part of each body.
    Shares,
    /// Each line of the budget, and the part of each body.
    Lines,
    /// Each instalment of each invoice.
    Invoices,
    /// Each payment.
    Payments,
}

/// The matrix with the figures of each body; for people all tables.
pub fn matrix(view: &ContributionsView) -> Report {
    let mut parts = vec![printed::sheet(view), payers::sheet(view)];
    parts.extend(by_formula::sheets(view));
    parts.push(invoices::sheet("invoices", &view.invoices));
    parts.push(invoices::payments(&view.invoices, &view.payments));
    Report::Parts {
        list: list(view),
        parts,
    }
}

/// One table alone.
pub fn only(view: &ContributionsView, table: ContributionsTable) -> Report {
    match table {
        ContributionsTable::Matrix => Report::Parts {
            list: list(view),
            parts: vec![printed::sheet(view), payers::every_figure(view)],
        },
        ContributionsTable::Shares => Report::List(shares::sheet(view)),
        ContributionsTable::Lines => Report::List(shares::lines(view)),
        ContributionsTable::Invoices => Report::List(invoices::sheet("invoices", &view.invoices)),
        ContributionsTable::Payments => {
            Report::List(invoices::payments(&view.invoices, &view.payments))
        }
    }
}

fn heading(view: &ContributionsView) -> String {
    let collaboration = view.collaboration.clone().unwrap_or_default();
    format!(
        "Contributions to {}, {}",
        collaboration.name, view.financial_year
    )
}

/// A sheet with a column for each service.
fn with_services(view: &ContributionsView) -> Sheet {
    let mut sheet = Sheet::new("contributions", heading(view));
    sheet.in_currency(&view.currency);
    sheet.column("body", "Body");
    for column in &view.columns {
        let service = column.service.clone().unwrap_or_default();
        let title = match service.name.as_str() {
            "" => &service.service_id,
            name => name,
        };
        sheet.column(&service.service_id, title);
    }
    sheet.column("total", "Total");
    sheet
}

/// The matrix for programs, with the figures of each body that are known.
fn list(view: &ContributionsView) -> Sheet {
    let mut sheet = with_services(view);
    let further = PayerColumn::known(view);
    for column in &further {
        sheet.column(column.key, column.title);
    }
    let payers: HashMap<&str, _> = view
        .payers
        .iter()
        .map(|one| (payers::id(one), one))
        .collect();
    let further_of = |body: &str| {
        let payer = payers.get(body);
        let cells = further.iter();
        let cells = cells.map(|column| payer.map_or(Cell::Empty, |payer| column.cell(payer)));
        cells.collect::<Vec<Cell>>()
    };
    let mut printed = Vec::new();
    for row in &view.rows {
        let body = row.body.as_ref().map_or("", |body| body.body_id.as_str());
        printed.push(body);
        let mut cells = services(view, row);
        cells.push(Cell::Pence(row.total_pence));
        cells.extend(further_of(body));
        sheet.row(cells);
    }
    for payer in &view.payers {
        if printed.contains(&payers::id(payer)) {
            continue;
        }
        let mut cells = vec![Cell::from(&payer.body)];
        cells.extend(view.columns.iter().map(|_| Cell::Empty));
        cells.push(Cell::Empty);
        cells.extend(further_of(payers::id(payer)));
        sheet.row(cells);
    }
    totals(view, &mut sheet, |row| match row {
        TotalRow::Total => further.iter().map(|column| column.total(view)).collect(),
        TotalRow::Stated | TotalRow::Difference => vec![Cell::Empty; further.len()],
    });
    sheet
}

/// A body and its cells.
fn services(view: &ContributionsView, row: &ContributionRow) -> Vec<Cell> {
    let paid: HashMap<&str, i64> = row
        .cells
        .iter()
        .map(|cell| (cell.service_id.as_str(), cell.amount_pence))
        .collect();
    let mut cells = vec![Cell::from(&row.body)];
    cells.extend(view.columns.iter().map(|column| {
        let service = column.service.as_ref();
        let id = service.map_or("", |service| service.service_id.as_str());
        Cell::known(paid.get(id).copied())
    }));
    cells
}

/// A row under the matrix.
#[derive(Clone, Copy)]
enum TotalRow {
    Total,
    Stated,
    Difference,
}

fn totals(view: &ContributionsView, sheet: &mut Sheet, further: impl Fn(TotalRow) -> Vec<Cell>) {
    let columns = || view.columns.iter();
    let (stated, difference): (Vec<Cell>, Vec<Cell>) =
        columns().map(|column| first_stated(&column.stated)).unzip();
    let (stated_whole, difference_whole) = first_stated(&view.stated);
    let whole = match view.rows.is_empty() {
        true => Cell::Empty,
        false => Cell::Pence(view.total_pence),
    };
    let total = columns()
        .map(|column| Cell::Pence(column.total_pence))
        .collect();
    let rows: [(_, _, Vec<Cell>, _); 3] = [
        (TotalRow::Total, Cell::named("total", "Total"), total, whole),
        (
            TotalRow::Stated,
            Cell::named("stated", "Stated"),
            stated,
            stated_whole,
        ),
        (
            TotalRow::Difference,
            Cell::named("difference", "Difference"),
            difference,
            difference_whole,
        ),
    ];
    for (row, label, columns, whole) in rows {
        let mut cells = vec![label];
        cells.extend(columns);
        cells.push(whole);
        cells.extend(further(row));
        sheet.row(cells);
    }
}

fn sentences(view: &ContributionsView) -> Vec<String> {
    let rows = view.rows.iter().flat_map(|row| {
        let body = row.body.clone().unwrap_or_default();
        disagreements(&body.name, row.total_pence, &row.stated, &view.currency)
    });
    let columns = view.columns.iter().flat_map(|column| {
        let service = column.service.clone().unwrap_or_default();
        disagreements(
            &service.name,
            column.total_pence,
            &column.stated,
            &view.currency,
        )
    });
    let whole = disagreements("The whole", view.total_pence, &view.stated, &view.currency);
    let mut sentences: Vec<String> = rows.chain(columns).chain(whole).collect();
    if view.effective_on.is_some() {
        let day = Cell::dated(&view.effective_on, view.effective_on_is()).for_people();
        let day = match view.effective_on_is() {
            DateIs::Unspecified => format!("from {day}"),
            _ => day,
        };
        sentences.push(format!("Set {day} by entry {}.", view.position));
    }
    sentences
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::csv;
    use crate::table::{self, Layout};
    use minutebook_wire::proto::{
        BodyRef, CollaborationRef, ContributionCell, ContributionColumn, ContributionRow,
        ServiceRef, StatedFigure,
    };

    fn stated(stated_pence: i64, difference_pence: i64) -> Vec<StatedFigure> {
        vec![StatedFigure {
            stated_pence,
            difference_pence,
            place: "Annex A".into(),
            ..StatedFigure::default()
        }]
    }

    fn column(id: &str, total_pence: i64, stated: Vec<StatedFigure>) -> ContributionColumn {
        ContributionColumn {
            service: Some(ServiceRef {
                service_id: id.into(),
                name: id.to_uppercase(),
            }),
            total_pence,
            stated,
            share_ppm: 500_000,
        }
    }

    fn row(id: &str, cells: &[(&str, i64)], stated: Vec<StatedFigure>) -> ContributionRow {
        ContributionRow {
            body: Some(BodyRef {
                body_id: id.into(),
                name: format!("{id} (name)"),
            }),
            cells: cells
                .iter()
                .map(|(id, amount_pence)| ContributionCell {
                    service_id: (*id).into(),
                    amount_pence: *amount_pence,
                    ..Default::default()
                })
                .collect(),
            total_pence: cells.iter().map(|(_, pence)| pence).sum(),
            stated,
            share_ppm: 273_000,
            formula_share_ppm: 0,
        }
    }

    fn view() -> ContributionsView {
        ContributionsView {
            collaboration: Some(CollaborationRef {
                collaboration_id: "east-midlands".into(),
                name: "East Midlands".into(),
            }),
            financial_year: "2020/21".into(),
            columns: vec![
                column("soc", 1_000_100, stated(1_000_000, 100)),
                column("l-and-d", 50_000, vec![]),
            ],
            rows: vec![
                row("notts", &[("l-and-d", 50_000), ("soc", 600_050)], vec![]),
                row("lincs", &[("soc", 400_050)], stated(400_000, 50)),
            ],
            total_pence: 1_050_100,
            stated: stated(1_050_300, -200),
            ..Default::default()
        }
    }

    #[test]
    fn the_csv_file_is_exactly_this() {
        let mut csv = Vec::new();
        csv::write(&matrix(&view()), &mut csv).unwrap();
        assert_eq!(
            String::from_utf8(csv).unwrap(),
            "body,soc,l-and-d,total\n\
             notts,6000.50,500.00,6500.50\n\
             lincs,4000.50,,4000.50\n\
             total,10001.00,500.00,10501.00\n\
             stated,10000.00,,10503.00\n\
             difference,1.00,,-2.00\n"
        );
    }

    #[test]
    fn the_table_has_shares_and_says_where_totals_disagree() {
        let table = table::render(&matrix(&view()), Layout::plain(120));
        assert!(table.starts_with("Contributions to East Midlands, 2020/21\n"));
        assert!(table.contains("│ lincs (name) ┆  £4,000.50 ┆"), "{table}");
        assert!(table.contains("50.00%") && table.contains("27.30%"));
        assert!(table.contains(
            "lincs (name): £4,000.50 computed, £4,000 stated (Annex A), difference £0.50.\n\
             SOC: £10,001 computed, £10,000 stated (Annex A), difference £1.\n\
             The whole: £10,501 computed, £10,503 stated (Annex A), difference -£2.\n"
        ));
    }
}
