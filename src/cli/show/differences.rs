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
        .column_shown("kind", "", Shown::Programs)
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
            what(it),
            figure(it.stated_pence),
            figure(it.computed_pence),
            figure(it.difference_pence),
            (&it.place).into(),
            statements(it, "; ").into(),
            (&it.explanation).into(),
            sources(&it.sources),
            (&it.discrepancy_id).into(),
            it.position.into(),
        ]);
    }
    Report::List(sheet)
}

/// Programs get the sentence. People have its figures in the columns beside it,
/// so they get the name of what is totalled; a noted difference, which has no
/// figures, is told in full.
fn what(it: &DifferenceView) -> Cell {
    let name = match it.kind() {
        DifferenceKind::BodyTotal => it.body.as_ref().map(|body| body.name.clone()),
        DifferenceKind::ServiceTotal => it.service.as_ref().map(|service| service.name.clone()),
        DifferenceKind::GrandTotal => Some("The whole".to_owned()),
        DifferenceKind::Noted | DifferenceKind::Unspecified => None,
    };
    let for_people = match name {
        Some(name) if it.figures.is_empty() || it.figures == "budget" => name,
        Some(name) => format!("{name} ({})", it.figures),
        None => [&it.what, &statements(it, "\n"), &it.explanation]
            .into_iter()
            .filter(|text| !text.is_empty())
            .cloned()
            .collect::<Vec<_>>()
            .join("\n"),
    };
    Cell::named(&it.what, for_people)
}

fn statements(it: &DifferenceView, between: &str) -> String {
    let texts: Vec<String> = it
        .statements
        .iter()
        .map(|statement| format!("{}: {}", statement.place, statement.says))
        .collect();
    texts.join(between)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::screen::Layout;
    use crate::wire::proto::{BodyRef, discrepancy_noted::Statement};

    #[test]
    fn computed_ones_have_figures_and_noted_ones_are_told_in_full() {
        let computed = DifferenceView {
            kind: DifferenceKind::BodyTotal.into(),
            body: Some(BodyRef {
                body_id: "leics-pcc".into(),
                name: "Leicestershire PCC".into(),
            }),
            figures: "budget".into(),
            what: "Leicestershire PCC: a sentence".into(),
            stated_pence: 513_932_700,
            computed_pence: 513_932_800,
            difference_pence: 100,
            position: 6,
            ..Default::default()
        };
        let noted = DifferenceView {
            kind: DifferenceKind::Noted.into(),
            what: "Two totals".into(),
            statements: vec![Statement {
                place: "¶1".into(),
                says: "five".into(),
            }],
            explanation: "A slip.".into(),
            position: 7,
            ..Default::default()
        };
        let report = list(&[computed, noted]);
        assert_eq!(
            report.table(Layout::plain(100)),
            "\
Differences
┌────────────────────┬────────────┬────────────┬────────────┬──────────┐
│ What               ┆     Stated ┆   Computed ┆ Difference ┆ Position │
╞════════════════════╪════════════╪════════════╪════════════╪══════════╡
│ Leicestershire PCC ┆ £5,139,327 ┆ £5,139,328 ┆         £1 ┆        6 │
├╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌┼╌╌╌╌╌╌╌╌╌╌╌╌┼╌╌╌╌╌╌╌╌╌╌╌╌┼╌╌╌╌╌╌╌╌╌╌╌╌┼╌╌╌╌╌╌╌╌╌╌┤
│ Two totals         ┆            ┆            ┆            ┆        7 │
│ ¶1: five           ┆            ┆            ┆            ┆          │
│ A slip.            ┆            ┆            ┆            ┆          │
└────────────────────┴────────────┴────────────┴────────────┴──────────┘
"
        );
        let mut csv = Vec::new();
        report.write_csv(&mut csv).unwrap();
        let csv = String::from_utf8(csv).unwrap();
        assert!(
            csv.contains("leics-pcc,Leicestershire PCC: a sentence,5139327.00,5139328.00,1.00")
        );
        assert!(csv.contains(",Two totals,,,,,¶1: five,A slip.,"), "{csv}");
    }
}
