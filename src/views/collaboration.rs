//! One collaboration in full.

use super::{boards, collaborations, file, instruments, names, notices, reasoning};
use crate::domain::collaboration::Service;
use crate::domain::event::DirectionKind;
use crate::domain::fact::Fact;
use crate::domain::ids::{BodyId, CollaborationId, ServiceId, SubjectId};
use crate::domain::register_view::{CollaborationAt, RegisterView};
use crate::wire::proto::{
    BoardSummary, CollaborationView, DirectionView, OpportunityView, PartyView, ServiceView,
};
use crate::wire::reply;

/// The collaboration, if it has begun.
pub fn get(outlook: &RegisterView, id: &CollaborationId) -> Option<CollaborationView> {
    let day = outlook.as_at();
    let seen = outlook.collaboration(id)?;
    let established = seen.established.as_ref()?;
    let subject_id = SubjectId::Collaboration(id.clone());
    let dossier = &seen.subject().dossier;
    let (parties, former_parties) = parties(outlook, &seen);
    let (services, former_services) = services(outlook, &seen);
    let aliases = dossier
        .aliases
        .iter()
        .filter(|alias| alias.service.is_none());
    let parts = outlook.collaborations().filter(|(_, other)| {
        other.established.as_ref().and_then(|e| e.part_of.as_ref()) == Some(id)
    });
    let ended = seen.ended(day);
    let rules = reasoning::in_force(outlook, &subject_id, seen.subject());
    Some(CollaborationView {
        approval_regime: reasoning::governed_by(rules.as_ref()),
        approval_rules: rules.as_ref().map(reasoning::rule_set),
        summary: Some(collaborations::summary(outlook, id, &seen)),
        purpose: established.purpose.to_string(),
        legal_basis: reply::optional(established.legal_basis.as_ref()),
        part_of: established
            .part_of
            .as_ref()
            .map(|id| names::collaboration(outlook, id)),
        parts: parts
            .map(|(id, _)| names::collaboration(outlook, id))
            .collect(),
        aliases: aliases.map(|alias| alias.alias.to_string()).collect(),
        parties,
        former_parties,
        services,
        former_services,
        instruments: instruments::list(outlook, &subject_id, seen.subject()),
        boards: serving(outlook, id),
        notices: notices::of(outlook, id, seen.subject(), &seen),
        dependencies: file::dependencies(outlook, dossier),
        opportunities: opportunities(outlook, &seen),
        directions: directions(outlook, &seen),
        concerns: file::concerns(outlook, dossier),
        grants: file::grants(outlook, dossier),
        assurance: file::assurance(outlook, dossier),
        coming: file::coming(outlook, &subject_id),
        end_cause: ended
            .map(|ended| reply::end_cause(ended.cause))
            .unwrap_or_default(),
        replaced_by: ended
            .and_then(|ended| ended.replaced_by.as_ref())
            .map(|id| names::collaboration(outlook, id)),
    })
}

fn parties(outlook: &RegisterView, seen: &CollaborationAt) -> (Vec<PartyView>, Vec<PartyView>) {
    let view = |body: &BodyId, spell: crate::domain::collaboration::Spell| PartyView {
        body: Some(names::body(outlook, body)),
        kind: outlook
            .body(body)
            .and_then(|body| body.registered.as_ref().map(|r| reply::body_kind(r.kind)))
            .unwrap_or_default(),
        joined_on: Some(reply::date(spell.joined_on)),
        left_on: reply::optional_date(spell.left_on),
    };
    seen.spells(outlook.as_at())
        .map(|(body, spell)| view(body, spell))
        .partition(|party| party.left_on.is_none())
}

/// The services of today and those of before, each in the order in which they
/// were added.
fn services(
    outlook: &RegisterView,
    seen: &CollaborationAt,
) -> (Vec<ServiceView>, Vec<ServiceView>) {
    let mut services: Vec<_> = seen.services.iter().collect();
    services.sort_by_key(|(_, service)| service.added.effective_order());
    services
        .into_iter()
        .map(|(id, service)| service_view(outlook, seen, id, service))
        .partition(|service| service.removed_on.is_none())
}

fn service_view(
    outlook: &RegisterView,
    seen: &CollaborationAt,
    id: &ServiceId,
    service: &Service,
) -> ServiceView {
    let day = outlook.as_at();
    let aliases = &seen.subject().dossier.aliases;
    let removed = service.removed.at(day);
    ServiceView {
        service: Some(crate::wire::proto::ServiceRef {
            service_id: id.to_string(),
            name: service.added.name.to_string(),
        }),
        category: service.added.category.to_string(),
        units: reply::strings(&service.units(day)),
        lead: service.lead(day).map(|lead| names::body(outlook, lead)),
        parties: names::bodies(outlook, &seen.service_parties(service, day)),
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

fn serving(outlook: &RegisterView, id: &CollaborationId) -> Vec<BoardSummary> {
    boards::list(outlook, Some(id))
}

fn opportunities(outlook: &RegisterView, seen: &CollaborationAt) -> Vec<OpportunityView> {
    seen.opportunities
        .values()
        .map(|considered| OpportunityView {
            opportunity_id: considered.opportunity.to_string(),
            title: considered.title.to_string(),
            bodies: names::bodies(outlook, &considered.bodies),
            outcome: reply::opportunity_outcome(considered.outcome),
            reasons: considered.reasons.to_string(),
            considered_on: Some(reply::date(considered.on())),
        })
        .collect()
}

fn directions(outlook: &RegisterView, seen: &CollaborationAt) -> Vec<DirectionView> {
    let mut directions: Vec<_> = seen.directions.values().collect();
    directions.sort_by_key(|direction| direction.effective_order());
    directions
        .into_iter()
        .map(|direction| DirectionView {
            direction_id: direction.direction.to_string(),
            kind: reply::direction_kind(&direction.kind),
            terms: direction.terms.to_string(),
            issued_on: Some(reply::date(direction.on())),
            stands: direction.kind == DirectionKind::Mandate
                && !seen.is_lifted(direction, outlook.as_at()),
        })
        .collect()
}
