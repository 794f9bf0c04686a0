//! Notices: who leaves or stops leading, when it takes effect, and why on that day.

use crate::cell::{Cell, money};
use crate::dates;
use crate::report::Report;
use crate::sheet::{Audience, Sheet};
use minutebook_wire::proto::{NoticeDay, NoticeStanding, NoticeView};

/// A line for each notice.
pub fn list(notices: &[NoticeView]) -> Report {
    let sheet = sheet(notices, Audience::All);
    Report::List(sheet.when_empty("There are none."))
}

/// The same lines, as part of a report. `collaboration_audience` are the readers of
/// the column that names the collaboration.
pub fn sheet(notices: &[NoticeView], collaboration_audience: Audience) -> Sheet {
    let mut sheet = Sheet::new("notices", "Notices");
    sheet
        .column_for(collaboration_audience, "collaboration", "Collaboration")
        .column("notice_id", "Id")
        .column("body", "Given by")
        .column("capacity", "As")
        .column("service_id", "Service")
        .column("given_on", "Given")
        .column("takes_effect_on", "Takes effect")
        .column("days_left", "Days left")
        .column("standing", "Standing")
        .column_for(Audience::People, "day", "Why that day")
        .column_for(Audience::Programs, "given_for_on", "")
        .column_for(Audience::Programs, "day_set_by", "")
        .column_for(Audience::Programs, "period_months", "")
        .column_for(Audience::Programs, "waived_by", "")
        .column_for(Audience::Programs, "revoked_on", "")
        .column_for(Audience::Programs, "period_days", "")
        .column_for(Audience::Programs, "period", "")
        .column_for(Audience::Programs, "earliest_on", "")
        .column_for(Audience::Programs, "bought_out", "")
        .column_for(Audience::Programs, "paid_in_lieu", "")
        .column_for(Audience::Programs, "paid_in_lieu_accepted_by", "")
        .column_for(Audience::Programs, "rests_on_unknown_day", "")
        .column_for(Audience::Programs, "brought_forward_by", "")
        .column_for(Audience::Programs, "revoked_agreed_by", "")
        .column_for(Audience::Programs, "revoked_reason", "")
        .column_for(Audience::Programs, "settlement_ids", "")
        .column("instrument_id", "Under")
        .column("reason", "Why")
        .column("position", "Entry");
    sheet.yielding(["reason", "day", "instrument_id", "capacity", "notice_id"]);
    for notice in notices {
        let is_running = notice.standing() == NoticeStanding::Running;
        sheet.in_currency(&notice.currency);
        sheet.row(vec![
            (&notice.collaboration).into(),
            (&notice.notice_id).into(),
            (&notice.body).into(),
            Cell::label(notice.capacity()),
            (&notice.service_id).into(),
            Cell::dated(&notice.given_on, notice.given_on_is()),
            (&notice.takes_effect_on).into(),
            match is_running {
                true => notice.days_left.into(),
                false => Cell::Empty,
            },
            standing(notice),
            day(notice),
            (&notice.given_for_on).into(),
            Cell::label(notice.day_set_by()),
            match notice.period_months {
                0 => Cell::Empty,
                months => months.into(),
            },
            (&notice.waived_by).into(),
            (&notice.revoked_on).into(),
            match notice.period_days {
                0 => Cell::Empty,
                days => days.into(),
            },
            (&notice.period).into(),
            (&notice.earliest_on).into(),
            Cell::Yes(notice.is_bought_out),
            Cell::amount(notice.paid_in_lieu_pence),
            (&notice.paid_in_lieu_accepted_by).into(),
            Cell::Yes(notice.rests_on_unknown_day),
            (&notice.brought_forward_by).into(),
            (&notice.revoked_agreed_by).into(),
            (&notice.revoked_reason).into(),
            (&notice.settlement_ids).into(),
            (&notice.instrument_id).into(),
            (&notice.reason).into(),
            notice.position.into(),
        ]);
    }
    sheet
}

fn standing(notice: &NoticeView) -> Cell {
    let standing = Cell::label(notice.standing());
    match &notice.revoked_on {
        None => standing,
        Some(day) => Cell::named(
            standing.for_programs(),
            format!("{} {}", standing.for_people(), dates::date(day)),
        ),
    }
}

/// The reason for the day on which it takes effect: the period, a waiver, an extension
/// or a direction.
fn day(notice: &NoticeView) -> Cell {
    let given_for = notice.given_for_on.as_ref().map(dates::date);
    let was = given_for.map_or_else(String::new, |day| format!("; given for {day}"));
    let mut parts = Vec::new();
    match notice.day_set_by() {
        NoticeDay::Extended if !notice.brought_forward_by.is_empty() => {
            let by = Cell::from(&notice.brought_forward_by).for_people();
            parts.push(format!("brought forward with the agreement of {by}{was}"));
        }
        NoticeDay::Extended => parts.push(format!("extended{was}")),
        NoticeDay::Directed => parts.push(format!("directed{was}")),
        NoticeDay::Given | NoticeDay::Unspecified => {}
    }
    if !notice.period.is_empty() {
        parts.push(format!("asked for: {}", notice.period));
    }
    if notice.rests_on_unknown_day {
        parts.push("long enough or not, by the day on which it was given".to_owned());
    }
    if !notice.paid_in_lieu_accepted_by.is_empty() {
        let by = Cell::from(&notice.paid_in_lieu_accepted_by).for_people();
        let paid = match notice.paid_in_lieu_pence {
            0 => "payment in lieu".to_owned(),
            pence => format!("{} in lieu", money(pence, &notice.currency)),
        };
        let bought = if notice.is_bought_out {
            "bought out: "
        } else {
            ""
        };
        parts.push(format!("{bought}{paid} accepted by {by}"));
    }
    if !notice.waived_by.is_empty() {
        let by = Cell::from(&notice.waived_by).for_people();
        parts.push(format!("waived by {by}"));
    }
    parts.join("\n").into()
}
