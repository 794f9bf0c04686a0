//! Rules for events about money: the services, bodies and items that they name exist.
//! Printed totals are never judged.

use std::collections::BTreeMap;

use super::event_check::EventCheck;
use crate::domain::collaboration::{Collaboration, Service};
use crate::domain::date::FinancialYear;
use crate::domain::event::{
    BudgetApproved, Figures, ForecastReported, GrantAwarded, Head, OutturnReported, Savings,
    SavingsPlanned, SavingsRealised, Scope,
};
use crate::domain::ids::{BodyId, ItemId, SubjectId};
use crate::domain::subject::Subject;

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
    for (i, total) in figures.stated.iter().enumerate() {
        let (body, service) = match &total.scope {
            Scope::Whole => (None, None),
            Scope::Body(body) => (Some(body), None),
            Scope::Service(service) => (None, Some(service)),
            Scope::Cell(body, service) => (Some(body), Some(service)),
        };
        if let Some(body) = body.filter(|body| !existed_in(check, body, figures.year)) {
            check.require_body(format_args!("figures.stated[{i}].body_id"), body);
        }
        if let Some(service) = service.filter(|service| !services.contains_key(*service)) {
            check.require_service(format_args!("figures.stated[{i}].service_id"), service);
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

pub(super) fn require_head(check: &mut EventCheck<'_>, field: String, head: &Head) {
    if let Some(service) = &head.service {
        check.require_service(format_args!("{field}service_id"), service);
    }
}

pub(super) fn grant_awarded(check: &mut EventCheck<'_>, event: &GrantAwarded) {
    let taken = check
        .dossier()
        .and_then(|dossier| dossier.grants.get(&event.grant));
    check.require_free("grant_id", "grant", &event.grant, taken);
    if let Some(from) = &event.from {
        check.require_body("from_id", from);
    }
    if let Some(to) = &event.to {
        check.require_body("to_id", to);
    }
    check.require_optional_service("service_id", event.service.as_ref());
}

pub(super) fn savings_planned(check: &mut EventCheck<'_>, event: &SavingsPlanned) {
    let taken = check
        .dossier()
        .and_then(|dossier| dossier.savings_planned.get(&event.plan));
    check.require_free("savings_id", "savings plan", &event.plan, taken);
    check_savings(check, &event.savings);
    if let Some(whole) = &event.part_of {
        require_savings_plan(check, "part_of_id", whole);
    }
}

pub(super) fn savings_realised(check: &mut EventCheck<'_>, event: &SavingsRealised) {
    let taken = check
        .dossier()
        .and_then(|dossier| dossier.savings_realised.get(&event.realised));
    check.require_free("savings_id", "saving made", &event.realised, taken);
    check_savings(check, &event.savings);
    if let Some(plan) = &event.plan {
        require_savings_plan(check, "plan_id", plan);
    }
}

fn check_savings(check: &mut EventCheck<'_>, savings: &Savings) {
    if let Some(service) = &savings.service {
        check.require_service("savings.service_id", service);
    }
}

fn require_savings_plan(check: &mut EventCheck<'_>, field: &str, id: &ItemId) {
    let found = check
        .dossier()
        .and_then(|dossier| dossier.savings_planned.get(id));
    check.require_item(field, "savings plan", id, found.map(|plan| ((), plan.on())));
}
