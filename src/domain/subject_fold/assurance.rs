//! The fold of events about audits, reviews, recommendations, benefits, risks and
//! disputes.

use super::with;
use crate::dossier::{Benefit, Dispute, Recommendation, Risk};
use crate::event::{
    AssumptionInvalidated, AuditReported, BenefitBaselined, BenefitMeasured, DiscrepancyNoted,
    DisputeRaised, DisputeSettled, RecommendationClosed, RecommendationMade,
    RecommendationResponded, ReviewCommissioned, ReviewPublished, RiskClosed, RiskRaised,
};
use crate::fact::{Fact, Facts};
use crate::subject::Subject;

pub(super) fn audit_reported(subject: &mut Subject, fact: Fact<AuditReported>) {
    subject.dossier.audits.insert(fact.audit.clone(), fact);
}

pub(super) fn review_commissioned(subject: &mut Subject, fact: Fact<ReviewCommissioned>) {
    let id = fact.review.clone();
    subject.dossier.reviews.entry(id).or_default().commissioned = Some(fact);
}

pub(super) fn review_published(subject: &mut Subject, fact: Fact<ReviewPublished>) {
    let id = fact.review.clone();
    let review = subject.dossier.reviews.entry(id).or_default();
    review.published.insert(fact);
}

pub(super) fn recommendation_made(subject: &mut Subject, fact: Fact<RecommendationMade>) {
    let id = fact.recommendation.clone();
    subject
        .dossier
        .recommendations
        .insert(id, Recommendation::new(fact));
}

pub(super) fn recommendation_responded(subject: &mut Subject, fact: Fact<RecommendationResponded>) {
    let id = fact.recommendation.clone();
    with(
        &mut subject.dossier.recommendations,
        &id,
        |recommendation| {
            recommendation.responses.insert(fact);
        },
    );
}

pub(super) fn recommendation_closed(subject: &mut Subject, fact: Fact<RecommendationClosed>) {
    let id = fact.recommendation.clone();
    with(
        &mut subject.dossier.recommendations,
        &id,
        |recommendation| {
            recommendation.closed.insert(fact);
        },
    );
}

pub(super) fn benefit_baselined(subject: &mut Subject, fact: Fact<BenefitBaselined>) {
    let id = fact.benefit.clone();
    let benefit = Benefit {
        baselined: fact,
        measured: Facts::default(),
    };
    subject.dossier.benefits.insert(id, benefit);
}

pub(super) fn benefit_measured(subject: &mut Subject, fact: Fact<BenefitMeasured>) {
    let id = fact.benefit.clone();
    with(&mut subject.dossier.benefits, &id, |benefit| {
        benefit.measured.insert(fact);
    });
}

pub(super) fn assumption_invalidated(subject: &mut Subject, fact: Fact<AssumptionInvalidated>) {
    subject
        .dossier
        .assumptions
        .insert(fact.assumption.clone(), fact);
}

pub(super) fn risk_raised(subject: &mut Subject, fact: Fact<RiskRaised>) {
    let id = fact.risk.clone();
    subject.dossier.risks.insert(id, Risk::new(fact));
}

pub(super) fn risk_closed(subject: &mut Subject, fact: Fact<RiskClosed>) {
    let id = fact.risk.clone();
    with(&mut subject.dossier.risks, &id, |risk| {
        risk.closed.insert(fact);
    });
}

pub(super) fn dispute_raised(subject: &mut Subject, fact: Fact<DisputeRaised>) {
    let id = fact.dispute.clone();
    subject.dossier.disputes.insert(id, Dispute::new(fact));
}

pub(super) fn dispute_settled(subject: &mut Subject, fact: Fact<DisputeSettled>) {
    let id = fact.dispute.clone();
    with(&mut subject.dossier.disputes, &id, |dispute| {
        dispute.settled.insert(fact);
    });
}

pub(super) fn discrepancy_noted(subject: &mut Subject, fact: Fact<DiscrepancyNoted>) {
    subject
        .dossier
        .discrepancies
        .insert(fact.discrepancy.clone(), fact);
}
