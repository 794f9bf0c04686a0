//! Rules for events about money: that services, bodies and items they name are
//! there, and that shares make up the whole. Printed totals are never judged.

use std::collections::BTreeMap;

use super::event_check::EventCheck;
use crate::domain::event::{
    BudgetApproved, Figures, ForecastReported, FundingFormulaSet, GrantAwarded, Head,
    OutturnReported, Savings, SavingsPlanned, SavingsRealised, Scope,
};
use crate::domain::fault::Fault;
use crate::domain::ids::ItemId;
use crate::domain::money::Ppm;

pub(super) fn funding_formula_set(bench: &mut EventCheck<'_>, what: &FundingFormulaSet) {
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

pub(super) fn budget_approved(bench: &mut EventCheck<'_>, what: &BudgetApproved) {
    figures(bench, &what.figures);
}

pub(super) fn forecast_reported(bench: &mut EventCheck<'_>, what: &ForecastReported) {
    figures(bench, &what.figures);
}

pub(super) fn outturn_reported(bench: &mut EventCheck<'_>, what: &OutturnReported) {
    figures(bench, &what.figures);
}

fn figures(bench: &mut EventCheck<'_>, figures: &Figures) {
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

pub(super) fn head(bench: &mut EventCheck<'_>, field: String, head: &Head) {
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
