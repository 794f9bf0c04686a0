//! The fold of events about money.

use crate::domain::event::{
    BudgetApproved, ForecastReported, GrantAwarded, OutturnReported, SavingsPlanned,
    SavingsRealised,
};
use crate::domain::fact::Fact;
use crate::domain::subject::Subject;

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

pub(super) fn savings_planned(subject: &mut Subject, fact: Fact<SavingsPlanned>) {
    subject
        .dossier
        .savings_planned
        .insert(fact.plan.clone(), fact);
}

pub(super) fn savings_realised(subject: &mut Subject, fact: Fact<SavingsRealised>) {
    subject
        .dossier
        .savings_realised
        .insert(fact.realised.clone(), fact);
}
