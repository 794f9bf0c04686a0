//! A year of the budget for one service alone: no amount of the whole is in it.

use super::{Year, amounts};
use crate::budget::reports::YearReport;
use minutebook_domain::event::LineScope;
use minutebook_domain::ids::ServiceId;
use minutebook_domain::money::Pence;
use minutebook_wire::proto::{
    BudgetYear, LineSet, ServiceRef, StatedFigure, VarianceFigure, YearFigure,
};
use minutebook_wire::reply;

/// The part of a year's view that is of one service. The printed totals, the groups and the
/// changes are those of its lines; a report that gives nothing of it is left out.
pub(super) fn of_service(whole: BudgetYear, year: &Year<'_>, service: &ServiceId) -> BudgetYear {
    let scope = LineScope {
        service: Some(service.clone()),
        head: None,
        fund: None,
        kind: None,
    };
    let is_of = |other: Option<&ServiceRef>| {
        other.is_some_and(|other| other.service_id == service.as_str())
    };
    let of_lines =
        |lines: Option<&LineSet>| lines.is_some_and(|lines| is_of(lines.service.as_ref()));
    let has_budget = year.budget.rows.iter().any(|row| scope.covers(&row.head));
    let amounts = amounts::of_lines(&year.budget, &year.reports, &scope);
    let printed = |totals: Vec<StatedFigure>| -> Vec<StatedFigure> {
        let totals = totals.into_iter();
        totals
            .filter(|total| of_lines(total.lines.as_ref()))
            .collect()
    };
    let variances = |variances: Vec<VarianceFigure>| -> Vec<VarianceFigure> {
        let variances = variances.into_iter();
        variances
            .filter(|one| of_lines(one.lines.as_ref()))
            .collect()
    };
    let reported = |views: Vec<YearFigure>, reports: &[YearReport<'_>]| -> Vec<YearFigure> {
        let pairs = views.into_iter().zip(reports);
        let of_service = pairs.map(|(view, report)| {
            let figure = report.of_lines(&scope);
            let of_budget = report.budget.sum(|row| scope.covers(&row.head)).revised();
            let both = figure.zip(of_budget);
            YearFigure {
                total_pence: reply::optional_pence(figure),
                figure_pence: figure.map(Pence::get),
                compared_pence: both.map(|(figure, _)| figure.get()),
                budget_pence: both.map(|(_, budget)| budget.get()),
                against_budget_pence: both.map(|(figure, budget)| (figure - budget).get()),
                is_whole: figure.is_some(),
                left_out: Vec::new(),
                unbudgeted: Vec::new(),
                lines: view
                    .lines
                    .into_iter()
                    .filter(|line| {
                        let head = line.head.as_ref();
                        head.is_some_and(|head| head.service_id == service.as_str())
                    })
                    .collect(),
                stated: printed(view.stated),
                variances: variances(view.variances),
                ..view
            }
        });
        let says_something = |view: &YearFigure| {
            view.figure_pence.is_some()
                || !(view.lines.is_empty() && view.stated.is_empty() && view.variances.is_empty())
        };
        of_service.filter(says_something).collect()
    };
    let reports = &year.reports;
    BudgetYear {
        total_pence: amounts.revised_pence.filter(|_| has_budget),
        stated: printed(whole.printed.clone()),
        printed: printed(whole.printed),
        forecasts: reported(whole.forecasts, &reports.forecasts),
        outturns: reported(whole.outturns, &reports.outturns),
        to_date: reported(whole.to_date, &reports.to_date),
        committed: reported(whole.committed, &reports.committed),
        amounts: Some(amounts),
        groups: whole
            .groups
            .into_iter()
            .filter(|group| of_lines(group.lines.as_ref()))
            .collect(),
        changes: whole
            .changes
            .into_iter()
            .filter(|change| {
                let head = change.head.as_ref();
                head.is_some_and(|head| head.service_id == service.as_str())
            })
            .collect(),
        beside: whole
            .beside
            .into_iter()
            .filter(|beside| is_of(beside.service.as_ref()))
            .collect(),
        grants: whole
            .grants
            .into_iter()
            .filter(|grant| grant.service_id == service.as_str())
            .collect(),
        schedules: Vec::new(),
        undivided: None,
        ..whole
    }
}
