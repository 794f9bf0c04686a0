//! The contributions of each party for each service in a year, with totals, shares,
//! printed totals and differences.

use std::collections::BTreeMap;

use super::names;
use super::totals::{Totals, stated};
use crate::domain::date::FinancialYear;
use crate::domain::event::Scope;
use crate::domain::ids::{BodyId, CollaborationId, ServiceId, SubjectId};
use crate::domain::register_view::RegisterView;
use crate::wire::proto::{
    ContributionCell, ContributionColumn, ContributionRow, ContributionsView,
};
use crate::wire::reply;

/// The matrix of the main budget of a year; `None` where no budget with
/// contributions was set for it.
pub fn get(
    register_view: &RegisterView,
    id: &CollaborationId,
    year: FinancialYear,
) -> Option<ContributionsView> {
    let collaboration_at = register_view.collaboration(id)?;
    let subject = SubjectId::Collaboration(id.clone());
    let dossier = &collaboration_at.subject().dossier;
    let budget = dossier.budgets.get(&(None, year))?.latest()?;
    let figures = &budget.figures;
    if figures.contributions.is_empty() {
        return None;
    }
    let totals = Totals::of(figures);
    let formula: BTreeMap<&BodyId, u32> = dossier
        .formulas
        .get(&(None, year))
        .and_then(|set| set.latest())
        .map(|set| {
            set.shares
                .iter()
                .map(|share| (&share.body, share.share.get()))
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
    Some(ContributionsView {
        collaboration: Some(names::collaboration(register_view, id)),
        financial_year: year.to_string(),
        columns: columns
            .iter()
            .map(|service| {
                let scope = Scope::Service((*service).clone());
                let total = totals.at(&scope);
                ContributionColumn {
                    service: Some(names::service(register_view, &subject, service)),
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
        stated: stated(figures, &Scope::Whole, Some(totals.contributed)),
        position: budget.position().get(),
        effective_on: Some(reply::date(budget.on())),
        effective_on_is: reply::date_is(budget.is()),
    })
}

/// Without repetitions, in the order of their first occurrence.
fn in_order<'a, T: Ord>(all: impl Iterator<Item = &'a T>) -> Vec<&'a T> {
    let mut collaboration_at = std::collections::BTreeSet::new();
    all.filter(|one| collaboration_at.insert(*one)).collect()
}
