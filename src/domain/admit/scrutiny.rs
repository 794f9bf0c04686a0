//! Rule 4: who calls a decision in: the scrutiny of the authority that made it, and neither the
//! board or office that made it nor the giver of the delegation under which it was made (Local
//! Government Act 2000 s.9F(2)).

use super::event_check::EventCheck;
use crate::approval::{Approver, acts_as, board_owner, describe, giver_of};
use crate::dossier::{Decision, DecisionSource};
use crate::event::{Actor, BodyKind, DecisionCalledIn, Seat};
use crate::fault::Fault;
use crate::ids::{BoardId, BodyId, SubjectId};

/// Requires that a decision is called in by another than the one that made it, and, where
/// local authorities decide, by one of theirs.
pub(super) fn check_caller(
    check: &mut EventCheck<'_>,
    event: &DecisionCalledIn,
    decision: &Decision,
) {
    let actor = check.entry.event.acted_by.as_ref();
    let caller = match (&event.board, actor) {
        (Some(board), _) => Approver::board(board),
        (None, Some(actor)) => Approver::actor(actor),
        (None, None) => return,
    };
    let made_by = decision.entry().event.acted_by.as_ref();
    let maker = match (decision.board(), made_by) {
        (Some(board), _) => Some(Approver::board(board)),
        (None, by) => by.map(Approver::actor),
    };
    let giver = check
        .context()
        .and_then(|context| giver_of(&context, decision.entry()));
    let part = match &caller {
        caller if maker.is_some_and(|maker| is_same(caller, &maker)) => Some("made"),
        caller if giver.is_some_and(|giver| is_same(caller, &giver)) => {
            Some("gave the delegation for")
        }
        _ => None,
    };
    let field = match event.board.is_some() {
        true => "board_id",
        false => "decision_id",
    };
    let (id, who) = (event.decision.clone(), in_words(&caller));
    if let Some(part) = part {
        let fault = Fault::CalledInByDecider {
            decision: id,
            caller: who,
            part,
        };
        check.report(field, fault);
    } else if let Some(authority) = outside(check, &caller, decision) {
        let fault = Fault::CalledInFromOutside {
            decision: id,
            caller: who,
            authority: describe::listed(authority),
        };
        check.report(field, fault);
    }
}

fn is_same(one: &Approver, other: &Approver) -> bool {
    one.board == other.board
        && match (&one.actor, &other.actor) {
            (Some(one), Some(other)) => one.is_same(other),
            (one, other) => one.is_none() && other.is_none(),
        }
}

fn in_words(caller: &Approver) -> String {
    match (&caller.board, &caller.actor) {
        (Some(board), _) => format!("boards/{board}"),
        (None, Some(actor)) => actor.to_string(),
        (None, None) => String::new(),
    }
}

/// The local authorities that made a decision, if the caller is of none of them.
fn outside(check: &EventCheck<'_>, caller: &Approver, decision: &Decision) -> Option<Vec<BodyId>> {
    let register = check.register;
    let authority = authorities(check, decision)?;
    let has = |body: &BodyId, kind| acts_as(register, body, kind, check.day);
    // A commissioner is reviewed by a panel of others, and a mayor may be one.
    let is_council = |body: &BodyId| {
        !has(body, BodyKind::PolicingBody)
            && (has(body, BodyKind::Council) || has(body, BodyKind::CombinedAuthority))
    };
    if authority.is_empty() || !authority.iter().all(is_council) {
        return None;
    }
    let callers = match (&caller.board, &caller.actor) {
        (Some(board), _) => of_board(check, board)?,
        (None, actor) => vec![actor.as_ref().and_then(Actor::body)?.clone()],
    };
    // A body that only scrutinises may be the committee of any of them.
    let successions = register.successions();
    let is_of_it = |caller: &BodyId| {
        let mut own = authority.iter();
        own.any(|own| successions.are_one(check.id(), own, caller, check.day))
    };
    let is_inside = callers.is_empty()
        || callers
            .iter()
            .any(|caller| has(caller, BodyKind::Scrutiny) || is_of_it(caller));
    (!is_inside).then_some(authority)
}

/// The bodies that made a decision, themselves or by a board; `None` if they are not known.
/// Under a delegation, that is the giver too.
fn authorities(check: &EventCheck<'_>, decision: &Decision) -> Option<Vec<BodyId>> {
    if let DecisionSource::External(_) = decision.made {
        return None;
    }
    if let Some(board) = decision.board() {
        return of_board(check, board);
    }
    let by = decision.entry().event.acted_by.as_ref();
    let mut bodies = vec![by.and_then(Actor::body)?.clone()];
    let context = check.context()?;
    match giver_of(&context, decision.entry()) {
        Some(Approver {
            board: Some(board), ..
        }) => bodies.extend(of_board(check, &board)?),
        Some(Approver { actor, .. }) => {
            bodies.extend(actor.as_ref().and_then(Actor::body).cloned());
        }
        None => {}
    }
    bodies.dedup();
    Some(bodies)
}

/// The body that a board belongs to, or those of its members; `None` if one of them is only
/// described.
fn of_board(check: &EventCheck<'_>, id: &BoardId) -> Option<Vec<BodyId>> {
    if let Some(owner) = board_owner(check.register, id) {
        return Some(vec![owner]);
    }
    let subject = check.register.subject(&SubjectId::Board(id.clone()));
    let seats = subject?.as_board()?.seats(check.day);
    let bodies = seats.keys().map(|seat| match seat {
        Seat::Body { body, .. } => Some(body.clone()),
        Seat::Described(_) => None,
    });
    let mut bodies: Vec<BodyId> = bodies.collect::<Option<_>>()?;
    bodies.dedup();
    Some(bodies)
}
