//! Entries that are recorded and not yet in force.

use crate::present::sheet::Sheet;
use crate::wire::proto::Coming;

/// A line for each entry.
pub fn sheet(coming: &[Coming]) -> Sheet {
    let mut sheet = Sheet::new("coming", "Coming (recorded, not yet in force)").columns([
        ("effective_on", "From"),
        ("summary", "What"),
        ("position", "Position"),
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
