//! One meeting in full, from which minutes can be drawn.

use crate::present::cell::Cell;
use crate::present::report::Report;
use crate::present::sheet::{Audience, Sheet};
use crate::wire::proto::{MeetingInFullView, MeetingView};

/// The meeting, who attended, and what was done, in the order of the agenda.
pub fn in_full(view: &MeetingInFullView) -> Report {
    let meeting = view.meeting.clone().unwrap_or_default();
    Report::Sections(vec![
        summary(view, &meeting),
        attendance(&meeting),
        lines(view),
    ])
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
        .fact("votes on the board", number(view.member_count))
        .fact("of these present", number(view.present_count))
        .fact("quorum", number(view.quorum))
        .fact("cancelled on", &meeting.cancelled_on)
        .fact("reason", &meeting.cancelled_reason)
        .fact("minutes", &minutes.title)
        .fact("minutes at", &minutes.uri)
        .fact("minutes approved on", &meeting.minutes_approved_on)
        .fact("approved at", &meeting.minutes_approved_at_id)
        .fact("corrections", &meeting.corrections)
        .fact("remarks", view.remarks.join("; "))
        .fact("entry", meeting.position);
    facts
}

fn attendance(meeting: &MeetingView) -> Sheet {
    let mut sheet = Sheet::new("attendance", "Attendance")
        .when_empty("None is recorded.")
        .columns([
            ("who", "Who"),
            ("attendance", "Attendance"),
            ("substitute", "Substitute"),
        ]);
    for one in &meeting.attendance {
        sheet.row(vec![
            (&one.who).into(),
            Cell::label(one.attendance()),
            (&one.substitute).into(),
        ]);
    }
    sheet
}

fn lines(view: &MeetingInFullView) -> Sheet {
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
        .column("by", "Who")
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
            (&line.due_on).into(),
            (&line.item_id).into(),
            (&line.proposal_id).into(),
            line.position.into(),
        ]);
    }
    sheet
}
