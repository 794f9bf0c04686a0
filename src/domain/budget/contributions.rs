//! The amounts of a year whose cost is shared, and the formula by which each is.

use std::collections::BTreeMap;

use super::allocation::Parts;
use super::movement::Cause;
use super::year_budget::{Amounts, YearBudget};
use crate::date::FinancialYear;
use crate::dossier::Dossier;
use crate::event::{AdjustmentKind, Figures, FundingFormulaSet, Place, Scope};
use crate::fact::Fact;
use crate::ids::ServiceId;
use crate::money::Pence;

/// An amount for each service, and for what is of no service (`None`).
pub type ServiceAmounts = BTreeMap<Option<ServiceId>, Pence>;

/// The amounts of a year as they are now, by service: those of the main budget, with every
/// change that the parties pay for. Grants, reserves and money brought forward pay for
/// themselves.
pub fn shared_amounts(budget: &YearBudget<'_>) -> ServiceAmounts {
    let mut amounts = ServiceAmounts::new();
    if budget.budget.is_none() {
        return amounts;
    }
    if !budget.has_lines() {
        let whole = shared(&budget.whole());
        amounts.extend(whole.map(|whole| (None, whole)));
        return amounts;
    }
    for row in &budget.rows {
        // A service that reserves and grants alone pay for costs its parties nothing.
        if row.amounts.revised().is_some() {
            let amount = shared(&row.amounts).unwrap_or_default();
            *amounts.entry(row.head.service.clone()).or_default() += amount;
        }
    }
    if let Some(undivided) = shared(&budget.undivided).filter(|amount| *amount != Pence::ZERO) {
        *amounts.entry(None).or_default() += undivided;
    }
    amounts
}

/// The parts of the main budget of a year that virements gave back to bodies, by the service
/// that they left: each is that of its body alone.
pub fn returned(dossier: &Dossier, year: FinancialYear) -> BTreeMap<Option<ServiceId>, Parts> {
    let mut returned = BTreeMap::<Option<ServiceId>, Parts>::new();
    let ids = dossier.virements_by_year.get(&year);
    let ids = ids.into_iter().flat_map(|ids| ids.values());
    let made = ids.filter_map(|id| dossier.virements.get(id));
    for made in made.filter(|made| made.reversed.is_empty()) {
        let virement = &made.made.virement;
        let mut sources = virement
            .sources
            .iter()
            .filter_map(|side| match &side.place {
                Place::Head(head) => Some((&head.service, side.amount?)),
                Place::ReturnedTo(_) => None,
            });
        let (mut from, mut left) = (None, Pence::ZERO);
        for side in &virement.targets {
            let (Place::ReturnedTo(body), Some(mut amount)) = (&side.place, side.amount) else {
                continue;
            };
            while amount > Pence::ZERO {
                if left == Pence::ZERO {
                    let Some((service, of_source)) = sources.next() else {
                        break;
                    };
                    (from, left) = (service.clone(), of_source);
                    continue;
                }
                let part = left.min(amount);
                let of_service = returned.entry(from.clone()).or_default();
                *of_service.entry(body.clone()).or_default() += part;
                (left, amount) = (left - part, amount - part);
            }
        }
    }
    returned
}

/// The part of an amount that the parties pay for; `None` where there is none.
pub(super) fn shared(amounts: &Amounts) -> Option<Pence> {
    let pays_for_itself = |cause: Cause| {
        matches!(
            cause,
            Cause::Adjusted(
                AdjustmentKind::FromReserve
                    | AdjustmentKind::ToReserve
                    | AdjustmentKind::Grant
                    | AdjustmentKind::BroughtForward
            )
        )
    };
    let paid_for = amounts.by_cause.iter();
    let paid_for: Vec<Pence> = paid_for
        .filter(|(cause, _)| !pays_for_itself(**cause))
        .map(|(_, amount)| *amount)
        .collect();
    (!paid_for.is_empty()).then(|| paid_for.into_iter().sum())
}

/// The amounts of the main budget in force of a year, by service, as it was set.
pub fn original_amounts(dossier: &Dossier, year: FinancialYear) -> ServiceAmounts {
    let budget = dossier.budgets.get(&(None, year));
    let budget = budget.and_then(|set| set.latest());
    budget.map_or_else(ServiceAmounts::new, |budget| amounts(&budget.figures))
}

/// The amounts of figures by service: cost lines less income; for a service without lines,
/// its contributions. Where there are neither, the totals as printed: of services or, where
/// none is printed for a service, of the whole.
pub fn amounts(figures: &Figures) -> ServiceAmounts {
    let mut amounts = ServiceAmounts::new();
    for line in &figures.lines {
        *amounts.entry(line.head.service.clone()).or_default() += line.amount;
    }
    let mut contributed = ServiceAmounts::new();
    for cell in &figures.contributions {
        *contributed.entry(Some(cell.service.clone())).or_default() += cell.amount;
    }
    for (service, amount) in contributed {
        amounts.entry(service).or_insert(amount);
    }
    if !amounts.is_empty() {
        return amounts;
    }
    let exact = || {
        figures
            .stated
            .iter()
            .filter(|total| total.amount_is.is_none())
    };
    for total in exact() {
        if let Scope::Service(service) = &total.scope {
            amounts.entry(Some(service.clone())).or_insert(total.amount);
        }
    }
    let mut whole = exact().filter(|total| total.scope == Scope::Whole);
    if let (true, Some(whole)) = (amounts.is_empty(), whole.next()) {
        amounts.insert(None, whole.amount);
    }
    amounts
}

/// The contributions of figures for a service, by body; none for what is of no service.
pub fn contributions(figures: &Figures, service: Option<&ServiceId>) -> Parts {
    let mut by_body = Parts::new();
    for cell in &figures.contributions {
        if Some(&cell.service) == service {
            *by_body.entry(cell.body.clone()).or_default() += cell.amount;
        }
    }
    by_body
}

/// The formula by which a cost is shared.
#[derive(Debug, Clone, Copy)]
pub struct FormulaInForce<'a> {
    pub formula: &'a Fact<FundingFormulaSet>,
    /// Whether it is that of the whole, for want of one of the service.
    pub is_of_whole: bool,
}

/// The formula of a year for a service, or that for the whole.
pub fn formula_in_force<'a>(
    dossier: &'a Dossier,
    service: Option<&ServiceId>,
    year: FinancialYear,
) -> Option<FormulaInForce<'a>> {
    let find = |service: Option<ServiceId>| {
        let set = dossier.formulas.get(&(service, year))?;
        set.latest()
    };
    let own = find(service.cloned()).map(|formula| FormulaInForce {
        formula,
        is_of_whole: false,
    });
    let of_whole = || {
        let formula = find(None)?;
        Some(FormulaInForce {
            formula,
            is_of_whole: service.is_some(),
        })
    };
    own.or_else(of_whole)
}
