//! Whom a requirement asks, on a day: bodies and offices, and those that have
//! followed them since.

use jiff::civil::Date;

use super::opinion::same_name;
use super::requirement_status::RequirementQuery;
use super::subject_lookup::{SubjectLookup, kind, successor_on};
use crate::domain::event::{Actor, BodyKind, OfficeDelegation, Requirement};
use crate::domain::ids::BodyId;

/// The bodies that a requirement about bodies means, on the day.
pub(super) fn bodies(question: &RequirementQuery<'_>, wanted: &Requirement) -> Vec<BodyId> {
    let (world, day) = (question.case.lookup, question.day);
    let collaboration = question.case.subject.as_collaboration();
    let parties = || {
        let parties = collaboration.map(|c| c.parties(day)).unwrap_or_default();
        parties
            .into_iter()
            .map(|party| successor_on(world, &party, day))
    };
    let mut bodies: Vec<BodyId> = match wanted {
        Requirement::EveryParty => parties().collect(),
        Requirement::EveryPolicingBody => parties()
            .filter(|party| kind(world, party) == Some(BodyKind::PolicingBody))
            .collect(),
        Requirement::EveryCorporationSole => parties()
            .filter(|party| {
                matches!(
                    kind(world, party),
                    Some(BodyKind::PolicingBody | BodyKind::ChiefOfficer)
                )
            })
            .collect(),
        Requirement::NamedBodies(bodies) => bodies
            .iter()
            .map(|body| successor_on(world, body, day))
            .collect(),
        Requirement::Lead => {
            let service = question.case.act.service();
            let lead = collaboration.and_then(|c| match service {
                Some(service) => c.services.get(service)?.lead(day),
                None => c.lead(day),
            });
            lead.map(|lead| successor_on(world, lead, day))
                .into_iter()
                .collect()
        }
        Requirement::Board(_)
        | Requirement::Office(_)
        | Requirement::AnyOf(_)
        | Requirement::AllOf(_) => Vec::new(),
    };
    bodies.sort();
    bodies.dedup();
    bodies
}

/// Whether somebody is the office that a delegation names, on the day.
pub(super) fn is_office(
    world: &dyn SubjectLookup,
    by: &Actor,
    delegation: &OfficeDelegation,
    day: Date,
) -> bool {
    match by {
        Actor::Body {
            body,
            office: Some(office),
        } => {
            same_name(office.as_str(), delegation.office.as_str())
                && successor_on(world, body, day) == successor_on(world, &delegation.body, day)
        }
        Actor::Body { office: None, .. } | Actor::Office(_) => false,
    }
}
