//! Reading and summaries for events about the meetings of boards.

use crate::fields::{
    FromWire, ITEMS_MAX, choice, each, flag, id, list, message, no_repeats, optional, optional_id,
    or_default, reads, remark, some_date, text,
};
use crate::proto;
use crate::summary::{Summary, counted, quoted};
use crate::violation::MessageReader;
use minutebook_domain::date::PartialDate;
use minutebook_domain::event::{
    Attendance, AttendanceKind, MeetingCancelled, MeetingHeld, MinutesApproved,
};

reads! {
    MeetingHeld {
        meeting: id(meeting_id),
        attendance: attendance(attendance),
        presiding: optional(presiding),
        inquorate: flag(inquorate),
        minutes: or_default(minutes),
        inquorate_from_item: remark(inquorate_from_item),
        adjourned_to: days(adjourned_to_on),
    } => check_held
    MeetingCancelled {
        meeting: id(meeting_id),
        reason: text(reason),
    }
    MinutesApproved {
        meeting: id(meeting_id),
        at_meeting: optional_id(at_meeting_id),
        corrections: text(corrections),
    }
    Presiding {
        who: message(who),
        presided_as: choice(presided_as),
    }
    MeetingRef {
        board: id(board_id),
        meeting: id(meeting_id),
        agenda_item: remark(agenda_item),
    }
}

impl FromWire for Attendance {
    type Wire = proto::Attendance;

    fn read(r: &mut MessageReader, m: &proto::Attendance) -> Option<Self> {
        let who = message(r, "who", &m.who);
        let attendance = choice(r, "attendance", &m.attendance);
        let substitute = optional(r, "substitute", &m.substitute);
        let (attendance, substitute) = (attendance?, substitute?);
        match (attendance, &substitute) {
            (AttendanceKind::Substitute, None) => {
                r.fault_in("substitute", "name the office that came for the member");
                return None;
            }
            (AttendanceKind::Substitute, Some(_)) | (_, None) => {}
            (_, Some(_)) => {
                r.fault_in(
                    "substitute",
                    "only a substitute came for somebody: leave it out, or make attendance \
                     ATTENDANCE_KIND_SUBSTITUTE",
                );
                return None;
            }
        }
        Some(Self {
            who: who?,
            attendance,
            substitute,
        })
    }
}

fn days(r: &mut MessageReader, field: &str, v: &[proto::Date]) -> Option<Vec<PartialDate>> {
    let days = each(r, field, v, ITEMS_MAX, |r, day| {
        some_date(r, "", &Some(*day))
    });
    no_repeats(r, field, days, |day| *day, "this day")
}

/// Requires that a quorum is missing from the beginning, or from an item on.
fn check_held(r: &mut MessageReader, m: &proto::MeetingHeld) {
    if m.inquorate && !m.inquorate_from_item.is_empty() {
        r.fault_in(
            "inquorate_from_item",
            "there was no quorum at all, or it was lost at an item: leave inquorate or \
             inquorate_from_item out",
        );
    }
}

fn attendance(
    r: &mut MessageReader,
    field: &str,
    v: &[proto::Attendance],
) -> Option<Vec<Attendance>> {
    let all = list(r, field, v, ITEMS_MAX);
    let key = |one: &Attendance| {
        let office = one.who.office();
        let office = office.map(|office| office.folded().to_ascii_lowercase());
        (one.who.body().cloned(), office)
    };
    no_repeats(r, field, all, key, "this member")
}

// ─── Summaries ──────────────────────────────────────────────────────────────

impl Summary for MeetingHeld {
    fn line(&self) -> String {
        let number = |wanted: fn(&Attendance) -> bool| {
            let listed = self.attendance.iter();
            counted(
                listed.filter(|one| wanted(one)).count(),
                "member",
                "members",
            )
        };
        let came: fn(&Attendance) -> bool = |one| one.attendance.is_there();
        let missed: fn(&Attendance) -> bool =
            |one| !one.attendance.is_there() && one.attendance != AttendanceKind::InAttendance;
        let any = |wanted: fn(&Attendance) -> bool| self.attendance.iter().any(wanted);
        let attendance = match (any(came), any(missed)) {
            (true, _) => format!(", {} present", number(came)),
            // A list of apologies does not say who came.
            (false, true) => format!(", {} not present", number(missed)),
            (false, false) => String::new(),
        };
        let inquorate = match (self.inquorate, self.inquorate_from_item.as_str()) {
            (true, _) => ", without a quorum".to_owned(),
            (false, "") => String::new(),
            (false, item) => format!(", without a quorum from item {item} on"),
        };
        let days: Vec<String> = self.adjourned_to.iter().map(ToString::to_string).collect();
        let adjourned = match days.as_slice() {
            [] => String::new(),
            days => format!(", adjourned to {}", days.join(" and ")),
        };
        format!(
            "meeting {} held{attendance}{inquorate}{adjourned}",
            self.meeting
        )
    }
}

impl Summary for MeetingCancelled {
    fn line(&self) -> String {
        if self.reason.is_empty() {
            return format!("meeting {} cancelled", self.meeting);
        }
        let reason = quoted(self.reason.as_str());
        format!("meeting {} cancelled: {reason}", self.meeting)
    }
}

impl Summary for MinutesApproved {
    fn line(&self) -> String {
        let corrected = if self.corrections.is_empty() {
            ""
        } else {
            ", with corrections"
        };
        format!("minutes of {} approved{corrected}", self.meeting)
    }
}
