//! The meetings of a board as days: called, past, and whether the register says what
//! became of them.

use jiff::civil::Date;

use minutebook_domain::board::Board;
use minutebook_domain::date::PartialDate;
use minutebook_domain::ids::BoardId;
use minutebook_domain::register_view::RegisterView;

/// The days on which a board meets, as far as it has called meetings that were not
/// cancelled, in order.
pub(super) fn days(board: &Board) -> Vec<PartialDate> {
    let meetings = board.all_meetings().into_iter();
    let kept = meetings.filter(|meeting| meeting.cancelled.is_none());
    let mut days: Vec<PartialDate> = kept
        .flat_map(|meeting| meeting.sittings())
        .map(|sitting| sitting.on)
        .collect();
    days.sort();
    days
}

/// The last day on which each meeting sat, or is to sit, with a quorum as far as the
/// register says, and the last of its days. An adjourned meeting still has its last sitting
/// to decide a matter.
fn last_days(board: &Board) -> Vec<(PartialDate, PartialDate)> {
    let meetings = board.all_meetings().into_iter();
    let kept = meetings.filter(|meeting| meeting.cancelled.is_none());
    let mut days: Vec<(PartialDate, PartialDate)> = kept
        .filter_map(|meeting| {
            let sittings = meeting.sittings();
            let mut quorate = sittings
                .iter()
                .filter(|sitting| !sitting.held.is_some_and(|held| held.inquorate));
            Some((quorate.next_back()?.on, sittings.last()?.on))
        })
        .collect();
    days.sort();
    days
}

/// The next meeting that has been called, today's included.
pub(super) fn next(register_view: &RegisterView, board: &BoardId) -> Option<PartialDate> {
    let today: Date = register_view.as_at();
    let board = register_view.board(board)?;
    days(&board).into_iter().find(|on| on.last_day() >= today)
}

/// The first meeting with a quorum after one day and before another: a matter that was open on both
/// came before the board, and the board did not decide it.
pub(super) fn first_between(
    board: &Board,
    after: PartialDate,
    before: Date,
) -> Option<PartialDate> {
    let mut days = last_days(board).into_iter();
    let found =
        days.find(|(on, last)| after.last_day() < on.first_day() && last.last_day() < before);
    found.map(|(on, _)| on)
}

/// Whether the register says what became of a meeting that was called: a vote or a
/// decision of the board is dated on its day.
pub(super) fn is_accounted_for(
    register_view: &RegisterView,
    board: &BoardId,
    on: PartialDate,
) -> bool {
    let overlaps =
        |day: &PartialDate| day.first_day() <= on.last_day() && on.first_day() <= day.last_day();
    let decided_on = register_view.board_days().get(board);
    decided_on.is_some_and(|days| days.iter().any(overlaps))
}
