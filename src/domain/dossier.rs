//! Dossiers: the records that any subject can have. Instruments, decisions, money and
//! assurance are kept the same way for bodies, boards and collaborations, so that a
//! commissioner's own scheme of governance and an alliance's agreement are one mechanism.

use imbl::{OrdMap, OrdSet};
use jiff::civil::Date;

use super::currency::Currency;
use super::date::{FinancialYear, PartialDate};
pub use super::decision::{Decision, DecisionSource};
use super::event::{
    ActionAgreed, ActionClosed, AliasAdded, ApprovalRulesAdopted, AssumptionInvalidated,
    AuditReported, BenefitBaselined, BenefitMeasured, BudgetAdjusted, BudgetApproved,
    BudgetHeadDefined, ConsultationRecorded, ContributionInvoiced, ContributionPaid,
    DelegationMade, DelegationRevoked, DependencyNoted, DiscrepancyNoted, DisposalConfirmed,
    DisputeRaised, DisputeSettled, ForecastReported, FundingFormulaSet, GrantAwarded,
    OutturnReported, OutturnStatus, RecommendationClosed, RecommendationMade,
    RecommendationResponded, ReviewCommissioned, ReviewPublished, RiskClosed, RiskRaised,
    SavingsChanged, SavingsDropped, SavingsPlanned, SavingsRealised, SettlementAgreed,
    SettlementPaid, SettlementWrittenOff, UnderspendDisposed, VirementMade, VirementReversed,
};
use super::fact::{EffectiveEntry, EffectiveOrder, Fact, Facts};
use super::ids::{BodyId, BudgetId, InstrumentId, ItemId, ProposalId, ServiceId};
use super::instrument::Instrument;
pub use super::proposal::{Proposal, ProposalSource};

/// The records about a subject.
#[derive(Clone, Debug, Default)]
pub struct Dossier {
    /// The currency of its amounts; `None` where it has none.
    pub currency: Option<Currency>,
    pub aliases: Facts<AliasAdded>,
    pub dependencies: OrdMap<ItemId, Fact<DependencyNoted>>,
    pub instruments: OrdMap<InstrumentId, Instrument>,
    pub consultations: OrdMap<ItemId, Fact<ConsultationRecorded>>,
    /// Each set of approval rules replaces the one before.
    pub rule_sets: Facts<ApprovalRulesAdopted>,
    pub proposals: OrdMap<ProposalId, Proposal>,
    /// Every act that may need approval, every other entry that rests on a proposal, and
    /// every entry that acknowledges a breach, in order.
    pub acts: OrdMap<EffectiveOrder, EffectiveEntry>,
    /// The entries whose date is "about", "by" or "from".
    pub inexact: OrdMap<EffectiveOrder, EffectiveEntry>,
    /// The acts that rely on each proposal, and the breaches that name it.
    pub acts_by_proposal: OrdMap<ProposalId, OrdSet<EffectiveOrder>>,
    pub decisions: OrdMap<ItemId, Decision>,
    /// The decision that each call-in is about.
    pub call_ins: OrdMap<ItemId, ItemId>,
    /// The decision that each challenge in court is about.
    pub challenges: OrdMap<ItemId, ItemId>,
    pub delegations: OrdMap<ItemId, Delegation>,
    pub actions: OrdMap<ItemId, Action>,
    /// By service (`None` for the whole collaboration) and year.
    pub formulas: OrdMap<(Option<ServiceId>, FinancialYear), Facts<FundingFormulaSet>>,
    /// By id (`None` for the main budget) and year; each replaces the one before.
    pub budgets: OrdMap<(Option<BudgetId>, FinancialYear), Facts<BudgetApproved>>,
    pub adjustments: OrdMap<ItemId, Fact<BudgetAdjusted>>,
    /// The definitions of heads; each of an id replaces the one before.
    pub heads: OrdMap<ItemId, Facts<BudgetHeadDefined>>,
    pub forecasts: OrdMap<FinancialYear, Facts<ForecastReported>>,
    pub outturns: OrdMap<FinancialYear, Facts<OutturnReported>>,
    pub grants: OrdMap<ItemId, Fact<GrantAwarded>>,
    pub savings_plans: OrdMap<ItemId, SavingsPlan>,
    pub savings_realised: OrdMap<ItemId, Fact<SavingsRealised>>,
    pub virements: OrdMap<ItemId, MadeVirement>,
    /// The ids of the virements of a year, in order.
    pub virements_by_year: OrdMap<FinancialYear, OrdMap<EffectiveOrder, ItemId>>,
    pub disposals: OrdMap<ItemId, MadeDisposal>,
    pub invoices: OrdMap<ItemId, Fact<ContributionInvoiced>>,
    pub payments: OrdMap<ItemId, Fact<ContributionPaid>>,
    pub settlements: OrdMap<ItemId, AgreedSettlement>,
    pub audits: OrdMap<ItemId, Fact<AuditReported>>,
    pub reviews: OrdMap<ItemId, Review>,
    pub recommendations: OrdMap<ItemId, Recommendation>,
    pub benefits: OrdMap<ItemId, Benefit>,
    pub assumptions: OrdMap<ItemId, Fact<AssumptionInvalidated>>,
    pub risks: OrdMap<ItemId, Risk>,
    pub disputes: OrdMap<ItemId, Dispute>,
    pub discrepancies: OrdMap<ItemId, Fact<DiscrepancyNoted>>,
}

