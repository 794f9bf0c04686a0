//! The fold of events about bodies, and of aliases.

use crate::event::{
    AliasAdded, BodyRegistered, BodyRenamed, BodySucceeded, CapacityGained, CapacityLost,
    IdentifierAdded, OfficeRenamed,
};
use crate::fact::Fact;
use crate::subject::Subject;

pub(super) fn body_registered(subject: &mut Subject, fact: Fact<BodyRegistered>) {
    if let Some(body) = subject.as_body_mut() {
        body.registered = Some(fact);
    }
}

pub(super) fn body_succeeded(subject: &mut Subject, fact: Fact<BodySucceeded>) {
    if let Some(body) = subject.as_body_mut() {
        match fact.scope {
            None => body.succeeded.insert(fact),
            Some(_) => body.passed.insert(fact),
        }
    }
}

pub(super) fn body_renamed(subject: &mut Subject, fact: Fact<BodyRenamed>) {
    if let Some(body) = subject.as_body_mut() {
        body.renamed.insert(fact);
    }
}

pub(super) fn identifier_added(subject: &mut Subject, fact: Fact<IdentifierAdded>) {
    if let Some(body) = subject.as_body_mut() {
        body.identifiers.insert(fact);
    }
}

pub(super) fn capacity_gained(subject: &mut Subject, fact: Fact<CapacityGained>) {
    if let Some(body) = subject.as_body_mut() {
        body.capacities_gained.insert(fact);
    }
}

pub(super) fn capacity_lost(subject: &mut Subject, fact: Fact<CapacityLost>) {
    if let Some(body) = subject.as_body_mut() {
        body.capacities_lost.insert(fact);
    }
}

pub(super) fn office_renamed(subject: &mut Subject, fact: Fact<OfficeRenamed>) {
    if let Some(body) = subject.as_body_mut() {
        body.offices_renamed.insert(fact);
    }
}

pub(super) fn alias_added(subject: &mut Subject, fact: Fact<AliasAdded>) {
    subject.dossier.aliases.insert(fact);
}
