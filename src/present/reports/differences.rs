//! Where documents contradict themselves or one another.

use super::decisions::sources;
use crate::cell::Cell;
use crate::report::Report;
use crate::sheet::Sheet;
use minutebook_wire::proto::{DifferenceKind, DifferenceView};

/// A line for each difference. People read those in figures and those in words
/// separately.
pub fn list(differences: &[DifferenceView]) -> Report {
    let mut list = Sheet::new("differences", "").columns([
        ("kind", ""),
        ("subject", ""),
        ("subject_name", ""),
        ("financial_year", ""),
        ("figures", ""),
        ("service", ""),
        ("body", ""),
        ("what", ""),
        ("stated", ""),
        ("computed", ""),
        ("difference", ""),
        ("place", ""),
        ("statements", ""),
        ("explanation", ""),
        ("sources", ""),
        ("discrepancy_id", ""),
        ("position", ""),
        ("part", ""),
    ]);
    let mut figures = Sheet::new("figures", "Totals that differ from the printed ones").columns([
        ("subject", "Subject"),
        ("year", "Year"),
        ("figures", "Figures"),
        ("what", "What"),
        ("computed", "Computed"),
        ("stated", "Stated"),
        ("difference", "Difference"),
        ("place", "Where"),
        ("position", "Entry"),
    ]);
    figures.yielding(["place", "figures", "what"]);
    let mut words = Sheet::new("noted", "Contradictions noted")
        .columns([
            ("subject", "Subject"),
            ("what", "What"),
            ("position", "Entry"),
        ])
        .with_prose();
    if differences.is_empty() {
        figures = figures.when_empty("There are none.");
    }
    for difference in differences {
        let noted = difference.kind() == DifferenceKind::Noted;
        // A difference in words or of shares has no amounts, which is not zero.
        let is_of_shares = matches!(
            difference.kind(),
            DifferenceKind::Shares | DifferenceKind::VarianceShare
        );
        let figure = |pence| {
            if noted || is_of_shares {
                Cell::Empty
            } else {
                Cell::Pence(pence)
            }
        };
        list.in_currency(&difference.currency);
        figures.in_currency(&difference.currency);
        list.row(vec![
            Cell::label(difference.kind()),
            (&difference.subject).into(),
            (&difference.subject_name).into(),
            (&difference.financial_year).into(),
            (&difference.figures).into(),
            (&difference.service).into(),
            (&difference.body).into(),
            (&difference.what).into(),
            figure(difference.stated_pence),
            figure(difference.computed_pence),
            figure(difference.difference_pence),
            (&difference.place).into(),
            statements(difference, "; "),
            (&difference.explanation).into(),
            sources(&difference.sources),
            (&difference.discrepancy_id).into(),
            difference.position.into(),
            (&difference.part).into(),
        ]);
        if noted {
            words.row(vec![
                (&difference.subject_name).into(),
                contradiction(difference),
                difference.position.into(),
            ]);
        } else {
            figures.row(vec![
                (&difference.subject_name).into(),
                (&difference.financial_year).into(),
                (&difference.figures).into(),
                row_or_column(difference),
                figure(difference.computed_pence),
                figure(difference.stated_pence),
                figure(difference.difference_pence),
                (&difference.place).into(),
                difference.position.into(),
            ]);
        }
    }
    Report::Parts {
        list,
        parts: vec![figures, words],
    }
}

fn statements(difference: &DifferenceView, between: &str) -> Cell {
    let texts: Vec<String> = difference
        .statements
        .iter()
        .map(|statement| format!("{}: {}", statement.place, statement.says))
        .collect();
    texts.join(between).into()
}

/// The part that differs; for the whole, also the total of the printed rows.
fn row_or_column(difference: &DifferenceView) -> Cell {
    let more = difference
        .what
        .split_once("; ")
        .filter(|_| difference.kind() == DifferenceKind::GrandTotal);
    let more = more.map_or_else(String::new, |(_, more)| format!("; {more}"));
    format!("{}{more}", difference.part).into()
}

/// The contradiction, the statement of each place, and the explanation.
fn contradiction(difference: &DifferenceView) -> Cell {
    let mut text = difference.what.clone();
    for more in [
        &statements(difference, "\n").for_programs(),
        &difference.explanation,
    ] {
        if !more.is_empty() {
            text.push('\n');
            text.push_str(more);
        }
    }
    text.into()
}
