//! Recommendations, actions and commissioned reviews.

use crate::cli::enum_labels::word;
use crate::cli::sheet::{Audience, Report, Sheet};
use crate::wire::proto::OutstandingView;

/// A line for each of them.
pub fn list(items: &[OutstandingView]) -> Report {
    let mut sheet = Sheet::new("recommendations", "Recommendations, actions and reviews")
        .when_empty("None is outstanding.")
        .with_prose();
    sheet
        .column("since_on", "Since")
        .column("open_days", "Days open")
        .column("kind", "Kind")
        .column_shown("subject", "", Audience::Programs)
        .column("subject_name", "Subject")
        .column_shown("item_id", "Id", Audience::Programs)
        .column("what", "What")
        .column("owners", "Whose")
        .column("due_on", "Due")
        .column("response", "Answer")
        .column_shown("response_text", "", Audience::Programs)
        .column("from", "From")
        .column("closed_on", "Closed")
        .column("outcome", "Outcome");
    for it in items {
        sheet.row(vec![
            (&it.since_on).into(),
            it.open_days.into(),
            word(it.kind()),
            (&it.subject).into(),
            (&it.subject_name).into(),
            (&it.item_id).into(),
            (&it.what).into(),
            (&it.owners).into(),
            (&it.due_on).into(),
            word(it.response()),
            (&it.response_text).into(),
            (&it.from).into(),
            (&it.closed_on).into(),
            (&it.outcome).into(),
        ]);
    }
    Report::List(sheet)
}
