//! Acts that may need an approval.

use crate::cell::Cell;
use crate::dates;
use crate::sheet::{Audience, Sheet};
use minutebook_wire::proto::{ActView, Date, MatterKind};

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
        .column_for(Audience::Programs, "rests_on_unknown_day", "")
        .column_for(Audience::Programs, "item_id", "")
        .column("position", "Entry");
    for act in acts {
        sheet.in_currency(&act.currency);
        sheet.row(vec![
            Cell::dated(&act.on, act.on_is()),
            what(act),
            Cell::label(act.matter_kind()),
            amount(act),
            recorded_late(&act.recorded_on, &act.on),
            (&act.recorded_on).into(),
            (&act.reversed_on).into(),
            Cell::Yes(act.is_breach),
            (&act.not_covered).into(),
            (&act.delegation_id).into(),
            Cell::Yes(act.rests_on_unknown_day),
            (&act.item_id).into(),
            act.position.into(),
        ]);
    }
    sheet
}

/// The sentence for an act that rests on an unknown day.
pub const UNKNOWN_DAY: &str = "its approval is prior to it or not, by days that are not known";

/// For people, with the reason why no rule covers it, or the unknown day that it rests on.
fn what(act: &ActView) -> Cell {
    match remarks(act) {
        remarks if remarks.is_empty() => (&act.what).into(),
        remarks => Cell::named(&act.what, format!("{}\n({})", act.what, remarks.join("; "))),
    }
}

/// Why no rule covers it, and the unknown day that it rests on.
pub fn remarks(act: &ActView) -> Vec<String> {
    let not_covered = Some(act.not_covered.clone()).filter(|why| !why.is_empty());
    let unknown = act.rests_on_unknown_day.then(|| UNKNOWN_DAY.to_owned());
    not_covered.into_iter().chain(unknown).collect()
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
