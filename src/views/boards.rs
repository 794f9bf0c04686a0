//! The list of boards.

use super::collaborations::count;
use super::names;
use crate::domain::fact::Fact;
use crate::domain::ids::{BoardId, CollaborationId};
use crate::domain::register_view::{BoardAt, RegisterView};
use crate::wire::proto::BoardSummary;
use crate::wire::reply;

/// The lines, by id, optionally of the boards that serve one collaboration.
pub fn list(
    register_view: &RegisterView,
    collaboration: Option<&CollaborationId>,
) -> Vec<BoardSummary> {
    register_view
        .boards()
        .filter(|(_, board)| {
            let serves = |wanted| {
                board
                    .constituted
                    .as_ref()
                    .is_some_and(|c| c.collaborations.contains(wanted))
            };
            collaboration.is_none_or(serves)
        })
        .map(|(id, board)| summary(register_view, id, &board))
        .collect()
}

pub(super) fn summary(register_view: &RegisterView, id: &BoardId, board: &BoardAt) -> BoardSummary {
    let day = register_view.as_at();
    let constituted = board.constituted.as_ref();
    let ended = board.ended.at(day);
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
        chair: board
            .chair(day)
            .map(|chair| names::office(register_view, &chair.body, chair.office.as_ref())),
        constituted_on: reply::optional_date(constituted.map(Fact::on)),
        constituted_on_is: reply::date_is(constituted.and_then(Fact::is)),
        member_count: count(board.seats(day).len()),
        ended_on: reply::optional_date(ended.map(Fact::on)),
        ended_on_is: reply::date_is(ended.and_then(Fact::is)),
        followed_by: ended
            .and_then(|ended| ended.successor.as_ref())
            .map(|id| names::board(register_view, id)),
    }
}
