//! Recommendations, actions and commissioned reviews.

use crate::cell::Cell;
use crate::dates;
use crate::report::Report;
use crate::sheet::{Audience, Sheet};
use minutebook_wire::enum_label::EnumLabel;
use minutebook_wire::proto::OutstandingView;

/// A line for each.
pub fn list(items: &[OutstandingView]) -> Report {
    let mut sheet = Sheet::new("recommendations", "Recommendations, actions and reviews")
        .when_empty("None is outstanding.")
        .with_prose();
    sheet
        .column("since_on", "Since")
        .column("open_days", "Days")
        .column("kind", "Kind")
        .column_for(Audience::Programs, "subject", "")
        .column("subject_name", "Subject")
        .column_for(Audience::Programs, "item_id", "Id")
        .column("what", "What")
        .column("owners", "Whose")
        .column("due_on", "Due")
        .column("response", "Answer")
        .column_for(Audience::Programs, "responses", "")
        .column_for(Audience::Programs, "response_text", "")
        .column("from", "From")
        .column("closed_on", "Closed")
        .column("outcome", "Outcome")
        .column_for(Audience::Programs, "meeting", "")
        .column_for(Audience::Programs, "recommendation_id", "")
        .column("priority", "Priority")
        .column_for(Audience::Programs, "first_due_on", "");
    sheet.yielding(["outcome", "from", "response", "what", "owners", "closed_on"]);
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
            due(item),
            answers(item),
            every_answer(item).into(),
            (&item.response_text).into(),
            (&item.from).into(),
            (&item.closed_on).into(),
            (&item.outcome).into(),
            item.meeting
                .as_ref()
                .map_or(Cell::Empty, |at| super::decisions::meeting(at).into()),
            (&item.recommendation_id).into(),
            (&item.priority).into(),
            (&item.first_due_on).into(),
        ]);
    }
    Report::List(sheet)
}

/// The due date; for people, with the one that it replaced.
fn due(item: &OutstandingView) -> Cell {
    let due = Cell::from(&item.due_on);
    match &item.first_due_on {
        None => due,
        Some(first) => Cell::named(
            due.for_programs(),
            format!("{} (first {})", due.for_people(), dates::date(first)),
        ),
    }
}

/// The last answer; for people, that of each body where several answered.
fn answers(item: &OutstandingView) -> Cell {
    let last = item.response();
    match item.responses.len() {
        0 => Cell::label(last),
        1 if item.responses[0].progress.is_empty() => Cell::label(last),
        _ => Cell::named(last.label(), every_answer(item)),
    }
}

/// Every answer, with the body that gave it and the day that it named.
fn every_answer(item: &OutstandingView) -> String {
    let answers = item.responses.iter().map(|answer| {
        let by = answer.by.as_ref().map(|by| Cell::from(by).for_people());
        let by = by.map(|by| format!("{by}: ")).unwrap_or_default();
        let due = answer.due_on.as_ref().map(dates::date);
        let due = due.map(|due| format!(" by {due}")).unwrap_or_default();
        let progress = match answer.progress.as_str() {
            "" => String::new(),
            progress => format!(" ({progress})"),
        };
        format!("{by}{}{progress}{due}", answer.response().label())
    });
    answers.collect::<Vec<_>>().join("; ")
}
