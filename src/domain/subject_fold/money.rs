//! The fold of events about money.

use crate::domain::event::{GrantAwarded, SavingsPlanned, SavingsRealised};
use crate::domain::fact::Fact;
use crate::domain::subject::Subject;

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
