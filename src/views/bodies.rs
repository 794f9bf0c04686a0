//! The bodies: a line each.

use super::collaborations::count;
use super::names;
use crate::domain::fact::Fact;
use crate::domain::ids::BodyId;
use crate::domain::register_view::{BodyAt, RegisterView};
use crate::wire::proto::BodySummary;
use crate::wire::reply;

/// The lines, by id; those that others have followed only where asked for.
pub fn list(outlook: &RegisterView, include_succeeded: bool) -> Vec<BodySummary> {
    let day = outlook.as_at();
    let mut party_to = std::collections::BTreeMap::<BodyId, u32>::new();
    for (_, collaboration) in outlook.collaborations() {
        if collaboration.ended(day).is_none() {
            for party in collaboration.parties(day) {
                *party_to.entry(party).or_default() += 1;
            }
        }
    }
    outlook
        .bodies()
        .filter(|(_, body)| include_succeeded || body.in_being(day))
        .map(|(id, body)| {
            summary(
                outlook,
                id,
                &body,
                party_to.get(id).copied().unwrap_or_default(),
            )
        })
        .collect()
}

/// One line, with how many collaborations of today the body is a party to.
pub(super) fn summary(
    outlook: &RegisterView,
    id: &BodyId,
    body: &BodyAt,
    collaboration_count: u32,
) -> BodySummary {
    let registered = body.registered.as_ref();
    let succeeded = body.succeeded.at(outlook.as_at());
    BodySummary {
        body: Some(names::body(outlook, id)),
        kind: registered
            .map(|r| reply::body_kind(r.kind))
            .unwrap_or_default(),
        force: reply::optional(registered.and_then(|r| r.force.as_ref())),
        registered_on: reply::optional_date(registered.map(Fact::on)),
        succeeded_on: reply::optional_date(succeeded.map(Fact::on)),
        successor: succeeded.map(|s| names::body(outlook, &s.successor)),
        collaboration_count,
    }
}

/// How many collaborations of today the body is a party to.
pub(super) fn collaboration_count(outlook: &RegisterView, id: &BodyId) -> u32 {
    let day = outlook.as_at();
    let party_to = outlook
        .collaborations()
        .filter(|(_, c)| c.ended(day).is_none() && c.is_party(id, day));
    count(party_to.count())
}
