//! Movements: each amount that an entry adds to a head of a year's budget, or takes from
//! it.

use crate::date::FinancialYear;
use crate::dossier::{Dossier, MadeVirement};
use crate::event::{AdjustmentKind, Figures, Head, Place, Scope};
use crate::fact::EffectiveOrder;
use crate::ids::{BudgetId, ItemId, Position};
use crate::money::Pence;

/// Why an amount of a budget changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Cause {
    /// The first budget of the year.
    Original,
    /// A later budget took the place of what there was.
    SetAnew,
    Adjusted(AdjustmentKind),
    VirementIn,
    VirementOut,
}

/// One amount, and the entry that it comes from.
#[derive(Debug, Clone)]
pub struct Movement {
    pub order: EffectiveOrder,
    /// The entry; for a replacement, the correction.
    pub position: Position,
    pub cause: Cause,
    /// The virement or adjustment.
    pub item: Option<ItemId>,
    pub head: Head,
    /// Below zero where the head loses it.
    pub amount: Pence,
}

/// The lines of figures. Where there are only contributions, their totals by service;
/// where there are neither, the totals that are printed for single services.
pub fn printed_lines(figures: &Figures) -> Vec<(Head, Pence)> {
    if !figures.lines.is_empty() {
        let lines = figures.lines.iter();
        return lines.map(|line| (line.head.clone(), line.amount)).collect();
    }
    if !figures.contributions.is_empty() {
        let contributions = figures.contributions.iter();
        return contributions
            .map(|paid| (Head::of_service(paid.service.clone()), paid.amount))
            .collect();
    }
    let printed = figures
        .stated
        .iter()
        .filter_map(|stated| match &stated.scope {
            Scope::Service(service) => Some((Head::of_service(service.clone()), stated.amount)),
            _ => None,
        });
    printed.collect()
}

/// The adjustments of a budget in a year, those that slip to it from another year among
/// them.
pub(super) fn adjusted(
    dossier: &Dossier,
    budget: Option<&BudgetId>,
    year: FinancialYear,
) -> Vec<Movement> {
    let of_budget = dossier.adjustments.values();
    let of_budget = of_budget.filter(|fact| fact.budget.as_ref() == budget);
    let mut movements = Vec::new();
    for fact in of_budget {
        let arrives = fact.to_year == Some(year);
        if fact.year != year && !arrives {
            continue;
        }
        movements.extend(fact.lines.iter().map(|line| Movement {
            order: fact.effective_order(),
            position: fact.position(),
            cause: Cause::Adjusted(fact.kind),
            item: Some(fact.id.clone()),
            head: line.head.clone(),
            amount: if arrives { -line.amount } else { line.amount },
        }));
    }
    movements
}

/// The movements of a virement and of its reversal. A part without an amount moves nothing
/// that is known.
pub(super) fn moved(made: &MadeVirement) -> Vec<Movement> {
    let (fact, virement) = (&made.made, &made.made.virement);
    let undone = made.reversed.iter().next();
    let mut movements = Vec::new();
    let mut add = |place: &Place, cause, amount: Pence| {
        let Place::Head(head) = place else {
            return;
        };
        let movement = Movement {
            order: fact.effective_order(),
            position: fact.position(),
            cause,
            item: Some(fact.id.clone()),
            head: head.clone(),
            amount,
        };
        movements.extend(undone.map(|undone| Movement {
            order: undone.effective_order(),
            position: undone.position(),
            amount: -amount,
            ..movement.clone()
        }));
        movements.push(movement);
    };
    for side in &virement.sources {
        add(
            &side.place,
            Cause::VirementOut,
            -side.amount.unwrap_or_default(),
        );
    }
    for side in &virement.targets {
        add(
            &side.place,
            Cause::VirementIn,
            side.amount.unwrap_or_default(),
        );
    }
    movements
}
