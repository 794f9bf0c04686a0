//! Events about audits, reviews, recommendations, benefits, risks and disputes.

use rust_decimal::Decimal;

use crate::date::PartialDate;
use crate::event::{Actor, Document};
use crate::ids::{BodyId, InstrumentId, ItemId, ServiceId};
use crate::text::{Name, Text};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditReported {
    pub audit: ItemId,
    pub title: Name,
    pub auditor: Option<BodyId>,
    /// The rating, in the auditor's words.
    pub rating: Name,
    pub rating_scale: Option<Name>,
    pub service: Option<ServiceId>,
    pub findings: Text,
    pub report: Document,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReviewCommissioned {
    pub review: ItemId,
    pub title: Name,
    pub reviewer: Option<BodyId>,
    pub scope: Text,
    pub due_on: Option<PartialDate>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReviewPublished {
    pub review: ItemId,
    /// Always given for a review that was not commissioned under its id.
    pub title: Option<Name>,
    pub reviewer: Option<BodyId>,
    pub findings: Text,
    pub report: Document,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecommendationMade {
    pub recommendation: ItemId,
    pub what: Text,
    /// The review or audit that makes it.
    pub review: Option<ItemId>,
    pub addressed_to: Vec<BodyId>,
    pub due_on: Option<PartialDate>,
    /// As its author ranks it.
    pub priority: Text,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ResponseChoice {
    Accepted,
    PartlyAccepted,
    Rejected,
    UnderConsideration,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecommendationResponded {
    pub recommendation: ItemId,
    pub response: ResponseChoice,
    /// The action that the body will take.
    pub what: Text,
    /// `None` for the day that the recommendation names.
    pub due_on: Option<PartialDate>,
    /// How far it has been carried out.
    pub progress: Text,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecommendationClosed {
    pub recommendation: ItemId,
    pub outcome: Text,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BenefitBaselined {
    pub benefit: ItemId,
    pub title: Name,
    pub unit: Name,
    /// The value before the change.
    pub baseline: Option<Decimal>,
    pub expected: Option<Decimal>,
    pub expected_by_on: Option<PartialDate>,
    pub service: Option<ServiceId>,
    pub instrument: Option<InstrumentId>,
    pub assumptions: Text,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BenefitMeasured {
    pub benefit: ItemId,
    pub value: Decimal,
    pub method: Text,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AssumptionInvalidated {
    pub assumption: ItemId,
    pub assumed: Text,
    pub found: Text,
    pub consequence: Text,
    /// The benefit that relied on it.
    pub benefit: Option<ItemId>,
    /// The instrument that relied on it.
    pub instrument: Option<InstrumentId>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RiskRaised {
    pub risk: ItemId,
    pub what: Text,
    pub owner: Option<Actor>,
    pub severity: Text,
    pub service: Option<ServiceId>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RiskClosed {
    pub risk: ItemId,
    pub outcome: Text,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DisputeRaised {
    pub dispute: ItemId,
    pub what: Text,
    pub bodies: Vec<BodyId>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DisputeSettled {
    pub dispute: ItemId,
    pub outcome: Text,
}

/// A document contradicts itself or another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DiscrepancyNoted {
    pub discrepancy: ItemId,
    pub what: Name,
    /// At least one.
    pub statements: Vec<Statement>,
    pub explanation: Text,
}

/// The text of one place in a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    pub place: Name,
    pub says: Text,
}
