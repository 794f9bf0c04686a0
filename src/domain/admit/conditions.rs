//! Rules for the conditions on which an approval depends, and for the waiver of call-in.

use super::event_check::EventCheck;
use crate::approval::{Electorate, Giver, decides_for};
use crate::date::PartialDate;
use crate::dossier::Proposal;
use crate::event::{Actor, Condition, DecisionMade};
use crate::fault::Fault;
use crate::ids::{BoardId, SubjectId};

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

/// Requires that a condition that names its decider is settled by that one: the body, or an
/// office to which it, or the board, has delegated the matter. A document may report that it
/// was settled, without saying who did that.
pub(super) fn check_settler(check: &mut EventCheck<'_>, condition: &Condition, on: &Proposal) {
    let entry = check.entry;
    let (body, board) = (&condition.decided_by, &condition.decided_by_board);
    let (decider, way_out) = match (body, board) {
        (Some(body), _) => (body.to_string(), "name it in acted_by"),
        (None, Some(board)) => (
            format!("boards/{board}"),
            "if an office settled it to which that board has delegated the matter, name that \
             office in acted_by and the delegation in authority.delegation_on_record",
        ),
        (None, None) => return,
    };
    let event = &entry.event;
    if event.acted_by.is_none() && !event.sources.is_empty() {
        return;
    }
    let Some(context) = check.context() else {
        return;
    };
    let giver = decides_for(&context, on, entry, check.effective_order());
    let is_giver = match giver {
        Some(Giver::Body(giver)) => body.as_ref() == Some(giver),
        Some(Giver::Board(giver)) => board.as_ref() == Some(giver),
        None => false,
    };
    let by = event.acted_by.as_ref().and_then(Actor::body);
    let successions = context.lookup.successions();
    let is_own = body.as_ref().zip(by).is_some_and(|(body, by)| {
        body == by || successions.are_one(context.id, by, body, check.day)
    });
    if !is_giver && !is_own {
        let fault = Fault::ConditionOfAnother {
            condition: condition.id.clone(),
            decider,
            way_out,
        };
        check.report("condition_id", fault);
    }
}

/// Requires that call-in was waived before the decision, and by another than the one that
/// decides.
pub(super) fn check_waiver(check: &mut EventCheck<'_>, event: &DecisionMade) {
    let Some(waiver) = &event.call_in_waiver else {
        return;
    };
    check.require_actor("call_in_waiver.agreed_by", waiver.agreed_by.as_ref());
    if let Some(agreed_on) = waiver.agreed_on
        && !agreed_on.is_by(check.on).may_be()
    {
        let why = format!(
            "it was agreed on {agreed_on}, and this is dated {}",
            check.on
        );
        check.report("call_in_waiver.agreed_on", Fault::WaiverInvalid { why });
    }
    let Some(agreed_by) = &waiver.agreed_by else {
        return;
    };
    let decides = match &event.board {
        Some(id) => {
            let subject = check.register.subject(&SubjectId::Board(id.clone()));
            let board = subject.and_then(|subject| subject.as_board());
            board.is_some_and(|board| {
                Electorate::new(check.register, id, board, check.day).has_seat(agreed_by)
            })
        }
        None => {
            let by = check.entry.event.acted_by.as_ref();
            by.is_some_and(|by| by.is_same(agreed_by))
        }
    };
    if decides {
        let why = format!("{agreed_by} agreed, and is one of those who decide");
        check.report("call_in_waiver.agreed_by", Fault::WaiverInvalid { why });
    }
}
