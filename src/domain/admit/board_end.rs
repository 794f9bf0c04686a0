//! The end of a board, after which nothing names it as if it were in being.

use crate::domain::date::PartialDate;
use crate::domain::fault::Fault;
use crate::domain::ids::{BoardId, SubjectId};
use crate::domain::register::Register;

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
