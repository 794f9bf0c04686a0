//! A dossier: what any subject can have, be it a body, a board or a
//! collaboration. Instruments, decisions, money and assurance are kept the same
//! way for all three, so that a commissioner's own scheme of governance and an
//! alliance's agreement are one mechanism.

use std::sync::Arc;

use imbl::{OrdMap, OrdSet};
use jiff::civil::Date;

use super::date::{FinancialYear, PartialDate};
use super::entry::Entry;
use super::event::{
    ActionAgreed, ActionClosed, Actor, AliasAdded, ApprovableAct, ApprovalRulesAdopted,
    AssumptionInvalidated, AuditReported, BenefitBaselined, BenefitMeasured, BudgetApproved,
    ConsultationRecorded, DecisionMade, DecisionPublished, DecisionWithheld, DependencyNoted,
    DiscrepancyNoted, DisposalConfirmed, DisputeRaised, DisputeSettled, ExternalDecisionReceived,
    ForecastReported, FundingFormulaSet, GrantAwarded, Head, MatterProposed, OutturnReported,
    ProposalWithdrawn, RecommendationClosed, RecommendationMade, RecommendationResponded,
    ReviewCommissioned, ReviewPublished, RiskClosed, RiskRaised, SavingsPlanned, SavingsRealised,
    Target, UnderspendDisposed, VirementApproved, VirementMade, VirementRequested,
    VirementReversed, VoteCast,
};
use super::fact::{EffectiveEntry, EffectiveOrder, Fact, Facts};
use super::ids::{BoardId, BodyId, BudgetId, InstrumentId, ItemId, ProposalId, ServiceId};
use super::instrument::Instrument;

/// What is on file about a subject.
#[derive(Clone, Debug, Default)]
pub struct Dossier {
    /// Its other names.
    pub aliases: Facts<AliasAdded>,
    /// What it depends on.
    pub dependencies: OrdMap<ItemId, Fact<DependencyNoted>>,
    /// Its instruments.
    pub instruments: OrdMap<InstrumentId, Instrument>,
    /// Consultations.
    pub consultations: OrdMap<ItemId, Fact<ConsultationRecorded>>,
    /// Its approval rules; each set replaces the one before.
    pub rule_sets: Facts<ApprovalRulesAdopted>,
    /// Its proposals.
    pub proposals: OrdMap<ProposalId, Proposal>,
    /// Every act that an approval may be needed for, and whatever says that it is a
    /// breach, in order.
    pub acts: OrdMap<EffectiveOrder, EffectiveEntry>,
    /// Which of them rest on which proposal; and which breaches name it.
    pub acts_by_proposal: OrdMap<ProposalId, OrdSet<EffectiveOrder>>,
    /// Decisions on it.
    pub decisions: OrdMap<ItemId, Decision>,
    /// Actions agreed.
    pub actions: OrdMap<ItemId, Action>,
    /// Funding formulas, by service (`None` for the whole) and year.
    pub formulas: OrdMap<(Option<ServiceId>, FinancialYear), Facts<FundingFormulaSet>>,
    /// Budgets, by name (`None` for the main one) and year; each replaces the one before.
    pub budgets: OrdMap<(Option<BudgetId>, FinancialYear), Facts<BudgetApproved>>,
    /// Forecasts, by year.
    pub forecasts: OrdMap<FinancialYear, Facts<ForecastReported>>,
    /// Outturns, by year.
    pub outturns: OrdMap<FinancialYear, Facts<OutturnReported>>,
    /// Grants.
    pub grants: OrdMap<ItemId, Fact<GrantAwarded>>,
    /// Savings planned.
    pub savings_planned: OrdMap<ItemId, Fact<SavingsPlanned>>,
    /// Savings made.
    pub savings_realised: OrdMap<ItemId, Fact<SavingsRealised>>,
    /// Virements made.
    pub virements: OrdMap<ItemId, MadeVirement>,
    /// What virements took, by year and head, in order: their ids.
    pub virements_by_head: OrdMap<(FinancialYear, Head), OrdMap<EffectiveOrder, ItemId>>,
    /// Underspends disposed of.
    pub disposals: OrdMap<ItemId, MadeDisposal>,
    /// Audits.
    pub audits: OrdMap<ItemId, Fact<AuditReported>>,
    /// Reviews.
    pub reviews: OrdMap<ItemId, Review>,
    /// Recommendations.
    pub recommendations: OrdMap<ItemId, Recommendation>,
    /// Benefits.
    pub benefits: OrdMap<ItemId, Benefit>,
    /// Assumptions that did not hold.
    pub assumptions: OrdMap<ItemId, Fact<AssumptionInvalidated>>,
    /// Risks.
    pub risks: OrdMap<ItemId, Risk>,
    /// Disputes.
    pub disputes: OrdMap<ItemId, Dispute>,
    /// Discrepancies noted.
    pub discrepancies: OrdMap<ItemId, Fact<DiscrepancyNoted>>,
}

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

