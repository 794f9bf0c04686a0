//! Notices: who leaves or stops leading, when it takes effect, and how that day
//! came about.

use crate::cli::cell::Cell;
use crate::cli::dates;
use crate::cli::enum_labels::word;
use crate::cli::sheet::{Audience, Report, Sheet};
use crate::wire::proto::{NoticeDay, NoticeStanding, NoticeView};

/// A line for each notice.
pub fn list(notices: &[NoticeView]) -> Report {
    let sheet = sheet(notices, Audience::All);
    Report::List(sheet.when_empty("There are none."))
}

/// The same lines, as part of a report. What is part of a collaboration does not
/// say on every line of which.
pub fn sheet(notices: &[NoticeView], whose: Audience) -> Sheet {
    let mut sheet = Sheet::new("notices", "Notices");
    sheet
        .column_shown("collaboration", "Collaboration", whose)
        .column("notice_id", "Id")
        .column("body", "Given by")
        .column("capacity", "As")
        .column("service_id", "Service")
        .column("given_on", "Given")
        .column("takes_effect_on", "Takes effect")
        .column("days_left", "Days left")
        .column("standing", "Standing")
        .column_shown("day", "Why that day", Audience::People)
        .column_shown("given_for_on", "", Audience::Programs)
        .column_shown("day_set_by", "", Audience::Programs)
        .column_shown("period_months", "", Audience::Programs)
        .column_shown("waived_by", "", Audience::Programs)
        .column_shown("revoked_on", "", Audience::Programs)
        .column("instrument_id", "Under")
        .column("reason", "Why")
        .column("position", "Entry");
    for it in notices {
        let runs = it.standing() == NoticeStanding::Running;
        sheet.row(vec![
            (&it.collaboration).into(),
            (&it.notice_id).into(),
            (&it.body).into(),
            word(it.capacity()),
            (&it.service_id).into(),
            (&it.given_on).into(),
            (&it.takes_effect_on).into(),
            match runs {
                true => it.days_left.into(),
                false => Cell::Empty,
            },
            standing(it),
            day(it),
            (&it.given_for_on).into(),
            word(it.day_set_by()),
            match it.period_months {
                0 => Cell::Empty,
                months => months.into(),
            },
            (&it.waived_by).into(),
            (&it.revoked_on).into(),
            (&it.instrument_id).into(),
            (&it.reason).into(),
            it.position.into(),
        ]);
    }
    sheet
}

fn standing(it: &NoticeView) -> Cell {
    let standing = word(it.standing());
    match &it.revoked_on {
        None => standing,
        Some(day) => Cell::named(
            standing.for_programs(),
            format!("{} {}", standing.for_people(), dates::date(day)),
        ),
    }
}

/// What set the day it takes effect: the period, a waiver, an extension, a
/// direction.
fn day(it: &NoticeView) -> Cell {
    let given_for = it.given_for_on.as_ref().map(dates::date);
    let was = given_for.map_or_else(String::new, |day| format!("; given for {day}"));
    let mut parts = Vec::new();
    match it.day_set_by() {
        NoticeDay::Extended => parts.push(format!("extended{was}")),
        NoticeDay::Directed => parts.push(format!("directed{was}")),
        NoticeDay::Given | NoticeDay::Unspecified => {}
    }
    match it.period_months {
        0 => {}
        1 => parts.push("1 month's notice is asked for".to_owned()),
        months => parts.push(format!("{months} months' notice is asked for")),
    }
    if !it.waived_by.is_empty() {
        let by = Cell::from(&it.waived_by).for_people();
        parts.push(format!("waived by {by}"));
    }
    parts.join("\n").into()
}
