//! Reading and summaries for events about boards.

use crate::domain::event::{
    BoardConstituted, BoardMember, BoardMembershipChanged, ChairAppointed, MeetingCalled,
    MemberCapacity, Seat,
};
use crate::domain::ids::SubjectId;
use crate::domain::text::Name;
use crate::wire::fields::{
    FromWire, ITEMS_MAX, choice_or, count, date, each, id, ids, list, name, name_key, no_repeats,
    optional_choice, optional_id, optional_name, or_default, reads, remark, some_choices, text,
};
use crate::wire::proto;
use crate::wire::summary::{Summary, counted, joined_and_left, optional_phrase, quoted};
use crate::wire::violation::{MessageReader, MessageSource};

reads! {
    BoardConstituted {
        name: name(name),
        powers: some_choices(powers),
        collaborations: ids(collaboration_ids),
        parent: optional_id(parent_board_id),
        owner: optional_id(owner_body_id),
        members: members(members),
        quorum: count(quorum),
        voting_rule: optional_choice(voting_rule),
        cadence: remark(cadence),
        purpose: text(purpose),
    } => check_parent
    ChairAppointed {
        body: id(body_id),
        office: optional_name(office),
        until_on: date(until_on),
    }
    BoardMembershipChanged {
        joined: members(joined),
        left: seats(left),
    } => check_change
    MeetingCalled {
        agenda: text(agenda),
        papers: or_default(papers),
        meets_on: date(meets_on),
    }
}

impl FromWire for BoardMember {
    type Wire = proto::BoardMember;

    fn read(r: &mut MessageReader, m: &proto::BoardMember) -> Option<Self> {
        let seat = seat(r, m);
        let capacity = choice_or(r, "capacity", &m.capacity, MemberCapacity::Member);
        Some(Self {
            seat: seat?,
            capacity: capacity?,
        })
    }
}

fn seat(r: &mut MessageReader, m: &proto::BoardMember) -> Option<Seat> {
    let body = optional_id(r, "body_id", &m.body_id);
    let office = optional_name(r, "office", &m.office);
    let described = optional_name(r, "description", &m.description);
    match (body?, office?, described?) {
        (Some(body), office, None) => Some(Seat::Body { body, office }),
        (None, None, Some(who)) => Some(Seat::Described(who)),
        (Some(_), _, Some(_)) => {
            r.fault_in(
                "description",
                "a seat is held by a body or described, never both: keep body_id or description",
            );
            None
        }
        (None, Some(_), Some(_)) => {
            r.fault_in(
                "office",
                "an office belongs to a body: give body_id, or put the office in the description",
            );
            None
        }
        (None, _, None) => {
            r.fault_in(
                "body_id",
                "say who sits: the id of a body, or a description where no registered body does",
            );
            None
        }
    }
}

const REPEAT: &str = "this seat";

fn members(
    r: &mut MessageReader,
    field: &str,
    v: &[proto::BoardMember],
) -> Option<Vec<BoardMember>> {
    let members = list(r, field, v, ITEMS_MAX);
    let is_request = matches!(r.source, MessageSource::Request);
    no_repeats(
        r,
        field,
        members,
        |m: &BoardMember| key(&m.seat, is_request),
        REPEAT,
    )
}

fn seats(r: &mut MessageReader, field: &str, v: &[proto::BoardMember]) -> Option<Vec<Seat>> {
    let seats = each(r, field, v, ITEMS_MAX, seat);
    let is_request = matches!(r.source, MessageSource::Request);
    no_repeats(r, field, seats, |seat| key(seat, is_request), REPEAT)
}

fn key(seat: &Seat, is_request: bool) -> (String, String) {
    let name = |name: &Name| name_key(name, is_request);
    match seat {
        Seat::Body { body, office } => (
            body.to_string(),
            office.as_ref().map(name).unwrap_or_default(),
        ),
        Seat::Described(who) => (String::new(), name(who)),
    }
}

fn check_parent(r: &mut MessageReader, m: &proto::BoardConstituted) {
    if let Some(SubjectId::Board(board)) = &r.event.subject
        && board.as_str() == m.parent_board_id
    {
        r.fault_in(
            "parent_board_id",
            "a board does not sit under itself: name the one above it, or none",
        );
    }
}

fn check_change(r: &mut MessageReader, m: &proto::BoardMembershipChanged) {
    if m.joined.is_empty() && m.left.is_empty() {
        r.fault_in("joined", "say who joins or who leaves: one list at least");
    }
}

// ─── Summaries ──────────────────────────────────────────────────────────────

impl Summary for BoardConstituted {
    fn line(&self) -> String {
        let members = counted(self.members.len(), "member", "members");
        format!("constituted: {} ({members})", self.name)
    }
}

impl Summary for ChairAppointed {
    fn line(&self) -> String {
        let office = optional_phrase(self.office.as_ref(), "through its");
        let until = optional_phrase(self.until_on.as_ref(), "until");
        format!("{}{office} took the chair{until}", self.body)
    }
}

impl Summary for BoardMembershipChanged {
    fn line(&self) -> String {
        let joined: Vec<String> = self.joined.iter().map(|m| seat_label(&m.seat)).collect();
        let left: Vec<String> = self.left.iter().map(seat_label).collect();
        joined_and_left("membership changed", &joined, &left)
    }
}

impl Summary for MeetingCalled {
    fn line(&self) -> String {
        let on = self
            .meets_on
            .map(|on| format!(" on {on}"))
            .unwrap_or_default();
        if self.agenda.is_empty() {
            format!("meeting{on}")
        } else {
            format!("meeting{on}: {}", quoted(self.agenda.as_str()))
        }
    }
}

fn seat_label(seat: &Seat) -> String {
    match seat {
        Seat::Body { body, office: None } => body.to_string(),
        Seat::Body {
            body,
            office: Some(office),
        } => format!("{office} of {body}"),
        Seat::Described(who) => who.to_string(),
    }
}
