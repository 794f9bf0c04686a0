//! The list of bodies.

use super::collaborations::count;
use super::names;
use minutebook_domain::fact::Fact;
use minutebook_domain::ids::BodyId;
use minutebook_domain::register_view::{BodyAt, RegisterView};
use minutebook_wire::proto::BodySummary;
use minutebook_wire::reply;

/// The lines, by id. Bodies that others have followed are optional.
pub fn list(register_view: &RegisterView, include_succeeded: bool) -> Vec<BodySummary> {
    let day = register_view.as_at();
    let mut party_to = std::collections::BTreeMap::<BodyId, u32>::new();
    for (_, collaboration) in register_view.collaborations() {
        if collaboration.ended(day).is_none() {
            for party in collaboration.parties(day) {
                *party_to.entry(party).or_default() += 1;
            }
        }
    }
    register_view
        .bodies()
        .filter(|(_, body)| include_succeeded || body.in_being(day))
        .map(|(id, body)| {
            summary(
                register_view,
                id,
                &body,
                party_to.get(id).copied().unwrap_or_default(),
            )
        })
        .collect()
}

pub(super) fn summary(
    register_view: &RegisterView,
    id: &BodyId,
    body: &BodyAt,
    collaboration_count: u32,
) -> BodySummary {
    let registered = body.registered.as_ref();
    let succeeded = body.succeeded.at(register_view.as_at());
    BodySummary {
        body: Some(names::body(register_view, id)),
        kind: registered
            .map(|r| reply::body_kind(r.kind))
            .unwrap_or_default(),
        force: reply::optional(registered.and_then(|r| r.force.as_ref())),
        registered_on: reply::optional_date(registered.map(Fact::on)),
        succeeded_on: reply::optional_date(succeeded.map(Fact::on)),
        successor: succeeded.map(|s| names::body(register_view, &s.successor)),
        collaboration_count,
        registered_on_is: reply::date_is(registered.and_then(Fact::is)),
        succeeded_on_is: reply::date_is(succeeded.and_then(Fact::is)),
        formerly: {
            let former = body.former_names().map(|(name, _)| name.to_string());
            let mut former: Vec<String> = former.collect();
            former.reverse();
            former
        },
        other_successors: names::bodies(register_view, succeeded.iter().flat_map(|s| &s.also)),
    }
}

/// The number of collaborations that the body is a party to on the day of the view.
pub(super) fn collaboration_count(register_view: &RegisterView, id: &BodyId) -> u32 {
    let day = register_view.as_at();
    let party_to = register_view
        .collaborations()
        .filter(|(_, c)| c.ended(day).is_none() && c.is_party(id, day));
    count(party_to.count())
}
