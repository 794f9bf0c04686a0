//! The matrix as people read it: the longer of its two lists down, the shorter across.

use super::{TotalRow, sentences, services, totals, with_services};
use crate::cell::Cell;
use crate::sheet::Sheet;
use minutebook_wire::proto::{ContributionRow, ContributionsView};

/// The matrix with shares; no rows where the budget prints no contributions.
pub fn sheet(view: &ContributionsView) -> Sheet {
    if view.rows.is_empty() {
        let sentence = "The budget prints no contributions.".to_owned();
        let notes = [sentence].into_iter().chain(sentences(view));
        return with_services(view).with_notes(notes);
    }
    let sheet = bodies_down(view).with_notes(sentences(view));
    match services_are_down(view) {
        true => with_services_down(sheet, view),
        false => sheet,
    }
}

/// Whether the tables of a year have a row for each service: its services are more than
/// those who pay for them.
pub fn services_are_down(view: &ContributionsView) -> bool {
    view.columns.len() > view.rows.len().max(view.payers.len())
}

/// The same with a row for each service. The bodies are compared with one another.
pub fn with_services_down(sheet: Sheet, view: &ContributionsView) -> Sheet {
    let bodies = view.rows.iter().map(|row| &row.body);
    let bodies = bodies.chain(view.payers.iter().map(|payer| &payer.body));
    let ids = bodies.flatten().map(|body| body.body_id.clone());
    let mut sheet = sheet.transposed("Service");
    sheet.yielding_together(ids);
    sheet
}

fn has_formula(view: &ContributionsView) -> bool {
    view.rows.iter().any(|row| row.formula_share_ppm > 0)
}

fn formula_share(row: &ContributionRow) -> Cell {
    match row.formula_share_ppm {
        0 => Cell::Empty,
        ppm => Cell::Ppm(ppm),
    }
}

/// A row a body; under them the totals.
fn bodies_down(view: &ContributionsView) -> Sheet {
    let mut sheet = with_services(view);
    sheet.column("share", "Share");
    let has_formula = has_formula(view);
    if has_formula {
        sheet.column("formula", "Formula");
    }
    let ids = view.columns.iter().map(|column| {
        let service = column.service.as_ref();
        service.map_or_else(String::new, |service| service.service_id.clone())
    });
    sheet.yielding_together(ids);
    for row in &view.rows {
        let mut cells = services(view, row);
        cells.extend([Cell::Pence(row.total_pence), Cell::Ppm(row.share_ppm)]);
        if has_formula {
            cells.push(formula_share(row));
        }
        sheet.row(cells);
    }
    let blank = if has_formula { 2 } else { 1 };
    totals(view, &mut sheet, |_: TotalRow| vec![Cell::Empty; blank]);
    let mut cells = vec![Cell::named("share", "Share")];
    let shares = view.columns.iter();
    cells.extend(shares.map(|column| Cell::Ppm(column.share_ppm)));
    cells.extend(vec![Cell::Empty; blank + 1]);
    sheet.row(cells);
    sheet
}
