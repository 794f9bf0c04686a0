//! Events about audits, reviews, recommendations, benefits, risks and disputes.

use rust_decimal::Decimal;

use crate::domain::date::PartialDate;
use crate::domain::event::{Actor, Document};
use crate::domain::ids::{BodyId, InstrumentId, ItemId, ServiceId};
use crate::domain::text::{Name, Text};

/// An auditor reports.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditReported {
    /// Its id.
    pub audit: ItemId,
    /// What was audited.
    pub title: Name,
    /// The auditor.
    pub auditor: Option<BodyId>,
    /// The rating, in the auditor's words.
    pub rating: Name,
    /// The scale it is on.
    pub rating_scale: Option<Name>,
    /// The service.
    pub service: Option<ServiceId>,
    /// What was found.
    pub findings: Text,
    /// The report.
    pub report: Document,
}

/// A review is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReviewCommissioned {
    /// Its id.
    pub review: ItemId,
    /// What it is called.
    pub title: Name,
    /// Who is to carry it out.
    pub reviewer: Option<BodyId>,
    /// What it is about.
    pub scope: Text,
    /// The day it is due.
    pub due_on: Option<PartialDate>,
}

/// A review is published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReviewPublished {
    /// Its id.
    pub review: ItemId,
    /// What it is called, unless it was commissioned.
    pub title: Option<Name>,
    /// Who carried it out.
    pub reviewer: Option<BodyId>,
    /// What it found.
    pub findings: Text,
    /// The report.
    pub report: Document,
}

/// An audit or review recommends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecommendationMade {
    /// Its id.
    pub recommendation: ItemId,
    /// What is recommended.
    pub what: Text,
    /// The review or audit it comes from.
    pub review: Option<ItemId>,
    /// Whom it addresses.
    pub addressed_to: Vec<BodyId>,
    /// By when.
    pub due_on: Option<PartialDate>,
}

/// How a recommendation is answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ResponseChoice {
    /// Accepted.
    Accepted,
    /// Accepted in part.
    PartlyAccepted,
    /// Rejected.
    Rejected,
    /// Under consideration.
    UnderConsideration,
}

/// The body addressed answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecommendationResponded {
    /// The recommendation.
    pub recommendation: ItemId,
    /// The answer.
    pub response: ResponseChoice,
    /// What will be done.
    pub what: Text,
}

/// A recommendation is dealt with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecommendationClosed {
    /// The recommendation.
    pub recommendation: ItemId,
    /// How.
    pub outcome: Text,
}

/// A benefit is expected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BenefitBaselined {
    /// Its id.
    pub benefit: ItemId,
    /// What it is.
    pub title: Name,
    /// The unit it is measured in.
    pub unit: Name,
    /// Where it starts.
    pub baseline: Option<Decimal>,
    /// What is expected.
    pub expected: Option<Decimal>,
    /// By when.
    pub expected_by_on: Option<PartialDate>,
    /// The service.
    pub service: Option<ServiceId>,
    /// The instrument that promises it.
    pub instrument: Option<InstrumentId>,
    /// What it assumes.
    pub assumptions: Text,
}

/// A benefit is measured.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BenefitMeasured {
    /// The benefit.
    pub benefit: ItemId,
    /// The value.
    pub value: Decimal,
    /// How it was measured.
    pub method: Text,
}

/// What was assumed turns out not to hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AssumptionInvalidated {
    /// Its id.
    pub assumption: ItemId,
    /// What was assumed.
    pub assumed: Text,
    /// What is so instead.
    pub found: Text,
    /// What follows.
    pub consequence: Text,
    /// The benefit that rested on it.
    pub benefit: Option<ItemId>,
    /// The instrument that rested on it.
    pub instrument: Option<InstrumentId>,
}

/// A risk is raised.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RiskRaised {
    /// Its id.
    pub risk: ItemId,
    /// What it is.
    pub what: Text,
    /// Who holds it.
    pub owner: Option<Actor>,
    /// How grave.
    pub severity: Text,
    /// The service.
    pub service: Option<ServiceId>,
}

/// A risk is closed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RiskClosed {
    /// The risk.
    pub risk: ItemId,
    /// How.
    pub outcome: Text,
}

/// Parties are in dispute.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DisputeRaised {
    /// Its id.
    pub dispute: ItemId,
    /// What it is about.
    pub what: Text,
    /// The bodies in dispute.
    pub bodies: Vec<BodyId>,
}

/// A dispute is settled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DisputeSettled {
    /// The dispute.
    pub dispute: ItemId,
    /// How.
    pub outcome: Text,
}

/// A document contradicts itself or another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DiscrepancyNoted {
    /// Its id.
    pub discrepancy: ItemId,
    /// What is wrong.
    pub what: Name,
    /// What is said, place by place; at least one.
    pub statements: Vec<Statement>,
    /// How it may be explained.
    pub explanation: Text,
}

/// What one place says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// The place.
    pub place: Name,
    /// What it says.
    pub says: Text,
}
