//! Minimums and maximums of a formula for the whole: they hold for all that a body bears of
//! the costs that it shares, and not for each service.

use super::allocation::{Allocation, allocate, allocate_in_turn, difference};
use super::shared_cost::{NotShared, Reported, SharedCost};
use super::shared_lines::as_divided;
use crate::event::FundingFormulaSet;
use crate::money::Pence;

/// The reported amount of a cost, by which its parts are counted, and whether the report is
/// of all costs.
pub(super) type Borne<'c> = (&'c dyn Fn(&SharedCost<'_>) -> Option<Pence>, bool);

/// The place of a report in a cost.
type Place = for<'c, 'd> fn(&'c mut SharedCost<'d>) -> &'c mut Option<Reported>;

/// Shares the costs anew by the formula of the whole, where it has limits and shares more
/// than one of them.
pub(super) fn hold_limits(costs: &mut [SharedCost<'_>], forecast: Borne<'_>, outturn: Borne<'_>) {
    let whole = costs.iter().find_map(|cost| {
        let formula = cost.formula.filter(|formula| formula.is_of_whole)?;
        Some(formula.formula)
    });
    let Some(formula) = whole.filter(|formula| !formula.limits.is_empty()) else {
        return;
    };
    let is_shared = |cost: &SharedCost<'_>| {
        let of_cost = cost.formula.map(|own| own.formula.position());
        of_cost == Some(formula.position())
            && !matches!(cost.not_shared, Some(NotShared::OutsideService(_)))
    };
    let returned = |cost: &SharedCost<'_>| cost.returned.values().copied().sum::<Pence>();
    let is_printed = |cost: &SharedCost<'_>| !cost.original.is_empty();
    divide(
        costs,
        formula,
        |cost| cost.amount.filter(|_| is_shared(cost)),
        |cost, parts| {
            cost.not_shared = None;
            cost.by_formula = Some(parts);
        },
    );
    divide(
        costs,
        formula,
        |cost| {
            let revised = cost
                .revised
                .filter(|_| is_shared(cost) && !is_printed(cost))?;
            Some(revised + returned(cost))
        },
        |cost, parts| cost.by_now = Some(cost.less_returned(parts)),
    );
    let borne = |of: &dyn Fn(&SharedCost<'_>) -> Option<Pence>, cost: &SharedCost<'_>| {
        let borne = of(cost).filter(|_| is_shared(cost) && !is_printed(cost))?;
        Some(borne + returned(cost))
    };
    let reports: [(Borne<'_>, Place); 2] = [
        (forecast, |cost| &mut cost.forecast),
        (outturn, |cost| &mut cost.outturn),
    ];
    for ((of, is_of_all), place) in reports {
        if !is_of_all {
            // Nothing says what is left of the limits for the costs that it leaves out.
            for cost in costs.iter_mut().filter(|cost| is_shared(cost)) {
                *place(cost) = None;
            }
            continue;
        }
        divide(
            costs,
            formula,
            |cost| borne(of, cost),
            |cost, parts| {
                let parts = cost.less_returned(parts);
                *place(cost) = Some(reported(cost, parts));
            },
        );
    }
}

/// Divides the costs in turn as all of them together are divided.
fn divide<'a>(
    costs: &mut [SharedCost<'a>],
    formula: &FundingFormulaSet,
    amount: impl Fn(&SharedCost<'a>) -> Option<Pence>,
    set: impl Fn(&mut SharedCost<'a>, Allocation),
) {
    let amounts: Vec<Option<Pence>> = costs.iter().map(amount).collect();
    let known = || amounts.iter().copied().flatten();
    let Ok(whole) = allocate(known().sum(), formula) else {
        return;
    };
    let Ok(divided) = allocate_in_turn(known(), &as_divided(formula, &whole)) else {
        return;
    };
    let shared = costs
        .iter_mut()
        .zip(&amounts)
        .filter(|(_, amount)| amount.is_some());
    for ((cost, _), parts) in shared.zip(divided) {
        let not_known = Pence::ZERO;
        set(cost, Allocation { parts, not_known });
    }
}

/// A report with these parts, beside the parts as they are now.
fn reported(cost: &SharedCost<'_>, parts: Allocation) -> Reported {
    let now = cost.by_now.as_ref();
    let variance = now.map(|now| difference(&parts.parts, &now.parts));
    Reported {
        is_of_all: variance.is_some(),
        variance: variance.filter(|variance| !variance.is_empty()),
        parts: Some(parts),
        is_compared: cost.revised.is_some(),
        covers_all: false,
    }
}
