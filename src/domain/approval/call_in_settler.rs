//! Who must settle a call-in.

use jiff::civil::Date;

use super::approver::Approver;
use super::proposal_status::Duty;
use super::subject_lookup::{SubjectLookup, board_on, board_owner};
use crate::call_in::CallIn;
use crate::dossier::Decision;
use crate::ids::{BoardId, ItemId};

/// Who must end a suspension, and the call-in or challenge in which it is one.
pub(super) type Settler<'a> = (Approver, Duty<'a>);

/// Who must settle a call-in of a decision: the board or office that called it in, or the
/// full council that it was referred to. In the place of a board that has ended, the one
/// that has followed it.
pub fn call_in_settler<'a>(
    lookup: &dyn SubjectLookup,
    decision: &Decision,
    id: &'a ItemId,
    call_in: &CallIn,
    day: Date,
) -> Option<(Approver, Duty<'a>)> {
    let present = |board: &BoardId| board_on(lookup, board, day).as_ref().map(Approver::board);
    if let Some(referral) = call_in.referral(day) {
        let council = match &referral.council {
            Some(board) => present(board),
            // The body whose board decided is the council itself.
            None => decision
                .board()
                .and_then(|board| board_owner(lookup, board))
                .as_ref()
                .map(Approver::body),
        };
        if let Some(council) = council {
            return Some((council, Duty::CouncilAnswer(id)));
        }
    }
    let actor = call_in.called.source.entry.event.acted_by.as_ref();
    let caller = match (&call_in.called.board, actor) {
        (Some(board), _) => present(board),
        (None, Some(actor)) => Some(Approver::actor(actor)),
        (None, None) => None,
    };
    let settler = caller.or_else(|| present(decision.board()?));
    Some((settler?, Duty::CallIn(id)))
}
