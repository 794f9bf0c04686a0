//! The changes of a budget within its year, one by one.

use super::reports::{budget_head, service_name};
use minutebook_domain::budget::{Cause, Movement, YearBudget};
use minutebook_domain::date::FinancialYear;
use minutebook_domain::dossier::Dossier;
use minutebook_domain::ids::SubjectId;
use minutebook_domain::money::Pence;
use minutebook_domain::register_view::RegisterView;
use minutebook_wire::proto::{BudgetChange, BudgetChangeKind, BudgetSchedule};
use minutebook_wire::reply;

pub(super) fn changes(
    register_view: &RegisterView,
    id: &SubjectId,
    dossier: &Dossier,
    budget: &YearBudget<'_>,
) -> Vec<BudgetChange> {
    let changes = budget.movements.iter();
    let changes = changes.filter_map(|movement| {
        let adjusted = match movement.cause {
            Cause::Adjusted(_) => movement.item.as_ref(),
            _ => None,
        };
        let adjusted = adjusted.and_then(|id| dossier.adjustments.get(id));
        Some(BudgetChange {
            kind: kind(movement)?.into(),
            adjustment_kind: match movement.cause {
                Cause::Adjusted(kind) => reply::adjustment_kind(kind),
                _ => 0,
            },
            head: Some(budget_head(&movement.head)),
            service_name: service_name(register_view, id, &movement.head),
            amount_pence: movement.amount.get(),
            on: Some(reply::day(movement.order.day)),
            item_id: reply::optional(movement.item.as_ref()),
            position: movement.position.get(),
            reserve: reply::optional(adjusted.and_then(|fact| fact.reserve.as_ref())),
            grant_id: reply::optional(adjusted.and_then(|fact| fact.grant.as_ref())),
            to_year: reply::optional_year(adjusted.and_then(|fact| fact.to_year)),
            reason: reply::optional(adjusted.map(|fact| &fact.reason)),
        })
    });
    changes.collect()
}

/// `None` for the first budget, which changes nothing.
const fn kind(movement: &Movement) -> Option<BudgetChangeKind> {
    match movement.cause {
        Cause::Original => None,
        Cause::SetAnew => Some(BudgetChangeKind::SetAnew),
        Cause::Adjusted(_) => Some(BudgetChangeKind::Adjusted),
        Cause::VirementIn => Some(BudgetChangeKind::VirementIn),
        Cause::VirementOut => Some(BudgetChangeKind::VirementOut),
    }
}

/// The schedules of a year that name no heads and were not reversed.
pub(super) fn schedules(dossier: &Dossier, year: FinancialYear) -> Vec<BudgetSchedule> {
    let ids = dossier.virements_by_year.get(&year);
    let ids = ids.into_iter().flat_map(|ids| ids.values());
    let made = ids.filter_map(|id| dossier.virements.get(id));
    let schedules =
        made.filter(|made| made.made.virement.is_schedule() && made.reversed.latest().is_none());
    let views = schedules.map(|made| {
        let (fact, virement) = (&made.made, &made.made.virement);
        let title = virement.schedule.title.as_ref();
        BudgetSchedule {
            virement_id: fact.id.to_string(),
            title: title.map_or_else(|| virement.schedule.uri.to_string(), ToString::to_string),
            amount_pence: virement.amount().map(Pence::get),
            on: Some(reply::date(fact.on())),
            position: fact.position().get(),
        }
    });
    views.collect()
}
