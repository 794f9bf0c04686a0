//! Rules for events about mandates: what they name exists, and the register keeps a
//! keeper.

use super::event_check::EventCheck;
use crate::event::{MandateGranted, MandateRevoked, MandateRole};
use crate::fault::Fault;
use crate::mandate::Mandates;

pub(super) fn mandate_granted(check: &mut EventCheck<'_>, event: &MandateGranted) {
    let mandates = check.register.mandates();
    let taken = mandates.and_then(|mandates| mandates.get(&event.mandate));
    check.require_free("mandate_id", "mandate", &event.mandate, taken);
    // A registrar is to register what may not be there yet.
    if event.role != MandateRole::Registrar {
        check.require_bodies("body_ids", &event.bodies);
        for (index, board) in event.boards.iter().enumerate() {
            check.require_board(format_args!("board_ids[{index}]"), board);
        }
        for (index, id) in event.collaborations.iter().enumerate() {
            check.require_collaboration(format_args!("collaboration_ids[{index}]"), id);
        }
    }
    for (index, office) in event.offices.iter().enumerate() {
        check.require_actor(format_args!("offices[{index}]"), Some(office));
    }
    if let Some(until) = event.until
        && until.last_day() < check.day
    {
        let on = check.on;
        check.report("until_on", Fault::TermOver { until, on });
    }
}

pub(super) fn mandate_revoked(check: &mut EventCheck<'_>, event: &MandateRevoked) {
    let mandates = check.register.mandates();
    let found = mandates.and_then(|mandates| mandates.get(&event.mandate));
    let Some(mandate) = found else {
        let (what, id, of) = ("mandate", event.mandate.to_string(), check.id().clone());
        check.report("mandate_id", Fault::UnknownItem { what, id, of });
        return;
    };
    let since = mandate.granted.on();
    check.require_not_before("mandate_id", "mandate", &event.mandate, since);
    if let Some(revoked) = &mandate.revoked
        && revoked.day() <= check.day
    {
        let fault = Fault::ItemClosed {
            what: "mandate",
            id: event.mandate.to_string(),
            closed_on: revoked.on(),
        };
        check.report("mandate_id", fault);
        return;
    }
    if mandate.granted.role == MandateRole::Keeper
        && !mandates.is_some_and(|mandates| has_other_keeper(mandates, event, check))
    {
        let mandate = event.mandate.clone();
        check.report("mandate_id", Fault::LastKeeper { mandate });
    }
}

/// Whether another keeper is there on the day.
fn has_other_keeper(mandates: &Mandates, event: &MandateRevoked, check: &EventCheck<'_>) -> bool {
    let mut keepers = mandates.keepers(check.day);
    keepers.any(|keeper| keeper.granted.mandate != event.mandate)
}
