//! Acts: what was done that may need an approval.

use crate::cli::cell::Cell;
use crate::cli::dates;
use crate::cli::enum_labels::word;
use crate::cli::sheet::{Audience, Sheet};
use crate::wire::proto::{ActView, Date, MatterKind};

/// A row for each act.
pub fn sheet(key: &'static str, heading: &str, acts: &[ActView]) -> Sheet {
    let mut sheet = Sheet::new(key, heading).with_prose();
    sheet
        .column("on", "On")
        .column("what", "What")
        .column_shown("matter_kind", "", Audience::Programs)
        .column("amount", "Amount")
        .column_shown("late", "Recorded late", Audience::People)
        .column_shown("recorded_on", "", Audience::Programs)
        .column("reversed_on", "Undone")
        .column("is_breach", "Breach")
        .column_shown("item_id", "", Audience::Programs)
        .column("position", "Entry");
    for it in acts {
        sheet.row(vec![
            (&it.on).into(),
            (&it.what).into(),
            word(it.matter_kind()),
            amount(it),
            recorded_late(&it.recorded_on, &it.on),
            (&it.recorded_on).into(),
            (&it.reversed_on).into(),
            Cell::Yes(it.is_breach),
            (&it.item_id).into(),
            it.position.into(),
        ]);
    }
    sheet
}

/// The amount of an act. Acts that move money have one, and it may not have been
/// stated; other acts have none.
pub fn amount(it: &ActView) -> Cell {
    match (it.amount_pence, it.matter_kind()) {
        (Some(pence), _) => Cell::Pence(pence),
        (None, MatterKind::MakeVirement | MatterKind::DisposeUnderspend) => Cell::stated(None),
        (None, _) => Cell::Empty,
    }
}

/// The day something was recorded, where that was after the day it happened.
pub fn recorded_late(recorded_on: &Option<Date>, on: &Option<Date>) -> Cell {
    match dates::is_after(recorded_on, on) {
        true => recorded_on.into(),
        false => Cell::Empty,
    }
}
