//! Reading and summaries for events about boards.

use crate::enum_label::EnumLabel;
use crate::event::voting::group_quorums;
use crate::fields::{
    FromWire, ITEMS_MAX, choice_or, count, date, each, flag, id, ids, list, name, name_key,
    no_repeats, optional, optional_choice, optional_id, optional_name, or_default, reads, remark,
    some_choices, text,
};
use crate::proto;
use crate::summary::{Summary, counted, joined_and_left, optional_phrase, quoted};
use crate::violation::{MessageReader, MessageSource};
use minutebook_domain::approval::describe::qualified;
use minutebook_domain::event::{
    BoardCollaborationsChanged, BoardConstituted, BoardEnded, BoardMember, BoardMembershipChanged,
    CastingVote, ChairAppointed, MeetingCalled, MemberCapacity, MergedSeats, Seat,
    StandingOrdersAdopted,
};
use minutebook_domain::ids::{CollaborationId, SubjectId};
use minutebook_domain::text::Name;

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
        casting_vote: optional_choice(casting_vote),
        majority: optional(majority),
        merged_seats: optional_choice(merged_seats),
        group_quorums: group_quorums(group_quorums),
    } => check_constituted
    StandingOrdersAdopted {
        quorum: count(quorum),
        voting_rule: optional_choice(voting_rule),
        casting_vote: optional_choice(casting_vote),
        majority: optional(majority),
        merged_seats: optional_choice(merged_seats),
        group_quorums: group_quorums(group_quorums),
        document: or_default(document),
    } => check_orders
    ChairAppointed {
        body: id(body_id),
        office: optional_name(office),
        until_on: date(until_on),
        vice: flag(vice),
    }
    BoardMembershipChanged {
        joined: members(joined),
        left: seats(left),
    } => check_change
    BoardEnded {
        reason: text(reason),
        successor: optional_id(successor_board_id),
        document: or_default(document),
        delegations_continue: flag(delegations_continue),
    } => check_ended
    BoardCollaborationsChanged {
        added: ids(added_collaboration_ids),
        removed: ids(removed_collaboration_ids),
        document: or_default(document),
    } => check_collaborations
    MeetingCalled {
        agenda: text(agenda),
        papers: or_default(papers),
        meets_on: date(meets_on),
        meeting: optional_id(meeting_id),
    }
}

impl FromWire for BoardMember {
    type Wire = proto::BoardMember;

