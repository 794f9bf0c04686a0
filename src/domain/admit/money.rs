//! Rules for events about money: the services, bodies and items that they name exist,
//! and shares total 100 %. Printed totals are never judged.

use super::event_check::EventCheck;
use crate::domain::event::{
    FundingFormulaSet, GrantAwarded, Head, Savings, SavingsPlanned, SavingsRealised, SharesAre,
};
use crate::domain::fault::Fault;
use crate::domain::ids::ItemId;
use crate::domain::money::Ppm;

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
