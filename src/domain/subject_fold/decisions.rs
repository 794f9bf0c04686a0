//! The fold of events about proposals, votes, decisions and actions.

use super::with;
use crate::dossier::{Action, Decision, DecisionSource, Proposal, ProposalSource};
use crate::event::{
    ActionAgreed, ActionClosed, ConditionSettled, DecisionMade, DecisionPublished,
    DecisionWithheld, ExternalDecisionReceived, MatterProposed, OutcomeNotKnown, ProposalWithdrawn,
    VoteCast,
};
use crate::fact::Fact;
use crate::proposal::OnProposal;
use crate::subject::Subject;

pub(super) fn matter_proposed(subject: &mut Subject, fact: Fact<MatterProposed>) {
    let proposal = Proposal::new(ProposalSource::Matter(fact.clone()));
    subject.dossier.proposals.insert(fact.proposal, proposal);
}

pub(super) fn vote_cast(subject: &mut Subject, fact: Fact<VoteCast>) {
    add_opinion(subject, fact);
}

pub(super) fn decision_made(subject: &mut Subject, fact: Fact<DecisionMade>) {
    let decision = Decision::new(DecisionSource::Made(fact.clone()));
    let id = fact.decision.clone();
    subject.dossier.decisions.insert(id, decision);
    add_opinion(subject, fact);
}

pub(super) fn external_decision_received(
    subject: &mut Subject,
    fact: Fact<ExternalDecisionReceived>,
) {
    if let Some(id) = &fact.decision {
        let decision = Decision::new(DecisionSource::External(fact.clone()));
        subject.dossier.decisions.insert(id.clone(), decision);
    }
    add_opinion(subject, fact);
}

pub(super) fn proposal_withdrawn(subject: &mut Subject, fact: Fact<ProposalWithdrawn>) {
    let id = fact.proposal;
    with(&mut subject.dossier.proposals, &id, |proposal| {
        proposal.withdrawn.insert(fact);
    });
}

pub(super) fn action_agreed(subject: &mut Subject, fact: Fact<ActionAgreed>) {
    let id = fact.action.clone();
    subject.dossier.actions.insert(id, Action::new(fact));
}

pub(super) fn action_closed(subject: &mut Subject, fact: Fact<ActionClosed>) {
    let id = fact.action.clone();
    with(&mut subject.dossier.actions, &id, |action| {
        action.closed.insert(fact);
    });
}

pub(super) fn decision_published(subject: &mut Subject, fact: Fact<DecisionPublished>) {
    let id = fact.decision.clone();
    with(&mut subject.dossier.decisions, &id, |decision| {
        decision.published.insert(fact);
    });
}

pub(super) fn decision_withheld(subject: &mut Subject, fact: Fact<DecisionWithheld>) {
    let id = fact.decision.clone();
    with(&mut subject.dossier.decisions, &id, |decision| {
        decision.withheld.insert(fact);
    });
}

pub(super) fn condition_settled(subject: &mut Subject, fact: Fact<ConditionSettled>) {
    let id = fact.decision.clone();
    with(&mut subject.dossier.decisions, &id, |decision| {
        decision.conditions_settled.insert(fact);
    });
}

pub(super) fn outcome_not_known(subject: &mut Subject, fact: Fact<OutcomeNotKnown>) {
    let id = fact.proposal;
    with(&mut subject.dossier.proposals, &id, |proposal| {
        proposal.outcome_not_known.insert(fact);
    });
}

/// Adds a vote, decision or answer to the proposal that it names, where it names
/// one.
pub(super) fn add_opinion<T: OnProposal>(subject: &mut Subject, fact: Fact<T>) {
    if let Some(id) = fact.proposal() {
        with(&mut subject.dossier.proposals, &id, |proposal| {
            T::add(fact, proposal);
        });
    }
}
