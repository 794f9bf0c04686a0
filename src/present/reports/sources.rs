//! The facts in effect, each with the documents that state it.

use super::decisions::sources as cell;
use crate::cell::Cell;
use crate::report::Report;
use crate::sheet::{Audience, Sheet};
use minutebook_wire::proto::SourceView;

/// A line for each fact.
pub fn list(sources: &[SourceView]) -> Report {
    let mut sheet = Sheet::new("sources", "Where it is written")
        .when_empty("There are none.")
        .with_prose();
    sheet
        .column("effective_on", "From")
        .column_for(Audience::Programs, "subject", "")
        .column("subject_name", "Subject")
        .column("summary", "Fact")
        .column("decided_on", "Decided")
        .column("acted_by", "By")
        .column("sources", "Source")
        .column("note", "Note")
        .column("position", "Entry");
    for source in sources {
        sheet.row(vec![
            Cell::dated(&source.effective_on, source.effective_on_is()),
            (&source.subject).into(),
            (&source.subject_name).into(),
            (&source.summary).into(),
            (&source.decided_on).into(),
            (&source.acted_by).into(),
            cell(&source.sources),
            (&source.note).into(),
            source.position.into(),
        ]);
    }
    Report::List(sheet)
}
