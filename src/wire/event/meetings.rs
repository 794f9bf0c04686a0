//! Reading and summaries for events about the meetings of boards.

use crate::domain::event::{
    Attendance, AttendanceKind, MeetingCancelled, MeetingHeld, MinutesApproved,
};
use crate::wire::fields::{
    FromWire, ITEMS_MAX, choice, flag, id, list, message, no_repeats, optional, optional_id,
    or_default, reads, remark, text,
};
use crate::wire::proto;
use crate::wire::summary::{Summary, counted, quoted};
use crate::wire::violation::MessageReader;

reads! {
    MeetingHeld {
        meeting: id(meeting_id),
        attendance: attendance(attendance),
        presiding: optional(presiding),
        inquorate: flag(inquorate),
        minutes: or_default(minutes),
    }
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
        let came = self.attendance.iter();
        let came = came.filter(|one| {
            matches!(
                one.attendance,
                AttendanceKind::Present | AttendanceKind::Substitute
            )
        });
        let attendance = match self.attendance.as_slice() {
            [] => String::new(),
            _ => format!(", {} present", counted(came.count(), "member", "members")),
        };
        let inquorate = if self.inquorate {
            ", without a quorum"
        } else {
            ""
        };
        format!("meeting {} held{attendance}{inquorate}", self.meeting)
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
