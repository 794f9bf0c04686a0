//! The budgets of a subject by line and year, as they are now: as set, with every change
//! since, beside what was spent, is expected, and is left.

pub(super) mod printed;
pub(super) mod reports;

pub(super) mod amounts;
mod beside;
mod changes;
mod groups;
mod service_part;

use std::collections::{BTreeMap, BTreeSet};

use self::reports::{Reports, YearReport};
use super::dossier;
use super::names;
use super::totals::Totals;
use minutebook_domain::budget::YearBudget;
use minutebook_domain::date::FinancialYear;
use minutebook_domain::dossier::Dossier;
use minutebook_domain::event::{Head, Scope};
use minutebook_domain::fact::Facts;
use minutebook_domain::ids::{BudgetId, ServiceId, SubjectId};
use minutebook_domain::money::Pence;
use minutebook_domain::register_view::RegisterView;
use minutebook_wire::proto::{
    BudgetCell, BudgetHeadView, BudgetRow, BudgetView, BudgetYear, YearFigure,
};
use minutebook_wire::reply;

/// The part of the budgets that is asked for; `None` for all.
#[derive(Debug, Clone, Default)]
pub struct Part {
    pub year: Option<FinancialYear>,
    pub service: Option<ServiceId>,
}

/// The name of a subject, and the ids of its budgets beside the main one; `None` where there
/// is no such subject.
pub fn ids(register_view: &RegisterView, id: &SubjectId) -> Option<(String, Vec<String>)> {
    let subject = register_view.subject(id)?;
    let budgets = subject.dossier.budgets.keys();
    let ids = others(budgets.map(|(named, _)| named), None);
    Some((names::subject(register_view, id), ids))
}

/// The budgets of a subject under one name. `None` where there is neither a budget nor a
/// report or change of one.
pub fn get(
    register_view: &RegisterView,
    id: &SubjectId,
    budget_id: Option<&BudgetId>,
) -> Option<BudgetView> {
    part(register_view, id, budget_id, &Part::default())
}

/// A part of it.
pub fn part(
    register_view: &RegisterView,
    id: &SubjectId,
    budget_id: Option<&BudgetId>,
    part: &Part,
) -> Option<BudgetView> {
    let subject = register_view.subject(id)?;
    let dossier = &subject.dossier;
    let years = years(dossier, budget_id);
    let years: Vec<Year<'_>> = years
        .into_iter()
        .filter(|year| part.year.is_none_or(|only| only == *year))
        .map(|year| Year::new(dossier, budget_id, year))
        .collect();
    if years.is_empty() {
        return None;
    }
    Some(BudgetView {
        currency: reply::currency(dossier.currency),
        subject: id.to_string(),
        subject_name: names::subject(register_view, id),
        budget_id: reply::optional(budget_id),
        years: years
            .iter()
            .map(|year| match &part.service {
                None => year.view(register_view, id),
                Some(service) => {
                    service_part::of_service(year.view(register_view, id), year, service)
                }
            })
            .collect(),
        rows: rows(register_view, id, &years, part.service.as_ref()),
        other_budget_ids: others(dossier.budgets.keys().map(|(named, _)| named), budget_id),
        heads: dossier
            .heads
            .values()
            .filter_map(Facts::latest)
            .map(|defined| BudgetHeadView {
                head_id: defined.id.to_string(),
                name: defined.name.to_string(),
                other_names: reply::strings(&defined.other_names),
                parent_id: reply::optional(defined.parent.as_ref()),
                analysis: defined.analysis.map_or(0, reply::head_analysis),
                defined_on: Some(reply::date(defined.on())),
                position: defined.position().get(),
            })
            .collect(),
        only_year: reply::optional_year(part.year),
        only_service: part
            .service
            .as_ref()
            .map(|service| names::service(register_view, id, service)),
        all_years_pence: budget_id
            .filter(|_| part.year.is_none())
            .and_then(|_| all_years(&years))
            .map(Pence::get),
    })
}

/// The years of which something is known. What is moved or returned belongs to the main
/// budget.
fn years(dossier: &Dossier, budget_id: Option<&BudgetId>) -> BTreeSet<FinancialYear> {
    let budgets = dossier.budgets.iter();
    let budgets =
        budgets.filter(|((named, _), set)| named.as_ref() == budget_id && !set.is_empty());
    let mut years: BTreeSet<FinancialYear> = budgets.map(|((_, year), _)| *year).collect();
    let adjusted = dossier.adjustments.values();
    let adjusted = adjusted.filter(|fact| fact.budget.as_ref() == budget_id);
    years.extend(adjusted.flat_map(|fact| std::iter::once(fact.year).chain(fact.to_year)));
    let forecasts = dossier.forecasts.iter();
    let mut forecasts = forecasts.filter(|(_, set)| {
        let mut set = set.iter();
        set.any(|fact| fact.budget.as_ref() == budget_id)
    });
    years.extend(forecasts.by_ref().map(|(year, _)| *year));
    let outturns = dossier.outturns.iter();
    let outturns = outturns.filter(|(_, set)| {
        let mut set = set.iter();
        set.any(|fact| fact.budget.as_ref() == budget_id)
    });
    years.extend(outturns.map(|(year, _)| *year));
    years
}

/// A year of a budget, with its reports.
struct Year<'a> {
    year: FinancialYear,
    budget: YearBudget<'a>,
    reports: Reports<'a>,
    /// Every line: of the budget, then those that only reports name.
    heads: Vec<Head>,
    dossier: &'a Dossier,
    budget_id: Option<&'a BudgetId>,
}

