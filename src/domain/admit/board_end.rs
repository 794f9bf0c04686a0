//! The end of a board, after which nothing names it as if it were in being.

use jiff::civil::Date;

use crate::approval::describe::listed;
use crate::date::PartialDate;
use crate::fault::Fault;
use crate::ids::{BoardId, SubjectId};
use crate::register::Register;

/// Why a board cannot be named on a date: it had ended before, whatever the day was.
pub(super) fn board_over(register: &Register, id: &BoardId, on: PartialDate) -> Option<Fault> {
    let subject = register.subject(&SubjectId::Board(id.clone()))?;
    let ended = subject.as_board()?.ended(on.first_day())?;
    Some(Fault::BoardOver {
        board: id.clone(),
        ended_on: ended.on(),
        on,
        way_out: match &ended.successor {
            Some(successor) => format!("name boards/{successor}, which followed it"),
            None => "check the date, or name the board that did this".to_owned(),
        },
    })
}

/// Why a board decides nothing on a date: the body that it belongs to was no more. Its
/// committees and its executive end with an authority; those of the one that follows are
/// its own (Local Government Act 1972 s.101; Local Government Act 2000 s.9C).
pub(super) fn owner_over(
    register: &Register,
    id: &BoardId,
    on: PartialDate,
    day: Date,
) -> Option<Fault> {
    let subject_id = SubjectId::Board(id.clone());
    let subject = register.subject(&subject_id)?;
    let owner = subject.as_board()?.constituted.as_ref()?.owner.as_ref()?;
    let (body, followed) = register.successions().end_of(&subject_id, owner, day)?;
    let heirs = listed(followed.heirs(&subject_id));
    let since = followed.on();
    // It was there until the day before.
    let last = since.first_day().yesterday().map(PartialDate::from);
    Some(Fault::BoardOver {
        board: id.clone(),
        ended_on: last.ok().filter(|_| since.is_full()).unwrap_or(since),
        on,
        way_out: format!(
            "it belongs to {body}, which {heirs} followed on {since}: name the board of {heirs} that \
             did this (board_constituted), and record the end of this one (board_ended), with the \
             board that follows it where one does"
        ),
    })
}