    fn read(r: &mut MessageReader, m: &proto::BoardMember) -> Option<Self> {
        let seat = seat(r, m);
        let capacity = choice_or(r, "capacity", &m.capacity, MemberCapacity::Member);
        let group = optional_name(r, "group", &m.group);
        let shares_vote_as = optional_name(r, "shares_vote_as", &m.shares_vote_as);
        if matches!((&capacity, &shares_vote_as), (Some(capacity), Some(Some(_)))
            if *capacity != MemberCapacity::Member)
        {
            r.fault_in(
                "shares_vote_as",
                "only members with a vote share one: leave it out, or make the capacity \
                 MEMBER_CAPACITY_MEMBER",
            );
            return None;
        }
        Some(Self {
            seat: seat?,
            capacity: capacity?,
            group: group?,
            shares_vote_as: shares_vote_as?,
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

fn check_constituted(r: &mut MessageReader, m: &proto::BoardConstituted) {
    check_majority(r, m.voting_rule, m.majority.as_ref());
    if let Some(SubjectId::Board(board)) = &r.event.subject
        && board.as_str() == m.parent_board_id
    {
        r.fault_in(
            "parent_board_id",
            "a board does not sit under itself: name the one above it, or none",
        );
    }
}

/// Requires that only a qualified voting rule has a majority.
fn check_majority(r: &mut MessageReader, voting_rule: i32, majority: Option<&proto::Majority>) {
    let is_other = voting_rule != proto::VotingRule::Unspecified as i32
        && voting_rule != proto::VotingRule::Qualified as i32;
    if is_other && majority.is_some() {
        r.fault_in(
            "majority",
            "only a qualified vote has a majority of its own: leave it out, or make voting_rule \
             VOTING_RULE_QUALIFIED",
        );
    }
}

fn check_orders(r: &mut MessageReader, m: &proto::StandingOrdersAdopted) {
    check_majority(r, m.voting_rule, m.majority.as_ref());
    let is_empty = m.quorum == 0
        && m.voting_rule == 0
        && m.casting_vote == 0
        && m.majority.is_none()
        && m.merged_seats == 0
        && m.group_quorums.is_empty()
        && m.document.is_none();
    if is_empty {
        r.fault_in(
            "quorum",
            "say what the standing orders change: the quorum, the voting rule, the casting vote, \
             the majority, merged seats, the quorum by group, or the document at least",
        );
    }
}

fn check_change(r: &mut MessageReader, m: &proto::BoardMembershipChanged) {
    if m.joined.is_empty() && m.left.is_empty() {
        r.fault_in("joined", "say who joins or who leaves: one list at least");
    }
}

fn check_ended(r: &mut MessageReader, m: &proto::BoardEnded) {
    if m.delegations_continue && m.successor_board_id.is_empty() {
        r.fault_in(
            "delegations_continue",
            "delegations go on as those of a board that follows: name it in successor_board_id, or \
             leave this out",
        );
    }
}

fn check_collaborations(r: &mut MessageReader, m: &proto::BoardCollaborationsChanged) {
    if m.added_collaboration_ids.is_empty() && m.removed_collaboration_ids.is_empty() {
        r.fault_in(
            "added_collaboration_ids",
            "say which collaborations the board serves from that day, or serves no more: one list \
             at least",
        );
    }
    let mut removed = m.removed_collaboration_ids.iter().enumerate();
    if let Some((i, _)) = removed.find(|(_, id)| m.added_collaboration_ids.contains(id)) {
        r.fault_in(
            &format!("removed_collaboration_ids[{i}]"),
            "the board begins to serve it on that day: leave it out of one of the two lists",
        );
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
        let chair = if self.vice { "vice-chair" } else { "chair" };
        format!("{}{office} took the {chair}{until}", self.body)
    }
}

impl Summary for StandingOrdersAdopted {
    fn line(&self) -> String {
        let mut parts: Vec<String> = Vec::new();
        parts.extend(self.quorum.map(|quorum| format!("quorum {quorum}")));
        let label = |label: String| Some(label).filter(|label| !label.is_empty());
        parts.extend(
            self.voting_rule
                .and_then(|rule| label(proto::VotingRule::from(rule).label())),
        );
        parts.extend(self.majority.map(qualified));
        parts.extend(self.casting_vote.map(|casting| match casting {
            CastingVote::Presiding => "casting vote of the person presiding".to_owned(),
            CastingVote::None => "no casting vote".to_owned(),
        }));
        parts.extend(self.merged_seats.map(|merged| match merged {
            MergedSeats::Each => "each seat of merged bodies passes on".to_owned(),
            MergedSeats::One => "seats of merged bodies become one".to_owned(),
        }));
        parts.extend(
            self.group_quorums
                .iter()
                .map(|quorum| format!("quorum {} of the {} members", quorum.members, quorum.group)),
        );
        if parts.is_empty() {
            "standing orders adopted".to_owned()
        } else {
            format!("standing orders adopted: {}", parts.join(", "))
        }
    }
}

impl Summary for BoardMembershipChanged {
    fn line(&self) -> String {
        let joined: Vec<String> = self.joined.iter().map(|m| seat_label(&m.seat)).collect();
        let left: Vec<String> = self.left.iter().map(seat_label).collect();
        joined_and_left("membership changed", &joined, &left)
    }
}

impl Summary for BoardEnded {
    fn line(&self) -> String {
        let successor = self.successor.as_ref();
        let successor = successor.map(|id| format!(", followed by boards/{id}"));
        let reason = match self.reason.as_str() {
            "" => String::new(),
            reason => format!(": {}", quoted(reason)),
        };
        let continue_too = match self.delegations_continue {
            true => "; its delegations go on",
            false => "",
        };
        format!(
            "board ended{}{reason}{continue_too}",
            successor.unwrap_or_default()
        )
    }
}

impl Summary for BoardCollaborationsChanged {
    fn line(&self) -> String {
        let list = |ids: &[CollaborationId]| -> Vec<String> {
            ids.iter().map(ToString::to_string).collect()
        };
        let mut parts = Vec::new();
        if !self.added.is_empty() {
            parts.push(format!("serves {}", list(&self.added).join(", ")));
        }
        if !self.removed.is_empty() {
            parts.push(format!("serves {} no more", list(&self.removed).join(", ")));
        }
        parts.join("; ")
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
