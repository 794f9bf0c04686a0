//! The part of a year's reported cost that the parties bear, by service.

use std::collections::{BTreeMap, BTreeSet};

use super::comparison::{Comparison, total, whole_as_printed};
use super::contributions::shared;
use super::year_budget::{Amounts, HeadRow, YearBudget};
use crate::event::{Figures, Head};
use crate::ids::ServiceId;
use crate::money::Pence;

/// The reported cost of a service, or of what is of no service.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ReportedCost {
    /// Less what reserves, grants and money brought forward pay for; `None` where the report
    /// leaves some of it out.
    pub borne: Option<Pence>,
    /// The report less the budget of the same lines; `None` where there is nothing to
    /// compare.
    pub variance: Option<Pence>,
}

/// The costs of a report by service; a total of the whole is of none (`None`).
pub fn reported_costs(
    budget: &YearBudget<'_>,
    figures: &Figures,
) -> BTreeMap<Option<ServiceId>, ReportedCost> {
    let comparison = budget.compare(figures);
    let lines = &comparison.lines;
    let is_total_only = figures.lines.is_empty() && figures.contributions.is_empty();
    if lines.is_empty() || (is_total_only && whole_as_printed(figures).is_some()) {
        return of_total(budget, figures, &comparison).into_iter().collect();
    }
    if !budget.has_lines() {
        return of_undivided(budget, figures, lines);
    }
    let mut costs = BTreeMap::<Option<ServiceId>, Sums>::new();
    for part in &comparison.matched {
        let rows = || part.rows.iter().map(|row| &budget.rows[*row]);
        let of_lines = || part.lines.iter().map(|line| &lines[*line]);
        let of_rows = rows().map(|row| &row.head.service);
        let services: BTreeSet<&Option<ServiceId>> = of_lines()
            .map(|(head, _)| &head.service)
            .chain(of_rows)
            .collect();
        let only = match services.iter().copied().collect::<Vec<_>>().as_slice() {
            [one] => (*one).clone(),
            _ => None,
        };
        if part.lines.is_empty() {
            for row in rows().filter(|row| row.is_open()) {
                costs
                    .entry(row.head.service.clone())
                    .or_default()
                    .is_left_out = true;
            }
            continue;
        }
        let cost = costs.entry(only).or_default();
        let figure: Pence = of_lines().map(|(_, amount)| *amount).sum();
        if part.rows.is_empty() {
            cost.unbudgeted += figure;
            continue;
        }
        cost.figure = Some(cost.figure.unwrap_or_default() + figure);
        for row in rows() {
            cost.budget += row.amounts.revised().unwrap_or_default();
            cost.pays_for_itself += pays_for_itself(&row.amounts);
        }
    }
    let costs = costs.into_iter();
    costs
        .map(|(service, sums)| (service, sums.cost()))
        .filter(|(_, cost)| *cost != ReportedCost::default())
        .collect()
}

/// The sums of a service.
#[derive(Default)]
struct Sums {
    /// Of what has a budget.
    figure: Option<Pence>,
    unbudgeted: Pence,
    budget: Pence,
    pays_for_itself: Pence,
    is_left_out: bool,
}

impl Sums {
    fn cost(&self) -> ReportedCost {
        let all = self.figure.unwrap_or_default() + self.unbudgeted;
        let is_given = self.figure.is_some() || self.unbudgeted != Pence::ZERO;
        let borne = (is_given && !self.is_left_out).then_some(all - self.pays_for_itself);
        // Spending without a budget is in the variance of the whole.
        let compared = match self.is_left_out {
            true => self.figure,
            false => self.figure.map(|_| all),
        };
        ReportedCost {
            borne,
            variance: compared.map(|figure| figure - self.budget),
        }
    }
}

/// The part of an amount that reserves, grants and money brought forward pay for.
fn pays_for_itself(amounts: &Amounts) -> Pence {
    amounts.revised().unwrap_or_default() - shared(amounts).unwrap_or_default()
}

/// Of a report that gives only its total: of the whole, or of one service.
fn of_total(
    budget: &YearBudget<'_>,
    figures: &Figures,
    comparison: &Comparison,
) -> Option<(Option<ServiceId>, ReportedCost)> {
    let total = comparison.total?;
    let (service, amounts) = match &figures.covers {
        None => (None, budget.whole()),
        Some(covers) => {
            let [service] = covers.services.as_slice() else {
                return None;
            };
            let is_all = covers.bodies.is_empty() && covers.fund.is_none() && covers.kind.is_none();
            let of_service = |row: &HeadRow| row.head.service.as_ref() == Some(service);
            is_all.then(|| (Some(service.clone()), budget.sum(of_service)))?
        }
    };
    let cost = ReportedCost {
        borne: Some(total - pays_for_itself(&amounts)),
        variance: comparison.variance(),
    };
    Some((service, cost))
}

/// Lines beside a budget of which only the total is known.
fn of_undivided(
    budget: &YearBudget<'_>,
    figures: &Figures,
    lines: &[(Head, Pence)],
) -> BTreeMap<Option<ServiceId>, ReportedCost> {
    if lines.iter().all(|(head, _)| head.service.is_none()) {
        let figures = Figures {
            covers: None,
            ..figures.clone()
        };
        let comparison = budget.compare(&figures);
        let whole = budget.whole();
        let cost = ReportedCost {
            borne: total(&figures).map(|total| total - pays_for_itself(&whole)),
            variance: comparison.variance(),
        };
        return BTreeMap::from([(None, cost)]);
    }
    let mut costs = BTreeMap::<Option<ServiceId>, ReportedCost>::new();
    for (head, amount) in lines {
        let cost = costs.entry(head.service.clone()).or_default();
        cost.borne = Some(cost.borne.unwrap_or_default() + *amount);
    }
    costs
}
