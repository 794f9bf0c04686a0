//! Rules for events about a collaboration as a whole.

use super::ends::{End, check_end};
use super::event_check::EventCheck;
use crate::collaboration::MandateScope;
use crate::event::{
    CollaborationEnded, CollaborationEstablished, DependencyNoted, LeadAppointed,
    OpportunityConsidered, OpportunityOutcome, PartyJoined,
};
use crate::fault::Fault;
use crate::ids::{CollaborationId, SubjectId};

pub(super) fn collaboration_established(
    check: &mut EventCheck<'_>,
    event: &CollaborationEstablished,
) {
    check.require_bodies("party_ids", &event.parties);
    if let Some(lead) = &event.lead
        && !event.parties.contains(lead)
    {
        let (body, of, on) = (lead.clone(), check.id().clone(), check.on);
        let way_out = String::new();
        check.report(
            "lead_id",
            Fault::NotAParty {
                body,
                of,
                on,
                way_out,
            },
        );
    }
    if let Some(whole) = &event.part_of {
        require_other_collaboration(check, "part_of_id", whole);
    }
}

pub(super) fn party_joined(check: &mut EventCheck<'_>, event: &PartyJoined) {
    check.require_body("body_id", &event.body);
    for (i, service) in event.services.iter().enumerate() {
        check.require_service(format_args!("service_ids[{i}]"), service);
    }
    if let Some(id) = &event.instrument
        && let Some(instrument) =
            super::instrument_checks::require_instrument(check, "instrument_id", id)
    {
        super::instrument_checks::require_not_over(check, "instrument_id", id, instrument);
        super::instrument_checks::require_not_expired(check, "instrument_id", id, instrument);
        super::instrument_checks::check_accession(check, event, instrument);
    }
    if check
        .collaboration()
        .is_some_and(|c| c.is_party(&event.body, check.day))
        && !check.says_succession_again()
    {
        let (body, of, on) = (event.body.clone(), check.id().clone(), check.on);
        check.report("body_id", Fault::AlreadyAParty { body, of, on });
    }
}

pub(super) fn lead_appointed(check: &mut EventCheck<'_>, event: &LeadAppointed) {
    let is_party = check.require_party("body_id", &event.body);
    let lead = check.collaboration().and_then(|c| c.lead(check.day));
    if is_party && lead == Some(&event.body) && !check.says_succession_again() {
        let (body, of, on) = (event.body.clone(), check.id().to_string(), check.on);
        check.report("body_id", Fault::AlreadyTheLead { body, of, on });
    }
}

pub(super) fn opportunity_considered(check: &mut EventCheck<'_>, event: &OpportunityConsidered) {
    // It continues one that is under consideration; one that was taken up or declined is
    // closed.
    let before = check.collaboration().and_then(|c| {
        let considered = c.opportunities.get(&event.opportunity)?;
        considered.before(check.effective_order())
    });
    if let Some(before) = before
        && before.outcome != OpportunityOutcome::UnderConsideration
    {
        let fault = Fault::ItemClosed {
            what: "opportunity",
            id: event.opportunity.to_string(),
            closed_on: before.on(),
        };
        check.report("opportunity_id", fault);
    }
    check.require_bodies("body_ids", &event.bodies);
}

pub(super) fn dependency_noted(check: &mut EventCheck<'_>, event: &DependencyNoted) {
    let taken = check
        .dossier()
        .and_then(|d| d.dependencies.get(&event.dependency));
    check.require_free("dependency_id", "dependency", &event.dependency, taken);
    check.require_optional_service("service_id", event.service.as_ref());
    if let Some(on) = &event.collaboration {
        require_other_collaboration(check, "collaboration_id", on);
    }
}

pub(super) fn collaboration_ended(check: &mut EventCheck<'_>, event: &CollaborationEnded) {
    if let Some(by) = &event.replaced_by {
        require_other_collaboration(check, "replaced_by_id", by);
    }
    for (i, id) in event.surviving.iter().enumerate() {
        let field = format!("surviving_instrument_ids[{i}]");
        super::instrument_checks::require_instrument(check, &field, id);
    }
    let Some(collaboration) = check.collaboration() else {
        return;
    };
    if event.cause.is_by_choice() {
        let scope = MandateScope::Whole;
        super::notices::require_no_mandate(check, collaboration, "cause", scope);
    }
    let end = End {
        cause: event.cause,
        basis: &event.basis,
        parties: collaboration.parties(check.day),
        instrument: None,
    };
    check_end(check, &end);
    require_not_served_later(check);
}

/// Requires that no board on record begins to serve the collaboration after its end.
fn require_not_served_later(check: &mut EventCheck<'_>) {
    let SubjectId::Collaboration(own) = check.id() else {
        return;
    };
    let boards = check.register.board_records();
    let boards = boards.filter_map(|(_, record)| record.subject().as_board());
    let mut changes = boards.flat_map(|board| board.collaborations_changed.iter());
    let later = changes.find(|change| change.day() >= check.day && change.added.contains(own));
    if let Some(later) = later {
        let fault = Fault::SubjectEnded {
            subject: check.id().clone(),
            ended_on: check.on,
            on: later.on(),
            way_out: String::new(),
        };
        check.report_contradiction(later, &fault);
    }
}

/// Requires that the id is of another collaboration, and that this exists on the day.
fn require_other_collaboration(check: &mut EventCheck<'_>, field: &str, id: &CollaborationId) {
    if matches!(check.id(), SubjectId::Collaboration(own) if own == id) {
        check.report(field, Fault::SelfReference { id: id.to_string() });
    } else {
        check.require_collaboration(field, id);
    }
}
