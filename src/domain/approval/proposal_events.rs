//! The events of a proposal, in the order in which they take effect.

use std::sync::Arc;

use super::approval_context::ApprovalContext;
use super::carried_period::Interruption;
use super::delegated::decides_for;
use super::opinion::Opinion;
use crate::dossier::{Decision, Proposal};
use crate::entry::Entry;
use crate::event::{
    CallInOutcome, ChallengeStep, DecisionMade, ExternalDecisionReceived, OutcomeNotKnown,
    ProposalWithdrawn,
};
use crate::fact::{EffectiveOrder, Fact};
use crate::ids::ItemId;

#[derive(Clone)]
pub(super) enum ProposalEvent<'a> {
    Opinion(Opinion<'a>),
    /// A decision that neither approves nor rejects.
    Decision(&'a Fact<DecisionMade>),
    ExternalAnswer(&'a Fact<ExternalDecisionReceived>),
    Withdrawal(&'a Fact<ProposalWithdrawn>),
    OutcomeNotKnown(&'a Fact<OutcomeNotKnown>),
    /// A decision that waits may count now, or fall: a condition of it was settled, or the
    /// day has come from which it is in force.
    MayCount(&'a Arc<Entry>),
    /// A decision does not count for the time being.
    Suspended(DecisionEvent<'a>),
    /// It counts again.
    Restored(DecisionEvent<'a>),
    /// It does not count any more.
    Removed(DecisionEvent<'a>),
}

impl<'a> ProposalEvent<'a> {
    /// The entry that records it.
    pub const fn entry(&self) -> &'a Arc<Entry> {
        match self {
            Self::Opinion(opinion) => opinion.entry,
            Self::Decision(fact) => &fact.source.entry,
            Self::ExternalAnswer(fact) => &fact.source.entry,
            Self::Withdrawal(fact) => &fact.source.entry,
            Self::OutcomeNotKnown(fact) => &fact.source.entry,
            Self::MayCount(entry) => entry,
            Self::Suspended(event) | Self::Restored(event) | Self::Removed(event) => event.by,
        }
    }
}

/// An event in the course of a decision.
#[derive(Clone)]
pub(super) struct DecisionEvent<'a> {
    pub decision: &'a ItemId,
    pub cause: Interruption,
    pub by: &'a Arc<Entry>,
    /// Whether the matter itself is rejected by it.
    pub rejects: bool,
}

/// The events of a proposal before a point in the order.
pub(super) fn proposal_events<'a>(
    context: &ApprovalContext<'a>,
    proposal: &'a Proposal,
    until: EffectiveOrder,
) -> Vec<(EffectiveOrder, ProposalEvent<'a>)> {
    let dossier = &context.subject.dossier;
    let mut events: Vec<(EffectiveOrder, ProposalEvent<'_>)> = Vec::new();
    let mut add = |order, event| events.push((order, event));
    for fact in proposal.votes.iter() {
        let event = ProposalEvent::Opinion(Opinion::vote(fact));
        add(fact.effective_order(), event);
    }
    let mut decided: Vec<Opinion<'a>> = Vec::new();
    for fact in proposal.decisions.iter() {
        match Opinion::decision(fact) {
            Some(opinion) => decided.push(opinion),
            None => add(fact.effective_order(), ProposalEvent::Decision(fact)),
        }
    }
    decided.extend(proposal.virement_approvals.iter().map(Opinion::virement));
    for opinion in &mut decided {
        let (entry, order) = (opinion.entry, opinion.order);
        let giver = decides_for(context, proposal, entry, order);
        match (giver, opinion.board) {
            (Some(giver), None) => *opinion = opinion.on_behalf_of(giver),
            (giver, Some(_)) => opinion.also_for = giver,
            (None, None) => {}
        }
    }
    for fact in proposal.external.iter() {
        add(fact.effective_order(), ProposalEvent::ExternalAnswer(fact));
        let id = fact.decision.as_ref();
        if let Some(decision) = id.and_then(|id| dossier.decisions.get(id)) {
            decision_events(decision, id, until, &mut add);
        }
    }
    for fact in proposal.withdrawn.iter() {
        add(fact.effective_order(), ProposalEvent::Withdrawal(fact));
    }
    for fact in proposal.outcome_not_known.iter() {
        add(fact.effective_order(), ProposalEvent::OutcomeNotKnown(fact));
    }
    for opinion in decided {
        if let Some(from) = opinion.in_force_from
            && from.first_day() > opinion.order.day
        {
            let order = EffectiveOrder {
                day: from.first_day(),
                ..opinion.order
            };
            add(order, ProposalEvent::MayCount(opinion.entry));
        }
        let id = opinion.decision;
        add(opinion.order, ProposalEvent::Opinion(opinion));
        if let Some(decision) = id.and_then(|id| dossier.decisions.get(id)) {
            decision_events(decision, id, until, &mut add);
        }
    }
    events.retain(|(order, _)| *order < until);
    events.sort_by_cached_key(|(order, _)| *order);
    events
}

/// The events in the course of a decision that change whether it counts.
fn decision_events<'a>(
    decision: &'a Decision,
    id: Option<&'a ItemId>,
    until: EffectiveOrder,
    add: &mut impl FnMut(EffectiveOrder, ProposalEvent<'a>),
) {
    let Some(id) = id else { return };
    for fact in decision.conditions_settled.iter() {
        add(
            fact.effective_order(),
            ProposalEvent::MayCount(&fact.source.entry),
        );
    }
    let event = |cause, by| DecisionEvent {
        decision: id,
        cause,
        by,
        rejects: false,
    };
    for (call_in, course) in &decision.call_ins {
        let called = &course.called;
        let cause = Interruption::CalledIn(call_in.clone());
        let suspended = event(cause.clone(), &called.source.entry);
        add(
            called.effective_order(),
            ProposalEvent::Suspended(suspended),
        );
        for fact in course.settled.iter() {
            // Until the full council has answered, it stays suspended.
            if fact.outcome == CallInOutcome::ReferredToCouncil {
                continue;
            }
            let entry = &fact.source.entry;
            let settled = if fact.outcome.restores() {
                ProposalEvent::Restored(event(cause.clone(), entry))
            } else {
                ProposalEvent::Removed(DecisionEvent {
                    rejects: fact.outcome == CallInOutcome::Rescinded,
                    ..event(Interruption::SentBack(call_in.clone()), entry)
                })
            };
            add(fact.effective_order(), settled);
        }
    }
    for (challenge, course) in &decision.challenges {
        let stay = Interruption::Stayed(challenge.clone());
        let undertaking = Interruption::Undertaken(challenge.clone());
        let quashed = course.quashed_before(until);
        // Quashed from the start, it never counted: it is left out altogether.
        if quashed.is_some_and(|fact| fact.quashed_from.is_none()) {
            continue;
        }
        for fact in course.steps.iter() {
            let (order, entry) = (fact.effective_order(), &fact.source.entry);
            let suspended = match fact.step {
                ChallengeStep::Stayed => Some(&stay),
                ChallengeStep::UndertakingGiven => Some(&undertaking),
                _ => None,
            };
            if let Some(cause) = suspended {
                add(order, ProposalEvent::Suspended(event(cause.clone(), entry)));
            } else if fact.ends_stay() {
                for cause in [&stay, &undertaking] {
                    add(order, ProposalEvent::Restored(event(cause.clone(), entry)));
                }
            }
        }
        if let Some(fact) = quashed
            && let Some(from) = fact.quashed_from
        {
            let order = EffectiveOrder {
                day: from.first_day(),
                position: fact.effective_order().position,
            };
            let cause = Interruption::Quashed(challenge.clone());
            let quashed = event(cause, &fact.source.entry);
            add(order, ProposalEvent::Removed(quashed));
        }
    }
}
