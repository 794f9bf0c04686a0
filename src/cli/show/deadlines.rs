//! What falls due.

use crate::cli::cell::Cell;
use crate::cli::enum_labels::word;
use crate::cli::sheet::{Audience, Report, Sheet};
use crate::wire::proto::DeadlineView;

/// A line for each day by which something happens or should.
pub fn list(deadlines: &[DeadlineView]) -> Report {
    let mut sheet = Sheet::new("deadlines", "What falls due")
        .when_empty("Nothing does.")
        .with_prose();
    sheet
        .column("due_on", "Due")
        .column("days_left", "Days left")
        .column("kind", "Kind")
        .column_shown("subject", "", Audience::Programs)
        .column("subject_name", "Subject")
        .column("item_id", "Id")
        .column("what", "What");
    for it in deadlines {
        sheet.row(vec![
            (&it.due_on).into(),
            Cell::Number(it.days_left.into()),
            word(it.kind()),
            (&it.subject).into(),
            (&it.subject_name).into(),
            (&it.item_id).into(),
            (&it.what).into(),
        ]);
    }
    Report::List(sheet)
}
