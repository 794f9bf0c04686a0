//! Acts that may need an approval.

use crate::present::cell::Cell;
use crate::present::dates;
use crate::present::sheet::{Audience, Sheet};
use crate::wire::proto::{ActView, Date, MatterKind};

/// A row for each act.
pub fn sheet(key: &'static str, heading: &str, acts: &[ActView]) -> Sheet {
    let mut sheet = Sheet::new(key, heading).with_prose();
    sheet
        .column("on", "On")
        .column("what", "What")
        .column_for(Audience::Programs, "matter_kind", "")
        .column("amount", "Amount")
        .column_for(Audience::People, "late", "Recorded late")
        .column_for(Audience::Programs, "recorded_on", "")
        .column("reversed_on", "Undone")
        .column("is_breach", "Breach")
        .column_for(Audience::Programs, "not_covered", "")
        .column_for(Audience::Programs, "delegation_id", "")
        .column_for(Audience::Programs, "item_id", "")
        .column("position", "Entry");
    for act in acts {
        sheet.row(vec![
            (&act.on).into(),
            what(act),
            Cell::label(act.matter_kind()),
            amount(act),
            recorded_late(&act.recorded_on, &act.on),
            (&act.recorded_on).into(),
            (&act.reversed_on).into(),
            Cell::Yes(act.is_breach),
            (&act.not_covered).into(),
            (&act.delegation_id).into(),
            (&act.item_id).into(),
            act.position.into(),
        ]);
    }
    sheet
}

/// For people, with the reason why no rule covers it.
fn what(act: &ActView) -> Cell {
    match act.not_covered.as_str() {
        "" => (&act.what).into(),
        why => Cell::named(&act.what, format!("{}\n({why})", act.what)),
    }
}

/// The amount of an act. Acts that move money have one, and it may not have been
/// stated; other acts have none.
pub fn amount(act: &ActView) -> Cell {
    match (act.amount_pence, act.matter_kind()) {
        (Some(pence), _) => Cell::Pence(pence),
        (None, MatterKind::MakeVirement | MatterKind::DisposeUnderspend) => Cell::stated(None),
        (None, _) => Cell::Empty,
    }
}

/// The day on which an act was recorded, where that is after the day of the act.
pub fn recorded_late(recorded_on: &Option<Date>, on: &Option<Date>) -> Cell {
    match dates::is_after(recorded_on, on) {
        true => recorded_on.into(),
        false => Cell::Empty,
    }
}
