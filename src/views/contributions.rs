//! Who pays for a year: the contributions of each party for each service as the budget
//! prints them, with totals, shares and differences from printed totals; and beside them
//! each cost by its formula, the year before, what is expected and what was spent, and what
//! was invoiced and paid.

mod payers;
mod shared_costs;

use std::collections::BTreeMap;

use super::invoices::Invoices;
use super::totals::{Totals, stated};
use super::{formulas, names};
use minutebook_domain::budget::allocation::share_ppm;
use minutebook_domain::budget::latest_report::LatestReport;
use minutebook_domain::budget::{YearBudget, shared_costs as costs};
use minutebook_domain::date::FinancialYear;
use minutebook_domain::dossier::Dossier;
use minutebook_domain::event::{Figures, Scope};
use minutebook_domain::ids::{BodyId, CollaborationId, ServiceId, SubjectId};
use minutebook_domain::register_view::{CollaborationAt, RegisterView};
use minutebook_wire::proto::{
    ContributionCell, ContributionColumn, ContributionRow, ContributionsView,
};
use minutebook_wire::reply;

/// Who pays for a year; `None` where no contribution, formula, invoice or payment is
/// recorded for it.
pub fn get(
    register_view: &RegisterView,
    id: &CollaborationId,
    year: FinancialYear,
) -> Option<ContributionsView> {
    let collaboration_at = register_view.collaboration(id)?;
    let subject = SubjectId::Collaboration(id.clone());
    let dossier = &collaboration_at.subject().dossier;
    let day = register_view.as_at();
    let budget = dossier.budgets.get(&(None, year));
    let budget = budget.and_then(|set| set.latest());
    let figures = budget.map(|budget| &budget.figures);
    let now = YearBudget::of(dossier, None, year);
    let forecast = LatestReport::forecast(dossier, &now, year);
    let outturn = LatestReport::outturn(dossier, &now, year, day);
    let reported = [&forecast, &outturn].into_iter().flatten();
    let mut all = figures.into_iter().chain(reported.map(|one| &one.figures));
    if !all.any(|figures| !figures.contributions.is_empty()) && !is_shared(dossier, year) {
        return None;
    }
    let invoices = Invoices {
        register_view,
        id,
        collaboration: &collaboration_at,
    };
    let costs = costs::shared_costs(&collaboration_at, dossier, year, day);
    let mut view = match figures {
        Some(figures) => matrix(register_view, &collaboration_at, &subject, figures, year),
        None => ContributionsView::default(),
    };
    let printed: Vec<String> = view
        .rows
        .iter()
        .filter_map(|row| Some(row.body.as_ref()?.body_id.clone()))
        .collect();
    view.collaboration = Some(names::collaboration(register_view, id));
    view.currency = reply::currency(dossier.currency);
    view.financial_year = year.to_string();
    view.position = budget.map_or(0, |budget| budget.position().get());
    view.effective_on = reply::optional_date(budget.map(|budget| budget.on()));
    view.effective_on_is = reply::date_is(budget.and_then(|budget| budget.is()));
    view.payers = payers::list(register_view, &collaboration_at, year, &costs, &printed);
    view.left_out = shared_costs::left_out(register_view, &subject, &costs);
    view.shared_costs = shared_costs::list(register_view, &collaboration_at, &subject, &costs);
    view.formulas = formulas::of_year(register_view, &subject, dossier, year);
    view.invoices = invoices.of_year(year);
    view.payments = invoices.unnamed_of_year(year);
    view.forecast_on = reply::optional_date(forecast.as_ref().map(|reported| reported.on));
    view.outturn_on = reply::optional_date(outturn.as_ref().map(|reported| reported.on));
    Some(view)
}

/// The contributions of every year that has such, oldest first; `None` where there is no such
/// collaboration.
pub fn by_year(
    register_view: &RegisterView,
    id: &CollaborationId,
) -> Option<Vec<ContributionsView>> {
    let collaboration_at = register_view.collaboration(id)?;
    let years = all_years(&collaboration_at.subject().dossier).into_iter();
    Some(
        years
            .filter_map(|year| get(register_view, id, year))
            .collect(),
    )
}