impl<'a> Year<'a> {
    fn new(dossier: &'a Dossier, budget_id: Option<&'a BudgetId>, year: FinancialYear) -> Self {
        let budget = YearBudget::of(dossier, budget_id, year);
        let reports = Reports::of(dossier, budget_id, year).beside(&budget);
        let mut heads: Vec<Head> = budget.rows.iter().map(|row| row.head.clone()).collect();
        heads.extend(reports.heads(&budget));
        Self {
            year,
            budget,
            reports,
            heads,
            dossier,
            budget_id,
        }
    }

    fn view(&self, register_view: &RegisterView, id: &SubjectId) -> BudgetYear {
        let budget = self.budget.budget;
        let whole = self.budget.whole();
        let figures = |reports: &[YearReport<'_>]| -> Vec<YearFigure> {
            let figures = reports
                .iter()
                .map(|report| report.figure(register_view, id));
            figures.collect()
        };
        let reports = &self.reports;
        let key = (self.budget_id.cloned(), self.year);
        let earlier = self
            .dossier
            .budgets
            .get(&key)
            .into_iter()
            .flat_map(Facts::iter);
        let earlier = earlier.map(|fact| fact.position());
        BudgetYear {
            financial_year: self.year.to_string(),
            total_pence: budget.and_then(|_| whole.revised()).map(Pence::get),
            stated: budget
                .map(|budget| Totals::of(&budget.figures).stated(&budget.figures, &Scope::Whole))
                .unwrap_or_default(),
            forecasts: figures(&reports.forecasts),
            outturns: figures(&reports.outturns),
            to_date: figures(&reports.to_date),
            committed: figures(&reports.committed),
            position: budget
                .map(|budget| budget.position().get())
                .unwrap_or_default(),
            effective_on: reply::optional_date(budget.map(|budget| budget.on())),
            effective_on_is: reply::date_is(budget.and_then(|budget| budget.is())),
            title: reply::optional(budget.and_then(|budget| budget.title.as_ref())),
            amounts: Some(amounts::of_whole(&self.budget, reports)),
            groups: groups::groups(register_view, id, &self.budget, reports, &self.heads),
            changes: changes::changes(register_view, id, self.dossier, &self.budget),
            schedules: match self.budget_id {
                None => changes::schedules(self.dossier, self.year),
                Some(_) => Vec::new(),
            },
            printed_unit_pence: budget
                .map(|budget| reply::optional_pence(budget.figures.printed_unit))
                .unwrap_or_default(),
            grants: match self.budget_id {
                None => {
                    let year = self.year.to_string();
                    let mut grants = dossier::grants(register_view, self.dossier);
                    grants.retain(|grant| grant.financial_year == year);
                    grants
                }
                Some(_) => Vec::new(),
            },
            undivided: amounts::of_undivided(&self.budget),
            printed: budget
                .map(|budget| {
                    printed::totals(register_view, id, &budget.figures, &self.budget.heads)
                })
                .unwrap_or_default(),
            beside: beside::list(register_view, id, self.dossier, self.budget_id, self.year),
            earlier_positions: earlier
                .filter(|position| budget.is_some_and(|budget| budget.position() != *position))
                .map(|position| position.get())
                .collect(),
        }
    }
}

/// The sum of the years as they are now; `None` where one of them has no budget, or where
/// the period of a scheme has one too, as that would count years twice.
fn all_years(years: &[Year<'_>]) -> Option<Pence> {
    let mut pairs = years.windows(2).map(|pair| (pair[0].year, pair[1].year));
    if pairs.any(|(before, after)| before.overlaps(after)) {
        return None;
    }
    let amounts = years.iter().map(|year| year.budget.whole().revised());
    amounts.sum()
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

/// The lines over the years, in the order in which the budgets first name them.
fn rows(
    register_view: &RegisterView,
    id: &SubjectId,
    years: &[Year<'_>],
    service: Option<&ServiceId>,
) -> Vec<BudgetRow> {
    let mut rows: Vec<(Head, BudgetRow)> = Vec::new();
    let mut index = BTreeMap::<Head, usize>::new();
    for year in years {
        let heads = year.heads.iter();
        for head in heads.filter(|head| service.is_none() || head.service.as_ref() == service) {
            let row = *index.entry(head.clone()).or_insert_with(|| {
                let defined = head
                    .head
                    .as_ref()
                    .and_then(|name| year.budget.heads.named(name));
                let view = BudgetRow {
                    service: head
                        .service
                        .as_ref()
                        .map(|service| names::service(register_view, id, service)),
                    head: reply::optional(head.head.as_ref()),
                    fund: reply::fund_type(head.fund),
                    cells: Vec::new(),
                    is_income: head.is_income,
                    head_id: defined
                        .map(|defined| defined.id.to_string())
                        .unwrap_or_default(),
                };
                rows.push((head.clone(), view));
                rows.len() - 1
            });
            let amounts = amounts::of_head(&year.budget, &year.reports, head);
            let of_budget = year.budget.row(head);
            rows[row].1.cells.push(BudgetCell {
                financial_year: year.year.to_string(),
                amount_pence: amounts.revised_pence.unwrap_or_default(),
                amounts: Some(amounts),
                is_budgeted: of_budget.is_some_and(|row| row.is_budgeted),
            });
        }
    }
    rows.into_iter().map(|(_, row)| row).collect()
}
