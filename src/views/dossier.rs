//! Records that views of all subjects share: grants, audits and reviews, risks and
//! disputes, and coming entries.

use super::collaborations::count;
use super::{names, settlements};
use minutebook_domain::dossier::Dossier;
use minutebook_domain::event::{ConsultationRecorded, Kind};
use minutebook_domain::fact::Fact;
use minutebook_domain::ids::{ItemId, SubjectId};
use minutebook_domain::register_view::{CorrectedEntry, RegisterView};
use minutebook_wire::proto::{
    AssuranceView, Coming, ConcernKind, ConcernView, ConsultationView, DependencyView, GrantView,
    VoidedEntry,
};
use minutebook_wire::{reply, summary};

/// Entries of the subject that are not yet in force.
pub(super) fn coming(register_view: &RegisterView, id: &SubjectId) -> Vec<Coming> {
    register_view
        .coming(id)
        .into_iter()
        .map(|entry| Coming {
            position: entry.position.get(),
            effective_on: Some(reply::date(entry.effective_on())),
            summary: summary::summary(&entry.event),
        })
        .collect()
}

/// The entries about a subject that were voided, in the order of their positions.
pub(super) fn voided(register_view: &RegisterView, id: &SubjectId) -> Vec<VoidedEntry> {
    register_view
        .voided(id)
        .into_iter()
        .map(|CorrectedEntry { entry, correction }| VoidedEntry {
            position: entry.position.get(),
            effective_on: Some(reply::date(entry.effective_on())),
            summary: summary::summary(&entry.event),
            voided_by_position: correction.position.get(),
            reason: match &correction.event.kind {
                Kind::EntryCorrected(event) => event.reason.to_string(),
                _ => String::new(),
            },
        })
        .collect()
}

/// Its dependencies, oldest first.
pub(super) fn dependencies(register_view: &RegisterView, dossier: &Dossier) -> Vec<DependencyView> {
    let mut dependencies: Vec<_> = dossier.dependencies.values().collect();
    dependencies.sort_by_cached_key(|noted| noted.effective_order());
    dependencies
        .into_iter()
        .map(|noted| DependencyView {
            dependency_id: noted.dependency.to_string(),
            what: noted.what.to_string(),
            depends_on: noted.depends_on.to_string(),
            collaboration: noted
                .collaboration
                .as_ref()
                .map(|id| names::collaboration(register_view, id)),
            service_id: reply::optional(noted.service.as_ref()),
            consequence: noted.consequence.to_string(),
            noted_on: Some(reply::date(noted.on())),
        })
        .collect()
}

/// Its consultations, oldest first.
pub(super) fn consultations(
    register_view: &RegisterView,
    dossier: &Dossier,
) -> Vec<ConsultationView> {
    let mut consultations: Vec<_> = dossier.consultations.values().collect();
    consultations.sort_by_cached_key(|recorded| recorded.effective_order());
    consultations
        .into_iter()
        .map(|recorded| ConsultationView {
            consultation_id: recorded.consultation.to_string(),
            about: recorded.about.to_string(),
            instrument_id: reply::optional(recorded.instrument.as_ref()),
            consulted: names::bodies(register_view, &recorded.consulted),
            others_consulted: reply::optional(recorded.others_consulted.as_ref()),
            since_on: Some(reply::date(recorded.on())),
            closes_on: reply::optional_date(recorded.closes_on),
            outcome: recorded.outcome.to_string(),
            remark: signed_before_it_closed(register_view, dossier, recorded).unwrap_or_default(),
        })
        .collect()
}

/// Those who signed an agreement while the consultation about it was open: a policing body, for
/// one, consults before it makes one (Police Act 1996 s.23A(6)).
fn signed_before_it_closed(
    register_view: &RegisterView,
    dossier: &Dossier,
    recorded: &Fact<ConsultationRecorded>,
) -> Option<String> {
    let closes_on = recorded.closes_on?;
    let instrument = dossier.instruments.get(recorded.instrument.as_ref()?)?;
    let early = instrument.signatures.iter().filter(|(_, signed)| {
        let on = signed.on();
        let is_signed = signed.day() <= register_view.as_at();
        is_signed && recorded.on().is_by(on).may_be() && on.last_day() < closes_on.first_day()
    });
    let early: Vec<String> = early
        .map(|(body, signed)| {
            let name = names::body(register_view, body).name;
            format!("{name} on {}", signed.on())
        })
        .collect();
    (!early.is_empty()).then(|| {
        format!(
            "signed before it closed: {}; an agreement is made after those whom it concerns were \
             heard",
            early.join("; ")
        )
    })
}

/// Its grants, oldest first.
pub(super) fn grants(register_view: &RegisterView, dossier: &Dossier) -> Vec<GrantView> {
    let mut grants: Vec<_> = dossier.grants.values().collect();
    grants.sort_by_cached_key(|grant| grant.effective_order());
    grants
        .into_iter()
        .map(|grant| GrantView {
            currency: reply::currency(dossier.currency),
            grant_id: grant.grant.to_string(),
            purpose: grant.purpose.to_string(),
            from: grant
                .from
                .as_ref()
                .map(|from| names::body(register_view, from)),
            to: grant.to.as_ref().map(|to| names::body(register_view, to)),
            service_id: reply::optional(grant.service.as_ref()),
            amount_pence: reply::optional_pence(grant.amount),
            financial_year: reply::optional_year(grant.year),
            awarded_on: Some(reply::date(grant.on())),
            awarded_on_is: reply::date_is(grant.is()),
            amount_is: reply::amount_is(grant.amount_is),
        })
        .collect()
}

