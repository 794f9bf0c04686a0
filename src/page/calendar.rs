//! A calendar that other programs subscribe to (iCalendar, RFC 5545): meetings, and days on
//! which something falls due.
//!
//! Days alone: the register knows no hours. A day that is known only to its month is in no
//! calendar. The same answers give the same bytes, and an event keeps its name, so that a
//! subscriber changes what it has and does not add to it.

use minutebook_domain::date::PartialDate;
use minutebook_present::invisible::sanitise_line;
use minutebook_wire::enum_label::EnumLabel;
use minutebook_wire::proto::{
    BoardView, Date, DeadlineKind, DeadlineView, MeetingStanding, MeetingView,
};

use crate::spoken;

/// A calendar, before it is written.
#[derive(Debug, Clone)]
pub struct Calendar {
    /// Such as "Three Shires Board".
    pub name: String,
    /// The name of the register, which makes the names of its events its own.
    pub origin: String,
    /// When the last entry was recorded that the calendar knows: `20240617T120000Z`.
    pub stamp: String,
    events: Vec<CalendarEvent>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct CalendarEvent {
    /// Names the event within the register.
    id: String,
    /// `20240617`.
    day: String,
    summary: String,
    description: String,
    is_cancelled: bool,
    /// A meeting takes the day; what falls due does not.
    is_busy: bool,
    /// Grows with each change of the event.
    sequence: u64,
}

impl Calendar {
    pub fn new(
        name: impl Into<String>,
        origin: impl Into<String>,
        stamp: impl Into<String>,
    ) -> Self {
        Self {
            name: name.into(),
            origin: origin.into(),
            stamp: stamp.into(),
            events: Vec::new(),
        }
    }

    /// Adds the meetings of a board, with the later days of those that were adjourned.
    pub fn meetings(&mut self, board: &BoardView) {
        let summary = board.summary.clone().unwrap_or_default();
        let reference = summary.board.unwrap_or_default();
        for meeting in &board.meetings {
            let id = format!(
                "boards/{}/meetings/{}",
                reference.board_id, meeting.meeting_id
            );
            let first = meeting.held_on.or(meeting.called_for_on);
            let later = meeting.adjourned_to_on.iter().copied();
            for (index, day) in first.into_iter().chain(later).enumerate() {
                let id = match index {
                    0 => id.clone(),
                    index => format!("{id}/days/{}", index + 1),
                };
                self.events
                    .extend(meeting_event(id, &reference.name, meeting, &day));
            }
        }
    }

    /// Adds the days on which something falls due. Meetings come from their boards.
    pub fn deadlines(&mut self, deadlines: &[DeadlineView]) {
        for deadline in deadlines {
            if deadline.kind() == DeadlineKind::Meeting {
                continue;
            }
            let kind = deadline.kind().label();
            let event = deadline
                .due_on
                .as_ref()
                .and_then(whole_day)
                .map(|day| CalendarEvent {
                    id: format!("{}/{kind}/{}", deadline.subject, deadline.item_id),
                    day,
                    summary: format!("Due: {}", deadline.what),
                    description: format!("{}: {kind}", deadline.subject_name),
                    is_cancelled: false,
                    is_busy: false,
                    sequence: 0,
                });
            self.events.extend(event);
        }
    }

    /// The bytes of the file.
    pub fn write(&self) -> String {
        let mut file = IcalendarWriter::default();
        file.line("BEGIN", "VCALENDAR");
        file.line("VERSION", "2.0");
        file.line("PRODID", "-//Minutebook//Register of collaborations//EN");
        file.line("CALSCALE", "GREGORIAN");
        file.line("METHOD", "PUBLISH");
        file.text("NAME", &self.name);
        file.text("X-WR-CALNAME", &self.name);
        file.line("REFRESH-INTERVAL;VALUE=DURATION", "PT12H");
        file.line("X-PUBLISHED-TTL", "PT12H");
        let mut events = self.events.clone();
        events.sort_by(|one, other| (&one.day, &one.id).cmp(&(&other.day, &other.id)));
        events.dedup_by(|one, other| one.id == other.id);
        for event in &events {
            file.line("BEGIN", "VEVENT");
            file.text("UID", &format!("{}@{}", event.id, self.origin));
            file.line("DTSTAMP", &self.stamp);
            file.line("DTSTART;VALUE=DATE", &event.day);
            file.line("SEQUENCE", &event.sequence.to_string());
            file.text("SUMMARY", &event.summary);
            file.text("DESCRIPTION", &event.description);
            let status = if event.is_cancelled {
                "CANCELLED"
            } else {
                "CONFIRMED"
            };
            file.line("STATUS", status);
            let busy = if event.is_busy {
                "OPAQUE"
            } else {
                "TRANSPARENT"
            };
            file.line("TRANSP", busy);
            file.line("END", "VEVENT");
        }
        file.line("END", "VCALENDAR");
        file.written
    }
}

fn meeting_event(
    id: String,
    board: &str,
    meeting: &MeetingView,
    day: &Date,
) -> Option<CalendarEvent> {
    let is_cancelled = meeting.standing() == MeetingStanding::Cancelled;
    let mut description = vec![format!("Meeting {}", meeting.meeting_id)];
    let standing = meeting.standing().label();
    description.extend((!standing.is_empty()).then_some(standing));
    if let Some(on) = &meeting.cancelled_on {
        description.push(format!("on {}", spoken::date(on)));
    }
    description
        .extend((!meeting.cancelled_reason.is_empty()).then(|| meeting.cancelled_reason.clone()));
    let summary = match meeting.agenda.as_str() {
        "" => board.to_owned(),
        agenda => format!("{board}: {agenda}"),
    };
    Some(CalendarEvent {
        id,
        day: whole_day(day)?,
        summary,
        description: description.join("; "),
        is_cancelled,
        is_busy: !is_cancelled,
        sequence: meeting.position,
    })
}

/// `20240617`; none for a month or a year.
fn whole_day(date: &Date) -> Option<String> {
    let read = PartialDate::new(date.year, date.month, date.day).ok()?;
    read.is_full()
        .then(|| format!("{:04}{:02}{:02}", date.year, date.month, date.day))
}

/// Lines of iCalendar: no longer than 75 bytes, each ended by CR and LF.
#[derive(Debug, Default)]
struct IcalendarWriter {
    written: String,
}

/// The most bytes of a line, without its end.
const LINE_BYTES_MAX: usize = 75;

impl IcalendarWriter {
    /// A property whose value needs no escape.
    fn line(&mut self, name: &str, value: &str) {
        let mut length = 0;
        for c in name.chars().chain([':']).chain(value.chars()) {
            if length + c.len_utf8() > LINE_BYTES_MAX {
                // A blank at its begin says that it goes on with the line before.
                self.written.push_str("\r\n ");
                length = 1;
            }
            self.written.push(c);
            length += c.len_utf8();
        }
        self.written.push_str("\r\n");
    }

