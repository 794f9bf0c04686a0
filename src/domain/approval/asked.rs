//! Whom a requirement asks, on a day: bodies and offices, and those that have
//! followed them since.

use jiff::civil::Date;

use super::need::Question;
use super::word::same_name;
use super::world::{World, current, kind};
use crate::domain::event::{Actor, BodyKind, OfficeDelegation, Requirement};
use crate::domain::ids::BodyId;

/// The bodies that a requirement about bodies means, on the day.
pub(super) fn bodies(question: &Question<'_>, wanted: &Requirement) -> Vec<BodyId> {
    let (world, day) = (question.case.world, question.day);
    let collaboration = question.case.subject.as_collaboration();
    let parties = || {
        let parties = collaboration.map(|c| c.parties(day)).unwrap_or_default();
        parties.into_iter().map(|party| current(world, &party, day))
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
            .map(|body| current(world, body, day))
            .collect(),
        Requirement::Lead => {
            let service = question.case.topic.service();
            let lead = collaboration.and_then(|c| match service {
                Some(service) => c.services.get(service)?.lead(day),
                None => c.lead(day),
            });
            lead.map(|lead| current(world, lead, day))
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
    world: &dyn World,
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
                && current(world, body, day) == current(world, &delegation.body, day)
        }
        Actor::Body { office: None, .. } | Actor::Office(_) => false,
    }
}