impl Dossier {
    /// Every financial year of which figures are on record.
    pub fn years(&self) -> impl Iterator<Item = FinancialYear> {
        let budgets = self.budgets.keys().map(|(_, year)| *year);
        let reports = self.forecasts.keys().chain(self.outturns.keys()).copied();
        let moved = self.virements_by_year.keys().copied();
        budgets.chain(reports).chain(moved)
    }

    /// The financial year that a day is in: one on record, or one of the same months.
    pub fn year_of(&self, day: Date) -> FinancialYear {
        let years = self.years().filter(|year| year.is_one_year());
        let latest = years.filter(|year| year.first_day() <= day).max();
        let following = std::iter::successors(latest, |year| year.next());
        let mut following = following.skip_while(|year| year.last_day() < day);
        following.next().unwrap_or_else(|| FinancialYear::of(day))
    }

    /// The forecasts of a budget in a year, in order.
    pub fn forecasts_of<'a>(
        &'a self,
        budget: Option<&BudgetId>,
        year: FinancialYear,
    ) -> impl DoubleEndedIterator<Item = &'a Fact<ForecastReported>> {
        let reported = self.forecasts.get(&year).into_iter().flat_map(Facts::iter);
        reported.filter(move |fact| fact.budget.as_ref() == budget)
    }

    /// The outturns of a budget in a year, in order; those that are none yet among them.
    pub fn outturns_of<'a>(
        &'a self,
        budget: Option<&BudgetId>,
        year: FinancialYear,
    ) -> impl DoubleEndedIterator<Item = &'a Fact<OutturnReported>> {
        let reported = self.outturns.get(&year).into_iter().flat_map(Facts::iter);
        reported.filter(move |fact| fact.budget.as_ref() == budget)
    }

    /// The last outturn of a year by a day: of the main budget, where there is one. One that
    /// is dated before the year's last day is none: it rests on a projection.
    pub fn outturn(&self, year: FinancialYear, day: Date) -> Option<&Fact<OutturnReported>> {
        let has_main = self
            .budgets
            .get(&(None, year))
            .is_some_and(|set| !set.is_empty());
        let mut reported = self.outturns.get(&year)?.by(day);
        reported.rfind(|outturn| is_outturn(outturn) && (outturn.budget.is_none() || !has_main))
    }
}

/// Whether it is dated when its year was over, as far as its date is known. The life of a
/// scheme is over when its outturn is final.
pub fn is_outturn(reported: &Fact<OutturnReported>) -> bool {
    let year = reported.figures.year;
    let is_final = reported.status >= Some(OutturnStatus::Final);
    match year == FinancialYear::ALL {
        true => is_final,
        false => reported.on().last_day() >= year.last_day(),
    }
}

