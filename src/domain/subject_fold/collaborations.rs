//! The fold of events about a collaboration as a whole.

use crate::domain::event::{
    CollaborationEnded, CollaborationEstablished, DependencyNoted, LeadAppointed,
    OpportunityConsidered, PartyJoined,
};
use crate::domain::fact::Fact;
use crate::domain::subject::Subject;

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
}

pub(super) fn lead_appointed(subject: &mut Subject, fact: Fact<LeadAppointed>) {
    if let Some(collaboration) = subject.as_collaboration_mut() {
        collaboration.appoint(&fact);
    }
}

pub(super) fn opportunity_considered(subject: &mut Subject, fact: Fact<OpportunityConsidered>) {
    if let Some(collaboration) = subject.as_collaboration_mut() {
        let id = fact.opportunity.clone();
        collaboration.opportunities.insert(id, fact);
    }
}

pub(super) fn dependency_noted(subject: &mut Subject, fact: Fact<DependencyNoted>) {
    subject
        .dossier
        .dependencies
        .insert(fact.dependency.clone(), fact);
}

pub(super) fn collaboration_ended(subject: &mut Subject, fact: Fact<CollaborationEnded>) {
    if let Some(collaboration) = subject.as_collaboration_mut() {
        collaboration.ended.insert(fact);
    }
}
