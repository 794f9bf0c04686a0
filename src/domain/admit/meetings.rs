//! Rules for the meetings of boards, and for whatever was done at one.

use std::sync::Arc;

use super::boards::{actor_seat, require_seat_not_ended};
use super::event_check::EventCheck;
use super::tallies::check_substitute;
use super::{attendances, contradictions};
use crate::approval::{Electorate, board_on};
use crate::board::Board;
use crate::date::PartialDate;
use crate::event::{
    AttendanceKind, MatterProposed, MeetingCancelled, MeetingHeld, MeetingRef, MinutesApproved,
};
use crate::fact::{EffectiveEntry, Fact};
use crate::fault::Fault;
use crate::ids::{BoardId, ItemId, Position, SubjectId};
use crate::meeting::{Meeting, may_be_same_day};

pub(super) fn meeting_held(check: &mut EventCheck<'_>, event: &MeetingHeld) {
    let Some(board) = check.board() else { return };
    let before = board.meeting(&event.meeting);
    check_sitting(check, event, before.as_ref());
    let SubjectId::Board(id) = check.id() else {
        return;
    };
    require_not_cancelled(check, "meeting_id", id, before.as_ref(), &event.meeting);
    let own = Fact::new(
        EffectiveEntry {
            entry: Arc::clone(check.entry),
            original_position: check.effective_order().position,
        },
        Arc::new(event.clone()),
    );
    let meeting = before.unwrap_or_default().with_sitting(&own);
    if event.inquorate || !event.inquorate_from_item.is_empty() {
        let field = match event.inquorate {
            true => "inquorate",
            false => "inquorate_from_item",
        };
        let lost = |at: &MeetingRef, on| meeting.is_inquorate(at.agenda_item.as_str(), on);
        require_nothing_decided(check, field, &event.meeting, lost);
    }
    for (i, day) in event.adjourned_to.iter().enumerate() {
        if !check.on.is_by(*day).may_be() {
            let (than, on) = (check.on, *day);
            check.report(
                format_args!("adjourned_to_on[{i}]"),
                Fault::NotLater { than, on },
            );
        }
    }
    if let Some(presiding) = &event.presiding {
        check.require_actor("presiding.who", Some(&presiding.who));
        require_seat_not_ended(check, "presiding.who", &actor_seat(&presiding.who));
    }
    let electorate = Electorate::new(check.register, id, board, check.day);
    attendances::check_quorum(check, &electorate, board, &own);
    attendances::check_substitutes(check, &event.attendance);
    contradictions::check_done_there(check, board, &electorate, &own, &meeting);
    for (i, one) in event.attendance.iter().enumerate() {
        let field = format!("attendance[{i}].who");
        let is_member = one.attendance != AttendanceKind::InAttendance;
        if is_member && !electorate.has_seat(&one.who) {
            let (seat, board, on) = (one.who.to_string(), check.id().clone(), check.on);
            check.report(&field, Fault::NotAMember { seat, board, on });
        } else {
            check.require_actor(&field, Some(&one.who).filter(|_| !is_member));
        }
        if let Some(substitute) = &one.substitute {
            let field = format!("attendance[{i}].substitute");
            check.require_actor(&field, Some(substitute));
            check_substitute(check, field, substitute, &one.who);
        }
    }
}

/// Requires, where the meeting is on record as held, that this is a day to which it was
/// adjourned, and that its minutes were not approved before that.
fn check_sitting(check: &mut EventCheck<'_>, event: &MeetingHeld, before: Option<&Meeting<'_>>) {
    let Some(before) = before else { return };
    let adjourned_to = || {
        let days = before.all_held().flat_map(|held| &held.adjourned_to);
        days.chain(&event.adjourned_to).copied()
    };
    for held in before.all_held() {
        let is_same = held.on().is_full() && held.on() == check.on;
        let later = held.on().max(check.on);
        let was_adjourned = adjourned_to().any(|day| may_be_same_day(day, later));
        if is_same || !was_adjourned {
            let what = format!(
                "meeting {} sat on {} (entry {}). If it sat again on {}, correct that entry \
                 (entry_corrected) so that its adjourned_to_on names that day, or name the day in \
                 adjourned_to_on here. If this is the same sitting, it",
                event.meeting,
                held.on(),
                held.position(),
                check.on
            );
            check.report("meeting_id", Fault::AlreadySo { what });
            return;
        }
    }
    let last = event.adjourned_to.iter().copied().fold(check.on, Ord::max);
    if let Some(minutes) = before.minutes
        && !last.is_by(minutes.on()).may_be()
    {
        let what = "approval of the minutes of meeting";
        let (id, since) = (event.meeting.to_string(), minutes.on());
        let fault = Fault::BeforeItem {
            what,
            id,
            since,
            on: last,
            way_out: "",
        };
        check.report("meeting_id", fault);
    }
}