/// Items that are opened once and closed once.
macro_rules! opened_and_closed {
    ($($(#[$doc:meta])* $name:ident { $opened:ident: $Opened:ty, $closed:ident: $Closed:ty })*) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug)]
        pub struct $name {
            pub $opened: Fact<$Opened>,
            pub $closed: Facts<$Closed>,
        }

        impl $name {
            pub fn new($opened: Fact<$Opened>) -> Self {
                Self { $opened, $closed: Facts::default() }
            }

            pub fn is_open(&self, day: Date) -> bool {
                self.$opened.day() <= day && self.$closed.at(day).is_none()
            }
        }
    )*};
}

opened_and_closed! {
    Action { agreed: ActionAgreed, closed: ActionClosed }
    Risk { raised: RiskRaised, closed: RiskClosed }
    Dispute { raised: DisputeRaised, settled: DisputeSettled }
    Delegation { made: DelegationMade, revoked: DelegationRevoked }
}

/// A recommendation, with its answers and its close.
#[derive(Clone, Debug)]
pub struct Recommendation {
    pub made: Fact<RecommendationMade>,
    pub responses: Facts<RecommendationResponded>,
    pub closed: Facts<RecommendationClosed>,
}

impl Recommendation {
    /// A recommendation without an answer.
    pub fn new(made: Fact<RecommendationMade>) -> Self {
        Self {
            made,
            responses: Facts::default(),
            closed: Facts::default(),
        }
    }

    /// The day by which it should be done: the last that an answer or, if none names one,
    /// the recommendation names.
    pub fn due_on(&self, day: Date) -> Option<PartialDate> {
        let agreed = self.responses.by(day).filter_map(|answer| answer.due_on);
        agreed.max_by_key(|on| on.last_day()).or(self.made.due_on)
    }

    pub fn is_open(&self, day: Date) -> bool {
        self.made.day() <= day && self.closed.at(day).is_none()
    }
}

/// A review that was commissioned, published, or both.
#[derive(Clone, Debug, Default)]
pub struct Review {
    pub commissioned: Option<Fact<ReviewCommissioned>>,
    pub published: Facts<ReviewPublished>,
}

/// A benefit and its measurements.
#[derive(Clone, Debug)]
pub struct Benefit {
    pub baselined: Fact<BenefitBaselined>,
    pub measured: Facts<BenefitMeasured>,
}

#[derive(Clone, Debug)]
pub struct MadeVirement {
    pub made: Fact<VirementMade>,
    pub reversed: Facts<VirementReversed>,
}

#[derive(Clone, Debug)]
pub struct MadeDisposal {
    pub disposed: Fact<UnderspendDisposed>,
    pub confirmed: OrdMap<BodyId, Fact<DisposalConfirmed>>,
}

/// A savings plan, its changes, and what was given up of it.
#[derive(Clone, Debug)]
pub struct SavingsPlan {
    pub planned: Fact<SavingsPlanned>,
    pub changed: Facts<SavingsChanged>,
    pub dropped: Facts<SavingsDropped>,
}

impl SavingsPlan {
    /// A plan as it was first made.
    pub fn new(planned: Fact<SavingsPlanned>) -> Self {
        Self {
            planned,
            changed: Facts::default(),
            dropped: Facts::default(),
        }
    }
}

/// A settlement, its payments, and what was written off.
#[derive(Clone, Debug)]
pub struct AgreedSettlement {
    pub agreed: Fact<SettlementAgreed>,
    pub paid: OrdMap<ItemId, Fact<SettlementPaid>>,
    pub written_off: Facts<SettlementWrittenOff>,
}

impl AgreedSettlement {
    /// A settlement of which nothing is paid.
    pub fn new(agreed: Fact<SettlementAgreed>) -> Self {
        Self {
            agreed,
            paid: OrdMap::new(),
            written_off: Facts::default(),
        }
    }
}
