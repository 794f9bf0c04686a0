//! One board in full.

use super::{boards, file, instruments, names, reasoning};
use crate::domain::ids::{BoardId, SubjectId};
use crate::domain::register_view::RegisterView;
use crate::wire::proto::{BoardSeat, BoardView, MeetingView};
use crate::wire::reply;

/// The board, if it has begun.
pub fn get(outlook: &RegisterView, id: &BoardId) -> Option<BoardView> {
    let day = outlook.as_at();
    let seen = outlook.board(id)?;
    let constituted = seen.constituted.as_ref()?;
    let subject_id = SubjectId::Board(id.clone());
    let sub_groups = outlook.boards().filter(|(_, other)| {
        other.constituted.as_ref().and_then(|c| c.parent.as_ref()) == Some(id)
    });
    let seats = seen
        .seats(day)
        .into_iter()
        .map(|(seat, (capacity, since))| {
            let (member, description) = names::seat(outlook, &seat);
            BoardSeat {
                member,
                description,
                capacity: reply::member_capacity(capacity),
                since_on: Some(reply::date(since)),
            }
        });
    let mut meetings: Vec<_> = seen
        .meetings
        .iter()
        .map(|meeting| {
            (
                meeting.meets_on.unwrap_or_else(|| meeting.on()),
                &meeting.agenda,
            )
        })
        .collect();
    meetings.sort_by_key(|(on, _)| *on);
    let meetings = meetings.into_iter().map(|(on, agenda)| MeetingView {
        held_on: Some(reply::date(on)),
        agenda: agenda.to_string(),
    });
    let dossier = &seen.subject().dossier;
    Some(BoardView {
        approval_rules: reasoning::in_force(outlook, &subject_id, seen.subject())
            .as_ref()
            .map(reasoning::rule_set),
        summary: Some(boards::summary(outlook, id, &seen)),
        collaborations: constituted
            .collaborations
            .iter()
            .map(|id| names::collaboration(outlook, id))
            .collect(),
        parent: constituted
            .parent
            .as_ref()
            .map(|id| names::board(outlook, id)),
        sub_groups: sub_groups
            .map(|(id, _)| names::board(outlook, id))
            .collect(),
        owner: constituted
            .owner
            .as_ref()
            .map(|id| names::body(outlook, id)),
        seats: seats.collect(),
        quorum: constituted.quorum.unwrap_or_default(),
        voting_rule: constituted
            .voting_rule
            .map(reply::voting_rule)
            .unwrap_or_default(),
        cadence: constituted.cadence.to_string(),
        purpose: constituted.purpose.to_string(),
        meetings: meetings.collect(),
        aliases: dossier
            .aliases
            .iter()
            .map(|alias| alias.alias.to_string())
            .collect(),
        instruments: instruments::list(outlook, &subject_id, seen.subject()),
        coming: file::coming(outlook, &subject_id),
    })
}
