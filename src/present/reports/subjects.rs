//! The subjects that a text can mean.

use crate::cell::Cell;
use crate::report::Report;
use crate::sheet::Sheet;
use minutebook_wire::proto::SubjectMatch;

/// A line for each.
pub fn list(subjects: &[SubjectMatch]) -> Report {
    let mut sheet = Sheet::new("subjects", "Subjects").columns([
        ("subject", "Subject"),
        ("name", "Name"),
        ("alias", "Found as"),
        ("is_part", "In part"),
    ]);
    for found in subjects {
        sheet.row(vec![
            (&found.subject).into(),
            (&found.name).into(),
            (&found.alias).into(),
            Cell::Yes(found.is_part),
        ]);
    }
    Report::List(sheet.when_empty("There are none."))
}
