//! Rules for the attendance of a meeting: it agrees with its quorum, its votes and its
//! casting votes.

use super::boards::seat_actor;
use super::event_check::EventCheck;
use crate::approval::{Electorate, same_office};
use crate::board::Board;
use crate::event::{Actor, Attendance, AttendanceKind, MeetingHeld, Tally, VoteCast};
use crate::fact::Fact;
use crate::fault::Fault;
use crate::ids::SubjectId;

/// Requires that a meeting which is said to have had no quorum had none by its own
/// attendance.
pub(super) fn check_quorum(
    check: &mut EventCheck<'_>,
    electorate: &Electorate,
    board: &Board,
    held: &MeetingHeld,
) {
    let present = electorate.present_at(held);
    let Some(present) = present.filter(|_| held.inquorate) else {
        return;
    };
    let SubjectId::Board(id) = check.id() else {
        return;
    };
    let orders = board.standing_orders(check.day);
    // Where the quorum is not known, all members are one.
    let all = u32::try_from(electorate.votes.len()).unwrap_or(u32::MAX);
    let quorum = orders.quorum.unwrap_or(all).max(1);
    let lacks_group = orders.group_quorums.iter().any(|wanted| {
        let group = electorate.votes_in(std::slice::from_ref(&wanted.group));
        let came = present.intersection(&group).count();
        u32::try_from(came).unwrap_or(u32::MAX) < wanted.members
    });
    let is_met = u32::try_from(present.len()).unwrap_or(u32::MAX) >= quorum;
    if is_met && !lacks_group {
        let (board, present) = (id.clone(), present.len());
        let fault = Fault::QuorumWasThere {
            board,
            present,
            quorum,
        };
        check.report("inquorate", fault);
    }
}

/// Requires that each substitute acts for one member, and is none of the members who came.
pub(super) fn check_substitutes(check: &mut EventCheck<'_>, attendance: &[Attendance]) {
    for (i, one) in attendance.iter().enumerate() {
        let Some(substitute) = &one.substitute else {
            continue;
        };
        let mut others = attendance.iter().enumerate().filter(|(k, _)| *k != i);
        let other = others.find(|(k, other)| {
            let came = other.attendance == AttendanceKind::Present;
            came && other.who.is_same(substitute)
                || *k < i
                    && other
                        .substitute
                        .as_ref()
                        .is_some_and(|other| other.is_same(substitute))
        });
        if let Some((_, other)) = other {
            let fault = Fault::OneForTwo {
                substitute: substitute.to_string(),
                one: other.who.to_string(),
                other: one.who.to_string(),
            };
            check.report(format_args!("attendance[{i}].substitute"), fault);
        }
    }
}

/// A tally of more votes, or of more present, than members were there, in words.
pub(super) fn tally_over_attendance(
    electorate: &Electorate,
    tally: &Tally,
    held: &Fact<MeetingHeld>,
) -> Option<String> {
    let members = electorate.votes.len();
    // Of members who share a vote, several may be present.
    let is_shared = electorate.voting_seats().count() > members;
    let present = tally.present.filter(|_| !is_shared).unwrap_or_default();
    let number = usize::try_from(tally.votes().max(present)).unwrap_or(usize::MAX);
    let entry = held.position();
    if let Some(present) = electorate.present_at(held) {
        let attended = present.len();
        return (number > attended).then(|| {
            format!("{attended} members with a vote attended the meeting (entry {entry})")
        });
    }
    let away = electorate.away_from(held).len();
    (away > 0 && number > members.saturating_sub(away)).then(|| {
        format!("the minutes (entry {entry}) list {away} of its {members} members as not there")
    })
}

/// Requires that a voter is not listed as absent from the meeting, unless a substitute cast
/// the vote.
pub(super) fn check_voter_was_there(check: &mut EventCheck<'_>, event: &VoteCast) {
    let Some(at) = event.meeting.as_ref().filter(|_| event.cast_by.is_none()) else {
        return;
    };
    let subject = check.register.subject(&SubjectId::Board(at.board.clone()));
    let board = subject.and_then(|subject| subject.as_board());
    let meeting = board.and_then(|board| board.meeting(&at.meeting));
    let Some(held) = meeting.and_then(|meeting| meeting.sitting(check.on)) else {
        return;
    };
    let mut listed = held.attendance.iter();
    let is_away = listed.any(|one| one.attendance.is_away() && one.who.is_same(&event.voter));
    if is_away {
        let (voter, meeting) = (event.voter.to_string(), at.meeting.clone());
        let position = held.position();
        let fault = Fault::ListedAbsent {
            voter,
            meeting,
            position,
        };
        check.report("voter", fault);
    }
}

/// Whether two names may be those of one person: one office, or an office of the body that
/// holds the seat, beside the seat itself.
pub(super) fn may_be_one(
    check: &EventCheck<'_>,
    board: &Board,
    one: &Actor,
    other: &Actor,
) -> bool {
    if same_office(check.register, check.id(), one, other, check.day) {
        return true;
    }
    let of_one_body = match (one.body(), other.body()) {
        (Some(one), Some(other)) => check.context().is_some_and(|context| {
            context.successor_on(one, check.day) == context.successor_on(other, check.day)
        }),
        _ => true,
    };
    let seats = board.seats(check.day);
    let has_seat = |who: &Actor| {
        let mut seats = seats.keys();
        seats.any(|seat| seat_actor(seat).is_same(who))
    };
    of_one_body && !(has_seat(one) && has_seat(other))
}
