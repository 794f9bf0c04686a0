//! The figures of each body that pays: beside the matrix for programs, a table for people.

use crate::cell::Cell;
use crate::dates;
use crate::sheet::Sheet;
use minutebook_wire::proto::{ContributionsView, PayerView};

/// A figure of each body.
#[derive(Clone, Copy)]
pub(super) struct PayerColumn {
    pub key: &'static str,
    pub title: &'static str,
    figure: fn(&PayerView) -> Option<i64>,
    unit: Unit,
}

/// How a figure is written, and when its total means anything.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Unit {
    /// An amount; its total is known where that of each body is.
    Pence,
    /// An amount of those that have one: a body without an invoice was not invoiced.
    Recorded,
    /// A change in millionths; there is no total.
    Ppm,
}

const COLUMNS: [PayerColumn; 15] = [
    column(
        "by_formula",
        "By formula",
        |one| one.by_formula_pence,
        Unit::Pence,
    ),
    column("revised", "Now", |one| one.revised_pence, Unit::Pence),
    column(
        "last_year",
        "Year before",
        |one| one.last_year_pence,
        Unit::Pence,
    ),
    column("change", "Change", |one| one.change_pence, Unit::Pence),
    column(
        "change_percent",
        "Change, %",
        |one| one.change_ppm,
        Unit::Ppm,
    ),
    column(
        "forecast",
        "Forecast",
        |one| one.forecast_pence,
        Unit::Pence,
    ),
    column(
        "forecast_variance",
        "Forecast less budget",
        |one| one.forecast_variance_pence,
        Unit::Pence,
    ),
    column("outturn", "Outturn", |one| one.outturn_pence, Unit::Pence),
    column(
        "outturn_variance",
        "Outturn less budget",
        |one| one.outturn_variance_pence,
        Unit::Pence,
    ),
    column(
        "overspend_charged",
        "Overspend charged",
        |one| one.overspend_charged_pence.filter(|amount| *amount != 0),
        Unit::Recorded,
    ),
    column(
        "invoiced",
        "Invoiced",
        |one| one.invoiced_pence,
        Unit::Recorded,
    ),
    column("paid", "Paid", |one| one.paid_pence, Unit::Recorded),
    column("due", "Due by now", |one| one.due_pence, Unit::Recorded),
    column(
        "overdue",
        "Overdue",
        |one| one.overdue_pence,
        Unit::Recorded,
    ),
    // For people it comes first.
    column(
        "original",
        "Original",
        |one| one.original_pence,
        Unit::Pence,
    ),
];

const fn column(
    key: &'static str,
    title: &'static str,
    figure: fn(&PayerView) -> Option<i64>,
    unit: Unit,
) -> PayerColumn {
    PayerColumn {
        key,
        title,
        figure,
        unit,
    }
}

impl PayerColumn {
    /// The columns of figures that are known for at least one body. The contributions as
    /// printed are in the matrix; what they are now is left out where nothing has changed.
    pub fn known(view: &ContributionsView) -> Vec<Self> {
        let known = |column: &Self| view.payers.iter().any(|one| (column.figure)(one).is_some());
        let has_changed = view.payers.iter().any(|one| {
            let before = one.original_pence.or(one.by_formula_pence);
            one.revised_pence.is_some() && one.revised_pence != before
        });
        let columns = COLUMNS.iter().copied();
        columns
            .filter(|column| match column.key {
                "original" => false,
                "revised" => has_changed,
                _ => known(column),
            })
            .collect()
    }

    pub fn cell(&self, payer: &PayerView) -> Cell {
        match ((self.figure)(payer), self.unit) {
            (None, _) => Cell::Empty,
            (Some(ppm), Unit::Ppm) => signed_percent(ppm),
            (Some(pence), Unit::Pence | Unit::Recorded) => Cell::Pence(pence),
        }
    }

    /// The total over all bodies; empty where it would leave one out.
    pub fn total(&self, view: &ContributionsView) -> Cell {
        let figures = view.payers.iter().map(self.figure);
        let total: Option<i128> = match self.unit {
            Unit::Ppm => None,
            Unit::Recorded => Some(figures.flatten().map(i128::from).sum()),
            Unit::Pence => figures.map(|figure| figure.map(i128::from)).sum(),
        };
        let total = total.and_then(|total| i64::try_from(total).ok());
        Cell::known(total)
    }
}

/// A change in per cent, with its sign.
fn signed_percent(ppm: i64) -> Cell {
    let size = ppm.unsigned_abs();
    let sign = if ppm < 0 { "-" } else { "" };
    let exact = format!("{sign}{}.{:04}", size / 10_000, size % 10_000);
    let exact = exact.trim_end_matches('0').trim_end_matches('.').to_owned();
    let hundredths = (size + 50) / 100;
    let rounded = format!("{sign}{}.{:02}%", hundredths / 100, hundredths % 100);
    Cell::named(exact, rounded)
}

pub(super) fn id(payer: &PayerView) -> &str {
    payer.body.as_ref().map_or("", |body| body.body_id.as_str())
}

/// The total of the parts by formula; empty where that of a body is not known.
pub(super) fn total_by_formula(view: &ContributionsView) -> Cell {
    COLUMNS[0].total(view)
}

/// Whether anything is known of a body beside the contributions as printed, and those by
/// formula.
pub(super) fn has_figures(view: &ContributionsView) -> bool {
    let columns = PayerColumn::known(view);
    columns.iter().any(|column| column.key != "by_formula")
}

/// The table for people; empty where nothing is known beside the matrix, and the parts by
/// formula that have tables of their own.
pub(super) fn sheet(view: &ContributionsView) -> Sheet {
    match has_figures(view) {
        true => every_figure(view),
        false => Sheet::new("payers", ""),
    }
}

/// The table with every figure that is known.
pub(super) fn every_figure(view: &ContributionsView) -> Sheet {
    let heading = format!("Who pays for {}", view.financial_year);
    let mut sheet = Sheet::new("payers", heading);
    let mut columns = PayerColumn::known(view);
    let original = COLUMNS.iter().find(|column| column.key == "original");
    let is_printed = view.payers.iter().any(|one| one.original_pence.is_some());
    columns.splice(0..0, original.copied().filter(|_| is_printed));
    sheet.column("body", "Body");
    for column in &columns {
        sheet.column(column.key, column.title);
    }
    sheet.in_currency(&view.currency);
    for payer in &view.payers {
        let mut cells = vec![Cell::from(&payer.body)];
        cells.extend(columns.iter().map(|column| column.cell(payer)));
        sheet.row(cells);
    }
    let mut cells = vec![Cell::named("total", "Total")];
    cells.extend(columns.iter().map(|column| column.total(view)));
    sheet.row(cells);
    let reported = [
        ("forecast", &view.forecast_on),
        ("outturn", &view.outturn_on),
    ];
    for (kind, on) in reported {
        if let Some(on) = on {
            let day = dates::date(on);
            sheet.note(format!(
                "The {kind} is of {day}; more than the budget is above zero."
            ));
        }
    }
    for sentence in &view.left_out {
        sheet.note(sentence.clone());
    }
    sheet
}
