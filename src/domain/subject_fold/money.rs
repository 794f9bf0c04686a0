//! The fold of events about money.

use crate::event::GrantAwarded;
use crate::fact::Fact;
use crate::subject::Subject;

pub(super) fn grant_awarded(subject: &mut Subject, fact: Fact<GrantAwarded>) {
    subject.dossier.grants.insert(fact.grant.clone(), fact);
}
