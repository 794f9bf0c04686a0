//! Who bears the cost of a year, service by service: as the budget prints it, by formula,
//! as the amounts are now, and by the last forecast and outturn.
//!
//! A part is known only where the register holds what it is counted from. The variance of
//! a body is its part of what is reported less its part of the budget, so that minimums and
//! maximums hold for both.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use super::allocation::{Allocation, AllocationError, Parts, allocate};
use super::contributions::{
    FormulaInForce, contributions, formula_in_force, original_amounts, returned, shared_amounts,
};
use super::latest_report::LatestReport;
use super::reported_costs::{ReportedCost, reported_costs};
use super::shared_lines::{SharedLine, shared_lines};
use super::whole_limits::hold_limits;
use super::year_budget::YearBudget;
use crate::domain::collaboration::Collaboration;
use crate::domain::date::FinancialYear;
use crate::domain::dossier::Dossier;
use crate::domain::event::Figures;
use crate::domain::ids::{BodyId, ServiceId};
use crate::domain::money::Pence;

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

/// The costs of a year: of services in the order of their ids, then of the whole.
pub fn shared_costs<'a>(
    collaboration: &Collaboration,
    dossier: &'a Dossier,
    year: FinancialYear,
    day: Date,
) -> Vec<SharedCost<'a>> {
    let now = YearBudget::of(dossier, None, year);
    let revised = shared_amounts(&now);
    let mut returned = returned(dossier, year);
    let budget = dossier.budgets.get(&(None, year));
    let budget = budget.and_then(|set| set.latest());
    let budget = budget.map(|budget| &budget.figures);
    let original = original_amounts(dossier, year);
    let forecast = LatestReport::forecast(dossier, &now, year).map(|report| report.figures);
    let outturn = LatestReport::outturn(dossier, &now, year, day).map(|report| report.figures);
    let reported = |figures: &Option<Figures>| {
        let figures = figures.as_ref();
        figures
            .map(|figures| reported_costs(&now, figures))
            .unwrap_or_default()
    };
    let (forecast_costs, outturn_costs) = (reported(&forecast), reported(&outturn));
    let amounts = original.keys().chain(revised.keys());
    let reports = forecast_costs.keys().chain(outturn_costs.keys());
    let mut services: Vec<Option<ServiceId>> = amounts.chain(reports).cloned().collect();
    // A service without an amount is listed where only its formula is known.
    let formulas = dossier.formulas.keys().filter(|(_, of)| *of == year);
    services.extend(formulas.map(|(service, _)| service.clone()));
    services.sort_by(|one, other| (one.is_none(), one).cmp(&(other.is_none(), other)));
    services.dedup();
    let costs = services.into_iter().map(|service| {
        let parties = parties(collaboration, service.as_ref(), year, day);
        let mut cost = SharedCost {
            amount: original.get(&service).copied(),
            revised: revised.get(&service).copied(),
            formula: formula_in_force(dossier, service.as_ref(), year),
            not_shared: None,
            original: budget.map_or_else(Parts::new, |figures| {
                contributions(figures, service.as_ref())
            }),
            parties,
            returned: returned.remove(&service).unwrap_or_default(),
            service,
            by_formula: None,
            lines: Vec::new(),
            by_now: None,
            forecast: None,
            outturn: None,
        };
        cost.share(collaboration, day);
        if let (Some(figures), Some(formula), Some(whole)) =
            (budget, cost.formula, &cost.by_formula)
        {
            let service = cost.service.as_ref();
            cost.lines = shared_lines(figures, service, formula.formula, whole);
        }
        cost.forecast = cost.reported(forecast.as_ref(), &forecast_costs);
        cost.outturn = cost.reported(outturn.as_ref(), &outturn_costs);
        cost
    });
    let mut costs: Vec<SharedCost<'a>> = costs.collect();
    // Contributions that a report prints come before any formula.
    let borne = |figures: &Option<Figures>,
                 of: &BTreeMap<Option<ServiceId>, ReportedCost>,
                 cost: &SharedCost<'_>| {
        figures
            .as_ref()
            .filter(|figures| figures.contributions.is_empty())?;
        of.get(&cost.service)?.borne
    };
    hold_limits(
        &mut costs,
        &|cost| borne(&forecast, &forecast_costs, cost),
        &|cost| borne(&outturn, &outturn_costs, cost),
    );
    if let Some(formula) = formula_of_all(&costs) {
        compare_wholes(&mut costs, formula, &forecast_costs, |cost| {
            &mut cost.forecast
        });
        compare_wholes(&mut costs, formula, &outturn_costs, |cost| {
            &mut cost.outturn
        });
    }
    costs
}

