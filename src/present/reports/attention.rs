//! The matters that a chair must know.

use super::needs::awaited_at;
use crate::cell::Cell;
use crate::report::Report;
use crate::sheet::{Audience, Sheet};
use minutebook_wire::proto::AttentionView;

/// A line for each.
pub fn list(lines: &[AttentionView]) -> Report {
    let mut sheet = Sheet::new("attention", "For attention")
        .when_empty("Nothing asks for attention.")
        .with_prose();
    sheet
        .column("kind", "Kind")
        .column_for(Audience::Programs, "subject", "")
        .column("subject_name", "Subject")
        .column("what", "What")
        .column("awaited", "Awaited")
        .column("since_on", "Since")
        .column("age_days", "Days")
        .column("due_on", "Due")
        .column_for(Audience::Programs, "deadline", "")
        .column("item_id", "Id")
        .column("position", "Entry");
    sheet.yielding(["item_id", "awaited", "what", "since_on"]);
    for line in lines {
        sheet.row(vec![
            Cell::label(line.kind()),
            (&line.subject).into(),
            (&line.subject_name).into(),
            (&line.what).into(),
            awaited_at(line.deadline(), &line.awaited),
            (&line.since_on).into(),
            match line.since_on {
                Some(_) => line.age_days.into(),
                None => Cell::Empty,
            },
            (&line.due_on).into(),
            Cell::label(line.deadline()),
            (&line.item_id).into(),
            match line.position {
                0 => Cell::Empty,
                position => position.into(),
            },
        ]);
    }
    Report::List(sheet)
}
