//! Rules for events about assurance: the items that they name exist and are open.

use super::decisions::require_actor;
use super::event_check::EventCheck;
use super::instrument_checks::require_instrument;
use crate::approval::describe::listed;
use crate::date::PartialDate;
use crate::dossier::Recommendation;
use crate::event::{
    Actor, AssumptionInvalidated, AuditReported, BenefitBaselined, BenefitMeasured,
    DiscrepancyNoted, DisputeRaised, DisputeSettled, RecommendationClosed, RecommendationMade,
    RecommendationResponded, ReviewCommissioned, ReviewPublished, RiskClosed, RiskRaised,
};
use crate::fault::Fault;
use crate::ids::ItemId;
use crate::succession::is_or_follows;

pub(super) fn audit_reported(check: &mut EventCheck<'_>, event: &AuditReported) {
    let taken = check
        .dossier()
        .and_then(|dossier| dossier.audits.get(&event.audit));
    check.require_free("audit_id", "audit", &event.audit, taken);
    if let Some(auditor) = &event.auditor {
        check.require_body("auditor_id", auditor);
    }
    check.require_optional_service("service_id", event.service.as_ref());
}

pub(super) fn review_commissioned(check: &mut EventCheck<'_>, event: &ReviewCommissioned) {
    let taken = check
        .dossier()
        .and_then(|dossier| dossier.reviews.get(&event.review));
    check.require_free("review_id", "review", &event.review, taken);
    if let Some(reviewer) = &event.reviewer {
        check.require_body("reviewer_id", reviewer);
    }
}

pub(super) fn review_published(check: &mut EventCheck<'_>, event: &ReviewPublished) {
    if let Some(reviewer) = &event.reviewer {
        check.require_body("reviewer_id", reviewer);
    }
    let review = check
        .dossier()
        .and_then(|dossier| dossier.reviews.get(&event.review));
    match review.and_then(|review| review.commissioned.as_ref()) {
        Some(commissioned) => {
            check.require_not_before("review_id", "review", &event.review, commissioned.on());
        }
        None if event.title.is_none() => {
            let why = "a review that was not commissioned under this id needs a title";
            check.report("title", Fault::ReasonRequired { why });
        }
        None => {}
    }
    if let Some(before) = review.and_then(|review| review.published.latest()) {
        let (id, closed_on) = (event.review.to_string(), before.on());
        check.report(
            "review_id",
            Fault::ItemClosed {
                what: "review",
                id,
                closed_on,
            },
        );
    }
}

pub(super) fn recommendation_made(check: &mut EventCheck<'_>, event: &RecommendationMade) {
    let taken = check
        .dossier()
        .and_then(|dossier| dossier.recommendations.get(&event.recommendation));
    check.require_free(
        "recommendation_id",
        "recommendation",
        &event.recommendation,
        taken,
    );
    check.require_bodies("addressed_to_ids", &event.addressed_to);
    if let Some(id) = &event.review {
        let since = check.dossier().and_then(|dossier| {
            let audited = dossier.audits.get(id).map(|audit| audit.on());
            let review = dossier.reviews.get(id);
            let commissioned = review.and_then(|r| r.commissioned.as_ref()).map(|c| c.on());
            let published = review.and_then(|r| r.published.latest()).map(|p| p.on());
            audited.or(commissioned).or(published)
        });
        check.require_item(
            "review_id",
            "review or audit",
            id,
            since.map(|since| ((), since)),
        );
    }
}

pub(super) fn recommendation_responded(
    check: &mut EventCheck<'_>,
    event: &RecommendationResponded,
) {
    let Some(recommendation) = require_open_recommendation(check, &event.recommendation) else {
        return;
    };
    require_addressed(check, recommendation);
}

/// Requires that a body which answers is one that the recommendation addresses, or in its
/// place, where it names any.
fn require_addressed(check: &mut EventCheck<'_>, recommendation: &Recommendation) {
    let by = check.entry.event.acted_by.as_ref().and_then(Actor::body);
    let Some((by, subject)) = by.zip(check.subject()) else {
        return;
    };
    let made = &recommendation.made;
    let followed = subject.followed.as_ref();
    let mut addressed = made.addressed_to.iter();
    if made.addressed_to.is_empty()
        || addressed.any(|body| is_or_follows(followed, by, body, check.day))
    {
        return;
    }
    let fault = Fault::NotAddressed {
        recommendation: made.recommendation.clone(),
        body: by.clone(),
        addressed_to: listed(made.addressed_to.iter()),
    };
    check.report_at("acted_by.body_id", fault);
}

