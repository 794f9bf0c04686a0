//! Rules for events about boards.

use std::sync::Arc;

use jiff::ToSpan as _;
use jiff::civil::Date;

use super::board_end::board_over;
use super::date_from::end_within;
use super::event_check::EventCheck;
use crate::date::PartialDate;
use crate::event::{
    Actor, BoardCollaborationsChanged, BoardConstituted, BoardEnded, BoardMember,
    BoardMembershipChanged, ChairAppointed, MeetingCalled, Seat, StandingOrdersAdopted,
};
use crate::fault::Fault;
use crate::ids::{BoardId, CollaborationId, SubjectId};
use crate::succession::Followed;

pub(super) fn board_constituted(check: &mut EventCheck<'_>, event: &BoardConstituted) {
    for (i, id) in event.collaborations.iter().enumerate() {
        check.require_collaboration(format_args!("collaboration_ids[{i}]"), id);
    }
    if let Some(parent) = &event.parent {
        check.require_board("parent_board_id", parent);
    }
    if let Some(owner) = &event.owner {
        check.require_body("owner_body_id", owner);
    }
    require_members(check, "members", &event.members);
}

pub(super) fn board_collaborations_changed(
    check: &mut EventCheck<'_>,
    event: &BoardCollaborationsChanged,
) {
    let served = check.board().map(|board| board.serves(check.day));
    let served = served.unwrap_or_default();
    for (i, id) in event.added.iter().enumerate() {
        let field = format!("added_collaboration_ids[{i}]");
        if served.contains(&id) {
            let what = format!("that {} serves collaborations/{id}", check.id());
            check.report(field, Fault::AlreadySo { what });
        } else if check.require_collaboration(&field, id) {
            require_collaboration_in_being(check, field, id);
        }
    }
    for (i, id) in event.removed.iter().enumerate() {
        if !served.contains(&id) {
            let (board, collaboration, on) = (check.id().clone(), id.clone(), check.on);
            let fault = Fault::NotServed {
                board,
                collaboration,
                on,
            };
            check.report(format_args!("removed_collaboration_ids[{i}]"), fault);
        }
    }
}

/// Requires that a collaboration that a board begins to serve has not ended.
fn require_collaboration_in_being(check: &mut EventCheck<'_>, field: String, id: &CollaborationId) {
    let id = SubjectId::Collaboration(id.clone());
    let subject = check.register.subject(&id);
    let collaboration = subject.and_then(|subject| subject.as_collaboration());
    if let Some(ended) = collaboration.and_then(|one| one.ended(check.day)) {
        let (ended_on, on) = (ended.on(), check.on);
        let way_out = end_within(ended_on, on);
        check.report(
            field,
            Fault::SubjectEnded {
                subject: id,
                ended_on,
                on,
                way_out,
            },
        );
    }
}

