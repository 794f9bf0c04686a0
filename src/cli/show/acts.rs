//! Acts: what was done that may need an approval.

use crate::cli::cell::Cell;
use crate::cli::dates;
use crate::cli::sheet::{Sheet, Shown};
use crate::cli::words::word;
use crate::wire::proto::{ActView, Date, MatterKind};

/// A row for each act.
pub fn sheet(key: &'static str, heading: &str, acts: &[ActView]) -> Sheet {
    let mut sheet = Sheet::new(key, heading).with_prose();
    sheet
        .column("on", "On")
        .column("what", "What")
        .column_shown("matter_kind", "", Shown::Programs)
        .column("amount", "Amount")
        .column_shown("recorded_on", "", Shown::Programs)
        .column("reversed_on", "Undone")
        .column_shown("is_breach", "", Shown::Programs)
        .column_shown("marks", "Marks", Shown::People)
        .column("item_id", "Id")
        .column("position", "Entry");
    for it in acts {
        sheet.row(vec![
            (&it.on).into(),
            (&it.what).into(),
            word(it.matter_kind()),
            amount(it),
            (&it.recorded_on).into(),
            (&it.reversed_on).into(),
            Cell::Yes(it.is_breach),
            marks(it),
            (&it.item_id).into(),
            it.position.into(),
        ]);
    }
    sheet
}

fn marks(it: &ActView) -> Cell {
    let breach = it.is_breach.then(|| "breach".to_owned());
    let late = recorded_late(&it.recorded_on, &it.on);
    let marks: Vec<String> = breach.into_iter().chain(late).collect();
    marks.join("\n").into()
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

/// Says so where something was recorded after the day it happened.
pub fn recorded_late(recorded_on: &Option<Date>, on: &Option<Date>) -> Option<String> {
    let recorded = recorded_on.as_ref()?;
    dates::is_after(recorded_on, on).then(|| format!("recorded late, {}", dates::date(recorded)))
}
