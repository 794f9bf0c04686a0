//! Benefits and savings, expected beside measured.
//!
//! Both are promises with a figure, so they share one list. For savings the figure is
//! money: the planned amount is the expected figure, the realised amount the measured
//! one.

use crate::present::cell::Cell;
use crate::present::report::Report;
use crate::present::sheet::{Audience, Sheet};
use crate::wire::proto::{AmountIs, BenefitView, SavingsView};

/// A line for each benefit and each saving.
pub fn list(benefits: &[BenefitView], savings: &[SavingsView]) -> Report {
    let mut sheet = Sheet::new("benefits", "Benefits and savings")
        .when_empty("None is recorded.")
        .with_prose();
    sheet
        .column("kind", "Kind")
        .column_for(Audience::Programs, "subject", "")
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
        .column("assumptions", "Assumptions")
        .column("failed_assumptions", "Failed assumptions")
        .column("instrument_id", "Promised by")
        .column_for(Audience::Programs, "expected_is", "")
        .column_for(Audience::Programs, "measured_is", "");
    for benefit in benefits {
        let latest = benefit.measurements.last().cloned().unwrap_or_default();
        sheet.row(vec![
            "benefit".into(),
            (&benefit.subject).into(),
            (&benefit.subject_name).into(),
            (&benefit.benefit_id).into(),
            (&benefit.title).into(),
            (&benefit.service_id).into(),
            (&benefit.unit).into(),
            (&benefit.baseline).into(),
            (&benefit.expected).into(),
            (&benefit.baselined_on).into(),
            (&benefit.expected_by_on).into(),
            (&latest.value).into(),
            (&latest.measured_on).into(),
            Cell::Empty,
            (&benefit.assumptions).into(),
            (&benefit.failed_assumptions).into(),
            (&benefit.instrument_id).into(),
            Cell::Empty,
            Cell::Empty,
        ]);
    }
    for saving in savings {
        let planned = saving.planned_pence;
        sheet.row(vec![
            "saving".into(),
            (&saving.subject).into(),
            (&saving.subject_name).into(),
            (&saving.savings_id).into(),
            (&saving.description).into(),
            (&saving.service_id).into(),
            "£".into(),
            Cell::Empty,
            match planned {
                Some(planned) => Cell::known_amount(planned, saving.planned_is()),
                None if saving.planned_is() == AmountIs::NotGiven => Cell::named("", "not given"),
                None => Cell::named("", "not planned"),
            },
            (&saving.from_year).into(),
            if saving.to_year.is_empty() {
                Cell::named("", "not given")
            } else {
                (&saving.to_year).into()
            },
            match saving.realised_pence {
                0 if saving.realised_is() == AmountIs::NotGiven => Cell::named("", "not given"),
                0 => Cell::Empty,
                realised => Cell::known_amount(realised, saving.realised_is()),
            },
            Cell::Empty,
            (&saving.part_of_id).into(),
            Cell::Empty,
            Cell::Empty,
            Cell::Empty,
            Cell::label(saving.planned_is()),
            Cell::label(saving.realised_is()),
        ]);
    }
    Report::List(sheet)
}
