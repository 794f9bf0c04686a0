//! Rules for events about money: that services, bodies and items they name are
//! there, and that shares make up the whole. Printed totals are never judged.

use std::collections::BTreeMap;

use super::decisions::free_decision;
use super::event_check::EventCheck;
use super::votes;
use crate::domain::approval::ApprovableAct;
use crate::domain::event::{
    Disposal, DisposalConfirmed, Figures, FundingFormulaSet, GrantAwarded, Head, Place, Savings,
    SavingsPlanned, SavingsRealised, Scope, UnderspendDisposed, Virement, VirementApproved,
    VirementMade, VirementRequested, VirementReversed, VirementSide,
};
use crate::domain::fault::Fault;
use crate::domain::ids::ItemId;
use crate::domain::money::Ppm;

pub(super) fn formula_set(bench: &mut EventCheck<'_>, what: &FundingFormulaSet) {
    let service = what
        .service
        .as_ref()
        .and_then(|id| bench.service("service_id", id));
    for (i, share) in what.shares.iter().enumerate() {
        let field = format!("shares[{i}].body_id");
        match service {
            Some(service) => bench.service_party(field, service, &share.body),
            None => {
                bench.party(field, &share.body);
            }
        }
    }
    let total_ppm: u64 = what
        .shares
        .iter()
        .map(|share| u64::from(share.share.get()))
        .sum();
    if total_ppm != u64::from(Ppm::WHOLE) {
        let difference_ppm = i64::try_from(total_ppm)
            .unwrap_or(i64::MAX)
            .saturating_sub(i64::from(Ppm::WHOLE));
        bench.fault(
            "shares",
            Fault::SharesNotWhole {
                total_ppm,
                difference_ppm,
            },
        );
    }
}

pub(super) fn figures(bench: &mut EventCheck<'_>, figures: &Figures) {
    for (i, line) in figures.lines.iter().enumerate() {
        head(bench, format!("figures.lines[{i}]."), &line.head);
    }
    // A service stands in many cells and is looked up once.
    let mut services = BTreeMap::new();
    let collaboration = bench.collaboration();
    for (i, cell) in figures.contributions.iter().enumerate() {
        let parties = services.entry(cell.service.clone()).or_insert_with(|| {
            let field = format!("figures.contributions[{i}].service_id");
            let service = bench.service(field, &cell.service)?;
            Some((service, collaboration?.service_parties(service, bench.day)))
        });
        if let Some((service, parties)) = parties
            && !parties.contains(&cell.body)
        {
            let field = format!("figures.contributions[{i}].body_id");
            bench.service_party(field, service, &cell.body);
        }
    }
    for (i, total) in figures.stated.iter().enumerate() {
        let (body, service) = match &total.scope {
            Scope::Whole => (None, None),
            Scope::Body(body) => (Some(body), None),
            Scope::Service(service) => (None, Some(service)),
            Scope::Cell(body, service) => (Some(body), Some(service)),
        };
        if let Some(body) = body {
            bench.body(format_args!("figures.stated[{i}].body_id"), body);
        }
        if let Some(service) = service.filter(|service| !services.contains_key(*service)) {
            bench.service(format_args!("figures.stated[{i}].service_id"), service);
        }
    }
}

fn head(bench: &mut EventCheck<'_>, field: String, head: &Head) {
    if let Some(service) = &head.service {
        bench.service(format_args!("{field}service_id"), service);
    }
}

pub(super) fn grant_awarded(bench: &mut EventCheck<'_>, what: &GrantAwarded) {
    let taken = bench
        .dossier()
        .and_then(|dossier| dossier.grants.get(&what.grant));
    bench.free("grant_id", "grant", &what.grant, taken);
    if let Some(from) = &what.from {
        bench.body("from_id", from);
    }
    if let Some(to) = &what.to {
        bench.body("to_id", to);
    }
    bench.optional_service("service_id", what.service.as_ref());
}

pub(super) fn savings_planned(bench: &mut EventCheck<'_>, what: &SavingsPlanned) {
    let taken = bench
        .dossier()
        .and_then(|dossier| dossier.savings_planned.get(&what.plan));
    bench.free("savings_id", "savings plan", &what.plan, taken);
    savings(bench, &what.savings);
    if let Some(whole) = &what.part_of {
        savings_plan(bench, "part_of_id", whole);
    }
}

pub(super) fn savings_realised(bench: &mut EventCheck<'_>, what: &SavingsRealised) {
    let taken = bench
        .dossier()
        .and_then(|dossier| dossier.savings_realised.get(&what.realised));
    bench.free("savings_id", "saving made", &what.realised, taken);
    savings(bench, &what.savings);
    if let Some(plan) = &what.plan {
        savings_plan(bench, "plan_id", plan);
    }
}

fn savings(bench: &mut EventCheck<'_>, savings: &Savings) {
    if let Some(service) = &savings.service {
        bench.service("savings.service_id", service);
    }
}

fn savings_plan(bench: &mut EventCheck<'_>, field: &str, id: &ItemId) {
    let found = bench
        .dossier()
        .and_then(|dossier| dossier.savings_planned.get(id));
    bench.item(field, "savings plan", id, found.map(|plan| ((), plan.on())));
}

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
    if !matches!(
        ApprovableAct::proposed(proposal),
        ApprovableAct::MakeVirement(_)
    ) {
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
            Place::Head(at) => head(bench, format!("{field}[{i}].head."), at),
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
