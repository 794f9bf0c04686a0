//! Budgets by line and year, with every printed total, forecast and outturn of
//! a year side by side.

use std::collections::{BTreeMap, BTreeSet};

use super::names;
use super::totals::Totals;
use crate::domain::date::FinancialYear;
use crate::domain::dossier::is_outturn;
use crate::domain::event::{BudgetApproved, Figures, FundType, Head, Scope};
use crate::domain::fact::Fact;
use crate::domain::ids::{BudgetId, ServiceId, SubjectId};
use crate::domain::money::Pence;
use crate::domain::register_view::RegisterView;
use crate::wire::proto::{BudgetCell, BudgetRow, BudgetView, BudgetYear, YearFigure};
use crate::wire::reply;

/// The budgets of a subject under one name. `None` where there is neither a budget nor,
/// for the main one, a forecast or outturn.
pub fn get(
    register_view: &RegisterView,
    id: &SubjectId,
    budget_id: Option<&BudgetId>,
) -> Option<BudgetView> {
    let subject = register_view.subject(id)?;
    let dossier = &subject.dossier;
    let budgets: BTreeMap<FinancialYear, &Fact<BudgetApproved>> = dossier
        .budgets
        .iter()
        .filter(|((named, _), _)| named.as_ref() == budget_id)
        .filter_map(|((_, year), set)| Some((*year, set.latest()?)))
        .collect();
    let mut years: BTreeSet<FinancialYear> = budgets.keys().copied().collect();
    if budget_id.is_none() {
        years.extend(dossier.forecasts.keys().chain(dossier.outturns.keys()));
    }
    if years.is_empty() {
        return None;
    }
    let of_year = |year: &FinancialYear| {
        let budget = budgets.get(year);
        let totals = budget.map(|budget| Totals::of(&budget.figures));
        let total = budget.and_then(|budget| total(&budget.figures));
        let main = budget_id.is_none();
        let forecasts = dossier.forecasts.get(year).filter(|_| main);
        let outturns = dossier.outturns.get(year).filter(|_| main);
        let (outturns, early): (Vec<_>, Vec<_>) = outturns
            .into_iter()
            .flat_map(|reported| reported.iter())
            .partition(|reported| is_outturn(reported));
        // An outturn of a year that is not over rests on a projection.
        let early = early.into_iter().map(|fact| {
            let basis = "called an outturn, before the end of the year".to_owned();
            (
                fact.effective_order(),
                figure(fact, &fact.figures, basis, total),
            )
        });
        let forecasts = forecasts.into_iter().flat_map(|reported| reported.iter());
        let forecasts = forecasts.map(|fact| {
            let basis = reply::optional(fact.basis.as_ref());
            (
                fact.effective_order(),
                figure(fact, &fact.figures, basis, total),
            )
        });
        let mut forecasts: Vec<_> = forecasts.chain(early).collect();
        forecasts.sort_by_key(|(order, _)| *order);
        BudgetYear {
            financial_year: year.to_string(),
            total_pence: total.map(Pence::get),
            stated: budget
                .zip(totals.as_ref())
                .map(|(budget, totals)| totals.stated(&budget.figures, &Scope::Whole))
                .unwrap_or_default(),
            forecasts: forecasts.into_iter().map(|(_, figure)| figure).collect(),
            outturns: outturns
                .into_iter()
                .map(|fact| figure(fact, &fact.figures, String::new(), total))
                .collect(),
            position: budget
                .map(|budget| budget.position().get())
                .unwrap_or_default(),
            effective_on: reply::optional_date(budget.map(|budget| budget.on())),
            effective_on_is: reply::date_is(budget.and_then(|budget| budget.is())),
        }
    };
    Some(BudgetView {
        subject: id.to_string(),
        subject_name: names::subject(register_view, id),
        budget_id: reply::optional(budget_id),
        years: years.iter().map(of_year).collect(),
        rows: rows(register_view, id, &budgets),
        other_budget_ids: others(dossier.budgets.keys().map(|(named, _)| named), budget_id),
    })
}

/// The names of the subject's other budgets, each once. The main one has none.
fn others<'b>(
    named: impl Iterator<Item = &'b Option<BudgetId>>,
    shown: Option<&BudgetId>,
) -> Vec<String> {
    let others: BTreeSet<&BudgetId> = named
        .flatten()
        .filter(|named| Some(*named) != shown)
        .collect();
    reply::strings(others)
}

fn figure<T>(
    fact: &Fact<T>,
    figures: &Figures,
    basis: String,
    budget: Option<Pence>,
) -> YearFigure {
    let total = total(figures);
    YearFigure {
        total_pence: total.unwrap_or_default().get(),
        reported_on: Some(reply::date(fact.on())),
        reported_on_is: reply::date_is(fact.is()),
        basis,
        sources: reply::sources(&fact.source.entry.event.sources),
        against_budget_pence: total
            .zip(budget)
            .map(|(total, budget)| (total - budget).get()),
    }
}

/// The total of the figures; where there are none to add up, the total as printed.
pub(super) fn total(figures: &Figures) -> Option<Pence> {
    let printed = || {
        let mut stated = figures.stated.iter();
        let whole = stated.find(|stated| stated.scope == Scope::Whole)?;
        Some(whole.amount)
    };
    Totals::of(figures).computed(&Scope::Whole).or_else(printed)
}

/// The lines over the years, in the order in which the budgets first name them.
fn rows(
    register_view: &RegisterView,
    id: &SubjectId,
    budgets: &BTreeMap<FinancialYear, &Fact<BudgetApproved>>,
) -> Vec<BudgetRow> {
    let mut rows: Vec<(Head, Vec<BudgetCell>)> = Vec::new();
    let mut index = BTreeMap::<Head, usize>::new();
    for (year, budget) in budgets {
        let mut amounts = BTreeMap::<usize, Pence>::new();
        for (head, amount) in lines(&budget.figures) {
            let row = *index.entry(head.clone()).or_insert_with(|| {
                rows.push((head, Vec::new()));
                rows.len() - 1
            });
            *amounts.entry(row).or_default() += amount;
        }
        for (row, amount) in amounts {
            let cell = BudgetCell {
                financial_year: year.to_string(),
                amount_pence: amount.get(),
            };
            rows[row].1.push(cell);
        }
    }
    rows.into_iter()
        .map(|(head, cells)| BudgetRow {
            service: head
                .service
                .as_ref()
                .map(|service| names::service(register_view, id, service)),
            head: reply::optional(head.head.as_ref()),
            fund: reply::fund_type(head.fund),
            cells,
        })
        .collect()
}

/// The cost lines. Where a budget has only contributions, their totals by service; where
/// it has neither, the totals that are printed for single services.
fn lines(figures: &Figures) -> Vec<(Head, Pence)> {
    if !figures.lines.is_empty() {
        return figures
            .lines
            .iter()
            .map(|line| (line.head.clone(), line.amount))
            .collect();
    }
    let of_service = |service: &ServiceId, amount| {
        let head = Head {
            service: Some(service.clone()),
            head: None,
            fund: FundType::Revenue,
        };
        (head, amount)
    };
    if !figures.contributions.is_empty() {
        let contributions = figures.contributions.iter();
        return contributions
            .map(|paid| of_service(&paid.service, paid.amount))
            .collect();
    }
    let printed = figures.stated.iter().filter_map(|stated| {
        let Scope::Service(service) = &stated.scope else {
            return None;
        };
        Some(of_service(service, stated.amount))
    });
    printed.collect()
}
