//! Printed totals and variances of figures, beside what the figures come to.

use super::reports::{YearReport, lines_of};
use crate::names;
use crate::totals::Totals;
use minutebook_domain::budget::Heads;
use minutebook_domain::event::{Figures, LineScope, Scope, StatedVariance, VarianceSign};
use minutebook_domain::ids::SubjectId;
use minutebook_domain::money::Pence;
use minutebook_domain::register_view::RegisterView;
use minutebook_wire::proto::{LineSet, StatedFigure, VarianceFigure};
use minutebook_wire::reply;

/// Every printed total of figures, each with its difference from what they come to.
pub(super) fn totals(
    register_view: &RegisterView,
    id: &SubjectId,
    figures: &Figures,
    heads: &Heads<'_>,
) -> Vec<StatedFigure> {
    let computed = Totals::of(figures).with(heads);
    let stated = figures.stated.iter();
    let views = stated.map(|total| {
        let amount = computed.computed(&total.scope);
        let contradicted = amount.filter(|amount| total.is_contradicted_by(*amount));
        StatedFigure {
            stated_pence: total.amount.get(),
            difference_pence: contradicted.map_or(0, |amount| (amount - total.amount).get()),
            place: total.place.to_string(),
            amount_is: reply::amount_is(total.amount_is),
            lines: lines_of(&total.scope).map(|lines| line_set(register_view, id, &lines)),
            body: body_of(&total.scope).map(|body| names::body(register_view, body)),
            is_compared: amount.is_some(),
        }
    });
    views.collect()
}

pub(super) fn variances(
    register_view: &RegisterView,
    id: &SubjectId,
    report: &YearReport<'_>,
) -> Vec<VarianceFigure> {
    let printed = report.figures.variances.iter();
    let views = printed.map(|printed| VarianceFigure {
        lines: variance_lines(&printed.scope).map(|lines| line_set(register_view, id, &lines)),
        body: body_of(&printed.scope).map(|body| names::body(register_view, body)),
        stated_pence: printed.amount.get(),
        sign: reply::variance_sign(printed.sign),
        stated_ppm: printed.share_ppm.unwrap_or_default(),
        computed_pence: computed(report, printed).map(Pence::get),
        difference_pence: computed(report, printed)
            .filter(|computed| printed.is_contradicted_by(*computed))
            .map(|computed| (computed - printed.amount).get()),
        computed_ppm: computed_share(report, printed),
        place: printed.place.to_string(),
        amount_is: reply::amount_is(printed.amount_is),
    });
    views.collect()
}

/// The lines that a variance is about; for one of a body in a service, those of the
/// service.
fn variance_lines(scope: &Scope) -> Option<LineScope> {
    match scope {
        Scope::Cell(_, service) => lines_of(&Scope::Service(service.clone())),
        _ => lines_of(scope),
    }
}

/// The variance of the part that a printed one is about, with the sign of the printed one;
/// `None` where the report or the budget does not give that part.
pub(crate) fn computed(report: &YearReport<'_>, printed: &StatedVariance) -> Option<Pence> {
    compared(report, printed).map(|(figure, budget)| signed(printed, figure - budget))
}

/// The same as a share of the budget, in millionths.
pub(crate) fn computed_share(report: &YearReport<'_>, printed: &StatedVariance) -> Option<i64> {
    let (figure, budget) = compared(report, printed)?;
    signed(printed, figure - budget).signed_share_of(budget)
}

fn signed(printed: &StatedVariance, spent_less_budget: Pence) -> Pence {
    match printed.sign {
        VarianceSign::SpentLessBudget => spent_less_budget,
        VarianceSign::BudgetLessSpent => -spent_less_budget,
    }
}

/// The figure and the budget of the part that a printed variance is about.
fn compared(report: &YearReport<'_>, printed: &StatedVariance) -> Option<(Pence, Pence)> {
    match &printed.scope {
        Scope::Whole => report
            .comparison
            .compared
            .filter(|_| report.comparison.is_whole),
        Scope::Body(_) | Scope::Cell(..) => {
            let budget = report.budget.budget?;
            let of = |figures| Totals::of(figures).computed(&printed.scope);
            Some((of(report.figures)?, of(&budget.figures)?))
        }
        Scope::Service(_) | Scope::Lines(_) => {
            let lines = lines_of(&printed.scope)?;
            let heads = &report.budget.heads;
            let budget = report.budget.sum(|row| heads.covers(&lines, &row.head));
            let budget = budget.revised()?;
            Some((report.of_lines(&lines)?, budget))
        }
    }
}

pub(crate) fn line_set(register_view: &RegisterView, id: &SubjectId, lines: &LineScope) -> LineSet {
    let service = lines.service.as_ref();
    LineSet {
        service: service.map(|service| names::service(register_view, id, service)),
        head: reply::optional(lines.head.as_ref()),
        fund: lines.fund.map_or(0, reply::fund_type),
        line_type: lines.kind.map_or(0, reply::line_type),
    }
}

const fn body_of(scope: &Scope) -> Option<&minutebook_domain::ids::BodyId> {
    match scope {
        Scope::Body(body) | Scope::Cell(body, _) => Some(body),
        Scope::Whole | Scope::Service(_) | Scope::Lines(_) => None,
    }
}
