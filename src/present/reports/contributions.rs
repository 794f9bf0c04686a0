//! Who pays what for which service in a year.
//!
//! The CSV file is a matrix with the totals under it: `body,<services>,total`, a
//! row a body, then `total`, `stated` and `difference`. A cell is empty where a
//! body pays nothing, which is not the same as paying £0.00. A body's own total
//! as printed has no place in that matrix; the table says it in words.

use std::collections::HashMap;

use super::figures::{disagreements, first_stated};
use crate::present::cell::Cell;
use crate::present::report::Report;
use crate::present::sheet::{Audience, Sheet};
use crate::wire::proto::{ContributionsView, DateIs};

/// The matrix, its totals and their differences from printed totals.
pub fn matrix(view: &ContributionsView) -> Report {
    let collaboration = view.collaboration.clone().unwrap_or_default();
    let heading = format!(
        "Contributions to {}, {}",
        collaboration.name, view.financial_year
    );
    let mut sheet = Sheet::new("contributions", heading);
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
    sheet.column_for(Audience::People, "share", "Share");
    let has_formula = view.rows.iter().any(|row| row.formula_share_ppm > 0);
    if has_formula {
        sheet.column_for(Audience::People, "formula", "Formula");
    }
    bodies(view, has_formula, &mut sheet);
    totals(view, has_formula, &mut sheet);
    for sentence in sentences(view) {
        sheet.note(sentence);
    }
    Report::List(sheet)
}

fn bodies(view: &ContributionsView, has_formula: bool, sheet: &mut Sheet) {
    for row in &view.rows {
        let paid: HashMap<&str, i64> = row
            .cells
            .iter()
            .map(|cell| (cell.service_id.as_str(), cell.amount_pence))
            .collect();
        let mut cells = vec![Cell::from(&row.body)];
        cells.extend(view.columns.iter().map(|column| {
            let service = column.service.as_ref();
            let id = service.map_or("", |service| service.service_id.as_str());
            paid.get(id).copied().map_or(Cell::Empty, Cell::Pence)
        }));
        cells.extend([Cell::Pence(row.total_pence), Cell::Ppm(row.share_ppm)]);
        if has_formula {
            cells.push(match row.formula_share_ppm {
                0 => Cell::Empty,
                ppm => Cell::Ppm(ppm),
            });
        }
        sheet.row(cells);
    }
}

fn totals(view: &ContributionsView, has_formula: bool, sheet: &mut Sheet) {
    let mut add = |label: Cell, columns: Vec<Cell>, whole: Cell, shown| {
        let mut cells = vec![label];
        cells.extend(columns);
        cells.extend([whole, Cell::Empty]);
        if has_formula {
            cells.push(Cell::Empty);
        }
        sheet.row_for(shown, cells);
    };
    let columns = || view.columns.iter();
    let (stated, difference): (Vec<Cell>, Vec<Cell>) =
        columns().map(|column| first_stated(&column.stated)).unzip();
    let (stated_whole, difference_whole) = first_stated(&view.stated);
    add(
        Cell::named("total", "Total"),
        columns()
            .map(|column| Cell::Pence(column.total_pence))
            .collect(),
        Cell::Pence(view.total_pence),
        Audience::All,
    );
    add(
        Cell::named("stated", "Stated"),
        stated,
        stated_whole,
        Audience::All,
    );
    add(
        Cell::named("difference", "Difference"),
        difference,
        difference_whole,
        Audience::All,
    );
    add(
        Cell::named("share", "Share"),
        columns()
            .map(|column| Cell::Ppm(column.share_ppm))
            .collect(),
        Cell::Empty,
        Audience::People,
    );
}

fn sentences(view: &ContributionsView) -> Vec<String> {
    let rows = view.rows.iter().flat_map(|row| {
        let body = row.body.clone().unwrap_or_default();
        disagreements(&body.name, row.total_pence, &row.stated)
    });
    let columns = view.columns.iter().flat_map(|column| {
        let service = column.service.clone().unwrap_or_default();
        disagreements(&service.name, column.total_pence, &column.stated)
    });
    let whole = disagreements("The whole", view.total_pence, &view.stated);
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
    use crate::present::csv;
    use crate::present::table::{self, Layout};
    use crate::wire::proto::{
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
        assert!(table.contains("│ lincs (name) ┆ £4,000.50 ┆"), "{table}");
        assert!(table.contains("50.00%") && table.contains("27.30%"));
        assert!(table.contains(
            "lincs (name): £4,000.50 computed, £4,000 stated (Annex A), difference £0.50.\n\
             SOC: £10,001 computed, £10,000 stated (Annex A), difference £1.\n\
             The whole: £10,501 computed, £10,503 stated (Annex A), difference -£2.\n"
        ));
    }
}
