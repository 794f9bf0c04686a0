//! The other budgets of a subject for the same year: a service may have one of its own.

use std::collections::BTreeMap;

use crate::names;
use minutebook_domain::budget::{Amounts, YearBudget};
use minutebook_domain::date::FinancialYear;
use minutebook_domain::dossier::Dossier;
use minutebook_domain::ids::{BudgetId, ServiceId, SubjectId};
use minutebook_domain::money::Pence;
use minutebook_domain::register_view::RegisterView;
use minutebook_wire::proto::BudgetBeside;
use minutebook_wire::reply;

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
