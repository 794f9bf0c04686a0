//! Rules for delegations: giver and holder exist, and the law lets the one delegate to the
//! other.

use super::decisions::require_actor;
use super::event_check::EventCheck;
use crate::approval::{acts_as, board_owner};
use crate::event::{Actor, BodyKind, DelegationMade, DelegationRevoked};
use crate::fault::Fault;
use crate::ids::{BoardId, BodyId, SubjectId};

pub(super) fn delegation_made(check: &mut EventCheck<'_>, event: &DelegationMade) {
    let taken = check
        .dossier()
        .and_then(|dossier| dossier.delegations.get(&event.delegation));
    check.require_free("delegation_id", "delegation", &event.delegation, taken);
    require_actor(check, "to", event.to.as_ref());
    if let Some(board) = &event.to_board {
        check.require_board("to_board_id", board);
        if from_board(check, event) == Some(board) {
            let id = format!("boards/{board}");
            check.report("to_board_id", Fault::SelfReference { id });
        }
    }
    if let Some(body) = &event.from_body {
        check.require_body("from_body_id", body);
    }
    if let Some(board) = &event.from_board {
        check.require_board("from_board_id", board);
    }
    if let Some(until) = event.until.filter(|until| until.last_day() < check.day) {
        let (than, on) = (check.on, until);
        check.report("until_on", Fault::NotLater { than, on });
    }
    let Some(giver) = giver(check, event) else {
        return;
    };
    if let Some(Actor::Body { body, office: None }) = &event.to
        && *body == giver
    {
        let id = body.to_string();
        check.report("to", Fault::SelfReference { id });
    }
    if let Some(to) = &event.to {
        check_statute(check, &giver, to);
    }
}

/// The board that delegates; `None` if a body does.
fn from_board<'e>(check: &EventCheck<'e>, event: &'e DelegationMade) -> Option<&'e BoardId> {
    match (&event.from_body, &event.from_board, check.id()) {
        (None, Some(board), _) | (None, None, SubjectId::Board(board)) => Some(board),
        _ => None,
    }
}

/// The body that delegates: itself, or through its board.
fn giver(check: &EventCheck<'_>, event: &DelegationMade) -> Option<BodyId> {
    match (&event.from_body, &event.from_board, check.id()) {
        (Some(body), ..) | (None, None, SubjectId::Body(body)) => Some(body.clone()),
        (None, Some(board), _) | (None, None, SubjectId::Board(board)) => {
            board_owner(check.register, board)
        }
        (None, None, SubjectId::Collaboration(_) | SubjectId::Register) => None,
    }
}

/// A policing body delegates neither to a constable nor to another policing body, nor to
/// their staff (PRSRA 2011 s.18).
fn check_statute(check: &mut EventCheck<'_>, giver: &BodyId, to: &Actor) {
    let (register, day) = (check.register, check.day);
    let acts_as = |body: &BodyId, kind| acts_as(register, body, kind, day);
    let Some(holder) = to.body().filter(|holder| *holder != giver) else {
        return;
    };
    // A mayor, or an authority, may have the capacity of a policing body.
    let barred = acts_as(holder, BodyKind::PolicingBody) || acts_as(holder, BodyKind::ChiefOfficer);
    if barred && acts_as(giver, BodyKind::PolicingBody) {
        let (giver, to) = (giver.to_string(), to.to_string());
        check.report("to", Fault::DelegationBarred { giver, to });
    }
}

pub(super) fn delegation_revoked(check: &mut EventCheck<'_>, event: &DelegationRevoked) {
    let found = check
        .dossier()
        .and_then(|dossier| dossier.delegations.get(&event.delegation));
    let found = found.map(|delegation| (delegation, delegation.made.on()));
    let (field, what) = ("delegation_id", "delegation");
    let Some(delegation) = check.require_item(field, what, &event.delegation, found) else {
        return;
    };
    if let Some(before) = delegation.revoked.latest() {
        let (id, closed_on) = (event.delegation.to_string(), before.on());
        check.report(
            field,
            Fault::ItemClosed {
                what,
                id,
                closed_on,
            },
        );
    }
}
