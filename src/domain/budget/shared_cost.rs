//! The cost of one service in a year, and the parts of it that bodies bear.
//!
//! A part is known only where the register holds what it is counted from. The variance of
//! a body is its part of what is reported less its part of the budget, so that minimums and
//! maximums hold for both.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use super::allocation::{Allocation, AllocationError, Parts, allocate, difference};
use super::contributions::{FormulaInForce, contributions};
use super::reported_costs::ReportedCost;
use super::shared_lines::SharedLine;
use crate::collaboration::Collaboration;
use crate::event::Figures;
use crate::ids::{BodyId, ServiceId};
use crate::money::Pence;

/// The cost of a service, or of what is of no service (`None`), and who bears it.
#[derive(Debug)]
pub struct SharedCost<'a> {
    pub service: Option<ServiceId>,
    /// By the budget; `None` where it gives none.
    pub amount: Option<Pence>,
    /// As it is now.
    pub revised: Option<Pence>,
    /// The part of the budget that virements gave back, by body.
    pub returned: Parts,
    pub formula: Option<FormulaInForce<'a>>,
    /// Why an amount is not shared by a formula.
    pub not_shared: Option<NotShared>,
    /// The bodies that take part in the service in the year.
    pub parties: BTreeSet<BodyId>,
    /// The contributions that the budget prints.
    pub original: Parts,
    pub by_formula: Option<Allocation>,
    /// The lines of the budget, in its order, and the parts of bodies in each.
    pub lines: Vec<SharedLine>,
    /// Of the amount as it is now.
    pub by_now: Option<Allocation>,
    pub forecast: Option<Reported>,
    pub outturn: Option<Reported>,
}

/// Why an amount is not shared by a formula.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NotShared {
    NoFormula,
    /// The formula of the whole has these, which take no part in the service.
    OutsideService(Vec<BodyId>),
    Formula(AllocationError),
}

/// A cost as it was reported, and its difference from the budget.
#[derive(Debug)]
pub struct Reported {
    /// `None` where they are not known.
    pub parts: Option<Allocation>,
    /// The parts less those of the budget; `None` where these are not known.
    pub variance: Option<Parts>,
    /// Whether the variance has every body that bears a part of one of the two.
    pub is_of_all: bool,
    /// Whether the budget has an amount to compare it with.
    pub is_compared: bool,
    /// Whether it is of the whole, and the budget is by service.
    pub covers_all: bool,
}

