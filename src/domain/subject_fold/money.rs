//! The fold of events about money.

use crate::domain::event::{
    BudgetApproved, ForecastReported, FundingFormulaSet, GrantAwarded, OutturnReported,
};
use crate::domain::fact::Fact;
use crate::domain::subject::Subject;

pub(super) fn funding_formula_set(subject: &mut Subject, fact: Fact<FundingFormulaSet>) {
    let key = (fact.service.clone(), fact.year);
    subject
        .dossier
        .formulas
        .entry(key)
        .or_default()
        .insert(fact);
}

pub(super) fn budget_approved(subject: &mut Subject, fact: Fact<BudgetApproved>) {
    let key = (fact.budget.clone(), fact.figures.year);
    subject.dossier.budgets.entry(key).or_default().insert(fact);
}

pub(super) fn forecast_reported(subject: &mut Subject, fact: Fact<ForecastReported>) {
    let key = fact.figures.year;
    subject
        .dossier
        .forecasts
        .entry(key)
        .or_default()
        .insert(fact);
}

pub(super) fn outturn_reported(subject: &mut Subject, fact: Fact<OutturnReported>) {
    let key = fact.figures.year;
    subject
        .dossier
        .outturns
        .entry(key)
        .or_default()
        .insert(fact);
}

pub(super) fn grant_awarded(subject: &mut Subject, fact: Fact<GrantAwarded>) {
    subject.dossier.grants.insert(fact.grant.clone(), fact);
}
