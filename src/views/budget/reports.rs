//! The reports on a year's budget: spent so far, committed, forecast, outturn.

use super::printed;
use crate::names;
use minutebook_domain::budget::latest_report::merged;
use minutebook_domain::budget::{Comparison, YearBudget, printed_lines};
use minutebook_domain::date::FinancialYear;
use minutebook_domain::dossier::{Dossier, is_outturn};
use minutebook_domain::event::{AmountBasis, Figures, Head, LineScope, OutturnStatus, Scope};
use minutebook_domain::fact::{EffectiveOrder, Fact};
use minutebook_domain::ids::{BudgetId, Position, SubjectId};
use minutebook_domain::money::Pence;
use minutebook_domain::register_view::RegisterView;
use minutebook_wire::proto::{self, BudgetHead, FigureLine, YearFigure};
use minutebook_wire::reply;

/// The reports on a budget in a year, each list oldest first.
#[derive(Default)]
pub(crate) struct Reports<'a> {
    pub to_date: Vec<YearReport<'a>>,
    pub committed: Vec<YearReport<'a>>,
    /// Outturns that are dated within the year among them: they rest on a projection.
    pub forecasts: Vec<YearReport<'a>>,
    pub outturns: Vec<YearReport<'a>>,
    /// The reports of each list made together, once the budget is put beside them.
    pub together: Together,
}

/// The last report of the whole of each list, with the lines that later ones give anew.
#[derive(Default)]
pub(crate) struct Together {
    pub to_date: Option<Comparison>,
    pub committed: Option<Comparison>,
    pub forecast: Option<Comparison>,
    pub outturn: Option<Comparison>,
}

/// One report, beside the budget of the day on which it was made.
pub(crate) struct YearReport<'a> {
    pub figures: &'a Figures,
    pub order: EffectiveOrder,
    pub comparison: Comparison,
    pub budget: YearBudget<'a>,
    basis: String,
    status: Option<OutturnStatus>,
    position: Position,
    view: YearFigure,
}

impl<'a> Reports<'a> {
    pub fn of(dossier: &'a Dossier, budget: Option<&BudgetId>, year: FinancialYear) -> Self {
        let mut reports = Self::default();
        for fact in dossier.forecasts_of(budget, year) {
            let basis = reply::optional(fact.basis.as_ref());
            let report = YearReport::new(dossier, budget, fact, &fact.figures, basis);
            match fact.figures.amount_basis {
                Some(AmountBasis::ToDate) => reports.to_date.push(report),
                Some(AmountBasis::Committed) => reports.committed.push(report),
                None => reports.forecasts.push(report),
            }
        }
        for fact in dossier.outturns_of(budget, year) {
            let is_outturn = is_outturn(fact);
            let basis = match is_outturn {
                true => String::new(),
                false => "called an outturn, before the end of the year".to_owned(),
            };
            let mut report = YearReport::new(dossier, budget, fact, &fact.figures, basis);
            report.status = fact.status;
            if is_outturn {
                reports.outturns.push(report);
            } else {
                reports.forecasts.push(report);
            }
        }
        reports.forecasts.sort_by_key(|report| report.order);
        reports
    }

    /// With the reports of each list made together beside the budget as it is now.
    pub fn beside(mut self, budget: &YearBudget<'_>) -> Self {
        let together = |reports: &[YearReport<'_>]| {
            let figures = merged(budget, reports.iter().map(|report| report.figures))?;
            Some(budget.compare(&figures))
        };
        self.together = Together {
            to_date: together(&self.to_date),
            committed: together(&self.committed),
            forecast: together(&self.forecasts),
            outturn: together(&self.outturns),
        };
        self
    }

    /// Every report, with its name.
    pub fn named(&self) -> impl Iterator<Item = (String, &YearReport<'a>)> {
        let named = |name: &'static str| move |report| (YearReport::name_or(report, name), report);
        let to_date = self.to_date.iter().map(named("spent to date"));
        let committed = self.committed.iter().map(named("committed"));
        let forecasts = self.forecasts.iter().map(named("forecast"));
        let outturns = self.outturns.iter().map(named("outturn"));
        to_date.chain(committed).chain(forecasts).chain(outturns)
    }

    /// The heads that the reports name and the budget does not, in order.
    pub fn heads(&self, budget: &YearBudget<'_>) -> Vec<Head> {
        let all = self.to_date.iter().chain(&self.committed);
        let all = all.chain(&self.forecasts).chain(&self.outturns);
        let mut heads: Vec<Head> = Vec::new();
        for report in all {
            for (head, _) in &report.comparison.lines {
                if budget.row(head).is_none() && !heads.contains(head) {
                    heads.push(head.clone());
                }
            }
        }
        heads
    }
}