/// The formula of the whole, if every cost is shared by it.
fn formula_of_all<'a>(costs: &[SharedCost<'a>]) -> Option<FormulaInForce<'a>> {
    let whole = costs.iter().find(|cost| cost.service.is_none())?;
    let mut others = costs.iter().filter(|cost| cost.service.is_some());
    let is_of_all = others.all(|cost| {
        let formula = cost.formula.as_ref();
        formula.is_some_and(|formula| formula.is_of_whole) && cost.not_shared.is_none()
    });
    whole.formula.filter(|_| is_of_all)
}

/// Compares a report of the whole with a budget by service, or the other way round: all of
/// one with all of the other, where one formula shares both.
fn compare_wholes<'a>(
    costs: &mut [SharedCost<'a>],
    formula: FormulaInForce<'a>,
    reported: &BTreeMap<Option<ServiceId>, ReportedCost>,
    place: for<'c> fn(&'c mut SharedCost<'a>) -> &'c mut Option<Reported>,
) {
    let is_whole = |mut services: Box<dyn Iterator<Item = Option<&ServiceId>> + '_>| {
        services.all(|service| service.is_none())
    };
    let now: Vec<(&Option<ServiceId>, &Allocation)> = costs
        .iter()
        .filter_map(|cost| Some((&cost.service, cost.by_now.as_ref()?)))
        .collect();
    let reported_whole = is_whole(Box::new(reported.keys().map(Option::as_ref)));
    let budget_whole = is_whole(Box::new(now.iter().map(|(service, _)| service.as_ref())));
    if reported.is_empty() || now.is_empty() || reported_whole == budget_whole {
        return;
    }
    // A report that leaves something out is not one of the whole.
    let Some(total) = reported.values().map(|cost| cost.borne).sum() else {
        return;
    };
    let Ok(parts) = allocate(total, formula.formula) else {
        return;
    };
    let is_of_all = parts.not_known == Pence::ZERO;
    let mut variance = parts.parts.clone();
    for (_, allocation) in now {
        // Some shares are not known: the same in both.
        for (body, part) in &allocation.parts {
            let of_body = variance.entry(body.clone()).or_default();
            *of_body = *of_body - *part;
        }
    }
    let mut costs = costs.iter_mut();
    if let Some(whole) = costs.find(|cost| cost.service.is_none()) {
        *place(whole) = Some(Reported {
            // Otherwise each service has its own.
            parts: Some(parts)
                .filter(|_| reported_whole)
                .or_else(|| Some(Allocation::default())),
            variance: Some(variance),
            is_of_all,
            is_compared: true,
            covers_all: reported_whole,
        });
    }
}

/// The bodies that take part in a service, or in the whole, on some day of a year.
fn parties(
    collaboration: &Collaboration,
    service: Option<&ServiceId>,
    year: FinancialYear,
    day: Date,
) -> BTreeSet<BodyId> {
    let (first, last) = (year.first_day(), year.last_day().min(day));
    let service = service.map(|id| collaboration.services.get(id));
    let days = match service {
        Some(Some(service)) => vec![
            first,
            service.added.day().clamp(first, year.last_day()),
            last,
        ],
        Some(None) => return BTreeSet::new(),
        None => vec![first, last],
    };
    let of_day = |day| match service {
        Some(Some(service)) => collaboration.service_parties(service, day),
        Some(None) | None => collaboration.parties(day),
    };
    days.into_iter().flat_map(of_day).collect()
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
    fn share(&mut self, collaboration: &Collaboration, day: Date) {
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
        for (body, part) in &after.parts {
            let before = before.parts.get(body).copied().unwrap_or_default();
            *moved.parts.entry(body.clone()).or_default() += *part - before;
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
    fn reported(
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
            let bodies: BTreeSet<&BodyId> = match is_of_all {
                true => now.parts.keys().chain(parts.parts.keys()).collect(),
                false => {
                    let both = now.parts.keys();
                    both.filter(|body| parts.parts.contains_key(*body))
                        .collect()
                }
            };
            let part = |all: &Allocation, body| all.parts.get(body).copied().unwrap_or_default();
            let variance: Parts = bodies
                .into_iter()
                .map(|body| (body.clone(), part(parts, body) - part(now, body)))
                .collect();
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
        let variance: Option<Parts> = both.map(|(with, without)| {
            let before = |body| without.parts.get(body).copied().unwrap_or_default();
            let parts = with.parts.iter();
            parts
                .map(|(body, part)| (body.clone(), *part - before(body)))
                .collect()
        });
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
