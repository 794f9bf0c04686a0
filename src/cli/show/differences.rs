//! Where documents contradict themselves or one another.

use super::decisions::sources;
use crate::cli::cell::Cell;
use crate::cli::sheet::{Report, Sheet, Shown};
use crate::cli::words::word;
use crate::wire::proto::{DifferenceKind, DifferenceView};

/// A line for each difference: the computed ones with their figures, then those
/// noted with what each place says.
pub fn list(differences: &[DifferenceView]) -> Report {
    let mut sheet = Sheet::new("differences", "Differences")
        .when_empty("There are none.")
        .with_prose();
    sheet
        .column("kind", "Kind")
        .column_shown("subject", "", Shown::Programs)
        .column("subject_name", "Subject")
        .column("financial_year", "Year")
        .column_shown("figures", "", Shown::Programs)
        .column_shown("service", "", Shown::Programs)
        .column_shown("body", "", Shown::Programs)
        .column("what", "What")
        .column("stated", "Stated")
        .column("computed", "Computed")
        .column("difference", "Difference")
        .column("place", "Place")
        .column_shown("says", "What is said", Shown::People)
        .column_shown("statements", "", Shown::Programs)
        .column_shown("explanation", "", Shown::Programs)
        .column_shown("sources", "", Shown::Programs)
        .column_shown("discrepancy_id", "", Shown::Programs)
        .column("position", "Position");
    for it in differences {
        // A noted difference is in words; its figures are nothing, not zero.
        let figure = |pence| match it.kind() {
            DifferenceKind::Noted => Cell::Empty,
            _ => Cell::Pence(pence),
        };
        sheet.row(vec![
            word(it.kind()),
            (&it.subject).into(),
            (&it.subject_name).into(),
            (&it.financial_year).into(),
            (&it.figures).into(),
            (&it.service).into(),
            (&it.body).into(),
            (&it.what).into(),
            figure(it.stated_pence),
            figure(it.computed_pence),
            figure(it.difference_pence),
            (&it.place).into(),
            says(it),
            statements(it, "; "),
            (&it.explanation).into(),
            sources(&it.sources),
            (&it.discrepancy_id).into(),
            it.position.into(),
        ]);
    }
    Report::List(sheet)
}

fn statements(it: &DifferenceView, between: &str) -> Cell {
    let texts: Vec<String> = it
        .statements
        .iter()
        .map(|statement| format!("{}: {}", statement.place, statement.says))
        .collect();
    texts.join(between).into()
}

fn says(it: &DifferenceView) -> Cell {
    let mut text = statements(it, "\n").for_programs();
    if !it.explanation.is_empty() {
        if !text.is_empty() {
            text.push('\n');
        }
        text.push_str(&it.explanation);
    }
    text.into()
}
