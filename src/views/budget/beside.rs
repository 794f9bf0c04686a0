//! The other budgets of a subject for the same year: a service may have one of its own.

use std::collections::BTreeMap;

use crate::domain::budget::{Amounts, YearBudget};
use crate::domain::date::FinancialYear;
use crate::domain::dossier::Dossier;
use crate::domain::ids::{BudgetId, ServiceId, SubjectId};
use crate::domain::money::Pence;
use crate::domain::register_view::RegisterView;
use crate::views::names;
use crate::wire::proto::BudgetBeside;
use crate::wire::reply;

pub(super) fn list(
    register_view: &RegisterView,
    id: &SubjectId,
    dossier: &Dossier,
    shown: Option<&BudgetId>,
    year: FinancialYear,
) -> Vec<BudgetBeside> {
    let others = dossier.budgets.keys().filter(|(_, of)| *of == year);
    let others = others.filter(|(other, _)| other.as_ref() != shown);
    let mut beside = Vec::new();
    for (other, _) in others {
        let budget = YearBudget::of(dossier, other.as_ref(), year);
        let Some(set) = budget.budget else {
            continue;
        };
        let mut amounts = BTreeMap::<Option<&ServiceId>, Amounts>::new();
        for row in &budget.rows {
            let of_service = amounts.entry(row.head.service.as_ref()).or_default();
            of_service.merge(&row.amounts);
        }
        if amounts.is_empty() {
            amounts.insert(None, budget.whole());
        }
        beside.extend(amounts.into_iter().map(|(service, amounts)| BudgetBeside {
            budget_id: reply::optional(other.as_ref()),
            title: reply::optional(set.title.as_ref()),
            service: service.map(|service| names::service(register_view, id, service)),
            amount_pence: amounts.revised().map(Pence::get),
            position: set.position().get(),
        }));
    }
    beside
}