pub(super) fn meeting_cancelled(check: &mut EventCheck<'_>, event: &MeetingCancelled) {
    let Some(board) = check.board() else { return };
    let meeting = board.meeting(&event.meeting);
    let meeting = meeting.as_ref();
    // It may be cancelled before the day that its call is dated on, which may be its own.
    require_meeting(check, "meeting_id", board, &event.meeting);
    if let Some(held) = meeting.and_then(|meeting| meeting.held) {
        let what = format!(
            "meeting {} as held (entry {})",
            event.meeting,
            held.position()
        );
        check.report("meeting_id", Fault::AlreadySo { what });
    }
    if let Some(cancelled) = meeting.and_then(|meeting| meeting.cancelled) {
        let (id, closed_on) = (event.meeting.to_string(), cancelled.on());
        check.report(
            "meeting_id",
            Fault::ItemClosed {
                what: "meeting",
                id,
                closed_on,
            },
        );
    }
    require_nothing_decided(check, "meeting_id", &event.meeting, |_, _| true);
}

pub(super) fn minutes_approved(check: &mut EventCheck<'_>, event: &MinutesApproved) {
    let Some(board) = check.board() else { return };
    require_held(check, "meeting_id", board, &event.meeting);
    if let Some(at) = &event.at_meeting {
        let SubjectId::Board(own) = check.id() else {
            return;
        };
        // The last minutes of a board are approved by the one that follows it.
        let next = board.meeting(at).is_none().then(|| {
            let next = board_on(check.register, own, check.day)?;
            let subject = check.register.subject(&SubjectId::Board(next.clone()))?;
            Some((next, subject.as_board()?))
        });
        let next = next.flatten();
        let next = next.filter(|(_, board)| board.meeting(at).is_some());
        let (id, approving) = match &next {
            Some((id, next)) => (id, *next),
            None => (own, board),
        };
        let meeting = require_meeting(check, "at_meeting_id", approving, at);
        require_not_cancelled(check, "at_meeting_id", id, meeting.as_ref(), at);
        check_approving_meeting(check, (id, board), event, meeting.as_ref());
    }
    let minutes = board
        .meeting(&event.meeting)
        .and_then(|meeting| meeting.minutes);
    if let Some(before) = minutes {
        let position = before.position();
        let what = format!(
            "approval of the minutes of {} (entry {position})",
            event.meeting
        );
        check.report("meeting_id", Fault::AlreadySo { what });
    }
}

/// Requires that the meeting was held, on all the days to which it was adjourned.
fn require_held(check: &mut EventCheck<'_>, field: &str, board: &Board, id: &ItemId) {
    let meeting = board.meeting(id).filter(|meeting| meeting.held.is_some());
    let last = meeting.and_then(|meeting| meeting.last_sitting());
    let held = last.map(|last| ((), last));
    check.require_item(field, "meeting on record as held", id, held);
}

fn require_meeting<'b>(
    check: &mut EventCheck<'_>,
    field: &str,
    board: &'b Board,
    id: &ItemId,
) -> Option<Meeting<'b>> {
    let meeting = board.meeting(id);
    if meeting.is_none() {
        let (id, of) = (id.to_string(), check.id().clone());
        let what = "meeting";
        check.report(field, Fault::UnknownItem { what, id, of });
    }
    meeting
}

fn require_not_cancelled(
    check: &mut EventCheck<'_>,
    field: &str,
    board: &BoardId,
    meeting: Option<&Meeting<'_>>,
    id: &ItemId,
) {
    if let Some(cancelled) = meeting.and_then(|meeting| meeting.cancelled) {
        let (board, meeting, position) = (board.clone(), id.clone(), cancelled.position());
        let fault = Fault::MeetingOff {
            board,
            meeting,
            position,
        };
        check.report(field, fault);
    }
}

/// Requires that the meeting which approves minutes is not before the meeting that they
/// are of, and not after the day of the approval.
fn check_approving_meeting(
    check: &mut EventCheck<'_>,
    (approving, board): (&BoardId, &Board),
    event: &MinutesApproved,
    at: Option<&Meeting<'_>>,
) {
    let own = board.meeting(&event.meeting);
    let own = own.and_then(|own| own.last_sitting());
    let Some((own, at)) = own.zip(at) else { return };
    let days: Vec<PartialDate> = at.sittings().iter().map(|sitting| sitting.on).collect();
    let is_after = |since: PartialDate| days.iter().any(|day| since.is_by(*day).may_be());
    if !days.is_empty() && !is_after(own) {
        let fault = Fault::BeforeItem {
            what: "meeting",
            id: event.meeting.to_string(),
            since: own,
            on: days[0],
            way_out: "",
        };
        check.report("at_meeting_id", fault);
    }
    let Some(first) = at.on().filter(|day| !day.is_by(check.on).may_be()) else {
        return;
    };
    if let Some(id) = &event.at_meeting {
        let (board, meeting, on) = (approving.clone(), id.clone(), check.on);
        let fault = Fault::NotOnMeetingDay {
            board,
            meeting,
            meets_on: first,
            on,
        };
        check.report("at_meeting_id", fault);
    }
}

