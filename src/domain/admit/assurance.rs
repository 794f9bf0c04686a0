//! Rules for events about assurance: that what they name is there, and open.

use super::decisions::actor;
use super::event_check::EventCheck;
use super::instruments::known;
use crate::domain::event::{
    AssumptionInvalidated, AuditReported, BenefitBaselined, BenefitMeasured, DiscrepancyNoted,
    DisputeRaised, DisputeSettled, RecommendationClosed, RecommendationMade,
    RecommendationResponded, ReviewCommissioned, ReviewPublished, RiskClosed, RiskRaised,
};
use crate::domain::fault::Fault;
use crate::domain::ids::ItemId;

pub(super) fn audit_reported(bench: &mut EventCheck<'_>, what: &AuditReported) {
    let taken = bench
        .dossier()
        .and_then(|dossier| dossier.audits.get(&what.audit));
    bench.free("audit_id", "audit", &what.audit, taken);
    if let Some(auditor) = &what.auditor {
        bench.body("auditor_id", auditor);
    }
    bench.optional_service("service_id", what.service.as_ref());
}

pub(super) fn review_commissioned(bench: &mut EventCheck<'_>, what: &ReviewCommissioned) {
    let taken = bench
        .dossier()
        .and_then(|dossier| dossier.reviews.get(&what.review));
    bench.free("review_id", "review", &what.review, taken);
    if let Some(reviewer) = &what.reviewer {
        bench.body("reviewer_id", reviewer);
    }
}

pub(super) fn review_published(bench: &mut EventCheck<'_>, what: &ReviewPublished) {
    if let Some(reviewer) = &what.reviewer {
        bench.body("reviewer_id", reviewer);
    }
    let review = bench
        .dossier()
        .and_then(|dossier| dossier.reviews.get(&what.review));
    match review.and_then(|review| review.commissioned.as_ref()) {
        Some(commissioned) => {
            bench.not_before("review_id", "review", &what.review, commissioned.on());
        }
        None if what.title.is_none() => {
            let why = "a review that was not commissioned under this id needs a title";
            bench.fault("title", Fault::ReasonRequired { why });
        }
        None => {}
    }
    if let Some(before) = review.and_then(|review| review.published.latest()) {
        let (id, closed_on) = (what.review.to_string(), before.on());
        bench.fault(
            "review_id",
            Fault::ItemClosed {
                what: "review",
                id,
                closed_on,
            },
        );
    }
}

pub(super) fn recommendation_made(bench: &mut EventCheck<'_>, what: &RecommendationMade) {
    let taken = bench
        .dossier()
        .and_then(|dossier| dossier.recommendations.get(&what.recommendation));
    bench.free(
        "recommendation_id",
        "recommendation",
        &what.recommendation,
        taken,
    );
    bench.bodies("addressed_to_ids", &what.addressed_to);
    if let Some(id) = &what.review {
        let since = bench.dossier().and_then(|dossier| {
            let audited = dossier.audits.get(id).map(|audit| audit.on());
            let review = dossier.reviews.get(id);
            let commissioned = review.and_then(|r| r.commissioned.as_ref()).map(|c| c.on());
            let published = review.and_then(|r| r.published.latest()).map(|p| p.on());
            audited.or(commissioned).or(published)
        });
        bench.item(
            "review_id",
            "review or audit",
            id,
            since.map(|since| ((), since)),
        );
    }
}

pub(super) fn recommendation_responded(bench: &mut EventCheck<'_>, what: &RecommendationResponded) {
    open_recommendation(bench, &what.recommendation);
}

pub(super) fn recommendation_closed(bench: &mut EventCheck<'_>, what: &RecommendationClosed) {
    open_recommendation(bench, &what.recommendation);
}

/// Demands that the recommendation is there, and open.
fn open_recommendation(bench: &mut EventCheck<'_>, id: &ItemId) {
    let found = bench
        .dossier()
        .and_then(|dossier| dossier.recommendations.get(id));
    let found = found.map(|recommendation| (recommendation, recommendation.made.on()));
    let Some(found) = bench.item("recommendation_id", "recommendation", id, found) else {
        return;
    };
    if let Some(before) = found.closed.at(bench.day) {
        let (id, closed_on) = (id.to_string(), before.on());
        let fault = Fault::ItemClosed {
            what: "recommendation",
            id,
            closed_on,
        };
        bench.fault("recommendation_id", fault);
    }
}

