//! Proposals, and the votes, decisions and answers on them.

use std::sync::Arc;

use super::date::PartialDate;
use super::entry::Entry;
use super::event::{
    Actor, ApprovableAct, DateIs, DecisionMade, ExternalDecisionReceived, MatterProposed,
    OutcomeNotKnown, ProposalWithdrawn, Target, VirementApproved, VirementRequested, VoteCast,
};
use super::fact::{EffectiveOrder, Fact, Facts};
use super::ids::{BoardId, BodyId, ProposalId};

/// A vote, decision or answer on a proposal: the kinds of event whose role in the
/// table of kinds is `opinion`.
pub(super) trait OnProposal: Sized {
    /// The proposal; `None` for a decision on nothing that was proposed.
    fn proposal(&self) -> Option<ProposalId>;

    fn add(fact: Fact<Self>, proposal: &mut Proposal);
}

impl OnProposal for VoteCast {
    fn proposal(&self) -> Option<ProposalId> {
        Some(self.proposal)
    }

    fn add(fact: Fact<Self>, proposal: &mut Proposal) {
        proposal.votes.insert(fact);
    }
}

impl OnProposal for DecisionMade {
    fn proposal(&self) -> Option<ProposalId> {
        self.proposal
    }

    fn add(fact: Fact<Self>, proposal: &mut Proposal) {
        proposal.decisions.insert(fact);
    }
}

impl OnProposal for VirementApproved {
    fn proposal(&self) -> Option<ProposalId> {
        Some(self.proposal)
    }

    fn add(fact: Fact<Self>, proposal: &mut Proposal) {
        proposal.virement_approvals.insert(fact);
    }
}

impl OnProposal for ExternalDecisionReceived {
    fn proposal(&self) -> Option<ProposalId> {
        Some(self.proposal)
    }

    fn add(fact: Fact<Self>, proposal: &mut Proposal) {
        proposal.external.insert(fact);
    }
}

/// The event that made a proposal.
#[derive(Clone, Debug)]
pub enum ProposalSource {
    Matter(Fact<MatterProposed>),
    Virement(Fact<VirementRequested>),
}

/// A proposal, and the events about it.
#[derive(Clone, Debug)]
pub struct Proposal {
    pub source: ProposalSource,
    pub votes: Facts<VoteCast>,
    pub virement_approvals: Facts<VirementApproved>,
    pub decisions: Facts<DecisionMade>,
    /// Answers of external deciders.
    pub external: Facts<ExternalDecisionReceived>,
    pub withdrawn: Facts<ProposalWithdrawn>,
    pub outcome_not_known: Facts<OutcomeNotKnown>,
}

impl Proposal {
    /// A proposal without any event about it.
    pub fn new(source: ProposalSource) -> Self {
        Self {
            source,
            votes: Facts::default(),
            virement_approvals: Facts::default(),
            decisions: Facts::default(),
            external: Facts::default(),
            withdrawn: Facts::default(),
            outcome_not_known: Facts::default(),
        }
    }

    /// The act it asks approval for.
    pub fn act(&self) -> ApprovableAct<'_> {
        match &self.source {
            ProposalSource::Matter(fact) => ApprovableAct::matter(&fact.matter),
            ProposalSource::Virement(fact) => ApprovableAct::MakeVirement(&fact.virement),
        }
    }

    /// The date of the proposal.
    pub fn on(&self) -> PartialDate {
        match &self.source {
            ProposalSource::Matter(fact) => fact.on(),
            ProposalSource::Virement(fact) => fact.on(),
        }
    }

    /// Whether a date on which its settlement may rest is not full, or one by or from which
    /// it was.
    pub fn has_inexact_dates(&self) -> bool {
        fn any<T>(facts: &Facts<T>) -> bool {
            let is_open = |is| matches!(is, DateIs::By | DateIs::From);
            let mut facts = facts.iter();
            facts.any(|fact| !fact.on().is_full() || fact.is().is_some_and(is_open))
        }
        any(&self.votes)
            || any(&self.decisions)
            || any(&self.virement_approvals)
            || any(&self.external)
    }

    /// The last day on which it can be settled.
    pub fn lapses_on(&self) -> Option<PartialDate> {
        match &self.source {
            ProposalSource::Matter(fact) => fact.lapses_on,
            ProposalSource::Virement(fact) => fact.lapses_on,
        }
    }

    /// The board that is to decide.
    pub fn board(&self) -> Option<&BoardId> {
        match &self.source {
            ProposalSource::Matter(fact) => fact.board.as_ref(),
            ProposalSource::Virement(fact) => fact.board.as_ref(),
        }
    }

    /// `None` if the proposal does not name its proposer.
    pub fn proposer(&self) -> Option<&Actor> {
        self.entry().event.acted_by.as_ref()
    }

    /// The entry of the proposal.
    pub fn entry(&self) -> &Arc<Entry> {
        match &self.source {
            ProposalSource::Matter(fact) => &fact.source.entry,
            ProposalSource::Virement(fact) => &fact.source.entry,
        }
    }

    pub fn effective_order(&self) -> EffectiveOrder {
        match &self.source {
            ProposalSource::Matter(fact) => fact.effective_order(),
            ProposalSource::Virement(fact) => fact.effective_order(),
        }
    }

    /// The earlier act that it asks to ratify.
    pub fn ratifies(&self) -> Option<Target> {
        match &self.source {
            ProposalSource::Matter(fact) => fact.ratifies,
            ProposalSource::Virement(fact) => fact.ratifies,
        }
    }

    /// The bodies that each decide it.
    pub fn put_to(&self) -> &[BodyId] {
        match &self.source {
            ProposalSource::Matter(fact) => &fact.put_to,
            ProposalSource::Virement(fact) => &fact.put_to,
        }
    }

    /// The offices that decide it together.
    pub fn put_to_offices(&self) -> &[Actor] {
        match &self.source {
            ProposalSource::Matter(fact) => &fact.put_to_offices,
            ProposalSource::Virement(_) => &[],
        }
    }

    /// The external body that is to decide.
    pub fn decider(&self) -> Option<&BodyId> {
        match &self.source {
            ProposalSource::Matter(fact) => fact.decider.as_ref(),
            ProposalSource::Virement(_) => None,
        }
    }
}