/// How a proposal came to be: in general terms, or as a virement.
#[derive(Clone, Debug)]
pub enum ProposalSource {
    /// A matter of any kind.
    Matter(Fact<MatterProposed>),
    /// A virement; the particular event, the same mechanism.
    Virement(Fact<VirementRequested>),
}

/// A proposal and what became of it.
#[derive(Clone, Debug)]
pub struct Proposal {
    /// How it was put up.
    pub source: ProposalSource,
    /// Votes, in order.
    pub votes: Facts<VoteCast>,
    /// Approvals of a virement.
    pub virement_approvals: Facts<VirementApproved>,
    /// Decisions on it.
    pub decisions: Facts<DecisionMade>,
    /// Answers of an outside decider.
    pub external: Facts<ExternalDecisionReceived>,
    /// Its withdrawal.
    pub withdrawn: Facts<ProposalWithdrawn>,
}

impl Proposal {
    /// A proposal just put up.
    pub fn new(source: ProposalSource) -> Self {
        Self {
            source,
            votes: Facts::default(),
            virement_approvals: Facts::default(),
            decisions: Facts::default(),
            external: Facts::default(),
            withdrawn: Facts::default(),
        }
    }

    /// The act it asks approval for.
    pub fn act(&self) -> ApprovableAct<'_> {
        match &self.source {
            ProposalSource::Matter(fact) => ApprovableAct::matter(&fact.matter),
            ProposalSource::Virement(fact) => ApprovableAct::MakeVirement(&fact.virement),
        }
    }

    /// The day it was put up.
    pub fn on(&self) -> PartialDate {
        match &self.source {
            ProposalSource::Matter(fact) => fact.on(),
            ProposalSource::Virement(fact) => fact.on(),
        }
    }

    /// The day after which it lapses.
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

    /// Who put it up, where that is said.
    pub fn proposer(&self) -> Option<&Actor> {
        self.entry().event.acted_by.as_ref()
    }

    /// The entry that put it up.
    pub fn entry(&self) -> &Arc<Entry> {
        match &self.source {
            ProposalSource::Matter(fact) => &fact.source.entry,
            ProposalSource::Virement(fact) => &fact.source.entry,
        }
    }

    /// Where it was put up.
    pub fn effective_order(&self) -> EffectiveOrder {
        match &self.source {
            ProposalSource::Matter(fact) => fact.effective_order(),
            ProposalSource::Virement(fact) => fact.effective_order(),
        }
    }

    /// The act it asks to approve after the fact.
    pub fn ratifies(&self) -> Option<Target> {
        match &self.source {
            ProposalSource::Matter(fact) => fact.ratifies,
            ProposalSource::Virement(fact) => fact.ratifies,
        }
    }

    /// The outside body that is to decide.
    pub fn decider(&self) -> Option<&BodyId> {
        match &self.source {
            ProposalSource::Matter(fact) => fact.decider.as_ref(),
            ProposalSource::Virement(_) => None,
        }
    }
}

