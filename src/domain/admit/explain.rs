//! Explanations: which approval rule applies to an event, whose agreement is still
//! missing, and whether admission would take it. Nothing is recorded.

use std::sync::Arc;

use super::event_check::FINDINGS_MAX;
use super::judge::judge;
use super::late_entries::{LateFault, contradictions};
use super::next_entry::{Context, Origin, next_entry};
use crate::approval::{ApprovalContext, Regime, RequirementStatus, Resolution, judge_new_act};
use crate::caller::Caller;
use crate::dossier::{Proposal, ProposalSource};
use crate::entry::Entry;
use crate::event::{Event, Kind};
use crate::fact::{EffectiveEntry, EffectiveOrder, Fact};
use crate::fault::Fault;
use crate::ids::{ProposalId, RequestId};
use crate::money::Pence;
use crate::register::Register;
use crate::subject_fold;

/// The explanation of one event.
#[derive(Debug, Clone)]
pub struct EventExplanation {
    /// The entry that it would become.
    pub entry: Arc<Entry>,
    /// `None` for an event that is no proposal, vote, decision or act.
    pub regime: Option<Regime>,
    /// The proposal that it makes, is about or relies on.
    pub proposal: Option<ProposalId>,
    /// The resolution of that proposal before the event.
    pub resolution: Option<Resolution>,
    /// Who must agree, has agreed and is awaited; for a vote, with that vote.
    pub requirement: Option<RequirementStatus>,
    /// The amount that is left of the approval on which it draws.
    pub left: Option<Pence>,
    /// For an act: whether its approval is prior to it only on some days of dates that are
    /// not full.
    pub rests_on_unknown_day: bool,
    /// The faults, each with its field.
    pub faults: Vec<(String, Fault)>,
}

/// Explains events, each after those before it. Returns the register with all of them,
/// whether admission would take them or not.
///
/// Once [`FINDINGS_MAX`] faults are listed, each further event that has any lists only
/// its first.
pub fn explain(
    register: &Register,
    events: &[Event],
    caller: &Caller,
    context: &Context,
) -> (Vec<EventExplanation>, Register) {
    let mut register = register.clone();
    let nobody: Arc<str> = "".into();
    let origin = Origin {
        caller,
        stated: None,
        recorded_by: &nobody,
        request: RequestId::new(uuid::Uuid::nil()),
        count: u32::try_from(events.len()).unwrap_or(u32::MAX),
    };
    let mut explanations = Vec::with_capacity(events.len());
    let mut listed = 0;
    for (index, event) in events.iter().enumerate() {
        let next = next_entry(&register, event, context, &origin, index);
        let entry = next.entry;
        let mut faults = match next.fault {
            Some(fault) => vec![fault],
            None => judge(&register, &entry, entry.position),
        };
        faults.truncate(FINDINGS_MAX.saturating_sub(listed).max(1));
        listed += faults.len();
        let mut explanation = EventExplanation {
            entry: Arc::clone(&entry),
            regime: None,
            proposal: None,
            resolution: None,
            requirement: None,
            left: None,
            rests_on_unknown_day: false,
            faults,
        };
        explain_approval(&mut explanation, &register);
        register.apply(entry);
        explanations.push(explanation);
    }
    let entries: Vec<Arc<Entry>> = explanations
        .iter()
        .map(|explained| Arc::clone(&explained.entry))
        .collect();
    for LateFault { late, fault } in contradictions(&register, &entries) {
        let mut explained = explanations.iter_mut();
        if let Some(explained) = explained.find(|explained| explained.entry.position == late) {
            let field = LateFault::FIELD.to_owned();
            explained.faults.push((field, fault));
        }
    }
    (explanations, register)
}

/// Adds how the approval rules apply to an entry before it is folded.
fn explain_approval(explanation: &mut EventExplanation, register: &Register) {
    let entry = EffectiveEntry::uncorrected(Arc::clone(&explanation.entry));
    let event = &entry.entry.event;
    let Some(subject) = register.followed_subject(&event.subject) else {
        return;
    };
    let context = ApprovalContext {
        lookup: register,
        id: &event.subject,
        subject: &subject,
    };
    let order = entry.effective_order();
    match &event.kind {
        Kind::MatterProposed(event) => {
            let id = event.proposal;
            let fact = Fact::new(entry.clone(), Arc::clone(event));
            let proposal = Proposal::new(ProposalSource::Matter(fact));
            explain_proposal(explanation, &context, id, &proposal, order);
        }
        Kind::VirementRequested(event) => {
            let id = event.proposal;
            let fact = Fact::new(entry.clone(), Arc::clone(event));
            let proposal = Proposal::new(ProposalSource::Virement(fact));
            explain_proposal(explanation, &context, id, &proposal, order);
        }
        Kind::VoteCast(event) => explain_vote(explanation, &context, event.proposal, &entry),
        Kind::DecisionMade(event) => {
            if let Some(id) = event.proposal {
                explain_vote(explanation, &context, id, &entry);
            }
        }
        Kind::VirementApproved(event) => {
            explain_vote(explanation, &context, event.proposal, &entry);
        }
        Kind::ExternalDecisionReceived(event) => {
            explain_vote(explanation, &context, event.proposal, &entry);
        }
        _ => explain_act(explanation, &context, order),
    }
}

/// A proposal before the first vote.
fn explain_proposal(
    explanation: &mut EventExplanation,
    context: &ApprovalContext<'_>,
    id: ProposalId,
    proposal: &Proposal,
    order: EffectiveOrder,
) {
    let status = context.status_after(id, proposal, order);
    explanation.proposal = Some(id);
    explanation.requirement = status.requirement;
    explanation.regime = Some(status.regime);
}

/// A vote, decision or answer: the status of its proposal with it.
fn explain_vote(
    explanation: &mut EventExplanation,
    context: &ApprovalContext<'_>,
    id: ProposalId,
    entry: &EffectiveEntry,
) {
    explanation.proposal = Some(id);
    let Some(proposal) = context.subject.dossier.proposals.get(&id) else {
        return;
    };
    let order = entry.effective_order();
    explanation.resolution = Some(context.status_before(id, proposal, order).resolution);
    let mut with_vote = proposal.clone();
    subject_fold::add_opinion(&mut with_vote, entry.clone());
    let after = context.status_after(id, &with_vote, order);
    explanation.requirement = after.requirement;
    explanation.regime = Some(after.regime);
}

/// An act: the proposal that it relies on, or would need.
fn explain_act(
    explanation: &mut EventExplanation,
    context: &ApprovalContext<'_>,
    order: EffectiveOrder,
) {
    let entry = Arc::clone(&explanation.entry);
    let (Some(act), Some(verdict)) = (
        entry.event.kind.act(),
        judge_new_act(context, &entry, order),
    ) else {
        return;
    };
    explanation.proposal = verdict.proposal;
    explanation.left = verdict.left;
    explanation.rests_on_unknown_day = verdict.rests_on_unknown_day;
    let proposal = verdict
        .proposal
        .and_then(|id| Some((id, context.subject.dossier.proposals.get(&id)?)));
    match proposal {
        Some((id, proposal)) => {
            let status = context.status(id, proposal, order.day);
            explanation.resolution = Some(status.resolution);
            explanation.requirement = status.requirement;
        }
        None => {
            explanation.requirement =
                context.requirement_before_votes(act, &verdict.regime, order.day);
        }
    }
    explanation.regime = Some(verdict.governing);
}
