//! Rules for budgets, forecasts and outturns: the services, bodies and items that they name
//! exist. Printed totals are never judged.

use std::collections::BTreeMap;

use super::budget_heads;
use super::event_check::EventCheck;
use super::financial_years::check_year;
use super::money::require_head;
use crate::budget::Heads;
use crate::collaboration::{Collaboration, Service};
use crate::date::FinancialYear;
use crate::event::{
    BudgetAdjusted, BudgetApproved, BudgetHeadDefined, Figures, ForecastReported, OutturnReported,
    Scope,
};
use crate::fault::Fault;
use crate::ids::{BodyId, SubjectId};
use crate::subject::Subject;

pub(super) fn budget_approved(check: &mut EventCheck<'_>, event: &BudgetApproved) {
    check_figures(check, &event.figures);
}

pub(super) fn forecast_reported(check: &mut EventCheck<'_>, event: &ForecastReported) {
    check_figures(check, &event.figures);
}

pub(super) fn outturn_reported(check: &mut EventCheck<'_>, event: &OutturnReported) {
    check_figures(check, &event.figures);
}

fn check_figures(check: &mut EventCheck<'_>, figures: &Figures) {
    check_year(check, "figures.financial_year", figures.year);
    for (i, line) in figures.lines.iter().enumerate() {
        require_head(check, format!("figures.lines[{i}]."), &line.head);
    }
    // A service has many cells and is looked up once.
    let mut services = BTreeMap::new();
    let collaboration = check.collaboration();
    for (i, cell) in figures.contributions.iter().enumerate() {
        let parties = services.entry(cell.service.clone()).or_insert_with(|| {
            let field = format!("figures.contributions[{i}].service_id");
            let service = check.require_service(field, &cell.service)?;
            Some((service, collaboration?.service_parties(service, check.day)))
        });
        if let Some((service, parties)) = parties
            && !parties.contains(&cell.body)
            && !collaboration.is_some_and(|c| took_part(c, service, &cell.body, figures.year))
        {
            let field = format!("figures.contributions[{i}].body_id");
            check.require_service_party(field, service, &cell.body);
        }
    }
    let stated = figures.stated.iter().map(|total| &total.scope);
    let variances = figures.variances.iter().map(|variance| &variance.scope);
    let stated = stated.enumerate().map(|(i, scope)| ("stated", i, scope));
    let variances = variances
        .enumerate()
        .map(|(i, scope)| ("variances", i, scope));
    for (list, i, scope) in stated.chain(variances) {
        let (body, service) = match scope {
            Scope::Whole => (None, None),
            Scope::Body(body) => (Some(body), None),
            Scope::Service(service) => (None, Some(service)),
            Scope::Cell(body, service) => (Some(body), Some(service)),
            Scope::Lines(lines) => (None, lines.service.as_ref()),
        };
        if let Some(body) = body.filter(|body| !existed_in(check, body, figures.year)) {
            check.require_body(format_args!("figures.{list}[{i}].body_id"), body);
        }
        if let Some(service) = service.filter(|service| !services.contains_key(*service)) {
            check.require_service(format_args!("figures.{list}[{i}].service_id"), service);
        }
    }
    let Some(covers) = &figures.covers else {
        return;
    };
    for (i, service) in covers.services.iter().enumerate() {
        check.require_service(format_args!("figures.covers.service_ids[{i}]"), service);
    }
    for (i, body) in covers.bodies.iter().enumerate() {
        if !existed_in(check, body, figures.year) {
            check.require_body(format_args!("figures.covers.body_ids[{i}]"), body);
        }
    }
}

pub(super) fn budget_adjusted(check: &mut EventCheck<'_>, event: &BudgetAdjusted) {
    let taken = check
        .dossier()
        .and_then(|dossier| dossier.adjustments.get(&event.id));
    check.require_free("adjustment_id", "adjustment", &event.id, taken);
    check_year(check, "financial_year", event.year);
    if let Some(to) = event.to_year {
        check_year(check, "to_year", to);
    }
    for (i, line) in event.lines.iter().enumerate() {
        require_head(check, format!("lines[{i}]."), &line.head);
    }
    if let Some(grant) = &event.grant {
        let found = check
            .dossier()
            .and_then(|dossier| dossier.grants.get(grant));
        let found = found.map(|grant| ((), grant.on()));
        check.require_item("grant_id", "grant", grant, found);
    }
    budget_heads::check_adjustment(check, event);
}

pub(super) fn budget_head_defined(check: &mut EventCheck<'_>, event: &BudgetHeadDefined) {
    let Some(dossier) = check.dossier() else {
        return;
    };
    let heads = Heads::of(dossier);
    for (i, name) in event.names().enumerate() {
        let field = match i {
            0 => "name".to_owned(),
            i => format!("other_names[{}]", i - 1),
        };
        if let Some(other) = heads.named(name).filter(|other| other.id != event.id) {
            let (name, head) = (name.clone(), other.id.clone());
            check.report(field, Fault::HeadNamedTwice { name, head });
        }
    }
    if let Some(parent) = &event.parent {
        let found = heads.get(parent).map(|parent| ((), parent.on()));
        let is_known = check.require_item("parent_id", "head", parent, found);
        if is_known.is_some() && heads.with_parents(parent).contains(&&event.id) {
            let id = event.id.to_string();
            check.report("parent_id", Fault::SelfReference { id });
        }
    }
}

/// Whether a body was a party of a service on some day of a year: it contributed for that
/// part of the year, and who followed it for the rest.
pub(super) fn took_part(
    collaboration: &Collaboration,
    service: &Service,
    body: &BodyId,
    year: FinancialYear,
) -> bool {
    let (first, last) = (year.first_day(), year.last_day());
    let mut days = collaboration.days_as_party(body, first, last);
    days.push(first);
    // A service that began or ended within the year.
    days.push(service.added.day().clamp(first, last));
    let mut days = days.into_iter();
    days.any(|day| {
        service.in_place(day) && collaboration.service_parties(service, day).contains(body)
    })
}

/// Whether a body was in being on some day of a year.
fn existed_in(check: &EventCheck<'_>, body: &BodyId, year: FinancialYear) -> bool {
    let subject = check.register.subject(&SubjectId::Body(body.clone()));
    let Some(body) = subject.and_then(Subject::as_body) else {
        return false;
    };
    let registered = body.registered.as_ref();
    registered.is_some_and(|registered| registered.day() <= year.last_day())
        && body.succeeded.at(year.first_day()).is_none()
}
