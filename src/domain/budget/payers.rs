//! Each body that pays for a year: its totals over all costs, beside those of the year
//! before, and its invoices.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use super::allocation::{Allocation, Parts};
use super::settlement::accounts;
use super::shared_cost::{Reported, SharedCost};
use super::shared_costs::shared_costs;
use crate::collaboration::Collaboration;
use crate::date::FinancialYear;
use crate::dossier::Dossier;
use crate::event::InvoicedFor;
use crate::ids::BodyId;
use crate::money::Pence;

/// The figures of one body; `None` where they are not known.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Payer {
    /// Its contributions as the budget prints them.
    pub original: Option<Pence>,
    pub by_formula: Option<Pence>,
    /// Of the amounts as they are now.
    pub revised: Option<Pence>,
    /// Its contributions of the year before, by the same measure as `this_year`.
    pub last_year: Option<Pence>,
    /// As printed or, where nothing is printed in one of the years, by formula.
    pub this_year: Option<Pence>,
    pub forecast: Option<Pence>,
    pub forecast_variance: Option<Pence>,
    pub outturn: Option<Pence>,
    pub outturn_variance: Option<Pence>,
    pub overspend_charged: Option<Pence>,
    pub invoiced: Option<Pence>,
    pub paid: Option<Pence>,
    pub due: Option<Pence>,
    pub overdue: Option<Pence>,
}

impl Payer {
    /// How much more it contributes than in the year before.
    pub fn change(&self) -> Option<Pence> {
        Some(self.this_year? - self.last_year?)
    }

    /// The same, as a part of the year before, in millionths, to the nearest; `None` where
    /// that was nothing.
    pub fn change_ppm(&self) -> Option<i64> {
        let (change, before) = (self.change()?, self.last_year?);
        let (change, before) = (i128::from(change.get()), i128::from(before.get()));
        let doubled = change.abs().checked_mul(2_000_000)?.checked_add(before)?;
        let size = (before > 0).then(|| doubled / (before * 2))?;
        i64::try_from(size * change.signum()).ok()
    }
}

/// The payers of a year, by id.
pub fn payers(
    collaboration: &Collaboration,
    dossier: &Dossier,
    year: FinancialYear,
    costs: &[SharedCost<'_>],
    day: Date,
) -> BTreeMap<BodyId, Payer> {
    let mut payers: BTreeMap<BodyId, Payer> = BTreeMap::new();
    for body in bodies(costs) {
        payers.insert(body.clone(), totals(body, costs));
    }
    compare_years(&mut payers, collaboration, dossier, year, day);
    add_invoices(&mut payers, dossier, year, day);
    payers
}

/// The bodies that bear a part of a cost.
fn bodies<'a>(costs: &'a [SharedCost<'_>]) -> BTreeSet<&'a BodyId> {
    let mut bodies = BTreeSet::new();
    for cost in costs {
        bodies.extend(cost.original.keys());
        let shared = [&cost.by_formula, &cost.by_now];
        bodies.extend(
            shared
                .into_iter()
                .flatten()
                .flat_map(|all| all.parts.keys()),
        );
        for reported in [&cost.forecast, &cost.outturn].into_iter().flatten() {
            bodies.extend(reported.parts.iter().flat_map(|all| all.parts.keys()));
            bodies.extend(reported.variance.iter().flat_map(|all| all.keys()));
        }
    }
    bodies
}

/// The figures of a body over all costs.
fn totals<'c>(body: &BodyId, costs: &'c [SharedCost<'c>]) -> Payer {
    let total = |figure: &dyn Fn(&'c SharedCost<'c>) -> Figure| total(body, costs, figure);
    let part_of = |allocation: Option<&Allocation>| match allocation {
        Some(allocation) => match allocation.parts.get(body) {
            Some(part) => Figure::Known(*part),
            None if allocation.not_known == Pence::ZERO => Figure::None,
            None => Figure::NotKnown,
        },
        None => Figure::NotKnown,
    };
    let of = |given: Option<Pence>, allocation: Option<&Allocation>| match given {
        Some(_) => part_of(allocation),
        None => Figure::None,
    };
    // A report that leaves a cost out does not say that it is nothing: the total of a body
    // is then not known.
    let reported = |of: fn(&'c SharedCost<'c>) -> Option<&'c Reported>| {
        let mut reports = costs.iter().filter_map(of);
        let covers_all = reports.clone().any(|reported| reported.covers_all);
        let is_reported = reports.next().is_some();
        total(&|cost| match of(cost) {
            Some(reported) => part_of(reported.parts.as_ref()),
            None if is_reported && !covers_all && cost.revised.is_some() => Figure::NotKnown,
            None => Figure::None,
        })
    };
    let variance = |reported: Option<&Reported>| {
        let Some(reported) = reported else {
            return Figure::None;
        };
        let part = |all: &Parts| all.get(body).copied();
        match reported.variance.as_ref() {
            Some(all) => match part(all) {
                Some(part) => Figure::Known(part),
                None if reported.is_of_all => Figure::None,
                None => Figure::NotKnown,
            },
            None if reported.is_compared => Figure::NotKnown,
            None => Figure::None,
        }
    };
    Payer {
        original: total(&|cost| match cost.original.get(body) {
            Some(amount) => Figure::Known(*amount),
            None => Figure::None,
        }),
        by_formula: total(&|cost| of(cost.amount, cost.by_formula.as_ref())),
        revised: total(&|cost| of(cost.revised, cost.by_now.as_ref())),
        forecast: reported(|cost| cost.forecast.as_ref()),
        forecast_variance: total(&|cost| variance(cost.forecast.as_ref())),
        outturn: reported(|cost| cost.outturn.as_ref()),
        outturn_variance: total(&|cost| variance(cost.outturn.as_ref())),
        ..Payer::default()
    }
}

/// The figure of a body for one cost.
enum Figure {
    Known(Pence),
    /// It may bear a part, and how much is not known.
    NotKnown,
    /// It bears no part, or there is nothing to share.
    None,
}

/// The total of the figures of a body. It is not known where that of a cost in which it
/// takes part is not: a total that leaves something out would mislead.
fn total<'c>(
    body: &BodyId,
    costs: &'c [SharedCost<'c>],
    figure: &dyn Fn(&'c SharedCost<'c>) -> Figure,
) -> Option<Pence> {
    let mut total = None;
    for cost in costs {
        match figure(cost) {
            Figure::Known(part) => *total.get_or_insert(Pence::ZERO) += part,
            Figure::NotKnown if cost.parties.contains(body) => return None,
            Figure::NotKnown | Figure::None => {}
        }
    }
    total
}

