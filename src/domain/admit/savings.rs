//! Rules for events about savings: the services and plans that they name exist, no plan is
//! part of itself, and nothing changes a plan that was given up.

use super::event_check::EventCheck;
use crate::event::{Savings, SavingsChanged, SavingsDropped, SavingsPlanned, SavingsRealised};
use crate::fact::EffectiveOrder;
use crate::fault::Fault;
use crate::ids::ItemId;
use crate::money::Pence;
use crate::savings::{SavingsPlans, WHOLES_MAX};

pub(super) fn savings_planned(check: &mut EventCheck<'_>, event: &SavingsPlanned) {
    let taken = check
        .dossier()
        .and_then(|dossier| dossier.savings_plans.get(&event.plan));
    check.require_free("savings_id", "savings plan", &event.plan, taken);
    check_savings(check, &event.savings);
    if let Some(whole) = &event.part_of {
        require_plan(check, "part_of_id", whole);
        check_wholes(check, &event.plan, whole);
    }
}

/// Requires that a plan is not part of itself, and not of too many.
fn check_wholes(check: &mut EventCheck<'_>, plan: &ItemId, whole: &ItemId) {
    let Some(dossier) = check.dossier() else {
        return;
    };
    let wholes = dossier.savings_wholes(whole);
    let why = if wholes.contains(&plan) {
        "that is part of it itself, by the plans on record"
    } else if wholes.len() >= WHOLES_MAX {
        "that is part of ten plans already, one part of the other, which is the most"
    } else {
        return;
    };
    let (plan, whole) = (plan.clone(), whole.clone());
    check.report("part_of_id", Fault::NotItsPart { plan, whole, why });
}

pub(super) fn savings_changed(check: &mut EventCheck<'_>, event: &SavingsChanged) {
    require_plan(check, "savings_id", &event.plan);
    require_not_given_up(check, &event.plan, false);
    check_savings(check, &event.savings);
}

pub(super) fn savings_dropped(check: &mut EventCheck<'_>, event: &SavingsDropped) {
    require_plan(check, "savings_id", &event.plan);
    require_not_given_up(check, &event.plan, event.amount.is_none());
    let order = check.effective_order();
    let left = check.dossier().and_then(|dossier| {
        let plans = SavingsPlans::of(dossier);
        let planned = plans.amounts(&event.plan, order).planned;
        let made = plans.amounts(&event.plan, EffectiveOrder::LAST).made;
        let made = made.amount.unwrap_or_default();
        let dropped = &dossier.savings_plans.get(&event.plan)?.dropped;
        let dropped: Pence = dropped.iter().filter_map(|dropped| dropped.amount).sum();
        Some(planned.exactly()? - dropped - made)
    });
    if let Some((left, amount)) = left.zip(event.amount)
        && amount > left.max(Pence::ZERO)
    {
        let (of, left) = (format!("the plan {}", event.plan), left.max(Pence::ZERO));
        check.report("amount_pence", Fault::MoreThanIsLeft { of, amount, left });
    }
}

/// Requires that neither the plan nor one that it is part of was given up as a whole before;
/// or, where this gives up the whole, that no other entry does so on any day.
fn require_not_given_up(check: &mut EventCheck<'_>, plan: &ItemId, is_whole: bool) {
    let dropped = check.dossier().and_then(|dossier| {
        let dropped = dossier.savings_given_up(plan)?;
        let is_before = dropped.effective_order() < check.effective_order();
        let is_again = is_whole && dropped.plan == *plan;
        (is_before || is_again).then_some(dropped)
    });
    if let Some(dropped) = dropped {
        let (what, id, closed_on) = ("savings plan", dropped.plan.to_string(), dropped.on());
        let fault = Fault::ItemClosed {
            what,
            id,
            closed_on,
        };
        check.report("savings_id", fault);
    }
}

pub(super) fn savings_realised(check: &mut EventCheck<'_>, event: &SavingsRealised) {
    let taken = check
        .dossier()
        .and_then(|dossier| dossier.savings_realised.get(&event.realised));
    check.require_free("savings_id", "saving made", &event.realised, taken);
    check_savings(check, &event.savings);
    if let Some(plan) = &event.plan {
        require_plan(check, "plan_id", plan);
    }
    if let Some(whole) = &event.part_of {
        // A total over years is often stated before or after its parts.
        let made = check.dossier().map(|dossier| &dossier.savings_realised);
        if !made.is_some_and(|made| made.contains_key(whole)) {
            let (what, id, of) = ("saving made", whole.to_string(), check.id().clone());
            check.report("part_of_id", Fault::UnknownItem { what, id, of });
        }
    }
}

fn check_savings(check: &mut EventCheck<'_>, savings: &Savings) {
    if let Some(service) = &savings.service {
        check.require_service("savings.service_id", service);
    }
}

fn require_plan(check: &mut EventCheck<'_>, field: &str, id: &ItemId) {
    let found = check
        .dossier()
        .and_then(|dossier| dossier.savings_plans.get(id));
    let found = found.map(|plan| ((), plan.planned.on()));
    check.require_item(field, "savings plan", id, found);
}
