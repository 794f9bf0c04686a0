//! The list of collaborations.

use super::{instruments, names};
use minutebook_domain::fact::Fact;
use minutebook_domain::ids::{BodyId, CollaborationId, SubjectId};
use minutebook_domain::register_view::{CollaborationAt, RegisterView};
use minutebook_wire::proto::{CollaborationSummary, Standing};
use minutebook_wire::reply;

/// The lines, by id, optionally of one party. Ended collaborations are optional.
pub fn list(
    register_view: &RegisterView,
    party: Option<&BodyId>,
    include_ended: bool,
) -> Vec<CollaborationSummary> {
    let day = register_view.as_at();
    register_view
        .collaborations()
        .filter(|(_, c)| include_ended || c.ended(day).is_none())
        .filter(|(_, c)| party.is_none_or(|party| c.is_party(party, day)))
        .map(|(id, c)| summary(register_view, id, &c))
        .collect()
}

pub(super) fn summary(
    register_view: &RegisterView,
    id: &CollaborationId,
    collaboration: &CollaborationAt,
) -> CollaborationSummary {
    let day = register_view.as_at();
    let established = collaboration.established.as_ref();
    let ended = collaboration.ended(day);
    let standing = match ended {
        Some(_) => Standing::Ended,
        None if collaboration.subject().is_founded(day) => Standing::InForce,
        None => Standing::NotYetCommenced,
    };
    let subject = SubjectId::Collaboration(id.clone());
    CollaborationSummary {
        collaboration_id: id.to_string(),
        name: established.map(|e| e.name.to_string()).unwrap_or_default(),
        kind: established
            .map(|e| reply::collaboration_kind(e.kind))
            .unwrap_or_default(),
        standing: standing.into(),
        established_on: reply::optional_date(established.map(Fact::on)),
        ended_on: reply::optional_date(ended.map(Fact::on)),
        established_on_is: reply::date_is(established.and_then(Fact::is)),
        ended_on_is: reply::date_is(ended.and_then(Fact::is)),
        lead: collaboration
            .lead(day)
            .map(|lead| names::body(register_view, lead)),
        lead_to_be_settled: collaboration
            .lead_divided_by(None, day)
            .map(|_| names::bodies(register_view, collaboration.leads_by(day)))
            .unwrap_or_default(),
        party_count: count(collaboration.parties(day).len()),
        service_count: count(
            collaboration
                .services
                .values()
                .filter(|s| ended.is_none() && s.in_place(day))
                .count(),
        ),
        instruments_in_force_count: count(instruments::in_force(
            register_view,
            &subject,
            collaboration.subject(),
        )),
    }
}

pub(super) fn count(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}
