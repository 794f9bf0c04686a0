//! Benefits and savings, expected beside measured.
//!
//! Both are promises with a figure, so programs get them in one list, with the savings by
//! year, their steps and their totals under the column `kind`. For savings the figure is
//! money: the planned amount is the expected figure, the realised amount the measured one.

use super::savings;
use crate::cell::Cell;
use crate::report::Report;
use crate::sheet::Sheet;
use minutebook_wire::proto::{BenefitView, SavingsTotalView, SavingsView};

/// The benefits, then the savings: each plan, by year, its steps, and the totals.
pub fn list(
    benefits: &[BenefitView],
    savings: &[SavingsView],
    totals: &[SavingsTotalView],
) -> Report {
    let mut list = rows_for_programs();
    let mut sheet = Sheet::new("benefits", "Benefits").with_prose().columns([
        ("subject_name", "Subject"),
        ("id", "Id"),
        ("what", "What"),
        ("service_id", "Service"),
        ("unit", "Unit"),
        ("baseline", "Baseline"),
        ("expected", "Expected"),
        ("from", "From"),
        ("by", "By"),
        ("measured", "Measured"),
        ("measured_on", "On"),
        ("assumptions", "Assumptions"),
        ("failed_assumptions", "Failed assumptions"),
        ("instrument_id", "Promised by"),
    ]);
    if benefits.is_empty() && savings.is_empty() {
        sheet = sheet.headed("Benefits and savings");
        sheet = sheet.when_empty("None is recorded.");
    }
    sheet.yielding([
        "failed_assumptions",
        "assumptions",
        "instrument_id",
        "what",
        "id",
        "service_id",
        "unit",
        "by",
    ]);
    for benefit in benefits {
        let latest = benefit.measurements.last().cloned().unwrap_or_default();
        let named: Vec<(&str, Cell)> = vec![
            ("subject_name", (&benefit.subject_name).into()),
            ("id", (&benefit.benefit_id).into()),
            ("what", (&benefit.title).into()),
            ("service_id", (&benefit.service_id).into()),
            ("unit", (&benefit.unit).into()),
            ("baseline", (&benefit.baseline).into()),
            ("expected", (&benefit.expected).into()),
            ("from", (&benefit.baselined_on).into()),
            ("by", (&benefit.expected_by_on).into()),
            ("measured", (&latest.value).into()),
            ("measured_on", (&latest.measured_on).into()),
            ("assumptions", (&benefit.assumptions).into()),
            ("failed_assumptions", (&benefit.failed_assumptions).into()),
            ("instrument_id", (&benefit.instrument_id).into()),
        ];
        sheet.row(named.iter().map(|(_, cell)| cell.clone()).collect());
        let mut row = named;
        row.extend([
            ("kind", "benefit".into()),
            ("subject", (&benefit.subject).into()),
        ]);
        list.row_by_key(&row);
    }
    let mut parts = vec![sheet];
    parts.extend(savings::sheets(savings, totals));
    savings::rows(savings, totals, &mut |row| list.row_by_key(&row));
    Report::Parts { list, parts }
}

const FIELDS: [&str; 36] = [
    "kind",
    "subject",
    "subject_name",
    "id",
    "what",
    "service_id",
    "unit",
    "baseline",
    "expected",
    "from",
    "by",
    "measured",
    "measured_on",
    "part_of_id",
    "assumptions",
    "failed_assumptions",
    "instrument_id",
    "expected_is",
    "measured_is",
    "first_planned",
    "first_planned_is",
    "dropped",
    "dropped_on",
    "made",
    "made_is",
    "left",
    "left_is",
    "recurrence",
    "annual",
    "parts",
    "parts_over",
    "not_given_count",
    "year",
    "reason",
    "after_drop",
    "position",
];

fn rows_for_programs() -> Sheet {
    Sheet::new("benefits", "").keyed(&FIELDS)
}