pub(super) fn recommendation_closed(check: &mut EventCheck<'_>, event: &RecommendationClosed) {
    let id = &event.recommendation;
    let Some(recommendation) = check.require_recommendation(id) else {
        return;
    };
    // It is closed once, and answered before that, whichever is recorded first.
    let answered = recommendation.responses.latest();
    if let Some(before) = recommendation.closed.latest() {
        report_closed(check, id, before.on());
    } else if let Some(later) = answered.filter(|later| later.day() > check.day) {
        let fault = closed(id, check.on);
        check.report_contradiction(later, &fault);
    }
}

fn closed(id: &ItemId, closed_on: PartialDate) -> Fault {
    Fault::ItemClosed {
        what: "recommendation",
        id: id.to_string(),
        closed_on,
    }
}

fn report_closed(check: &mut EventCheck<'_>, id: &ItemId, closed_on: PartialDate) {
    check.report("recommendation_id", closed(id, closed_on));
}

/// Requires that the recommendation exists and is open, and returns it.
fn require_open_recommendation<'a>(
    check: &mut EventCheck<'a>,
    id: &ItemId,
) -> Option<&'a Recommendation> {
    let recommendation = check.require_recommendation(id)?;
    if let Some(before) = recommendation.closed.at(check.day) {
        report_closed(check, id, before.on());
    }
    Some(recommendation)
}

pub(super) fn benefit_baselined(check: &mut EventCheck<'_>, event: &BenefitBaselined) {
    let taken = check
        .dossier()
        .and_then(|dossier| dossier.benefits.get(&event.benefit));
    check.require_free("benefit_id", "benefit", &event.benefit, taken);
    check.require_optional_service("service_id", event.service.as_ref());
    if let Some(id) = &event.instrument {
        require_instrument(check, "instrument_id", id);
    }
}

pub(super) fn benefit_measured(check: &mut EventCheck<'_>, event: &BenefitMeasured) {
    require_benefit(check, &event.benefit);
}

fn require_benefit(check: &mut EventCheck<'_>, id: &ItemId) {
    let found = check.dossier().and_then(|dossier| dossier.benefits.get(id));
    check.require_item(
        "benefit_id",
        "benefit",
        id,
        found.map(|benefit| ((), benefit.baselined.on())),
    );
}

pub(super) fn assumption_invalidated(check: &mut EventCheck<'_>, event: &AssumptionInvalidated) {
    let taken = check
        .dossier()
        .and_then(|dossier| dossier.assumptions.get(&event.assumption));
    check.require_free("assumption_id", "assumption", &event.assumption, taken);
    if let Some(id) = &event.benefit {
        require_benefit(check, id);
    }
    if let Some(id) = &event.instrument {
        require_instrument(check, "instrument_id", id);
    }
}

pub(super) fn risk_raised(check: &mut EventCheck<'_>, event: &RiskRaised) {
    let taken = check
        .dossier()
        .and_then(|dossier| dossier.risks.get(&event.risk));
    check.require_free("risk_id", "risk", &event.risk, taken);
    require_actor(check, "owner", event.owner.as_ref());
    check.require_optional_service("service_id", event.service.as_ref());
}

pub(super) fn risk_closed(check: &mut EventCheck<'_>, event: &RiskClosed) {
    let found = check
        .dossier()
        .and_then(|dossier| dossier.risks.get(&event.risk));
    let found = found.map(|risk| (risk, risk.raised.on()));
    let Some(risk) = check.require_item("risk_id", "risk", &event.risk, found) else {
        return;
    };
    if let Some(before) = risk.closed.latest() {
        let (id, closed_on) = (event.risk.to_string(), before.on());
        check.report(
            "risk_id",
            Fault::ItemClosed {
                what: "risk",
                id,
                closed_on,
            },
        );
    }
}

pub(super) fn dispute_raised(check: &mut EventCheck<'_>, event: &DisputeRaised) {
    let taken = check
        .dossier()
        .and_then(|dossier| dossier.disputes.get(&event.dispute));
    check.require_free("dispute_id", "dispute", &event.dispute, taken);
    check.require_bodies("body_ids", &event.bodies);
}

pub(super) fn dispute_settled(check: &mut EventCheck<'_>, event: &DisputeSettled) {
    let found = check
        .dossier()
        .and_then(|dossier| dossier.disputes.get(&event.dispute));
    let found = found.map(|dispute| (dispute, dispute.raised.on()));
    let Some(dispute) = check.require_item("dispute_id", "dispute", &event.dispute, found) else {
        return;
    };
    if let Some(before) = dispute.settled.latest() {
        let (id, closed_on) = (event.dispute.to_string(), before.on());
        check.report(
            "dispute_id",
            Fault::ItemClosed {
                what: "dispute",
                id,
                closed_on,
            },
        );
    }
}

pub(super) fn discrepancy_noted(check: &mut EventCheck<'_>, event: &DiscrepancyNoted) {
    let taken = check
        .dossier()
        .and_then(|dossier| dossier.discrepancies.get(&event.discrepancy));
    check.require_free("discrepancy_id", "discrepancy", &event.discrepancy, taken);
}
