//! Rules for the conditions on which an approval depends.

use super::event_check::EventCheck;
use crate::domain::date::PartialDate;
use crate::domain::event::{Actor, Condition};
use crate::domain::fault::Fault;
use crate::domain::ids::BoardId;

/// Requires that conditions name bodies and boards that exist, other than the one that
/// decides, and that the decision is not in force before it is made.
pub(super) fn check_conditions(
    check: &mut EventCheck<'_>,
    own_board: Option<&BoardId>,
    conditions: &[Condition],
    in_force_from: Option<PartialDate>,
) {
    let decider = check.entry.event.acted_by.as_ref().and_then(Actor::body);
    for (i, condition) in conditions.iter().enumerate() {
        if let Some(board) = &condition.decided_by_board {
            let field = format!("subject_to[{i}].decided_by_board_id");
            if own_board == Some(board) {
                let id = format!("boards/{board}");
                check.report(&field, Fault::SelfReference { id });
            }
            check.require_board(&field, board);
        }
        let Some(body) = &condition.decided_by else {
            continue;
        };
        let field = format!("subject_to[{i}].decided_by_id");
        if decider == Some(body) {
            let id = body.to_string();
            check.report(&field, Fault::SelfReference { id });
        }
        check.require_body(&field, body);
    }
    if let Some(from) = in_force_from.filter(|from| from.last_day() < check.day) {
        let (than, on) = (check.on, from);
        check.report("in_force_from_on", Fault::NotLater { than, on });
    }
}
