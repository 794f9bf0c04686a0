//! The lines of a budget, shared as the cost of their service is.

use rust_decimal::Decimal;

use super::allocation::{Allocation, Parts, allocate_in_turn};
use crate::event::{Figures, FundingFormulaSet, Head, UsageShare};
use crate::ids::ServiceId;
use crate::money::Pence;

/// A line of the budget, shared as the whole cost is.
#[derive(Debug)]
pub struct SharedLine {
    pub head: Head,
    pub amount: Pence,
    /// Of the bodies whose share is known.
    pub parts: Parts,
}

/// The lines of a service, shared in turn.
pub(super) fn shared_lines(
    figures: &Figures,
    service: Option<&ServiceId>,
    formula: &FundingFormulaSet,
    whole: &Allocation,
) -> Vec<SharedLine> {
    let formula = match formula.limits.is_empty() {
        true => formula.clone(),
        // A minimum or maximum is one of the whole cost, and not of each line.
        false => as_divided(formula, whole),
    };
    let own = figures.lines.iter();
    let own = own.filter(|line| line.head.service.as_ref() == service);
    let parts = allocate_in_turn(own.clone().map(|line| line.amount), &formula);
    let lines = own.zip(parts.unwrap_or_default());
    let lines = lines.map(|(line, parts)| SharedLine {
        head: line.head.clone(),
        amount: line.amount,
        parts,
    });
    lines.collect()
}

/// A formula without limits that divides a cost as it was divided within them.
pub(super) fn as_divided(formula: &FundingFormulaSet, whole: &Allocation) -> FundingFormulaSet {
    let usage = whole.parts.iter().map(|(body, part)| UsageShare {
        body: body.clone(),
        used: Decimal::from(part.get()).abs(),
    });
    FundingFormulaSet {
        shares: Vec::new(),
        shares_are: None,
        usage: usage.collect(),
        limits: Vec::new(),
        ..formula.clone()
    }
}
