//! Deadlines.

use super::needs::awaited_at;
use crate::cell::Cell;
use crate::report::Report;
use crate::sheet::{Audience, Sheet};
use minutebook_wire::proto::DeadlineView;

/// A line for each.
pub fn list(deadlines: &[DeadlineView]) -> Report {
    let mut sheet = Sheet::new("deadlines", "Deadlines")
        .when_empty("Nothing falls due.")
        .with_prose();
    sheet
        .column("due_on", "Due")
        .column("days_left", "Days")
        .column("kind", "Kind")
        .column_for(Audience::Programs, "subject", "")
        .column("subject_name", "Subject")
        .column("item_id", "Id")
        .column("what", "What")
        .column("awaited", "Awaited")
        .column("missed", "Missed")
        .column_for(Audience::Programs, "since_on", "");
    sheet.yielding(["item_id", "awaited", "what"]);
    for deadline in deadlines {
        sheet.row(vec![
            (&deadline.due_on).into(),
            Cell::Number(deadline.days_left.into()),
            Cell::label(deadline.kind()),
            (&deadline.subject).into(),
            (&deadline.subject_name).into(),
            (&deadline.item_id).into(),
            (&deadline.what).into(),
            awaited_at(deadline.kind(), &deadline.awaited),
            Cell::Yes(deadline.missed),
            (&deadline.since_on).into(),
        ]);
    }
    Report::List(sheet)
}
