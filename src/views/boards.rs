//! The list of boards.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::collaborations::count;
use super::names;
use minutebook_domain::approval::board_on;
use minutebook_domain::board::{Board, ChairOffice, HeldSeat, LapseCause};
use minutebook_domain::date::PartialDate;
use minutebook_domain::event::Seat;
use minutebook_domain::fact::Fact;
use minutebook_domain::ids::{BoardId, BodyId, CollaborationId, ItemId, SubjectId};
use minutebook_domain::register_view::{BoardAt, RegisterView};
use minutebook_domain::succession::Followed;
use minutebook_wire::proto::{ActorRef, BoardSummary};
use minutebook_wire::reply;

/// The lines, by id, optionally of the boards that serve one collaboration.
pub fn list(
    register_view: &RegisterView,
    collaboration: Option<&CollaborationId>,
) -> Vec<BoardSummary> {
    register_view
        .boards()
        .filter(|(_, board)| {
            let serves = |wanted| board.serves(register_view.as_at()).contains(&wanted);
            collaboration.is_none_or(serves)
        })
        .map(|(id, board)| summary(register_view, id, &board))
        .collect()
}

pub(super) fn summary(register_view: &RegisterView, id: &BoardId, board: &BoardAt) -> BoardSummary {
    let day = register_view.as_at();
    let constituted = board.constituted.as_ref();
    let ended = board.ended.at(day);
    let followed = followed(register_view, id);
    let chair = board.chair(&followed, day);
    let is_divided = |office: &&ChairOffice<'_>| {
        office.lapse.map(|lapse| lapse.cause) == Some(LapseCause::Divided)
    };
    let unsettled = chair.as_ref().filter(is_divided);
    let name = unsettled.and_then(|office| office.appointed.office.as_ref());
    let divided = unsettled.iter().flat_map(|office| &office.holders);
    BoardSummary {
        board: Some(names::board(register_view, id)),
        powers: constituted
            .map(|c| {
                c.powers
                    .iter()
                    .map(|power| reply::board_power(*power))
                    .collect()
            })
            .unwrap_or_default(),
        chair: chair
            .as_ref()
            .and_then(|chair| office(register_view, chair)),
        constituted_on: reply::optional_date(constituted.map(Fact::on)),
        constituted_on_is: reply::date_is(constituted.and_then(Fact::is)),
        member_count: count(seats(register_view, id, board).len()),
        ended_on: reply::optional_date(ended.map(Fact::on)),
        ended_on_is: reply::date_is(ended.and_then(Fact::is)),
        followed_by: ended
            .and_then(|ended| ended.successor.as_ref())
            .map(|id| names::board(register_view, id)),
        chair_to_be_settled: divided
            .map(|body| names::office(register_view, body, name))
            .collect(),
    }
}

/// The seats of a board. A committee is one of two authorities or more (Local Government
/// Act 1972 s.101(5)): once the collaborations that it serves have ended, and all its seats
/// are of one body, they are one.
pub(super) fn seats(
    register_view: &RegisterView,
    id: &BoardId,
    board: &Board,
) -> BTreeMap<Seat, HeldSeat> {
    let mut seats = board.seats(register_view.as_at());
    if ended_with(register_view, board).is_some()
        && sole_holder(register_view, id, &seats).is_some()
    {
        let mut number = 0;
        seats.retain(|_, _| {
            number += 1;
            number == 1
        });
    }
    seats
}

/// The body that has all seats of a board, and has followed the member of one.
pub(super) fn sole_holder(
    register_view: &RegisterView,
    id: &BoardId,
    seats: &BTreeMap<Seat, HeldSeat>,
) -> Option<BodyId> {
    let (followed, day) = (followed(register_view, id), register_view.as_at());
    let mut sole: Option<BodyId> = None;
    let mut has_followed = false;
    for seat in seats.keys() {
        let Seat::Body { body, .. } = seat else {
            return None;
        };
        let holders = followed.holders(body, day);
        let [holder] = holders.as_slice() else {
            return None;
        };
        has_followed |= *holder != body;
        if sole.get_or_insert_with(|| (*holder).clone()) != *holder {
            return None;
        }
    }
    sole.filter(|_| has_followed)
}

/// The end of what a board serves: that of the last of its collaborations; `None` while one
/// of them goes on, or if it serves none.
pub(super) fn ended_with(register_view: &RegisterView, board: &Board) -> Option<PartialDate> {
    let day = register_view.as_at();
    let serves = board.serves(day).into_iter();
    let ends: Option<Vec<PartialDate>> = serves
        .map(|id| {
            let subject = register_view.subject(&SubjectId::Collaboration(id.clone()))?;
            let ended = subject.as_collaboration()?.ended(day)?;
            Some(ended.on())
        })
        .collect();
    ends?.into_iter().max()
}

/// The board which follows another and has a meeting; `None` if the other has it itself.
pub(super) fn next_with_meeting(
    register_view: &RegisterView,
    id: &BoardId,
    meeting: &ItemId,
) -> Option<BoardId> {
    if register_view.board(id)?.meeting(meeting).is_some() {
        return None;
    }
    let next = board_on(register_view, id, register_view.as_at())?;
    let has_it = register_view.board(&next)?.meeting(meeting).is_some();
    has_it.then_some(next)
}

/// The successions with which a board is read.
pub(super) fn followed(register_view: &RegisterView, id: &BoardId) -> Followed {
    let successions = Arc::clone(register_view.successions());
    Followed::new(SubjectId::Board(id.clone()), successions)
}

/// The body or office that has the office of chair or vice-chair.
pub(super) fn office(register_view: &RegisterView, office: &ChairOffice<'_>) -> Option<ActorRef> {
    let name = office.appointed.office.as_ref();
    Some(names::office(register_view, office.holder()?, name))
}
