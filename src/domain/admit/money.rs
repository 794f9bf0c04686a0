//! Rules for events about money: the services, bodies and items that they name exist.

use super::event_check::EventCheck;
use crate::domain::event::{GrantAwarded, Head, Savings, SavingsPlanned, SavingsRealised};
use crate::domain::ids::ItemId;

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
