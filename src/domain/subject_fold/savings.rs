//! The fold of events about savings.

use super::with;
use crate::dossier::SavingsPlan;
use crate::event::{SavingsChanged, SavingsDropped, SavingsPlanned, SavingsRealised};
use crate::fact::Fact;
use crate::subject::Subject;

pub(super) fn savings_planned(subject: &mut Subject, fact: Fact<SavingsPlanned>) {
    let id = fact.plan.clone();
    subject
        .dossier
        .savings_plans
        .insert(id, SavingsPlan::new(fact));
}

pub(super) fn savings_changed(subject: &mut Subject, fact: Fact<SavingsChanged>) {
    let id = fact.plan.clone();
    with(&mut subject.dossier.savings_plans, &id, |plan| {
        plan.changed.insert(fact);
    });
}

pub(super) fn savings_dropped(subject: &mut Subject, fact: Fact<SavingsDropped>) {
    let id = fact.plan.clone();
    with(&mut subject.dossier.savings_plans, &id, |plan| {
        plan.dropped.insert(fact);
    });
}

pub(super) fn savings_realised(subject: &mut Subject, fact: Fact<SavingsRealised>) {
    subject
        .dossier
        .savings_realised
        .insert(fact.realised.clone(), fact);
}