/// Requires that no decision and no vote on record that names the meeting is `lost`.
fn require_nothing_decided(
    check: &mut EventCheck<'_>,
    field: &str,
    id: &ItemId,
    is_lost: impl Fn(&MeetingRef, PartialDate) -> bool,
) {
    let SubjectId::Board(board) = check.id() else {
        return;
    };
    if let Some(position) = decided_at(check, board, id, is_lost) {
        let meeting = id.clone();
        check.report(field, Fault::DecidedThere { meeting, position });
    }
}

/// The entry of a decision or vote at the meeting. A recommendation decides nothing.
/// Every subject is searched: a meeting is seldom cancelled or without a quorum.
fn decided_at(
    check: &EventCheck<'_>,
    board: &BoardId,
    id: &ItemId,
    is_lost: impl Fn(&MeetingRef, PartialDate) -> bool,
) -> Option<Position> {
    let is_there = |at: Option<&MeetingRef>, on| {
        at.is_some_and(|at| at.board == *board && at.meeting == *id && is_lost(at, on))
    };
    check.register.records().find_map(|(_, record)| {
        let dossier = &record.subject().dossier;
        let mut decisions = dossier.decisions.values();
        let decision = decisions
            .find(|decision| decision.decides() && is_there(decision.meeting(), decision.on()));
        let mut votes = dossier
            .proposals
            .values()
            .flat_map(|proposal| proposal.votes.iter());
        decision.map(|decision| decision.position()).or_else(|| {
            let vote = votes.find(|vote| is_there(vote.meeting.as_ref(), vote.on()));
            vote.map(|vote| vote.position())
        })
    })
}

/// Checks the meeting at which something was done: it exists, it is that of the board, it
/// was not cancelled, and the event is dated on its day. Where `decides`, it had a quorum.
pub(super) fn check_meeting(
    check: &mut EventCheck<'_>,
    at: Option<&MeetingRef>,
    board: Option<&BoardId>,
    decides: bool,
) {
    let Some(at) = at else { return };
    if !check.require_board("meeting.board_id", &at.board) {
        return;
    }
    let subject = check.register.subject(&SubjectId::Board(at.board.clone()));
    let found = subject.and_then(|subject| subject.as_board());
    let Some(meeting) = found.and_then(|board| board.meeting(&at.meeting)) else {
        let (id, of) = (at.meeting.to_string(), SubjectId::Board(at.board.clone()));
        let what = "meeting";
        check.report("meeting.meeting_id", Fault::UnknownItem { what, id, of });
        return;
    };
    if let Some(board) = board.filter(|board| **board != at.board) {
        let fault = Fault::AnotherBoardsMeeting {
            meeting: at.meeting.clone(),
            of: at.board.clone(),
            board: board.clone(),
        };
        check.report("meeting.board_id", fault);
    }
    let sittings = meeting.sittings();
    let item = at.agenda_item.as_str();
    let inquorate = meeting
        .sitting(check.on)
        .or(meeting.held)
        .filter(|_| decides && meeting.is_inquorate(item, check.on));
    let (board, id) = (at.board.clone(), at.meeting.clone());
    if let Some(cancelled) = meeting.cancelled {
        check.report("meeting.meeting_id", meeting_off(at, cancelled));
    } else if let Some(held) = inquorate {
        let position = held.position();
        let fault = Fault::MeetingInquorate {
            board,
            meeting: id,
            position,
        };
        check.report("meeting.meeting_id", fault);
    } else if let Some(first) = sittings.first()
        && !sittings.iter().any(|one| may_be_same_day(one.on, check.on))
    {
        let (meeting, on, meets_on) = (id, check.on, first.on);
        let fault = Fault::NotOnMeetingDay {
            board,
            meeting,
            meets_on,
            on,
        };
        check.report("meeting.meeting_id", fault);
    }
}

/// Checks the meeting on whose agenda a matter is: it is that of the board, and was not
/// cancelled. The matter is proposed before it, as a rule.
pub(super) fn check_agenda(check: &mut EventCheck<'_>, event: &MatterProposed) {
    let Some(at) = &event.meeting else { return };
    if !check.require_board("meeting.board_id", &at.board) {
        return;
    }
    let subject = check.register.subject(&SubjectId::Board(at.board.clone()));
    let found = subject.and_then(|subject| subject.as_board());
    let meeting = found.and_then(|board| board.meeting(&at.meeting));
    let Some(meeting) = meeting else {
        let (id, of) = (at.meeting.to_string(), SubjectId::Board(at.board.clone()));
        let what = "meeting";
        check.report("meeting.meeting_id", Fault::UnknownItem { what, id, of });
        return;
    };
    if let Some(cancelled) = meeting.cancelled {
        check.report("meeting.meeting_id", meeting_off(at, cancelled));
    }
}

fn meeting_off(at: &MeetingRef, cancelled: &Fact<MeetingCancelled>) -> Fault {
    Fault::MeetingOff {
        board: at.board.clone(),
        meeting: at.meeting.clone(),
        position: cancelled.position(),
    }
}
