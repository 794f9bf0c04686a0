//! Who takes part in a service: the parties that it was added with or that were named
//! since, as far as they are parties of the collaboration.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use super::{Collaboration, Service};
use crate::event::{PartyJoined, ServicePartiesChanged};
use crate::fact::{EffectiveOrder, Fact};
use crate::ids::BodyId;

/// A change of who takes part in a service.
enum Participation<'a> {
    Changed(&'a Fact<ServicePartiesChanged>),
    /// A body ceased to be a party of the collaboration.
    Left(&'a BodyId),
    /// A body became a party, by an entry that names its services.
    Joined(&'a Fact<PartyJoined>),
}

impl Collaboration {
    /// The parties of a service on that day, among those of the collaboration.
    pub fn service_parties(&self, service: &Service, day: Date) -> BTreeSet<BodyId> {
        let mut all = self.parties(day);
        let held = |parties: BTreeSet<BodyId>, day| -> BTreeSet<BodyId> {
            if self.followed.is_none() {
                return parties;
            }
            let holders = parties.iter().flat_map(|party| self.holders(party, day));
            holders.cloned().collect()
        };
        let added = &service.added.parties;
        let mut named: BTreeSet<BodyId> = added.iter().cloned().collect();
        let mut left_out = BTreeSet::new();
        for (order, change) in self.participation(service, day) {
            (named, left_out) = (held(named, order.day), held(left_out, order.day));
            match change {
                Participation::Changed(change) => {
                    for left in &change.left {
                        named.remove(left);
                        left_out.insert(left.clone());
                    }
                    for joined in &change.joined {
                        named.insert(joined.clone());
                        left_out.remove(joined);
                    }
                }
                // It is back only where it is named again.
                Participation::Left(body) => {
                    named.remove(body);
                }
                Participation::Joined(joined) => {
                    let body = joined.body.clone();
                    if joined.services.contains(&service.added.service) {
                        left_out.remove(&body);
                        named.insert(body);
                    } else {
                        named.remove(&body);
                        left_out.insert(body);
                    }
                }
            }
        }
        if added.is_empty() {
            let left_out = held(left_out, day);
            all.retain(|party| !left_out.contains(party));
        } else {
            let named = held(named, day);
            all.retain(|party| named.contains(party));
        }
        all
    }

    /// The changes of who takes part in a service since it was added, in order.
    fn participation<'a>(
        &'a self,
        service: &'a Service,
        day: Date,
    ) -> BTreeMap<EffectiveOrder, Participation<'a>> {
        let changed = service.parties_changed.by(day);
        let changed =
            changed.map(|change| (change.effective_order(), Participation::Changed(change)));
        let mut changes: BTreeMap<_, _> = changed.collect();
        let since = service.added.effective_order();
        let span = since..=EffectiveOrder::end_of(day);
        let joined = self.services_joined.range(span.clone());
        changes.extend(joined.map(|(order, fact)| (*order, Participation::Joined(fact))));
        // Those who left and did not join again are no parties.
        for (body, moves) in self.moves.iter().filter(|(_, moves)| moves.len() > 2) {
            for (order, change) in moves.range(span.clone()) {
                if !change.joined && change.succession.is_none() {
                    changes.insert(*order, Participation::Left(body));
                }
            }
        }
        changes
    }
}