/// Its audits and reviews, by date.
pub(super) fn assurance(register_view: &RegisterView, dossier: &Dossier) -> Vec<AssuranceView> {
    let open = |id: &ItemId| {
        let of_it = dossier
            .recommendations
            .values()
            .filter(|r| r.made.review.as_ref() == Some(id) && r.is_open(register_view.as_at()));
        count(of_it.count())
    };
    let audits = dossier.audits.iter().map(|(id, audit)| {
        let view = AssuranceView {
            assurance_id: id.to_string(),
            title: audit.title.to_string(),
            by: audit
                .auditor
                .as_ref()
                .map(|by| names::body(register_view, by)),
            rating: audit.rating.to_string(),
            rating_scale: reply::optional(audit.rating_scale.as_ref()),
            findings: audit.findings.to_string(),
            commissioned_on: None,
            published_on: Some(reply::date(audit.on())),
            open_recommendation_count: open(id),
            scope: String::new(),
            due_on: None,
        };
        (audit.effective_order(), view)
    });
    let reviews = dossier.reviews.iter().filter_map(|(id, review)| {
        let (commissioned, published) = (review.commissioned.as_ref(), review.published.latest());
        let order = commissioned
            .map(Fact::effective_order)
            .or(published.map(Fact::effective_order))?;
        let title = published
            .and_then(|published| published.title.as_ref())
            .or(commissioned.map(|commissioned| &commissioned.title));
        let by = published
            .and_then(|published| published.reviewer.as_ref())
            .or(commissioned.and_then(|commissioned| commissioned.reviewer.as_ref()));
        // The subject of a review is no finding; findings exist once it is published.
        let findings = published.map(|published| published.findings.to_string());
        let view = AssuranceView {
            assurance_id: id.to_string(),
            title: reply::optional(title),
            by: by.map(|by| names::body(register_view, by)),
            rating: String::new(),
            rating_scale: String::new(),
            findings: findings.unwrap_or_default(),
            commissioned_on: reply::optional_date(commissioned.map(Fact::on)),
            published_on: reply::optional_date(published.map(Fact::on)),
            open_recommendation_count: open(id),
            scope: commissioned
                .map(|commissioned| commissioned.scope.to_string())
                .unwrap_or_default(),
            due_on: reply::optional_date(commissioned.and_then(|commissioned| commissioned.due_on)),
        };
        Some((order, view))
    });
    let mut views: Vec<_> = audits.chain(reviews).collect();
    views.sort_by_cached_key(|(order, _)| *order);
    views.into_iter().map(|(_, view)| view).collect()
}

/// Its risks, disputes and failed assumptions, by date.
pub(super) fn concerns(register_view: &RegisterView, dossier: &Dossier) -> Vec<ConcernView> {
    let day = register_view.as_at();
    let risks = dossier.risks.iter().map(|(id, risk)| {
        let closed = risk.closed.at(day);
        let view = ConcernView {
            concern_id: id.to_string(),
            kind: ConcernKind::Risk.into(),
            what: risk.raised.what.to_string(),
            actors: risk
                .raised
                .owner
                .iter()
                .map(|owner| names::actor(register_view, owner))
                .collect(),
            severity: risk.raised.severity.to_string(),
            raised_on: Some(reply::date(risk.raised.on())),
            closed_on: reply::optional_date(closed.map(Fact::on)),
            outcome: closed
                .map(|closed| closed.outcome.to_string())
                .unwrap_or_default(),
            settlement_ids: Vec::new(),
        };
        (risk.raised.effective_order(), view)
    });
    let disputes = dossier.disputes.iter().map(|(id, dispute)| {
        let settled = dispute.settled.at(day);
        let actors = dispute
            .raised
            .bodies
            .iter()
            .map(|body| names::office(register_view, body, None));
        let view = ConcernView {
            concern_id: id.to_string(),
            kind: ConcernKind::Dispute.into(),
            what: dispute.raised.what.to_string(),
            actors: actors.collect(),
            severity: String::new(),
            raised_on: Some(reply::date(dispute.raised.on())),
            closed_on: reply::optional_date(settled.map(Fact::on)),
            outcome: settled
                .map(|settled| settled.outcome.to_string())
                .unwrap_or_default(),
            settlement_ids: settlements::about(dossier, Some(id), None),
        };
        (dispute.raised.effective_order(), view)
    });
    let assumptions = dossier.assumptions.iter().map(|(id, assumption)| {
        let view = ConcernView {
            concern_id: id.to_string(),
            kind: ConcernKind::InvalidAssumption.into(),
            what: format!(
                "assumed: {}; found: {}",
                assumption.assumed, assumption.found
            ),
            actors: Vec::new(),
            severity: String::new(),
            raised_on: Some(reply::date(assumption.on())),
            closed_on: None,
            outcome: assumption.consequence.to_string(),
            settlement_ids: Vec::new(),
        };
        (assumption.effective_order(), view)
    });
    let mut concerns: Vec<_> = risks.chain(disputes).chain(assumptions).collect();
    concerns.sort_by_cached_key(|(order, _)| *order);
    concerns.into_iter().map(|(_, view)| view).collect()
}