pub(super) fn benefit_baselined(bench: &mut EventCheck<'_>, what: &BenefitBaselined) {
    let taken = bench
        .dossier()
        .and_then(|dossier| dossier.benefits.get(&what.benefit));
    bench.free("benefit_id", "benefit", &what.benefit, taken);
    bench.optional_service("service_id", what.service.as_ref());
    if let Some(id) = &what.instrument {
        known(bench, "instrument_id", id);
    }
}

pub(super) fn benefit_measured(bench: &mut EventCheck<'_>, what: &BenefitMeasured) {
    benefit(bench, &what.benefit);
}

fn benefit(bench: &mut EventCheck<'_>, id: &ItemId) {
    let found = bench.dossier().and_then(|dossier| dossier.benefits.get(id));
    bench.item(
        "benefit_id",
        "benefit",
        id,
        found.map(|benefit| ((), benefit.baselined.on())),
    );
}

pub(super) fn assumption_invalidated(bench: &mut EventCheck<'_>, what: &AssumptionInvalidated) {
    let taken = bench
        .dossier()
        .and_then(|dossier| dossier.assumptions.get(&what.assumption));
    bench.free("assumption_id", "assumption", &what.assumption, taken);
    if let Some(id) = &what.benefit {
        benefit(bench, id);
    }
    if let Some(id) = &what.instrument {
        known(bench, "instrument_id", id);
    }
}

pub(super) fn risk_raised(bench: &mut EventCheck<'_>, what: &RiskRaised) {
    let taken = bench
        .dossier()
        .and_then(|dossier| dossier.risks.get(&what.risk));
    bench.free("risk_id", "risk", &what.risk, taken);
    actor(bench, "owner", what.owner.as_ref());
    bench.optional_service("service_id", what.service.as_ref());
}

pub(super) fn risk_closed(bench: &mut EventCheck<'_>, what: &RiskClosed) {
    let found = bench
        .dossier()
        .and_then(|dossier| dossier.risks.get(&what.risk));
    let found = found.map(|risk| (risk, risk.raised.on()));
    let Some(risk) = bench.item("risk_id", "risk", &what.risk, found) else {
        return;
    };
    if let Some(before) = risk.closed.latest() {
        let (id, closed_on) = (what.risk.to_string(), before.on());
        bench.fault(
            "risk_id",
            Fault::ItemClosed {
                what: "risk",
                id,
                closed_on,
            },
        );
    }
}

pub(super) fn dispute_raised(bench: &mut EventCheck<'_>, what: &DisputeRaised) {
    let taken = bench
        .dossier()
        .and_then(|dossier| dossier.disputes.get(&what.dispute));
    bench.free("dispute_id", "dispute", &what.dispute, taken);
    bench.bodies("body_ids", &what.bodies);
}

pub(super) fn dispute_settled(bench: &mut EventCheck<'_>, what: &DisputeSettled) {
    let found = bench
        .dossier()
        .and_then(|dossier| dossier.disputes.get(&what.dispute));
    let found = found.map(|dispute| (dispute, dispute.raised.on()));
    let Some(dispute) = bench.item("dispute_id", "dispute", &what.dispute, found) else {
        return;
    };
    if let Some(before) = dispute.settled.latest() {
        let (id, closed_on) = (what.dispute.to_string(), before.on());
        bench.fault(
            "dispute_id",
            Fault::ItemClosed {
                what: "dispute",
                id,
                closed_on,
            },
        );
    }
}

pub(super) fn discrepancy_noted(bench: &mut EventCheck<'_>, what: &DiscrepancyNoted) {
    let taken = bench
        .dossier()
        .and_then(|dossier| dossier.discrepancies.get(&what.discrepancy));
    bench.free("discrepancy_id", "discrepancy", &what.discrepancy, taken);
}
