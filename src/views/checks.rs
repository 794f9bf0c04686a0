//! Checks that a finance officer would run: money that does not add up, came late, or is on
//! record twice.

mod budgets;
mod twice;
mod years;

use std::collections::BTreeSet;

use super::names;
use minutebook_domain::budget::YearBudget;
use minutebook_domain::date::FinancialYear;
use minutebook_domain::dossier::Dossier;
use minutebook_domain::ids::{BudgetId, SubjectId};
use minutebook_domain::register_view::RegisterView;
use minutebook_wire::proto::{CheckKind, CheckView};
use minutebook_wire::reply;

/// The months after the end of a year in which its outturn is due, if none are asked for.
const OUTTURN_MONTHS: u32 = 3;

/// The checks that are asked for.
#[derive(Debug, Clone, Default)]
pub struct Asked {
    pub subject: Option<SubjectId>,
    pub year: Option<FinancialYear>,
    /// The months after the end of a year in which its outturn is due.
    pub outturn_months: Option<u32>,
}

/// The lines, by subject, year and kind.
pub fn list(register_view: &RegisterView, asked: &Asked) -> Vec<CheckView> {
    let mut checks = Vec::new();
    for (id, subject) in register_view.subjects_or(asked.subject.as_ref()) {
        let subject = Subject {
            register_view,
            id,
            dossier: &subject.dossier,
            line: CheckView {
                currency: reply::currency(subject.dossier.currency),
                subject: id.to_string(),
                subject_name: names::subject(register_view, id),
                ..CheckView::default()
            },
        };
        let months = asked.outturn_months.unwrap_or(OUTTURN_MONTHS);
        let mut of_subject = subject.budgets();
        of_subject.extend(subject.formulas());
        of_subject.extend(subject.years(months));
        of_subject.extend(subject.late_virements());
        of_subject.extend(subject.capital_to_revenue());
        of_subject.extend(subject.twice());
        let year = asked.year.map(|year| year.to_string());
        of_subject.retain(|check| {
            year.as_ref()
                .is_none_or(|year| check.financial_year == *year)
        });
        of_subject.sort_by(|a, b| {
            let key = |check: &CheckView| (check.financial_year.clone(), check.kind);
            key(a).cmp(&key(b))
        });
        checks.extend(of_subject);
    }
    checks
}

/// A subject whose money is checked.
struct Subject<'a> {
    register_view: &'a RegisterView,
    id: &'a SubjectId,
    dossier: &'a Dossier,
    line: CheckView,
}

impl<'a> Subject<'a> {
    fn line(&self, kind: CheckKind, year: FinancialYear, what: String) -> CheckView {
        CheckView {
            kind: kind.into(),
            financial_year: year.to_string(),
            what,
            ..self.line.clone()
        }
    }

    /// Every budget of every year, with its changes.
    fn year_budgets(&self) -> Vec<(Option<&'a BudgetId>, FinancialYear, YearBudget<'a>)> {
        let mut keys: BTreeSet<(Option<&BudgetId>, FinancialYear)> = BTreeSet::new();
        let budgets = self.dossier.budgets.keys();
        keys.extend(budgets.map(|(id, year)| (id.as_ref(), *year)));
        let years = self.dossier.virements_by_year.keys();
        keys.extend(years.map(|year| (None, *year)));
        let adjusted = self.dossier.adjustments.values();
        keys.extend(adjusted.map(|fact| (fact.budget.as_ref(), fact.year)));
        let budgets = keys.into_iter();
        let budgets = budgets.map(|(id, year)| (id, year, YearBudget::of(self.dossier, id, year)));
        budgets.collect()
    }
}

/// Which budget, in words; empty for the main one.
fn of_budget(id: Option<&BudgetId>) -> String {
    id.map_or_else(String::new, |id| format!(" of the budget {id}"))
}

fn budget_id(id: Option<&BudgetId>) -> String {
    reply::optional(id)
}
