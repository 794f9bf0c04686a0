//! Rules for events about boards.

use super::event_check::EventCheck;
use crate::domain::event::{
    BoardConstituted, BoardMember, BoardMembershipChanged, ChairAppointed, MeetingCalled, Seat,
};
use crate::domain::fault::Fault;

pub(super) fn board_constituted(bench: &mut EventCheck<'_>, what: &BoardConstituted) {
    for (i, id) in what.collaborations.iter().enumerate() {
        bench.known_collaboration(format_args!("collaboration_ids[{i}]"), id);
    }
    if let Some(parent) = &what.parent {
        bench.known_board("parent_board_id", parent);
    }
    if let Some(owner) = &what.owner {
        bench.body("owner_body_id", owner);
    }
    members(bench, "members", &what.members);
}

pub(super) fn chair_appointed(bench: &mut EventCheck<'_>, what: &ChairAppointed) {
    bench.body("body_id", &what.body);
    if let Some(until) = what.until_on
        && until.first_day() <= bench.day
    {
        bench.fault(
            "until_on",
            Fault::NotLater {
                than: bench.on,
                on: until,
            },
        );
    }
}

pub(super) fn board_membership_changed(bench: &mut EventCheck<'_>, what: &BoardMembershipChanged) {
    members(bench, "joined", &what.joined);
    let Some(board) = bench.board() else { return };
    let mut seats = board.seats(bench.day);
    for (i, seat) in what.left.iter().enumerate() {
        if seats.remove(seat).is_none() {
            let (seat, board, on) = (named(seat), bench.id().clone(), bench.on);
            bench.fault(
                format_args!("left[{i}]"),
                Fault::NotAMember { seat, board, on },
            );
        }
    }
    for (i, member) in what.joined.iter().enumerate() {
        if seats.contains_key(&member.seat) {
            let (seat, board, on) = (named(&member.seat), bench.id().clone(), bench.on);
            bench.fault(
                format_args!("joined[{i}]"),
                Fault::AlreadyAMember { seat, board, on },
            );
        }
    }
}

/// A meeting names nothing that the register could look up.
pub(super) fn meeting_called(_: &mut EventCheck<'_>, _: &MeetingCalled) {}

fn members(bench: &mut EventCheck<'_>, field: &str, members: &[BoardMember]) {
    for (i, member) in members.iter().enumerate() {
        if let Seat::Body { body, .. } = &member.seat {
            bench.body(format_args!("{field}[{i}].body_id"), body);
        }
    }
}

pub(super) fn named(seat: &Seat) -> String {
    match seat {
        Seat::Body {
            body,
            office: Some(office),
        } => format!("{body} ({office})"),
        Seat::Body { body, office: None } => body.to_string(),
        Seat::Described(description) => format!("\"{description}\""),
    }
}
