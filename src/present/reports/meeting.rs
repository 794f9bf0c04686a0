//! One meeting in full, from which minutes can be drawn.

use crate::cell::Cell;
use crate::report::Report;
use crate::sheet::{Audience, Sheet};
use minutebook_wire::proto::{MeetingInFullView, MeetingView};

/// The meeting, who attended, and what was done, in the order of the agenda.
pub fn in_full(view: &MeetingInFullView) -> Report {
    let meeting = view.meeting.clone().unwrap_or_default();
    let mut sheets = vec![summary(view, &meeting), sittings(&meeting)];
    sheets.push(attendance(&meeting));
    sheets.push(lines(view, &meeting));
    Report::Sections(sheets)
}

/// The later days on which it sat.
fn sittings(meeting: &MeetingView) -> Sheet {
    let number = |number: u32| match number {
        0 => Cell::Empty,
        number => number.into(),
    };
    let mut sheet = Sheet::new("sittings", "Adjourned to").columns([
        ("on", "On"),
        ("standing", "Standing"),
        ("presided", "Presided"),
        ("presided_as", "As"),
        ("member_count", "Votes"),
        ("present_count", "Present"),
        ("quorum", "Quorum"),
        ("no_quorum_from_item", "No quorum from item"),
        ("minutes", "Minutes"),
        ("position", "Entry"),
    ]);
    for sitting in &meeting.sittings {
        sheet.row(vec![
            Cell::dated(&sitting.on, sitting.on_is()),
            Cell::label(sitting.standing()),
            (&sitting.presided_by).into(),
            Cell::label(sitting.presided_as()),
            number(sitting.member_count),
            number(sitting.present_count),
            number(sitting.quorum),
            (&sitting.inquorate_from_item).into(),
            (&sitting.minutes.clone().unwrap_or_default().title).into(),
            match sitting.position {
                0 => Cell::Empty,
                position => position.into(),
            },
        ]);
    }
    sheet
}

fn summary(view: &MeetingInFullView, meeting: &MeetingView) -> Sheet {
    let papers = meeting.papers.clone().unwrap_or_default();
    let minutes = meeting.minutes.clone().unwrap_or_default();
    let number = |number: u32| match number {
        0 => Cell::Empty,
        number => number.into(),
    };
    let adjourned_to = meeting.adjourned_to_on.iter();
    let adjourned_to = adjourned_to.map(|day| Cell::from(&Some(*day)));
    let mut facts = Sheet::facts("summary");
    facts
        .fact("board", &view.board)
        .fact("meeting", &meeting.meeting_id)
        .fact("standing", Cell::label(meeting.standing()))
        .fact("day", Cell::dated(&meeting.held_on, meeting.held_on_is()))
        .fact("adjourned to", Cell::list(adjourned_to))
        .fact("no quorum from item", &meeting.inquorate_from_item)
        .fact("called on", &meeting.called_on)
        .fact("called for", &meeting.called_for_on)
        .fact("agenda", &meeting.agenda)
        .fact("papers", &papers.title)
        .fact("papers at", &papers.uri)
        .fact("presided", &meeting.presided_by)
        .fact("presided as", Cell::label(meeting.presided_as()))
        .fact("chair", &view.chair)
        .fact("vice-chair", &view.vice_chair)
        .fact("votes on the board", number(view.member_count))
        .fact("of these present", number(view.present_count))
        .fact("quorum", number(view.quorum))
        .fact("cancelled on", &meeting.cancelled_on)
        .fact("reason", &meeting.cancelled_reason)
        .fact("minutes", &minutes.title)
        .fact("minutes at", &minutes.uri)
        .fact("minutes approved on", &meeting.minutes_approved_on)
        .fact("approved at", &meeting.minutes_approved_at_id)
        .fact(
            "approved at a meeting of",
            &meeting.minutes_approved_at_board,
        )
        .fact("corrections", &meeting.corrections)
        .fact("remarks", view.remarks.join("; "))
        .fact("entry", meeting.position);
    facts
}

fn attendance(meeting: &MeetingView) -> Sheet {
    let mut sheet = Sheet::new("attendance", "Attendance").when_empty("None is recorded.");
    day_column(&mut sheet, meeting);
    sheet
        .column("who", "Who")
        .column("attendance", "Attendance")
        .column("substitute", "Substitute");
    let first = meeting.attendance.iter().map(|one| (&meeting.held_on, one));
    let later = meeting.sittings.iter();
    let later = later.flat_map(|sitting| sitting.attendance.iter().map(|one| (&sitting.on, one)));
    for (on, one) in first.chain(later) {
        sheet.row(vec![
            on.into(),
            (&one.who).into(),
            Cell::label(one.attendance()),
            (&one.substitute).into(),
        ]);
    }
    sheet
}

/// The day, which people need to read only where the meeting sat on several.
fn day_column(sheet: &mut Sheet, meeting: &MeetingView) {
    match meeting.sittings.is_empty() {
        true => sheet.column_for(Audience::Programs, "on", ""),
        false => sheet.column("on", "On"),
    };
}

fn lines(view: &MeetingInFullView, meeting: &MeetingView) -> Sheet {
    let mut sheet = Sheet::new("business", "Business")
        .when_empty("No decision, vote, action or matter is tied to it.")
        .with_prose();
    sheet
        .column("agenda_item", "Item")
        .column("kind", "Kind")
        .column_for(Audience::Programs, "subject", "")
        .column("subject_name", "Subject")
        .column("what", "Matter")
        .column("result", "Result")
        .column("by", "Who");
    day_column(&mut sheet, meeting);
    sheet
        .column("due_on", "Due")
        .column_for(Audience::Programs, "item_id", "")
        .column_for(Audience::Programs, "proposal_id", "")
        .column("position", "Entry");
    for line in &view.lines {
        sheet.row(vec![
            (&line.agenda_item).into(),
            Cell::label(line.kind()),
            (&line.subject).into(),
            (&line.subject_name).into(),
            (&line.what).into(),
            (&line.result).into(),
            (&line.by).into(),
            (&line.on).into(),
            (&line.due_on).into(),
            (&line.item_id).into(),
            (&line.proposal_id).into(),
            line.position.into(),
        ]);
    }
    sheet
}
