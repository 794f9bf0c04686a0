//! Where documents contradict themselves or one another.

use super::decisions::sources;
use crate::cli::cell::Cell;
use crate::cli::enum_labels::word;
use crate::cli::sheet::{Report, Sheet};
use crate::wire::proto::{DifferenceKind, DifferenceView};

/// A line for each difference. People are shown those in figures and those in
/// words apart.
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
    ]);
    let mut figures = Sheet::new("figures", "Totals that differ from what is printed").columns([
        ("subject", "Subject"),
        ("year", "Year"),
        ("figures", "Figures"),
        ("what", "What"),
        ("computed", "Computed"),
        ("stated", "Stated"),
        ("difference", "Difference"),
        ("place", "Where it is stated"),
        ("position", "Entry"),
    ]);
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
    for it in differences {
        let noted = it.kind() == DifferenceKind::Noted;
        // A noted difference is in words; its figures are nothing, not zero.
        let figure = |pence| {
            if noted {
                Cell::Empty
            } else {
                Cell::Pence(pence)
            }
        };
        list.row(vec![
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
            statements(it, "; "),
            (&it.explanation).into(),
            sources(&it.sources),
            (&it.discrepancy_id).into(),
            it.position.into(),
        ]);
        if noted {
            words.row(vec![
                (&it.subject_name).into(),
                contradiction(it),
                it.position.into(),
            ]);
        } else {
            figures.row(vec![
                (&it.subject_name).into(),
                (&it.financial_year).into(),
                (&it.figures).into(),
                of(it),
                figure(it.computed_pence),
                figure(it.stated_pence),
                figure(it.difference_pence),
                (&it.place).into(),
                it.position.into(),
            ]);
        }
    }
    Report::Parts {
        list,
        parts: vec![figures, words],
    }
}

fn statements(it: &DifferenceView, between: &str) -> Cell {
    let texts: Vec<String> = it
        .statements
        .iter()
        .map(|statement| format!("{}: {}", statement.place, statement.says))
        .collect();
    texts.join(between).into()
}

/// The row, the column or the whole; for the whole what the printed rows come
/// to as well.
fn of(it: &DifferenceView) -> Cell {
    let names = [
        it.body.as_ref().map(|b| &b.name),
        it.service.as_ref().map(|s| &s.name),
    ];
    let names: Vec<&str> = names.into_iter().flatten().map(String::as_str).collect();
    if names.is_empty() {
        let more = it
            .what
            .split_once("; ")
            .map(|(_, more)| format!("; {more}"));
        return format!("the whole{}", more.unwrap_or_default()).into();
    }
    names.join(", ").into()
}

/// The contradiction, what each place says, and how it may be explained.
fn contradiction(it: &DifferenceView) -> Cell {
    let mut text = it.what.clone();
    for more in [&statements(it, "\n").for_programs(), &it.explanation] {
        if !more.is_empty() {
            text.push('\n');
            text.push_str(more);
        }
    }
    text.into()
}