/// Whether a formula, an invoice or a payment is recorded for a year.
fn is_shared(dossier: &Dossier, year: FinancialYear) -> bool {
    years(dossier).any(|one| one == year)
}

/// The years of formulas, invoices and payments, with repeats.
fn years(dossier: &Dossier) -> impl Iterator<Item = FinancialYear> + '_ {
    let formulas = dossier.formulas.keys().map(|(_, year)| *year);
    let invoices = dossier.invoices.values().map(|invoice| invoice.year);
    let payments = dossier.payments.values().map(|payment| payment.year);
    formulas.chain(invoices).chain(payments)
}

/// Every year for which there may be an answer, oldest first.
pub(super) fn all_years(dossier: &Dossier) -> Vec<FinancialYear> {
    let budgets = dossier.budgets.keys();
    let budgets = budgets
        .filter(|(id, _)| id.is_none())
        .map(|(_, year)| *year);
    let reported = dossier
        .forecasts
        .keys()
        .chain(dossier.outturns.keys())
        .copied();
    let mut all: Vec<_> = years(dossier).chain(budgets).chain(reported).collect();
    all.sort();
    all.dedup();
    all
}

/// The contributions that a budget prints.
fn matrix(
    register_view: &RegisterView,
    collaboration_at: &CollaborationAt,
    subject: &SubjectId,
    figures: &Figures,
    year: FinancialYear,
) -> ContributionsView {
    let dossier = &collaboration_at.subject().dossier;
    let totals = Totals::of(figures);
    let formula: BTreeMap<&BodyId, u32> = dossier
        .formulas
        .get(&(None, year))
        .and_then(|set| set.latest())
        .map(|set| {
            let shares = set.bodies();
            shares
                .filter_map(|body| Some((body, share_ppm(set, body)?)))
                .collect()
        })
        .unwrap_or_default();
    // Not every body pays for every service, so the order in which the figures
    // name services is not that of the document's columns; that in which they
    // were added is.
    let mut columns = in_order(figures.contributions.iter().map(|paid| &paid.service));
    columns.sort_by_key(|service| {
        collaboration_at
            .services
            .get(*service)
            .map(|s| s.added.effective_order())
    });
    let rows = in_order(figures.contributions.iter().map(|paid| &paid.body));
    let cell = |body: &BodyId, service: &ServiceId| {
        let amount = totals.cells.get(&(body.clone(), service.clone()))?;
        let of_service = totals.at(&Scope::Service(service.clone()));
        Some(ContributionCell {
            service_id: service.to_string(),
            amount_pence: amount.get(),
            share_ppm: amount.share_of(of_service).unwrap_or_default(),
        })
    };
    ContributionsView {
        columns: columns
            .iter()
            .map(|service| {
                let scope = Scope::Service((*service).clone());
                let total = totals.at(&scope);
                ContributionColumn {
                    service: Some(names::service(register_view, subject, service)),
                    total_pence: total.get(),
                    stated: totals.stated(figures, &scope),
                    share_ppm: total.share_of(totals.contributed).unwrap_or_default(),
                }
            })
            .collect(),
        rows: rows
            .iter()
            .map(|body| {
                let scope = Scope::Body((*body).clone());
                let total = totals.at(&scope);
                ContributionRow {
                    body: Some(names::body(register_view, body)),
                    cells: columns
                        .iter()
                        .filter_map(|service| cell(body, service))
                        .collect(),
                    total_pence: total.get(),
                    stated: totals.stated(figures, &scope),
                    share_ppm: total.share_of(totals.contributed).unwrap_or_default(),
                    formula_share_ppm: formula.get(body).copied().unwrap_or_default(),
                }
            })
            .collect(),
        // Of the cells: a budget may cost more than its parties pay.
        total_pence: totals.contributed.get(),
        stated: match figures.contributions.is_empty() {
            false => stated(figures, &Scope::Whole, Some(totals.contributed)),
            true => Vec::new(),
        },
        ..ContributionsView::default()
    }
}

/// Without repetitions, in the order of their first occurrence.
fn in_order<'a, T: Ord>(all: impl Iterator<Item = &'a T>) -> Vec<&'a T> {
    let mut collaboration_at = std::collections::BTreeSet::new();
    all.filter(|one| collaboration_at.insert(*one)).collect()
}
