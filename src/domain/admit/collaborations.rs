//! Rules for events about a collaboration as a whole.

use super::event_check::EventCheck;
use crate::domain::event::{
    CollaborationEnded, CollaborationEstablished, DependencyNoted, EndCause, LeadAppointed,
    OpportunityConsidered, PartyJoined,
};
use crate::domain::fault::Fault;
use crate::domain::ids::{CollaborationId, SubjectId};

pub(super) fn collaboration_established(
    bench: &mut EventCheck<'_>,
    what: &CollaborationEstablished,
) {
    bench.bodies("party_ids", &what.parties);
    if let Some(lead) = &what.lead
        && !what.parties.contains(lead)
    {
        let (body, of, on) = (lead.clone(), bench.id().clone(), bench.on);
        bench.fault("lead_id", Fault::NotAParty { body, of, on });
    }
    if let Some(whole) = &what.part_of {
        other_collaboration(bench, "part_of_id", whole);
    }
}

pub(super) fn party_joined(bench: &mut EventCheck<'_>, what: &PartyJoined) {
    bench.body("body_id", &what.body);
    if let Some(id) = &what.instrument {
        super::instruments::known(bench, "instrument_id", id);
    }
    if bench
        .collaboration()
        .is_some_and(|c| c.is_party(&what.body, bench.day))
    {
        let (body, of, on) = (what.body.clone(), bench.id().clone(), bench.on);
        bench.fault("body_id", Fault::AlreadyAParty { body, of, on });
    }
}

pub(super) fn lead_appointed(bench: &mut EventCheck<'_>, what: &LeadAppointed) {
    let is_party = bench.party("body_id", &what.body);
    let lead = bench.collaboration().and_then(|c| c.lead(bench.day));
    if is_party && lead == Some(&what.body) {
        let (body, of, on) = (what.body.clone(), bench.id().to_string(), bench.on);
        bench.fault("body_id", Fault::AlreadyTheLead { body, of, on });
    }
}

pub(super) fn opportunity_considered(bench: &mut EventCheck<'_>, what: &OpportunityConsidered) {
    let taken = bench
        .collaboration()
        .and_then(|c| c.opportunities.get(&what.opportunity));
    bench.free("opportunity_id", "opportunity", &what.opportunity, taken);
    bench.bodies("body_ids", &what.bodies);
}

pub(super) fn dependency_noted(bench: &mut EventCheck<'_>, what: &DependencyNoted) {
    let taken = bench
        .dossier()
        .and_then(|d| d.dependencies.get(&what.dependency));
    bench.free("dependency_id", "dependency", &what.dependency, taken);
    bench.optional_service("service_id", what.service.as_ref());
    if let Some(on) = &what.collaboration {
        other_collaboration(bench, "collaboration_id", on);
    }
}

pub(super) fn collaboration_ended(bench: &mut EventCheck<'_>, what: &CollaborationEnded) {
    if let Some(by) = &what.replaced_by {
        other_collaboration(bench, "replaced_by_id", by);
    }
    let by_choice = match what.cause {
        EndCause::Agreement | EndCause::Notice | EndCause::Expiry => true,
        EndCause::Direction | EndCause::Replacement => false,
    };
    if let (true, Some(collaboration)) = (by_choice, bench.collaboration()) {
        super::notices::mandate(bench, collaboration, "cause");
    }
}

/// Demands another collaboration that exists on the day.
fn other_collaboration(bench: &mut EventCheck<'_>, field: &str, id: &CollaborationId) {
    if matches!(bench.id(), SubjectId::Collaboration(own) if own == id) {
        bench.fault(field, Fault::SelfReference { id: id.to_string() });
    } else {
        bench.known_collaboration(field, id);
    }
}