impl SharedCost<'_> {
    /// Whether the budget or a report gives any figure for it.
    pub fn has_figures(&self) -> bool {
        self.amount.is_some()
            || self.revised.is_some()
            || self.forecast.is_some()
            || self.outturn.is_some()
    }

    /// Shares the amounts by the formula, or says why they are not shared.
    pub(super) fn share(&mut self, collaboration: &Collaboration, day: Date) {
        let (amount, revised) = (self.amount, self.revised);
        let by_formula = amount.map(|amount| self.divide(amount, collaboration, day));
        let by_now = revised.map(|revised| {
            // Money that was given back is that of its body alone.
            let before = revised + self.returned.values().copied().sum();
            let divided = match self.original.is_empty() {
                true => self.divide(before, collaboration, day),
                false => self.moved(before, collaboration, day),
            };
            divided.map(|allocation| self.less_returned(allocation))
        });
        let mut keep = |divided: Option<Result<Allocation, NotShared>>| match divided? {
            Ok(allocation) => Some(allocation),
            Err(reason) => {
                self.not_shared = Some(reason);
                None
            }
        };
        // That the printed contributions cannot be shared anew matters less than the other.
        let by_now = keep(by_now);
        let by_formula = keep(by_formula);
        (self.by_now, self.by_formula) = (by_now, by_formula);
    }

    /// The parts of an amount by the formula; otherwise the reason why there are none.
    fn divide(
        &self,
        amount: Pence,
        collaboration: &Collaboration,
        day: Date,
    ) -> Result<Allocation, NotShared> {
        let Some(formula) = self.formula else {
            return Err(NotShared::NoFormula);
        };
        let takes_part = |body: &BodyId| {
            let holders = collaboration.holders(body, day);
            self.parties.contains(body) || holders.iter().any(|one| self.parties.contains(*one))
        };
        let bodies = formula.formula.bodies();
        let outside: Vec<BodyId> = bodies
            .filter(|body| formula.is_of_whole && !takes_part(body))
            .cloned()
            .collect();
        if !outside.is_empty() {
            return Err(NotShared::OutsideService(outside));
        }
        allocate(amount, formula.formula).map_err(NotShared::Formula)
    }

    /// The contributions as printed, with the share of each body in the change since.
    fn moved(
        &self,
        revised: Pence,
        collaboration: &Collaboration,
        day: Date,
    ) -> Result<Allocation, NotShared> {
        let mut moved = Allocation {
            parts: self.original.clone(),
            not_known: Pence::ZERO,
        };
        let amount = self.amount.unwrap_or_default();
        if revised == amount {
            return Ok(moved);
        }
        let before = self.divide(amount, collaboration, day)?;
        let after = self.divide(revised, collaboration, day)?;
        for (body, change) in difference(&after.parts, &before.parts) {
            *moved.parts.entry(body).or_default() += change;
        }
        moved.not_known = after.not_known - before.not_known;
        Ok(moved)
    }

    pub(super) fn less_returned(&self, mut allocation: Allocation) -> Allocation {
        for (body, amount) in &self.returned {
            let part = allocation.parts.entry(body.clone()).or_default();
            *part = *part - *amount;
        }
        allocation
    }

    /// The parts of a cost by the formula, with what was given back taken off.
    fn borne(&self, amount: Pence) -> Option<Allocation> {
        let formula = self.formula.filter(|_| self.is_divided())?;
        let before = amount + self.returned.values().copied().sum();
        let allocation = allocate(before, formula.formula).ok()?;
        Some(self.less_returned(allocation))
    }

    /// The parts of what was reported: as printed or, where no contributions are printed,
    /// by the formula. A report of other services than those of the budget is not compared,
    /// and of one that leaves lines out only the variance of the rest is known.
    pub(super) fn reported(
        &self,
        figures: Option<&Figures>,
        costs: &BTreeMap<Option<ServiceId>, ReportedCost>,
    ) -> Option<Reported> {
        let printed = contributions(figures?, self.service.as_ref());
        let cost = *costs.get(&self.service)?;
        let parts = match printed.is_empty() {
            false => Some(Allocation {
                parts: printed,
                not_known: Pence::ZERO,
            }),
            true => cost.borne.and_then(|borne| self.borne(borne)),
        };
        if parts.is_none() && cost.borne.is_none() {
            return Some(self.reported_in_part(cost));
        }
        let is_whole = |all: &Option<Allocation>| {
            let all = all.as_ref();
            all.is_some_and(|all| all.not_known == Pence::ZERO)
        };
        let is_of_all = is_whole(&parts) && is_whole(&self.by_now);
        let variance = parts.as_ref().zip(self.by_now.as_ref());
        let variance = variance.and_then(|(parts, now)| {
            // With some shares known only those bodies can be compared, in both.
            let (parts, now) = (&parts.parts, &now.parts);
            let mut variance = difference(parts, now);
            let is_in_both = |body: &BodyId| parts.contains_key(body) && now.contains_key(body);
            variance.retain(|body, _| is_of_all || is_in_both(body));
            (!variance.is_empty()).then_some(variance)
        });
        Some(Reported {
            parts,
            variance,
            is_of_all,
            is_compared: self.revised.is_some(),
            covers_all: false,
        })
    }

    /// The variance of the lines that a report gives, where it leaves others out.
    fn reported_in_part(&self, cost: ReportedCost) -> Reported {
        let now = self.revised.unwrap_or_default();
        let with = cost
            .variance
            .and_then(|variance| self.borne(now + variance));
        let without = self.borne(now);
        let both = with.as_ref().zip(without.as_ref());
        let variance = both.map(|(with, without)| difference(&with.parts, &without.parts));
        let is_of_all = with.is_some_and(|with| with.not_known == Pence::ZERO);
        Reported {
            parts: None,
            variance: variance.filter(|variance| !variance.is_empty()),
            is_of_all,
            is_compared: cost.variance.is_some(),
            covers_all: false,
        }
    }

    /// Whether the formula is one for the bodies of the service.
    fn is_divided(&self) -> bool {
        self.formula.is_some_and(|formula| {
            let mut bodies = formula.formula.bodies();
            !formula.is_of_whole || bodies.all(|body| self.parties.contains(body))
        })
    }
}
