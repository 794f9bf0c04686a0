//! One collaboration in full.

use super::{boards, collaborations, dossier, instruments, names, notices, reasoning};
use crate::domain::collaboration::Service;
use crate::domain::event::DirectionKind;
use crate::domain::fact::Fact;
use crate::domain::ids::{BodyId, CollaborationId, ServiceId, SubjectId};
use crate::domain::register_view::{CollaborationAt, RegisterView};
use crate::wire::proto::{
    BoardSummary, CollaborationView, DirectionView, OpportunityView, PartyView, ServiceView,
};
use crate::wire::reply;

/// The collaboration, if it exists by the day of the view.
pub fn get(register_view: &RegisterView, id: &CollaborationId) -> Option<CollaborationView> {
    let day = register_view.as_at();
    let collaboration_at = register_view.collaboration(id)?;
    let established = collaboration_at.established.as_ref()?;
    let subject_id = SubjectId::Collaboration(id.clone());
    let dossier = &collaboration_at.subject().dossier;
    let (parties, former_parties) = parties(register_view, &collaboration_at);
    let (services, former_services) = services(register_view, &collaboration_at);
    let aliases = dossier
        .aliases
        .iter()
        .filter(|alias| alias.service.is_none());
    let parts = register_view.collaborations().filter(|(_, other)| {
        other.established.as_ref().and_then(|e| e.part_of.as_ref()) == Some(id)
    });
    let ended = collaboration_at.ended(day);
    let rules = reasoning::in_force(register_view, &subject_id, collaboration_at.subject());
    Some(CollaborationView {
        approval_regime: reasoning::governed_by(rules.as_ref()),
        approval_rules: rules.as_ref().map(reasoning::rule_set),
        summary: Some(collaborations::summary(
            register_view,
            id,
            &collaboration_at,
        )),
        purpose: established.purpose.to_string(),
        legal_basis: reply::optional(established.legal_basis.as_ref()),
        part_of: established
            .part_of
            .as_ref()
            .map(|id| names::collaboration(register_view, id)),
        parts: parts
            .map(|(id, _)| names::collaboration(register_view, id))
            .collect(),
        aliases: aliases.map(|alias| alias.alias.to_string()).collect(),
        parties,
        former_parties,
        services,
        former_services,
        instruments: instruments::list(register_view, &subject_id, collaboration_at.subject()),
        boards: board_summaries(register_view, id),
        notices: notices::of(
            register_view,
            id,
            collaboration_at.subject(),
            &collaboration_at,
        ),
        dependencies: dossier::dependencies(register_view, dossier),
        opportunities: opportunities(register_view, &collaboration_at),
        directions: directions(register_view, &collaboration_at),
        concerns: dossier::concerns(register_view, dossier),
        grants: dossier::grants(register_view, dossier),
        assurance: dossier::assurance(register_view, dossier),
        coming: dossier::coming(register_view, &subject_id),
        consultations: dossier::consultations(register_view, dossier),
        formulas: dossier::formulas(register_view, &subject_id, dossier),
        end_cause: ended
            .map(|ended| reply::end_cause(ended.cause))
            .unwrap_or_default(),
        replaced_by: ended
            .and_then(|ended| ended.replaced_by.as_ref())
            .map(|id| names::collaboration(register_view, id)),
    })
}

fn parties(
    register_view: &RegisterView,
    collaboration_at: &CollaborationAt,
) -> (Vec<PartyView>, Vec<PartyView>) {
    let view = |body: &BodyId, spell: crate::domain::collaboration::Spell| PartyView {
        body: Some(names::body(register_view, body)),
        kind: register_view
            .body(body)
            .and_then(|body| body.registered.as_ref().map(|r| reply::body_kind(r.kind)))
            .unwrap_or_default(),
        joined_on: Some(reply::date(spell.joined_on)),
        left_on: reply::optional_date(spell.left_on),
        in_place_of: spell
            .in_place_of
            .map(|before| names::body(register_view, &before)),
        followed_by: names::bodies(register_view, &spell.followed_by),
    };
    collaboration_at
        .spells(register_view.as_at())
        .map(|(body, spell)| view(body, spell))
        .partition(|party| party.left_on.is_none())
}

/// The present services and the former ones, each in the order in which they were
/// added.
fn services(
    register_view: &RegisterView,
    collaboration_at: &CollaborationAt,
) -> (Vec<ServiceView>, Vec<ServiceView>) {
    let mut services: Vec<_> = collaboration_at.services.iter().collect();
    services.sort_by_cached_key(|(_, service)| service.added.effective_order());
    services
        .into_iter()
        .map(|(id, service)| service_view(register_view, collaboration_at, id, service))
        .partition(|service| service.removed_on.is_none())
}

fn service_view(
    register_view: &RegisterView,
    collaboration_at: &CollaborationAt,
    id: &ServiceId,
    service: &Service,
) -> ServiceView {
    let day = register_view.as_at();
    let aliases = &collaboration_at.subject().dossier.aliases;
    let removed = service.removed.at(day);
    ServiceView {
        service: Some(crate::wire::proto::ServiceRef {
            service_id: id.to_string(),
            name: service.added.name.to_string(),
        }),
        category: service.added.category.to_string(),
        units: reply::strings(&service.units(day)),
        lead: collaboration_at
            .service_lead(service, day)
            .map(|lead| names::body(register_view, lead)),
        parties: names::bodies(
            register_view,
            &collaboration_at.service_parties(service, day),
        ),
        instrument_id: reply::optional(service.added.instrument.as_ref()),
        added_on: Some(reply::date(service.added.on())),
        removed_on: reply::optional_date(removed.map(Fact::on)),
        aliases: aliases
            .iter()
            .filter(|alias| alias.service.as_ref() == Some(id))
            .map(|alias| alias.alias.to_string())
            .collect(),
        description: service.added.description.to_string(),
    }
}

fn board_summaries(register_view: &RegisterView, id: &CollaborationId) -> Vec<BoardSummary> {
    boards::list(register_view, Some(id))
}

fn opportunities(
    register_view: &RegisterView,
    collaboration_at: &CollaborationAt,
) -> Vec<OpportunityView> {
    collaboration_at
        .opportunities
        .values()
        .map(|considered| OpportunityView {
            opportunity_id: considered.opportunity.to_string(),
            title: considered.title.to_string(),
            bodies: names::bodies(register_view, &considered.bodies),
            outcome: reply::opportunity_outcome(considered.outcome),
            reasons: considered.reasons.to_string(),
            considered_on: Some(reply::date(considered.on())),
        })
        .collect()
}

fn directions(
    register_view: &RegisterView,
    collaboration_at: &CollaborationAt,
) -> Vec<DirectionView> {
    let mut directions: Vec<_> = collaboration_at.directions.values().collect();
    directions.sort_by_cached_key(|direction| direction.effective_order());
    directions
        .into_iter()
        .map(|direction| DirectionView {
            direction_id: direction.direction.to_string(),
            kind: reply::direction_kind(&direction.kind),
            terms: direction.terms.to_string(),
            issued_on: Some(reply::date(direction.on())),
            stands: direction.kind == DirectionKind::Mandate
                && !collaboration_at.is_lifted(direction, register_view.as_at()),
            issuer: direction
                .issuer
                .as_ref()
                .or(direction.source.entry.event.acted_by.as_ref())
                .map(|issuer| names::actor(register_view, issuer)),
            legal_basis: reply::optional(direction.legal_basis.as_ref()),
        })
        .collect()
}
