//! One board in full.

use super::{boards, dossier, instruments, names, reasoning};
use crate::domain::ids::{BoardId, SubjectId};
use crate::domain::register_view::RegisterView;
use crate::wire::proto::{BoardSeat, BoardView, MeetingView};
use crate::wire::reply;

/// The board, if it exists by the day of the view.
pub fn get(register_view: &RegisterView, id: &BoardId) -> Option<BoardView> {
    let day = register_view.as_at();
    let board_at = register_view.board(id)?;
    let constituted = board_at.constituted.as_ref()?;
    let subject_id = SubjectId::Board(id.clone());
    let sub_groups = register_view.boards().filter(|(_, other)| {
        other.constituted.as_ref().and_then(|c| c.parent.as_ref()) == Some(id)
    });
    let seats = board_at
        .seats(day)
        .into_iter()
        .map(|(seat, (capacity, since))| {
            let (member, description) = names::seat(register_view, &seat);
            BoardSeat {
                member,
                description,
                capacity: reply::member_capacity(capacity),
                since_on: Some(reply::date(since)),
            }
        });
    let mut meetings: Vec<_> = board_at
        .meetings
        .iter()
        .map(|meeting| {
            (
                meeting.meets_on.unwrap_or_else(|| meeting.on()),
                &meeting.agenda,
            )
        })
        .collect();
    meetings.sort_by_cached_key(|(on, _)| *on);
    let meetings = meetings.into_iter().map(|(on, agenda)| MeetingView {
        held_on: Some(reply::date(on)),
        agenda: agenda.to_string(),
    });
    let dossier = &board_at.subject().dossier;
    Some(BoardView {
        approval_rules: reasoning::in_force(register_view, &subject_id, board_at.subject())
            .as_ref()
            .map(reasoning::rule_set),
        summary: Some(boards::summary(register_view, id, &board_at)),
        collaborations: constituted
            .collaborations
            .iter()
            .map(|id| names::collaboration(register_view, id))
            .collect(),
        parent: constituted
            .parent
            .as_ref()
            .map(|id| names::board(register_view, id)),
        sub_groups: sub_groups
            .map(|(id, _)| names::board(register_view, id))
            .collect(),
        owner: constituted
            .owner
            .as_ref()
            .map(|id| names::body(register_view, id)),
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
        instruments: instruments::list(register_view, &subject_id, board_at.subject()),
        coming: dossier::coming(register_view, &subject_id),
        consultations: dossier::consultations(register_view, dossier),
        concerns: dossier::concerns(register_view, dossier),
        assurance: dossier::assurance(register_view, dossier),
        dependencies: dossier::dependencies(register_view, dossier),
        grants: dossier::grants(register_view, dossier),
    })
}