/// Standing orders name nothing that the register could look up.
pub(super) fn standing_orders_adopted(_: &mut EventCheck<'_>, _: &StandingOrdersAdopted) {}

pub(super) fn chair_appointed(check: &mut EventCheck<'_>, event: &ChairAppointed) {
    check.require_body("body_id", &event.body);
    let followed = followed(check);
    let chair = check
        .board()
        .and_then(|board| board.chair(&followed, check.day));
    let chair = chair.filter(|chair| chair.holder().is_some());
    if event.vice
        && let Some(chair) = chair.map(|chair| chair.appointed)
        && chair.is_same_seat(event)
    {
        let seat = seat_name(&event.seat());
        let (board, since) = (check.id().clone(), chair.on());
        check.report("vice", Fault::ChairIsNoVice { seat, board, since });
    }
    require_seat_not_ended(check, "body_id", &event.seat());
    if let Some(until) = event.until_on
        && until.first_day() <= check.day
    {
        check.report(
            "until_on",
            Fault::NotLater {
                than: check.on,
                on: until,
            },
        );
    }
}

/// The successions with which the subject of an event is read.
fn followed(check: &EventCheck<'_>) -> Followed {
    let successions = Arc::clone(check.register.successions());
    Followed::new(check.id().clone(), successions)
}

/// Requires that the holder of a seat has not left the board: a committee is chaired by
/// one of its members. One that never had a seat on record may chair it.
pub(super) fn require_seat_not_ended(check: &mut EventCheck<'_>, field: &str, holder: &Seat) {
    let Some(board) = check.board() else { return };
    let followed = followed(check);
    let ended = board.seat_ended(&followed, holder, None, check.day);
    if ended.is_some() {
        let (seat, board, on) = (seat_name(holder), check.id().clone(), check.on);
        check.report(field, Fault::NotAMember { seat, board, on });
    }
}

pub(super) fn board_ended(check: &mut EventCheck<'_>, event: &BoardEnded) {
    if let Some(successor) = &event.successor
        && require_successor(check, successor)
        && let SubjectId::Board(id) = check.id()
        && successor == id
    {
        let id = format!("boards/{id}");
        check.report("successor_board_id", Fault::SelfReference { id });
    }
    let Some(board) = check.board() else { return };
    if let Some(made) = &board.constituted
        && !made.on().is_by(check.on).may_be()
    {
        let (subject, since, on) = (check.id().clone(), made.on(), check.on);
        check.report_at("effective_on", Fault::BeforeSubject { subject, since, on });
    }
    if let Some(before) = board.ended.latest() {
        let what = format!("the end of the board (entry {})", before.position());
        check.report_at("subject", Fault::AlreadySo { what });
    }
    // It did not meet after its end.
    let last = check.on.last_day();
    let mut held = board.meetings_held.iter();
    if let Some(held) = held.find(|held| held.on().first_day() > last) {
        let (id, since, on) = (held.meeting.to_string(), held.on(), check.on);
        let what = "meeting";
        check.report_at(
            "effective_on",
            Fault::BeforeItem {
                what,
                id,
                since,
                on,
                way_out: "",
            },
        );
    }
}

/// Requires that the board which follows exists on the day after the end: on its last day,
/// the board itself still is.
fn require_successor(check: &mut EventCheck<'_>, id: &BoardId) -> bool {
    let after = |day: Date| day.checked_add(1.day()).unwrap_or(day);
    let subject = check.register.subject(&SubjectId::Board(id.clone()));
    let since = subject.and_then(|subject| subject.founded_on());
    let last = after(check.on.last_day());
    if since.is_none_or(|since| since.first_day() > last) {
        let (board, on) = (id.clone(), check.on);
        check.report("successor_board_id", Fault::UnknownBoard { board, on });
        return false;
    }
    if let Some(fault) = board_over(check.register, id, check.on) {
        check.report("successor_board_id", fault);
        return false;
    }
    true
}

/// Requires that the board which the event is about had not ended before it.
pub(super) fn require_in_being(check: &mut EventCheck<'_>, field: &str, on: PartialDate) {
    let SubjectId::Board(id) = check.id() else {
        return;
    };
    if let Some(fault) = board_over(check.register, id, on) {
        check.report(field, fault);
    }
}

pub(super) fn board_membership_changed(check: &mut EventCheck<'_>, event: &BoardMembershipChanged) {
    require_members(check, "joined", &event.joined);
    let Some(board) = check.board() else { return };
    let mut seats = board.seats(check.day);
    for (i, seat) in event.left.iter().enumerate() {
        if seats.remove(seat).is_none() {
            let (seat, board, on) = (seat_name(seat), check.id().clone(), check.on);
            check.report(
                format_args!("left[{i}]"),
                Fault::NotAMember { seat, board, on },
            );
        }
    }
    for (i, member) in event.joined.iter().enumerate() {
        if seats.contains_key(&member.seat) {
            let (seat, board, on) = (seat_name(&member.seat), check.id().clone(), check.on);
            check.report(
                format_args!("joined[{i}]"),
                Fault::AlreadyAMember { seat, board, on },
            );
        }
    }
}

pub(super) fn meeting_called(check: &mut EventCheck<'_>, event: &MeetingCalled) {
    let meets_on = event.meets_on.unwrap_or(check.on);
    require_in_being(check, "meets_on", meets_on);
    let Some(id) = &event.meeting else { return };
    let mut called = check
        .board()
        .into_iter()
        .flat_map(|board| board.meetings.iter());
    let taken = called.find(|called| called.meeting.as_ref() == Some(id));
    check.require_free("meeting_id", "meeting", id, taken);
}

fn require_members(check: &mut EventCheck<'_>, field: &str, members: &[BoardMember]) {
    for (i, member) in members.iter().enumerate() {
        if let Seat::Body { body, .. } = &member.seat {
            check.require_body(format_args!("{field}[{i}].body_id"), body);
        }
    }
}

pub(super) fn seat_name(seat: &Seat) -> String {
    match seat {
        Seat::Body {
            body,
            office: Some(office),
        } => format!("{body} ({office})"),
        Seat::Body { body, office: None } => body.to_string(),
        Seat::Described(description) => format!("\"{description}\""),
    }
}

/// The seat that an actor would have.
pub(super) fn actor_seat(actor: &Actor) -> Seat {
    match actor {
        Actor::Body { body, office } => Seat::Body {
            body: body.clone(),
            office: office.clone(),
        },
        Actor::Office(name) => Seat::Described(name.clone()),
    }
}

/// The holder of a seat as an actor.
pub(super) fn seat_actor(seat: &Seat) -> Actor {
    match seat {
        Seat::Body { body, office } => Actor::Body {
            body: body.clone(),
            office: office.clone(),
        },
        Seat::Described(name) => Actor::Office(name.clone()),
    }
}
