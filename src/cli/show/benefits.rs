//! Benefits and savings, expected beside measured.
//!
//! Both are promises with a figure, so they stand in one list: for savings the
//! figure is money, what is expected is what was planned, and what is measured
//! is what was made.

use crate::cli::cell::Cell;
use crate::cli::sheet::{Audience, Report, Sheet};
use crate::wire::proto::{BenefitView, SavingsView};

/// A line for each benefit and each saving.
pub fn list(benefits: &[BenefitView], savings: &[SavingsView]) -> Report {
    let mut sheet = Sheet::new("benefits", "Benefits and savings")
        .when_empty("None is recorded.")
        .with_prose();
    sheet
        .column("kind", "Kind")
        .column_shown("subject", "", Audience::Programs)
        .column("subject_name", "Subject")
        .column("id", "Id")
        .column("what", "What")
        .column("service_id", "Service")
        .column("unit", "Unit")
        .column("baseline", "Baseline")
        .column("expected", "Expected")
        .column("from", "From")
        .column("by", "By")
        .column("measured", "Measured")
        .column("measured_on", "On")
        .column("part_of_id", "Part of")
        .column("failed_assumptions", "What did not hold");
    for it in benefits {
        let latest = it.measurements.last().cloned().unwrap_or_default();
        sheet.row(vec![
            Cell::Word("benefit".to_owned()),
            (&it.subject).into(),
            (&it.subject_name).into(),
            (&it.benefit_id).into(),
            (&it.title).into(),
            (&it.service_id).into(),
            (&it.unit).into(),
            (&it.baseline).into(),
            (&it.expected).into(),
            (&it.baselined_on).into(),
            (&it.expected_by_on).into(),
            (&latest.value).into(),
            (&latest.measured_on).into(),
            Cell::Empty,
            (&it.failed_assumptions).into(),
        ]);
    }
    for it in savings {
        let planned = it.planned_pence;
        sheet.row(vec![
            Cell::Word("saving".to_owned()),
            (&it.subject).into(),
            (&it.subject_name).into(),
            (&it.savings_id).into(),
            (&it.description).into(),
            (&it.service_id).into(),
            "£".into(),
            Cell::Empty,
            planned.map_or(Cell::named("", "not planned"), Cell::Pence),
            (&it.from_year).into(),
            (&it.to_year).into(),
            match it.realised_pence {
                0 => Cell::Empty,
                realised => Cell::Pence(realised),
            },
            Cell::Empty,
            (&it.part_of_id).into(),
            Cell::Empty,
        ]);
    }
    Report::List(sheet)
}
