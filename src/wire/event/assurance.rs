//! Reading and summaries for events about audits, reviews, recommendations,
//! benefits, risks and disputes.

use crate::enum_label::EnumLabel;
use crate::fields::{
    FromWire, ITEMS_MAX, choice, date, decimal, id, ids, name, optional, optional_decimal,
    optional_id, optional_name, or_default, reads, remark, required_text, some_list, text,
};
use crate::proto;
use crate::summary::{Summary, optional_phrase, quoted};
use crate::violation::MessageReader;
use minutebook_domain::event::{
    AssumptionInvalidated, AuditReported, BenefitBaselined, BenefitMeasured, DiscrepancyNoted,
    DisputeRaised, DisputeSettled, RecommendationClosed, RecommendationMade,
    RecommendationResponded, ReviewCommissioned, ReviewPublished, RiskClosed, RiskRaised,
    Statement,
};

reads! {
    AuditReported {
        audit: id(audit_id),
        title: name(title),
        auditor: optional_id(auditor_id),
        rating: name(rating),
        rating_scale: optional_name(rating_scale),
        service: optional_id(service_id),
        findings: text(findings),
        report: or_default(report),
    }
    ReviewCommissioned {
        review: id(review_id),
        title: name(title),
        reviewer: optional_id(reviewer_id),
        scope: text(scope),
        due_on: date(due_on),
    }
    ReviewPublished {
        review: id(review_id),
        title: optional_name(title),
        reviewer: optional_id(reviewer_id),
        findings: text(findings),
        report: or_default(report),
    }
    RecommendationMade {
        recommendation: id(recommendation_id),
        what: required_text(what),
        review: optional_id(review_id),
        addressed_to: ids(addressed_to_ids),
        due_on: date(due_on),
        priority: remark(priority),
    }
    RecommendationResponded {
        recommendation: id(recommendation_id),
        response: choice(response),
        what: text(what),
        due_on: date(due_on),
        progress: remark(progress),
    }
    RecommendationClosed {
        recommendation: id(recommendation_id),
        outcome: required_text(outcome),
    }
    BenefitBaselined {
        benefit: id(benefit_id),
        title: name(title),
        unit: name(unit),
        baseline: optional_decimal(baseline),
        expected: optional_decimal(expected),
        expected_by_on: date(expected_by_on),
        service: optional_id(service_id),
        instrument: optional_id(instrument_id),
        assumptions: text(assumptions),
    }
    BenefitMeasured {
        benefit: id(benefit_id),
        value: decimal(value),
        method: text(method),
    }
    AssumptionInvalidated {
        assumption: id(assumption_id),
        assumed: required_text(assumption),
        found: required_text(found),
        consequence: text(consequence),
        benefit: optional_id(benefit_id),
        instrument: optional_id(instrument_id),
    }
    RiskRaised {
        risk: id(risk_id),
        what: required_text(what),
        owner: optional(owner),
        severity: remark(severity),
        service: optional_id(service_id),
    }
    RiskClosed {
        risk: id(risk_id),
        outcome: required_text(outcome),
    }
    DisputeRaised {
        dispute: id(dispute_id),
        what: required_text(what),
        bodies: ids(body_ids),
    }
    DisputeSettled {
        dispute: id(dispute_id),
        outcome: required_text(outcome),
    }
    DiscrepancyNoted {
        discrepancy: id(discrepancy_id),
        what: name(what),
        statements: some_list(statements, ITEMS_MAX),
        explanation: text(explanation),
    }
}

impl FromWire for Statement {
    type Wire = proto::discrepancy_noted::Statement;

    fn read(r: &mut MessageReader, m: &proto::discrepancy_noted::Statement) -> Option<Self> {
        let place = name(r, "place", &m.place);
        let says = required_text(r, "says", &m.says);
        Some(Self {
            place: place?,
            says: says?,
        })
    }
}

// ─── Summaries ──────────────────────────────────────────────────────────────

impl Summary for AuditReported {
    fn line(&self) -> String {
        format!(
            "audit {} reported: {}, rated {}",
            self.audit, self.title, self.rating
        )
    }
}

impl Summary for ReviewCommissioned {
    fn line(&self) -> String {
        format!(
            "review {} commissioned{}: {}",
            self.review,
            optional_phrase(self.reviewer.as_ref(), "from"),
            self.title
        )
    }
}

impl Summary for ReviewPublished {
    fn line(&self) -> String {
        let reviewer = optional_phrase(self.reviewer.as_ref(), "by");
        let title = self
            .title
            .as_ref()
            .map(|title| format!(": {title}"))
            .unwrap_or_default();
        format!("review {} published{reviewer}{title}", self.review)
    }
}

impl Summary for RecommendationMade {
    fn line(&self) -> String {
        format!(
            "recommendation {}: {}",
            self.recommendation,
            quoted(self.what.as_str())
        )
    }
}

impl Summary for RecommendationResponded {
    fn line(&self) -> String {
        format!(
            "recommendation {} {}",
            self.recommendation,
            proto::ResponseChoice::from(self.response).label()
        )
    }
}

impl Summary for RecommendationClosed {
    fn line(&self) -> String {
        format!(
            "recommendation {} closed: {}",
            self.recommendation,
            quoted(self.outcome.as_str())
        )
    }
}

impl Summary for BenefitBaselined {
    fn line(&self) -> String {
        let expected = match (self.baseline, self.expected) {
            (None, None) => String::new(),
            (Some(from), None) => format!(", from {from} {}", self.unit),
            (None, Some(to)) => format!(", to {to} {}", self.unit),
            (Some(from), Some(to)) => format!(", from {from} to {to} {}", self.unit),
        };
        let when = optional_phrase(self.expected_by_on.as_ref(), "by");
        format!(
            "benefit {} expected: {}{expected}{when}",
            self.benefit, self.title
        )
    }
}

impl Summary for BenefitMeasured {
    fn line(&self) -> String {
        format!("benefit {} measured at {}", self.benefit, self.value)
    }
}

impl Summary for AssumptionInvalidated {
    fn line(&self) -> String {
        format!(
            "assumption {} does not hold: {}",
            self.assumption,
            quoted(self.found.as_str())
        )
    }
}

impl Summary for RiskRaised {
    fn line(&self) -> String {
        format!("risk {} raised: {}", self.risk, quoted(self.what.as_str()))
    }
}

impl Summary for RiskClosed {
    fn line(&self) -> String {
        format!(
            "risk {} closed: {}",
            self.risk,
            quoted(self.outcome.as_str())
        )
    }
}

impl Summary for DisputeRaised {
    fn line(&self) -> String {
        format!(
            "dispute {} raised: {}",
            self.dispute,
            quoted(self.what.as_str())
        )
    }
}

impl Summary for DisputeSettled {
    fn line(&self) -> String {
        format!(
            "dispute {} settled: {}",
            self.dispute,
            quoted(self.outcome.as_str())
        )
    }
}

impl Summary for DiscrepancyNoted {
    fn line(&self) -> String {
        format!("discrepancy {}: {}", self.discrepancy, self.what)
    }
}