    /// A property whose value is text.
    fn text(&mut self, name: &str, value: &str) {
        let mut escaped = String::new();
        for c in sanitise_line(value).chars() {
            if matches!(c, '\\' | ';' | ',') {
                escaped.push('\\');
            }
            escaped.push(c);
        }
        self.line(name, &escaped);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use minutebook_wire::proto::{BoardRef, BoardSummary};

    fn day(year: i32, month: i32, day: i32) -> Option<Date> {
        Some(Date { year, month, day })
    }

    fn calendar() -> Calendar {
        let mut calendar =
            Calendar::new("Board, \u{202e}and; more", "register/1", "20240617T120000Z");
        let meeting = |id: &str, on, standing: MeetingStanding| MeetingView {
            meeting_id: id.into(),
            called_for_on: on,
            agenda: "Kennels;\\ from the\nlaboratory budget, and Łódź ".repeat(3),
            standing: standing.into(),
            position: 7,
            ..MeetingView::default()
        };
        let mut adjourned = meeting("a", day(2024, 6, 17), MeetingStanding::Held);
        adjourned.adjourned_to_on.extend(day(2024, 6, 24));
        calendar.meetings(&BoardView {
            summary: Some(BoardSummary {
                board: Some(BoardRef {
                    board_id: "b".into(),
                    name: "Board".into(),
                }),
                ..BoardSummary::default()
            }),
            meetings: vec![
                meeting("c", day(2024, 9, 16), MeetingStanding::Cancelled),
                adjourned,
                meeting("month", day(2023, 12, 0), MeetingStanding::Held),
            ],
            ..BoardView::default()
        });
        calendar.deadlines(&[
            DeadlineView {
                due_on: day(2026, 4, 1),
                kind: DeadlineKind::Review.into(),
                subject: "collaborations/x".into(),
                subject_name: "X".into(),
                what: "review".into(),
                item_id: "agreement".into(),
                ..DeadlineView::default()
            },
            DeadlineView {
                due_on: day(2024, 6, 17),
                kind: DeadlineKind::Meeting.into(),
                ..DeadlineView::default()
            },
        ]);
        calendar
    }

    #[test]
    fn lines_are_folded_and_texts_are_escaped() {
        let file = calendar().write();
        assert!(file.ends_with("END:VCALENDAR\r\n"));
        for line in file.split("\r\n") {
            assert!(line.len() <= LINE_BYTES_MAX, "{line}");
            assert!(!line.contains(['\r', '\n']), "{line}");
        }
        let unfolded = file.replace("\r\n ", "");
        assert!(
            unfolded.contains("NAME:Board\\, \u{fffd}and\\; more\r\n"),
            "{unfolded}"
        );
        assert!(
            unfolded.contains("SUMMARY:Board: Kennels\\;\\\\ from the"),
            "{unfolded}"
        );
        assert_eq!(file, calendar().write());
    }

    #[test]
    fn each_whole_day_is_an_event_with_a_name_of_its_own() {
        let file = calendar().write().replace("\r\n ", "");
        let days: Vec<&str> = file
            .lines()
            .filter_map(|line| line.strip_prefix("DTSTART;VALUE=DATE:"))
            .collect();
        assert_eq!(days, ["20240617", "20240624", "20240916", "20260401"]);
        assert_eq!(file.matches("STATUS:CANCELLED").count(), 1);
        let mut names: Vec<&str> = file
            .lines()
            .filter(|line| line.starts_with("UID:"))
            .collect();
        assert!(names.contains(&"UID:boards/b/meetings/a/days/2@register/1"));
        names.dedup();
        assert_eq!(names.len(), 4);
    }
}
