//! The fold of events about budgets.

use crate::event::{
    BudgetAdjusted, BudgetApproved, BudgetHeadDefined, ForecastReported, OutturnReported,
};
use crate::fact::Fact;
use crate::subject::Subject;

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

pub(super) fn budget_adjusted(subject: &mut Subject, fact: Fact<BudgetAdjusted>) {
    subject.dossier.adjustments.insert(fact.id.clone(), fact);
}

pub(super) fn budget_head_defined(subject: &mut Subject, fact: Fact<BudgetHeadDefined>) {
    let id = fact.id.clone();
    subject.dossier.heads.entry(id).or_default().insert(fact);
}
