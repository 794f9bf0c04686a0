//! Checks that a finance officer would run.

use crate::cell::Cell;
use crate::report::Report;
use crate::reports::budget_lines::head_name;
use crate::sheet::{Audience, Sheet};
use minutebook_wire::proto::CheckView;

/// A line for each.
pub fn list(checks: &[CheckView]) -> Report {
    let mut sheet = Sheet::new("checks", "To look into").when_empty("Nothing to look into.");
    sheet
        .column_for(Audience::Programs, "subject", "")
        .column("subject_name", "Subject")
        .column("financial_year", "Year")
        .column("kind", "Check")
        .column("what", "What")
        .column("amount", "Amount")
        .column("since", "Since")
        .column_for(Audience::Programs, "budget_id", "")
        .column_for(Audience::Programs, "head", "")
        .column_for(Audience::Programs, "body", "")
        .column("entries", "Entries");
    let mut sheet = sheet.with_prose();
    sheet.yielding(["what", "entries"]);
    for check in checks {
        let head = check.head.as_ref().map_or(Cell::Empty, |head| {
            let (id, name) = head_name(check.service.as_ref(), head, "");
            Cell::named(id, name)
        });
        sheet.in_currency(&check.currency);
        sheet.row(vec![
            (&check.subject).into(),
            (&check.subject_name).into(),
            (&check.financial_year).into(),
            Cell::label(check.kind()),
            (&check.what).into(),
            Cell::known(check.amount_pence),
            check.since_on.map_or(Cell::Empty, Cell::On),
            (&check.budget_id).into(),
            head,
            (&check.body).into(),
            Cell::list(check.positions.iter().map(|position| (*position).into())),
        ]);
    }
    Report::List(sheet)
}
