//! Recommendations, actions and commissioned reviews.

use crate::present::cell::Cell;
use crate::present::report::Report;
use crate::present::sheet::{Audience, Sheet};
use crate::wire::proto::OutstandingView;

/// A line for each.
pub fn list(items: &[OutstandingView]) -> Report {
    let mut sheet = Sheet::new("recommendations", "Recommendations, actions and reviews")
        .when_empty("None is outstanding.")
        .with_prose();
    sheet
        .column("since_on", "Since")
        .column("open_days", "Days open")
        .column("kind", "Kind")
        .column_for(Audience::Programs, "subject", "")
        .column("subject_name", "Subject")
        .column_for(Audience::Programs, "item_id", "Id")
        .column("what", "What")
        .column("owners", "Whose")
        .column("due_on", "Due")
        .column("response", "Answer")
        .column_for(Audience::Programs, "response_text", "")
        .column("from", "From")
        .column("closed_on", "Closed")
        .column("outcome", "Outcome")
        .column_for(Audience::Programs, "meeting", "");
    for item in items {
        sheet.row(vec![
            (&item.since_on).into(),
            item.open_days.into(),
            Cell::label(item.kind()),
            (&item.subject).into(),
            (&item.subject_name).into(),
            (&item.item_id).into(),
            (&item.what).into(),
            (&item.owners).into(),
            (&item.due_on).into(),
            Cell::label(item.response()),
            (&item.response_text).into(),
            (&item.from).into(),
            (&item.closed_on).into(),
            (&item.outcome).into(),
            item.meeting
                .as_ref()
                .map_or(Cell::Empty, |at| super::decisions::meeting(at).into()),
        ]);
    }
    Report::List(sheet)
}