/// Adds the contributions of the year before, by the same measure: as printed, or by
/// formula where either year prints none. A body that alone followed another pays in its
/// place.
fn compare_years(
    payers: &mut BTreeMap<BodyId, Payer>,
    collaboration: &Collaboration,
    dossier: &Dossier,
    year: FinancialYear,
    day: Date,
) {
    let Some(before) = year.previous() else {
        return;
    };
    let before = shared_costs(collaboration, dossier, before, day);
    let last: BTreeMap<&BodyId, Payer> = bodies(&before)
        .into_iter()
        .map(|body| (body, totals(body, &before)))
        .collect();
    let by_print = payers.values().any(|payer| payer.original.is_some())
        && last.values().any(|payer| payer.original.is_some());
    let measure = |payer: &Payer| match by_print {
        true => payer.original,
        false => payer.by_formula,
    };
    for payer in payers.values_mut() {
        payer.this_year = measure(payer);
    }
    for (body, payer) in last {
        let Some(amount) = measure(&payer) else {
            continue;
        };
        let heirs = collaboration.holders(body, day.min(year.last_day()));
        let body = match heirs.as_slice() {
            [heir] if !payers.contains_key(body) => *heir,
            _ => body,
        };
        let payer = payers.entry(body.clone()).or_default();
        *payer.last_year.get_or_insert(Pence::ZERO) += amount;
    }
}

fn add_invoices(
    payers: &mut BTreeMap<BodyId, Payer>,
    dossier: &Dossier,
    year: FinancialYear,
    day: Date,
) {
    let add = |total: &mut Option<Pence>, amount| {
        *total.get_or_insert(Pence::ZERO) += amount;
    };
    for account in accounts(dossier).values() {
        let invoice = account.invoice;
        if invoice.year != year {
            continue;
        }
        let payer = payers.entry(invoice.body.clone()).or_default();
        add(&mut payer.invoiced, invoice.amount);
        add(&mut payer.due, account.due(day));
        add(&mut payer.overdue, account.overdue(day));
        if invoice.invoiced_for == InvoicedFor::Overspend {
            add(&mut payer.overspend_charged, invoice.amount);
        }
    }
    for payment in dossier.payments.values() {
        if payment.year == year {
            let payer = payers.entry(payment.body.clone()).or_default();
            add(&mut payer.paid, payment.amount);
        }
    }
}
