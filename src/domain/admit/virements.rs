//! Rules for virements and for the disposal of underspends: that the services,
//! bodies and items they name exist.

use super::decisions::free_decision;
use super::event_check::EventCheck;
use super::{money, votes};
use crate::domain::event::{
    ApprovableAct, Disposal, DisposalConfirmed, Place, UnderspendDisposed, Virement,
    VirementApproved, VirementMade, VirementRequested, VirementReversed, VirementSide,
};
use crate::domain::fault::Fault;

pub(super) fn virement_requested(bench: &mut EventCheck<'_>, what: &VirementRequested) {
    bench.free_proposal("proposal_id", what.proposal);
    votes::proposed(
        bench,
        &ApprovableAct::MakeVirement(&what.virement),
        what.ratifies,
    );
    virement(bench, "virement.", &what.virement);
    if let Some(board) = &what.board {
        bench.known_board("board_id", board);
    }
}

pub(super) fn virement_approved(bench: &mut EventCheck<'_>, what: &VirementApproved) {
    free_decision(bench, &what.decision);
    let board = what.board.as_ref();
    let board_known = board.is_none_or(|board| bench.known_board("board_id", board));
    let Some(proposal) = bench.proposal("proposal_id", what.proposal) else {
        return;
    };
    if !matches!(proposal.act(), ApprovableAct::MakeVirement(_)) {
        bench.fault(
            "proposal_id",
            Fault::NotAVirement {
                proposal: what.proposal,
            },
        );
    } else if board_known {
        votes::virement_approved(bench, what, proposal);
    }
}

pub(super) fn virement_made(bench: &mut EventCheck<'_>, what: &VirementMade) {
    let taken = bench
        .dossier()
        .and_then(|dossier| dossier.virements.get(&what.id));
    bench.free("virement_id", "virement", &what.id, taken);
    virement(bench, "virement.", &what.virement);
}

pub(super) fn virement_reversed(bench: &mut EventCheck<'_>, what: &VirementReversed) {
    let found = bench
        .dossier()
        .and_then(|dossier| dossier.virements.get(&what.id));
    let found = found.map(|virement| (virement, virement.made.on()));
    let Some(virement) = bench.item("virement_id", "virement", &what.id, found) else {
        return;
    };
    if let Some(before) = virement.reversed.latest() {
        let (id, closed_on) = (what.id.to_string(), before.on());
        bench.fault(
            "virement_id",
            Fault::ItemClosed {
                what: "virement",
                id,
                closed_on,
            },
        );
    }
}

/// Demands that what a virement names is there.
pub(super) fn virement(bench: &mut EventCheck<'_>, field: &str, virement: &Virement) {
    side(bench, &format!("{field}sources"), &virement.sources);
    side(bench, &format!("{field}targets"), &virement.targets);
}

fn side(bench: &mut EventCheck<'_>, field: &str, side: &[VirementSide]) {
    for (i, part) in side.iter().enumerate() {
        match &part.place {
            Place::Head(at) => money::head(bench, format!("{field}[{i}].head."), at),
            Place::ReturnedTo(body) => {
                bench.body(format_args!("{field}[{i}].returned_to_id"), body);
            }
        }
    }
}

pub(super) fn underspend_disposed(bench: &mut EventCheck<'_>, what: &UnderspendDisposed) {
    let taken = bench
        .dossier()
        .and_then(|dossier| dossier.disposals.get(&what.id));
    bench.free("disposal_id", "disposal", &what.id, taken);
    disposal(bench, "disposal.", &what.disposal);
}

/// Demands that what a disposal names is there.
pub(super) fn disposal(bench: &mut EventCheck<'_>, field: &str, disposal: &Disposal) {
    if let Some(service) = &disposal.service {
        bench.service(format_args!("{field}service_id"), service);
    }
    for (i, part) in disposal.parts.iter().enumerate() {
        if let Some(body) = &part.body {
            bench.body(format_args!("{field}parts[{i}].body_id"), body);
        }
    }
}

pub(super) fn disposal_confirmed(bench: &mut EventCheck<'_>, what: &DisposalConfirmed) {
    bench.body("body_id", &what.body);
    let found = bench
        .dossier()
        .and_then(|dossier| dossier.disposals.get(&what.id));
    let found = found.map(|disposal| (disposal, disposal.disposed.on()));
    let Some(disposal) = bench.item("disposal_id", "disposal", &what.id, found) else {
        return;
    };
    let parts = &disposal.disposed.disposal.parts;
    if !parts
        .iter()
        .any(|part| part.body.as_ref() == Some(&what.body))
    {
        let (body, disposal) = (what.body.clone(), what.id.clone());
        bench.fault("body_id", Fault::NotInDisposal { body, disposal });
    }
    if let Some(before) = disposal.confirmed.get(&what.body) {
        let what = format!(
            "the confirmation by {} (entry {})",
            what.body,
            before.position()
        );
        bench.fault("body_id", Fault::AlreadySo { what });
    }
}
