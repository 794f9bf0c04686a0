//! Rules for events about money: the services, bodies and items that they name exist,
//! and shares total 100 %. Printed totals are never judged.

use std::collections::BTreeMap;

use super::event_check::EventCheck;
use crate::domain::collaboration::{Collaboration, Service};
use crate::domain::date::FinancialYear;
use crate::domain::event::{
    BudgetApproved, Figures, ForecastReported, FundingFormulaSet, GrantAwarded, Head,
    OutturnReported, Scope, SharesAre,
};
use crate::domain::fault::Fault;
use crate::domain::ids::{BodyId, SubjectId};
use crate::domain::money::Ppm;
use crate::domain::subject::Subject;

pub(super) fn funding_formula_set(check: &mut EventCheck<'_>, event: &FundingFormulaSet) {
    let service = event
        .service
        .as_ref()
        .and_then(|id| check.require_service("service_id", id));
    for (i, share) in event.shares.iter().enumerate() {
        let field = format!("shares[{i}].body_id");
        match service {
            Some(service) => check.require_service_party(field, service, &share.body),
            None => {
                check.require_party(field, &share.body);
            }
        }
    }
    let total_ppm: u64 = event
        .shares
        .iter()
        .map(|share| u64::from(share.share.get()))
        .sum();
    let difference_ppm = i64::try_from(total_ppm)
        .unwrap_or(i64::MAX)
        .saturating_sub(i64::from(Ppm::WHOLE));
    let count = i64::try_from(event.shares.len()).unwrap_or(i64::MAX);
    let is_met = match event.shares_are {
        None => difference_ppm == 0,
        Some(SharesAre::Rounded) => difference_ppm.abs() <= count.saturating_mul(ROUNDED_BY_PPM),
        Some(SharesAre::Incomplete) => difference_ppm < 0,
    };
    if !is_met {
        check.report(
            "shares",
            Fault::SharesNotWhole {
                total_ppm,
                difference_ppm,
            },
        );
    }
}

/// The most by which a share that is printed in whole per cent can be off.
const ROUNDED_BY_PPM: i64 = 5_000;

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
fn took_part(
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
