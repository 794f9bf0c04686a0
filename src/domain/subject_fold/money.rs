//! The fold of events about money.

use crate::domain::event::GrantAwarded;
use crate::domain::fact::Fact;
use crate::domain::subject::Subject;

pub(super) fn grant_awarded(subject: &mut Subject, fact: Fact<GrantAwarded>) {
    subject.dossier.grants.insert(fact.grant.clone(), fact);
}
