//! The lines of a budget, shared as the cost of their service is.

use rust_decimal::Decimal;

use super::allocation::{Allocation, Parts, allocate};
use crate::domain::event::{Figures, FundingFormulaSet, Head, UsageShare};
use crate::domain::ids::{BodyId, ServiceId};
use crate::domain::money::Pence;

/// A line of the budget, shared as the whole cost is.
#[derive(Debug)]
pub struct SharedLine {
    pub head: Head,
    pub amount: Pence,
    /// Of the bodies whose share is known.
    pub parts: Parts,
}

/// The lines of a service, each shared by what all lines up to it come to,
/// less what those before it do. So its parts total the line, and those of a body over
/// all lines its part of the cost.
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
    let mut lines = Vec::new();
    let (mut total, mut before) = (Pence::ZERO, Parts::new());
    for line in figures
        .lines
        .iter()
        .filter(|line| line.head.service.as_ref() == service)
    {
        total += line.amount;
        let Ok(after) = allocate(total, &formula) else {
            return Vec::new();
        };
        let part = |(body, part): (&BodyId, &Pence)| {
            let before = before.get(body).copied().unwrap_or_default();
            (body.clone(), *part - before)
        };
        lines.push(SharedLine {
            head: line.head.clone(),
            amount: line.amount,
            parts: after.parts.iter().map(part).collect(),
        });
        before = after.parts;
    }
    lines
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
