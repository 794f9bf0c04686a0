//! Who bears the cost of a year, service by service: as the budget prints it, by formula,
//! as the amounts are now, and by the last forecast and outturn.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use super::allocation::{Allocation, Parts, allocate};
use super::contributions::{
    FormulaInForce, contributions, formula_in_force, original_amounts, returned, shared_amounts,
};
use super::latest_report::LatestReport;
use super::reported_costs::{ReportedCost, reported_costs};
use super::shared_cost::{Reported, SharedCost};
use super::shared_lines::shared_lines;
use super::whole_limits::hold_limits;
use super::year_budget::YearBudget;
use crate::collaboration::Collaboration;
use crate::date::FinancialYear;
use crate::dossier::Dossier;
use crate::event::Figures;
use crate::ids::{BodyId, ServiceId};
use crate::money::Pence;

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
    if !now.has_lines() {
        // Of a total that no line divides, all of it.
        let mut of_all = Parts::new();
        for (body, amount) in returned.into_values().flatten() {
            *of_all.entry(body).or_default() += amount;
        }
        returned = BTreeMap::from([(None, of_all)]);
    }
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
    let covers_all = |figures: &Option<Figures>| {
        let figures = figures.as_ref();
        figures.is_none_or(|figures| now.compare(figures).is_whole)
    };
    let (forecast_is_whole, outturn_is_whole) = (covers_all(&forecast), covers_all(&outturn));
    hold_limits(
        &mut costs,
        (
            &|cost| borne(&forecast, &forecast_costs, cost),
            forecast_is_whole,
        ),
        (
            &|cost| borne(&outturn, &outturn_costs, cost),
            outturn_is_whole,
        ),
    );
    if let Some(formula) = formula_of_all(&costs) {
        if forecast_is_whole {
            compare_wholes(&mut costs, formula, &forecast_costs, |cost| {
                &mut cost.forecast
            });
        }
        if outturn_is_whole {
            compare_wholes(&mut costs, formula, &outturn_costs, |cost| {
                &mut cost.outturn
            });
        }
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