/// A decision, and whether it was made public.
#[derive(Clone, Debug)]
pub struct Decision {
    /// The decision.
    pub made: DecisionSource,
    /// Its publication.
    pub published: Facts<DecisionPublished>,
    /// Its being withheld.
    pub withheld: Facts<DecisionWithheld>,
}

/// How a decision is recorded: in general terms, or as a virement approved.
#[derive(Clone, Debug)]
pub enum DecisionSource {
    /// By the general event.
    Made(Fact<DecisionMade>),
    /// By the particular one.
    Virement(Fact<VirementApproved>),
}

impl Decision {
    /// A decision just made.
    pub fn new(made: DecisionSource) -> Self {
        Self {
            made,
            published: Facts::default(),
            withheld: Facts::default(),
        }
    }

    /// The proposal it is about, where one is on record.
    pub fn proposal(&self) -> Option<ProposalId> {
        match &self.made {
            DecisionSource::Made(made) => made.proposal,
            DecisionSource::Virement(approved) => Some(approved.proposal),
        }
    }

    /// The day it was made.
    pub fn on(&self) -> PartialDate {
        match &self.made {
            DecisionSource::Made(fact) => fact.on(),
            DecisionSource::Virement(fact) => fact.on(),
        }
    }
}

/// Something that is opened once and closed once.
macro_rules! opened_and_closed {
    ($($(#[$doc:meta])* $name:ident { $opened:ident: $Opened:ty, $closed:ident: $Closed:ty })*) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug)]
        pub struct $name {
            /// How it came up.
            pub $opened: Fact<$Opened>,
            /// How it was dealt with.
            pub $closed: Facts<$Closed>,
        }

        impl $name {
            /// One that just came up.
            pub fn new($opened: Fact<$Opened>) -> Self {
                Self { $opened, $closed: Facts::default() }
            }

            /// Whether it is open on that day.
            pub fn is_open(&self, day: Date) -> bool {
                self.$opened.day() <= day && self.$closed.at(day).is_none()
            }
        }
    )*};
}

opened_and_closed! {
    /// An action.
    Action { agreed: ActionAgreed, closed: ActionClosed }
    /// A risk.
    Risk { raised: RiskRaised, closed: RiskClosed }
    /// A dispute.
    Dispute { raised: DisputeRaised, settled: DisputeSettled }
}

/// A recommendation, its answers, and how it was dealt with.
#[derive(Clone, Debug)]
pub struct Recommendation {
    /// How it was made.
    pub made: Fact<RecommendationMade>,
    /// How it was answered.
    pub responses: Facts<RecommendationResponded>,
    /// How it was dealt with.
    pub closed: Facts<RecommendationClosed>,
}

impl Recommendation {
    /// A recommendation just made.
    pub fn new(made: Fact<RecommendationMade>) -> Self {
        Self {
            made,
            responses: Facts::default(),
            closed: Facts::default(),
        }
    }

    /// Whether it is open on that day.
    pub fn is_open(&self, day: Date) -> bool {
        self.made.day() <= day && self.closed.at(day).is_none()
    }
}

/// A review: commissioned, published, or both.
#[derive(Clone, Debug, Default)]
pub struct Review {
    /// How it was asked for.
    pub commissioned: Option<Fact<ReviewCommissioned>>,
    /// Its publication.
    pub published: Facts<ReviewPublished>,
}

/// A benefit and its measurements.
#[derive(Clone, Debug)]
pub struct Benefit {
    /// What is expected.
    pub baselined: Fact<BenefitBaselined>,
    /// What was measured.
    pub measured: Facts<BenefitMeasured>,
}

/// A virement that was made.
#[derive(Clone, Debug)]
pub struct MadeVirement {
    /// How it was made.
    pub made: Fact<VirementMade>,
    /// How it was undone.
    pub reversed: Facts<VirementReversed>,
}

/// An underspend that was disposed of.
#[derive(Clone, Debug)]
pub struct MadeDisposal {
    /// How it was disposed of.
    pub disposed: Fact<UnderspendDisposed>,
    /// Who confirmed it.
    pub confirmed: OrdMap<BodyId, Fact<DisposalConfirmed>>,
}
