//! Rules for virements and for the disposal of underspends: the services, bodies and
//! items that they name exist.

use super::event_check::EventCheck;
use super::financial_years::check_year;
use super::{budget_heads, conditions, meetings, money, tallies, votes};
use crate::budget::Heads;
use crate::event::{
    ApprovableAct, Disposal, DisposalConfirmed, Head, Place, UnderspendDisposed, Virement,
    VirementApproved, VirementMade, VirementRequested, VirementReversed, VirementSide,
};
use crate::fault::Fault;

pub(super) fn virement_requested(check: &mut EventCheck<'_>, event: &VirementRequested) {
    check.require_free_proposal("proposal_id", event.proposal);
    votes::check_proposal(
        check,
        &ApprovableAct::MakeVirement(&event.virement),
        event.ratifies,
    );
    check_virement(check, "virement.", &event.virement);
    if let Some(board) = &event.board {
        check.require_board("board_id", board);
    }
    check.require_bodies("put_to_ids", &event.put_to);
}

pub(super) fn virement_approved(check: &mut EventCheck<'_>, event: &VirementApproved) {
    check.require_free_decision(&event.decision);
    conditions::check_conditions(
        check,
        event.board.as_ref(),
        &event.subject_to,
        event.in_force_from,
    );
    let board = event.board.as_ref();
    meetings::check_meeting(check, event.meeting.as_ref(), board, true);
    let is_board_known = board.is_none_or(|board| check.require_board("board_id", board));
    let Some(proposal) = check.require_proposal("proposal_id", event.proposal) else {
        return;
    };
    if !matches!(proposal.act(), ApprovableAct::MakeVirement(_)) {
        check.report(
            "proposal_id",
            Fault::NotAVirement {
                proposal: event.proposal,
            },
        );
    } else if is_board_known {
        if let (Some(board), Some(tally)) = (board, &event.tally) {
            tallies::check_tally(
                check,
                board,
                tally,
                Some(true),
                Some(proposal),
                event.meeting.as_ref(),
            );
        }
        votes::check_virement_approval(check, event, proposal);
    }
}

pub(super) fn virement_made(check: &mut EventCheck<'_>, event: &VirementMade) {
    let taken = check
        .dossier()
        .and_then(|dossier| dossier.virements.get(&event.id));
    check.require_free("virement_id", "virement", &event.id, taken);
    check_virement(check, "virement.", &event.virement);
    budget_heads::check_virement(check, &event.virement);
}

pub(super) fn virement_reversed(check: &mut EventCheck<'_>, event: &VirementReversed) {
    let found = check
        .dossier()
        .and_then(|dossier| dossier.virements.get(&event.id));
    let found = found.map(|virement| (virement, virement.made.on()));
    let Some(virement) = check.require_item("virement_id", "virement", &event.id, found) else {
        return;
    };
    if let Some(before) = virement.reversed.latest() {
        let (id, closed_on) = (event.id.to_string(), before.on());
        check.report(
            "virement_id",
            Fault::ItemClosed {
                what: "virement",
                id,
                closed_on,
            },
        );
    } else {
        budget_heads::check_reversal(check, virement);
    }
}

/// Requires that the services and bodies of a virement exist, and that it moves money to
/// another head than the one it leaves.
pub(super) fn check_virement(check: &mut EventCheck<'_>, field: &str, virement: &Virement) {
    check_year(check, &format!("{field}financial_year"), virement.year);
    check_side(check, &format!("{field}sources"), &virement.sources);
    check_side(check, &format!("{field}targets"), &virement.targets);
    // One head under all its names.
    let heads = check.dossier().map(Heads::of).unwrap_or_default();
    let from: Vec<Head> = virement
        .heads_from()
        .map(|head| heads.canonical(head))
        .collect();
    for (i, target) in virement.targets.iter().enumerate() {
        if let Place::Head(head) = &target.place
            && from.contains(&heads.canonical(head))
        {
            let id = head.to_string();
            let field = format!("{field}targets[{i}].head");
            check.report(field, Fault::SelfReference { id });
        }
    }
}

fn check_side(check: &mut EventCheck<'_>, field: &str, side: &[VirementSide]) {
    for (i, part) in side.iter().enumerate() {
        match &part.place {
            Place::Head(at) => money::require_head(check, format!("{field}[{i}].head."), at),
            Place::ReturnedTo(body) => {
                check.require_body(format_args!("{field}[{i}].returned_to_id"), body);
            }
        }
    }
}

pub(super) fn underspend_disposed(check: &mut EventCheck<'_>, event: &UnderspendDisposed) {
    let taken = check
        .dossier()
        .and_then(|dossier| dossier.disposals.get(&event.id));
    check.require_free("disposal_id", "disposal", &event.id, taken);
    check_disposal(check, "disposal.", &event.disposal);
}

/// Requires that the services and bodies of a disposal exist.
pub(super) fn check_disposal(check: &mut EventCheck<'_>, field: &str, disposal: &Disposal) {
    check_year(check, &format!("{field}financial_year"), disposal.year);
    if let Some(service) = &disposal.service {
        check.require_service(format_args!("{field}service_id"), service);
    }
    for (i, part) in disposal.parts.iter().enumerate() {
        if let Some(body) = &part.body {
            check.require_body(format_args!("{field}parts[{i}].body_id"), body);
        }
    }
}

pub(super) fn disposal_confirmed(check: &mut EventCheck<'_>, event: &DisposalConfirmed) {
    check.require_body("body_id", &event.body);
    let found = check.subject().and_then(|subject| {
        let disposal = subject.dossier.disposals.get(&event.id)?;
        Some(((subject, disposal), disposal.disposed.on()))
    });
    let found = check.require_item("disposal_id", "disposal", &event.id, found);
    let Some((subject, disposal)) = found else {
        return;
    };
    let disposed = &disposal.disposed.disposal;
    let has_part = disposal.has_part(subject, &event.body, check.day);
    let is_party = || {
        let collaboration = check.collaboration();
        collaboration.is_some_and(|c| c.is_party(&event.body, check.day))
    };
    if !(has_part || disposed.is_confirmed_by_all() && is_party()) {
        let (body, disposal) = (event.body.clone(), event.id.clone());
        check.report("body_id", Fault::NotInDisposal { body, disposal });
    }
    if let Some(before) = disposal.confirmed.get(&event.body) {
        let what = format!(
            "the confirmation by {} (entry {})",
            event.body,
            before.position()
        );
        check.report("body_id", Fault::AlreadySo { what });
    }
}
