//! Explanations: which approval rule applies to an event, what is still missing,
//! and whether the door would take it. Nothing is recorded.

use std::sync::Arc;

use super::{Context, judge, made_entry};
use crate::domain::approval::{ApprovalContext, Regime, RequirementStatus, Resolution, verdict_on};
use crate::domain::dossier::{Proposal, ProposalSource};
use crate::domain::entry::Entry;
use crate::domain::event::{Event, Kind};
use crate::domain::fact::{EffectiveEntry, EffectiveOrder, Fact};
use crate::domain::fault::Fault;
use crate::domain::ids::{ProposalId, RequestId};
use crate::domain::money::Pence;
use crate::domain::register::Register;

/// What is said of one event.
#[derive(Debug, Clone)]
pub struct EventExplanation {
    /// The entry it would become.
    pub entry: Arc<Entry>,
    /// What governs it; `None` for an event that neither puts up a matter, nor
    /// speaks to one, nor may need approval.
    pub regime: Option<Regime>,
    /// The proposal it puts up, speaks to or rests on.
    pub proposal: Option<ProposalId>,
    /// What had come of that before.
    pub fate: Option<Resolution>,
    /// Who must agree, who has and who is awaited; with the event, for a word.
    pub need: Option<RequirementStatus>,
    /// What is left of the approval it draws on.
    pub left: Option<Pence>,
    /// The faults the door finds, each with its field.
    pub faults: Vec<(String, Fault)>,
}

/// Explains events, each with those before it; and the register as it would be
/// with all of them, taken or not.
pub fn explain(
    register: &Register,
    events: &[Event],
    context: &Context,
) -> (Vec<EventExplanation>, Register) {
    let mut register = register.clone();
    let recorded_by: Arc<str> = "explain".into();
    let size = u32::try_from(events.len()).unwrap_or(u32::MAX);
    let mut explained = Vec::with_capacity(events.len());
    for (index, event) in events.iter().enumerate() {
        let part = (u32::try_from(index).unwrap_or(u32::MAX), size);
        let request = RequestId::new(uuid::Uuid::nil());
        let entry = made_entry(&register, event, context, &recorded_by, request, part);
        let faults = judge(&register, &entry, entry.position);
        let place = (entry.effective_on().first_day(), entry.position);
        let mut said = about(&register, &entry, place);
        said.faults = faults;
        register.apply(Arc::clone(&entry));
        explained.push(said);
    }
    (explained, register)
}

/// What the approval rules say of an entry before it is folded.
fn about(register: &Register, entry: &Arc<Entry>, place: EffectiveOrder) -> EventExplanation {
    let mut said = EventExplanation {
        entry: Arc::clone(entry),
        regime: None,
        proposal: None,
        fate: None,
        need: None,
        left: None,
        faults: Vec::new(),
    };
    let event = &entry.event;
    let Some(subject) = register.subject(&event.subject) else {
        return said;
    };
    let sight = ApprovalContext {
        lookup: register,
        id: &event.subject,
        subject,
    };
    let told = || EffectiveEntry {
        entry: Arc::clone(entry),
        order: place.1,
    };
    match &event.kind {
        Kind::MatterProposed(what) => {
            let put = ProposalSource::Matter(Fact::new(told(), Arc::clone(what)));
            put_up(&mut said, &sight, what.proposal, &Proposal::new(put), place);
        }
        Kind::VirementRequested(what) => {
            let put = ProposalSource::Virement(Fact::new(told(), Arc::clone(what)));
            put_up(&mut said, &sight, what.proposal, &Proposal::new(put), place);
        }
        Kind::VoteCast(what) => {
            let fact = Fact::new(told(), Arc::clone(what));
            word(&mut said, &sight, what.proposal, place, |proposal| {
                proposal.votes.insert(fact);
            });
        }
        Kind::DecisionMade(what) => {
            if let Some(id) = what.proposal {
                let fact = Fact::new(told(), Arc::clone(what));
                word(&mut said, &sight, id, place, |proposal| {
                    proposal.decisions.insert(fact);
                });
            }
        }
        Kind::VirementApproved(what) => {
            let fact = Fact::new(told(), Arc::clone(what));
            word(&mut said, &sight, what.proposal, place, |proposal| {
                proposal.virement_approvals.insert(fact);
            });
        }
        Kind::ExternalDecisionReceived(what) => {
            let fact = Fact::new(told(), Arc::clone(what));
            word(&mut said, &sight, what.proposal, place, |proposal| {
                proposal.external.insert(fact);
            });
        }
        _ => carried_out(&mut said, &sight, entry, place),
    }
    said
}

/// A proposal, with nothing said on it yet.
fn put_up(
    said: &mut EventExplanation,
    sight: &ApprovalContext<'_>,
    id: ProposalId,
    proposal: &Proposal,
    place: EffectiveOrder,
) {
    let course = sight.status_after(id, proposal, place);
    said.proposal = Some(id);
    said.need = course.requirement;
    said.regime = Some(course.regime);
}

/// A word on a proposal: what it would come to.
fn word(
    said: &mut EventExplanation,
    sight: &ApprovalContext<'_>,
    id: ProposalId,
    place: EffectiveOrder,
    add: impl FnOnce(&mut Proposal),
) {
    said.proposal = Some(id);
    let Some(proposal) = sight.subject.dossier.proposals.get(&id) else {
        return;
    };
    said.fate = Some(sight.status_before(id, proposal, place).resolution);
    let mut with = proposal.clone();
    add(&mut with);
    let after = sight.status_after(id, &with, place);
    said.need = after.requirement;
    said.regime = Some(after.regime);
}

/// An act: what it rests on, or would have to.
fn carried_out(
    said: &mut EventExplanation,
    sight: &ApprovalContext<'_>,
    entry: &Arc<Entry>,
    place: EffectiveOrder,
) {
    let (Some(topic), Some(verdict)) = (entry.event.kind.act(), verdict_on(sight, entry, place))
    else {
        return;
    };
    said.proposal = verdict.proposal;
    said.left = verdict.left;
    let cited = verdict
        .proposal
        .and_then(|id| Some((id, sight.subject.dossier.proposals.get(&id)?)));
    match cited {
        Some((id, proposal)) => {
            let course = sight.status(id, proposal, place.0);
            said.fate = Some(course.resolution);
            said.need = course.requirement;
        }
        None => {
            said.need = sight.requirement_before_votes(topic, &verdict.regime, place.0);
        }
    }
    said.regime = Some(verdict.governing);
}
