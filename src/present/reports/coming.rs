//! Entries that are recorded and not yet in force, and entries that were voided.

use crate::sheet::Sheet;
use minutebook_wire::proto::{Coming, VoidedEntry};

/// A line for each entry.
pub fn sheet(coming: &[Coming]) -> Sheet {
    let mut sheet = Sheet::new("coming", "Coming (recorded, not yet in force)").columns([
        ("effective_on", "From"),
        ("summary", "What"),
        ("position", "Entry"),
    ]);
    for entry in coming {
        sheet.row(vec![
            (&entry.effective_on).into(),
            (&entry.summary).into(),
            entry.position.into(),
        ]);
    }
    sheet
}

/// A line for each entry that was voided.
pub fn voided(voided: &[VoidedEntry]) -> Sheet {
    let mut sheet = Sheet::new("voided", "Voided").columns([
        ("position", "Entry"),
        ("effective_on", "From"),
        ("summary", "What"),
        ("voided_by_position", "Voided by entry"),
        ("reason", "Why"),
    ]);
    for entry in voided {
        sheet.row(vec![
            entry.position.into(),
            (&entry.effective_on).into(),
            (&entry.summary).into(),
            entry.voided_by_position.into(),
            (&entry.reason).into(),
        ]);
    }
    sheet
}
