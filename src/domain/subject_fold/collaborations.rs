//! The fold of events about a collaboration as a whole.

use super::with;
use crate::event::{
    CollaborationEnded, CollaborationEstablished, DependencyNoted, LeadAppointed,
    OpportunityConsidered, PartyJoined,
};
use crate::fact::Fact;
use crate::ids::InstrumentId;
use crate::subject::Subject;

pub(super) fn collaboration_established(
    subject: &mut Subject,
    fact: Fact<CollaborationEstablished>,
) {
    if let Some(collaboration) = subject.as_collaboration_mut() {
        collaboration.establish(fact);
    }
}

pub(super) fn party_joined(subject: &mut Subject, fact: Fact<PartyJoined>) {
    if let Some(collaboration) = subject.as_collaboration_mut() {
        collaboration.join(&fact);
    }
    if let Some(id) = &fact.instrument {
        with(&mut subject.dossier.instruments, id, |instrument| {
            instrument.accessions.insert(fact.clone());
        });
    }
}

pub(super) fn lead_appointed(subject: &mut Subject, fact: Fact<LeadAppointed>) {
    if let Some(collaboration) = subject.as_collaboration_mut() {
        collaboration.appoint(&fact);
    }
}

pub(super) fn opportunity_considered(subject: &mut Subject, fact: Fact<OpportunityConsidered>) {
    if let Some(collaboration) = subject.as_collaboration_mut() {
        let id = fact.opportunity.clone();
        collaboration
            .opportunities
            .entry(id)
            .or_default()
            .insert(fact);
    }
}

pub(super) fn dependency_noted(subject: &mut Subject, fact: Fact<DependencyNoted>) {
    subject
        .dossier
        .dependencies
        .insert(fact.dependency.clone(), fact);
}

pub(super) fn collaboration_ended(subject: &mut Subject, fact: Fact<CollaborationEnded>) {
    let instruments = &mut subject.dossier.instruments;
    let ids: Vec<InstrumentId> = instruments.keys().cloned().collect();
    for id in ids.iter().filter(|id| !fact.surviving.contains(id)) {
        with(instruments, id, |instrument| {
            instrument.ended_with.insert(fact.clone());
        });
    }
    if let Some(collaboration) = subject.as_collaboration_mut() {
        collaboration.ended.insert(fact);
    }
}
