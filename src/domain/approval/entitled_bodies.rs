//! Who a requirement asks for on a day: bodies and offices, or their successors.

use jiff::civil::Date;

use super::requirement_query::RequirementQuery;
use super::subject_lookup::{SubjectLookup, acts_as, is_one_office, successor_on};
use crate::event::{Actor, BodyKind, OfficeDelegation, Requirement};
use crate::ids::{BodyId, SubjectId};

/// The bodies whose agreement a requirement asks for, in the order of their ids.
/// Empty for a requirement that is not about bodies.
pub(super) fn entitled_bodies(
    query: &RequirementQuery<'_>,
    requirement: &Requirement,
) -> Vec<BodyId> {
    let (lookup, day) = (query.case.lookup, query.day);
    let collaboration = query.case.subject.as_collaboration();
    // Heirs are parties in the place of the bodies that they follow.
    let parties = || {
        let parties = collaboration.map(|c| c.parties(day));
        parties.unwrap_or_default().into_iter()
    };
    let successions = lookup.successions();
    let holders = |body| successions.holders(query.case.id, body, day).into_iter();
    let mut bodies: Vec<BodyId> = match requirement {
        Requirement::EveryParty => parties().collect(),
        Requirement::EveryPolicingBody => parties()
            .filter(|party| acts_as(lookup, party, BodyKind::PolicingBody, day))
            .collect(),
        Requirement::EveryCorporationSole => parties()
            .filter(|party| {
                let mut kinds = [BodyKind::PolicingBody, BodyKind::ChiefOfficer].into_iter();
                kinds.any(|kind| acts_as(lookup, party, kind, day))
            })
            .collect(),
        Requirement::EveryBodyOfKind(kinds) => parties()
            .filter(|party| kinds.iter().any(|kind| acts_as(lookup, party, *kind, day)))
            .collect(),
        Requirement::NamedBodies(bodies) | Requirement::PutTo(bodies) => {
            bodies.iter().flat_map(holders).cloned().collect()
        }
        Requirement::Lead => {
            let service = query.case.act.service();
            // While it is to be settled which of several heirs leads, all of them are asked.
            let leads = collaboration.and_then(|c| match service {
                Some(service) => Some(c.service_leads_by(c.services.get(service)?, day)),
                None => Some(c.leads_by(day)),
            });
            leads.into_iter().flatten().cloned().collect()
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

/// Whether an actor is the office that a delegation names, on the day.
pub(super) fn is_office(
    lookup: &dyn SubjectLookup,
    about: &SubjectId,
    actor: &Actor,
    delegation: &OfficeDelegation,
    day: Date,
) -> bool {
    match actor {
        Actor::Body {
            body,
            office: Some(office),
        } => {
            successor_on(lookup, about, body, day)
                == successor_on(lookup, about, &delegation.body, day)
                && is_one_office(lookup, body, office, &delegation.office, day)
        }
        Actor::Body { office: None, .. } | Actor::Office(_) => false,
    }
}
