//! The fold of events about delegations.

use super::with;
use crate::dossier::Delegation;
use crate::event::{DelegationMade, DelegationRevoked};
use crate::fact::Fact;
use crate::subject::Subject;

pub(super) fn delegation_made(subject: &mut Subject, fact: Fact<DelegationMade>) {
    let id = fact.delegation.clone();
    subject
        .dossier
        .delegations
        .insert(id, Delegation::new(fact));
}

pub(super) fn delegation_revoked(subject: &mut Subject, fact: Fact<DelegationRevoked>) {
    let id = fact.delegation.clone();
    with(&mut subject.dossier.delegations, &id, |delegation| {
        delegation.revoked.insert(fact);
    });
}