/// The amount of one head by the last report that gives it.
pub(super) fn last_of_head(reports: &[YearReport<'_>], head: &Head) -> Option<Pence> {
    reports.iter().rev().find_map(|report| report.of_head(head))
}

/// The amount of several lines as the reports make it together, or by the last report that
/// gives all of it.
pub(super) fn last_of_lines(
    budget: &YearBudget<'_>,
    (reports, together): (&[YearReport<'_>], Option<&Comparison>),
    lines: &LineScope,
) -> Option<Pence> {
    let is_covered = |head: &Head| budget.heads.covers(lines, head);
    let together = together.and_then(|together| together.of_heads(budget, is_covered));
    let last = || {
        let mut reports = reports.iter().rev();
        reports.find_map(|report| report.of_lines(lines))
    };
    together.or_else(last)
}

impl<'a> YearReport<'a> {
    fn new<T>(
        dossier: &'a Dossier,
        budget: Option<&BudgetId>,
        fact: &Fact<T>,
        figures: &'a Figures,
        basis: String,
    ) -> Self {
        let last = EffectiveOrder::end_of(fact.on().last_day());
        let budget = YearBudget::until(dossier, budget, figures.year, last);
        Self {
            figures,
            order: fact.effective_order(),
            comparison: budget.compare(figures),
            budget,
            basis,
            status: None,
            position: fact.position(),
            view: YearFigure {
                reported_on: Some(reply::date(fact.on())),
                reported_on_is: reply::date_is(fact.is()),
                sources: reply::sources(&fact.source.entry.event.sources),
                position: fact.position().get(),
                ..YearFigure::default()
            },
        }
    }

    fn name_or(&self, name: &str) -> String {
        match self.basis.as_str() {
            "" => name.to_owned(),
            basis => basis.to_owned(),
        }
    }

    pub const fn position(&self) -> Position {
        self.position
    }

    pub fn sources(&self) -> Vec<proto::Source> {
        self.view.sources.clone()
    }

    fn of_head(&self, head: &Head) -> Option<Pence> {
        let lines = self.comparison.lines.iter();
        let own = lines.filter(|(line, _)| line == head);
        let own: Vec<Pence> = own.map(|(_, amount)| *amount).collect();
        (!own.is_empty()).then(|| own.into_iter().sum())
    }

    pub fn of_heads(&self, is_picked: impl Fn(&Head) -> bool) -> Option<Pence> {
        self.comparison.of_heads(&self.budget, is_picked)
    }

    /// The amount of some lines: their sum or, where they are not given one by one, a line
    /// of all of it or the total as printed.
    pub fn of_lines(&self, scope: &LineScope) -> Option<Pence> {
        if let Some(sum) = self.of_heads(|head| self.budget.heads.covers(scope, head)) {
            return Some(sum);
        }
        let LineScope { service, head, .. } = scope;
        let whole_service = service
            .as_ref()
            .filter(|_| head.is_none() && scope.kind.is_none());
        if let Some(service) = whole_service
            && let Some(amount) = self.of_head(&Head::of_service(service.clone()))
        {
            return Some(amount);
        }
        let mut stated = self.figures.stated.iter();
        let printed = stated.find(|total| lines_of(&total.scope).as_ref() == Some(scope));
        printed.map(|total| total.amount)
    }

    pub fn figure(&self, register_view: &RegisterView, id: &SubjectId) -> YearFigure {
        let (comparison, figures) = (&self.comparison, self.figures);
        let words = |heads: &[Head]| -> Vec<String> {
            let names = heads.iter().map(|head| in_words(register_view, id, head));
            names.collect()
        };
        YearFigure {
            total_pence: reply::optional_pence(comparison.total),
            figure_pence: comparison.total.map(Pence::get),
            basis: self.basis.clone(),
            against_budget_pence: comparison.variance().map(Pence::get),
            compared_pence: comparison.compared.map(|(figure, _)| figure.get()),
            budget_pence: comparison.compared.map(|(_, budget)| budget.get()),
            is_whole: comparison.is_whole,
            left_out: words(&comparison.left_out),
            unbudgeted: words(&comparison.unbudgeted),
            printed_unit_pence: reply::optional_pence(figures.printed_unit),
            up_to_on: reply::optional_date(figures.up_to),
            status: self.status.map_or(0, reply::outturn_status),
            lines: printed_lines(figures)
                .into_iter()
                .map(|(head, amount)| FigureLine {
                    head: Some(budget_head(&head)),
                    service_name: service_name(register_view, id, &head),
                    amount_pence: amount.get(),
                })
                .collect(),
            stated: printed::totals(register_view, id, figures, &self.budget.heads),
            variances: printed::variances(register_view, id, self),
            covers: figures.covers.as_ref().map(|covers| proto::Coverage {
                service_ids: reply::strings(&covers.services),
                body_ids: reply::strings(&covers.bodies),
                fund: covers.fund.map_or(0, reply::fund_type),
                line_type: covers.kind.map_or(0, reply::line_type),
            }),
            ..self.view.clone()
        }
    }
}

/// The lines that a scope is about; `None` for the whole, and for what bodies pay.
pub(crate) fn lines_of(scope: &Scope) -> Option<LineScope> {
    match scope {
        Scope::Lines(lines) => Some(lines.clone()),
        Scope::Service(service) => Some(LineScope {
            service: Some(service.clone()),
            head: None,
            fund: None,
            kind: None,
        }),
        Scope::Whole | Scope::Body(_) | Scope::Cell(..) => None,
    }
}

pub(crate) fn budget_head(head: &Head) -> BudgetHead {
    BudgetHead {
        service_id: reply::optional(head.service.as_ref()),
        head: reply::optional(head.head.as_ref()),
        fund: reply::fund_type(head.fund),
        is_income: head.is_income,
    }
}

pub(crate) fn service_name(register_view: &RegisterView, id: &SubjectId, head: &Head) -> String {
    let service = head.service.as_ref();
    let named = service.map(|service| names::service(register_view, id, service).name);
    named.unwrap_or_default()
}

/// `Major Crime: Pay (income)`.
pub(crate) fn in_words(register_view: &RegisterView, id: &SubjectId, head: &Head) -> String {
    let service = match service_name(register_view, id, head) {
        name if name.is_empty() => reply::optional(head.service.as_ref()),
        name => name,
    };
    let nothing = Head {
        service: None,
        head: None,
        ..head.clone()
    };
    let marks = nothing.to_string();
    let marks = marks.strip_prefix("the whole").unwrap_or_default();
    match &head.head {
        Some(head) if service.is_empty() => format!("{head}{marks}"),
        Some(head) => format!("{service}: {head}{marks}"),
        None => format!("{service}{marks}"),
    }
}
