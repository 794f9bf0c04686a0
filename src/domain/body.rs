//! Bodies: corporate parties, from the day of registration to the day of succession.

use jiff::civil::Date;

use super::date::PartialDate;
use super::event::{
    BodyKind, BodyRegistered, BodyRenamed, BodySucceeded, Capacity, CapacityGained, CapacityLost,
    DateIs, IdentifierAdded, OfficeRenamed,
};
use super::fact::{EffectiveOrder, Fact, Facts};
use super::ids::ForceId;
use super::text::Name;

#[derive(Clone, Debug, Default)]
pub struct Body {
    /// `None` only until its founding entry is folded.
    pub registered: Option<Fact<BodyRegistered>>,
    pub succeeded: Facts<BodySucceeded>,
    /// The parts that passed to others while it went on.
    pub passed: Facts<BodySucceeded>,
    /// The parts that passed to it, with capacities, from others that went on; empty until it
    /// is read with successions.
    pub received: Facts<BodySucceeded>,
    pub renamed: Facts<BodyRenamed>,
    /// Identifiers added since its registration.
    pub identifiers: Facts<IdentifierAdded>,
    pub capacities_gained: Facts<CapacityGained>,
    pub capacities_lost: Facts<CapacityLost>,
    pub offices_renamed: Facts<OfficeRenamed>,
}

impl Body {
    /// Whether it is registered by that day, and not succeeded.
    pub fn in_being(&self, day: Date) -> bool {
        self.registered.as_ref().is_some_and(|r| r.day() <= day) && self.succeeded.at(day).is_none()
    }

    /// The name that an office has on a day, by any name that it had.
    pub fn office_name(&self, office: &Name, day: Date) -> Name {
        let mut name = office.clone();
        for renamed in self.offices_renamed.by(day) {
            if renamed.office.is_same(&name) {
                name = renamed.name.clone();
            }
        }
        name
    }

    /// Its name as last recorded; `None` until its founding entry is folded.
    pub fn name(&self) -> Option<&Name> {
        let renamed = self.renamed.latest().map(|renamed| &renamed.name);
        renamed.or_else(|| self.registered.as_ref().map(|registered| &registered.name))
    }

    /// Its former names, oldest first, each with the entry that gave it another.
    pub fn former_names(&self) -> impl Iterator<Item = (&Name, &Fact<BodyRenamed>)> {
        let first = self.registered.iter().map(|registered| &registered.name);
        let names = first.chain(self.renamed.iter().map(|renamed| &renamed.name));
        names.zip(self.renamed.iter())
    }

    /// Every capacity that it has or had by that day, in the order in which it had them:
    /// that of its kind first.
    pub fn capacities(&self, day: Date) -> Vec<HeldCapacity<'_>> {
        let Some(registered) = &self.registered else {
            return Vec::new();
        };
        let held = |capacity: &Capacity, since, since_is, given_by| HeldCapacity {
            capacity: capacity.clone(),
            since,
            since_is,
            until: None,
            until_is: None,
            given_by,
            taken_by: None,
            received: None,
        };
        let own = Capacity {
            kind: registered.kind,
            force: registered.force.clone(),
            area: registered.area.clone(),
        };
        let first = std::iter::once(&own).chain(&registered.capacities);
        let mut capacities: Vec<HeldCapacity<'_>> = first
            .map(|capacity| held(capacity, registered.on(), registered.is(), None))
            .collect();
        let mut changes: Vec<(EffectiveOrder, CapacityChange<'_>)> = Vec::new();
        let lost = self.capacities_lost.by(day);
        changes.extend(lost.map(|fact| (fact.effective_order(), CapacityChange::Lost(fact))));
        let gained = self.capacities_gained.by(day);
        changes.extend(gained.map(|fact| (fact.effective_order(), CapacityChange::Gained(fact))));
        let passed = self.passed.by(day);
        changes.extend(passed.map(|fact| (fact.effective_order(), CapacityChange::Passed(fact))));
        let received = self.received.by(day);
        changes.extend(received.map(|fact| {
            // A capacity that it states itself on that day, in another entry, is the same.
            let order = EffectiveOrder::end_of(fact.day());
            (order, CapacityChange::Received(fact))
        }));
        changes.sort_by_key(|(order, _)| *order);
        let lose = |capacities: &mut Vec<HeldCapacity<'_>>, named: &Capacity, on, is, by| {
            let of = |held: &&mut HeldCapacity<'_>| {
                held.until.is_none() && held.capacity.is_named_by(named)
            };
            for held in capacities.iter_mut().filter(of) {
                held.until = Some(on);
                held.until_is = is;
                held.taken_by = Option::clone(by);
            }
        };
        for (_, change) in changes {
            match change {
                CapacityChange::Lost(fact) => {
                    let (on, is) = (fact.on(), fact.is());
                    lose(&mut capacities, &fact.capacity, on, is, &fact.legal_basis);
                }
                CapacityChange::Passed(fact) => {
                    for passed in fact.scope.iter().flat_map(|scope| &scope.capacities) {
                        lose(&mut capacities, passed, fact.on(), fact.is(), &None);
                    }
                }
                CapacityChange::Gained(fact) => {
                    let given_by = fact.legal_basis.as_ref();
                    let own = &fact.capacity;
                    // It says again what a succession says.
                    capacities.retain(|held| {
                        held.received.is_none()
                            || held.until.is_some()
                            || !held.capacity.is_named_by(own)
                    });
                    capacities.push(held(own, fact.on(), fact.is(), given_by));
                }
                CapacityChange::Received(fact) => {
                    for passed in fact.scope.iter().flat_map(|scope| &scope.capacities) {
                        let has = |held: &HeldCapacity<'_>| {
                            held.until.is_none() && held.capacity.is_named_by(passed)
                        };
                        if !capacities.iter().any(has) {
                            let received = Some(fact);
                            let own = held(passed, fact.on(), fact.is(), None);
                            capacities.push(HeldCapacity { received, ..own });
                        }
                    }
                }
            }
        }
        capacities
    }

    /// The capacities that it has on a day.
    pub fn present_capacities(&self, day: Date) -> impl Iterator<Item = Capacity> {
        let capacities = self.capacities(day).into_iter();
        let present = capacities.filter(|held| held.until.is_none());
        present.map(|held| held.capacity)
    }

    /// Whether it has the capacity of a kind of body on a day.
    pub fn acts_as(&self, kind: BodyKind, day: Date) -> bool {
        self.has_kind_alone().map_or_else(
            || self.present_capacities(day).any(|own| own.kind == kind),
            |own| own == kind,
        )
    }

    /// The forces that it maintains (as policing body) or heads (as chief officer) on a
    /// day.
    pub fn forces(&self, kind: BodyKind, day: Date) -> Vec<ForceId> {
        let of_kind = self.present_capacities(day).filter(|own| own.kind == kind);
        of_kind.filter_map(|own| own.force).collect()
    }

    /// Its kind, if it never had another capacity: nearly every body.
    fn has_kind_alone(&self) -> Option<BodyKind> {
        let registered = self.registered.as_ref()?;
        let is_alone = registered.capacities.is_empty()
            && self.capacities_gained.is_empty()
            && self.capacities_lost.is_empty()
            && self.passed.is_empty()
            && self.received.is_empty();
        is_alone.then_some(registered.kind)
    }
}

/// A capacity, with the time during which a body has it.
#[derive(Clone, Debug)]
pub struct HeldCapacity<'a> {
    pub capacity: Capacity,
    pub since: PartialDate,
    /// How that date is to be read.
    pub since_is: Option<DateIs>,
    /// `None` while it has the capacity.
    pub until: Option<PartialDate>,
    /// How that date is to be read.
    pub until_is: Option<DateIs>,
    /// The order or Act that gave it, as cited.
    pub given_by: Option<&'a Name>,
    /// The order or Act that took it away, as cited.
    pub taken_by: Option<Name>,
    /// The succession by which it passed to the body.
    pub received: Option<&'a Fact<BodySucceeded>>,
}

/// An entry that changes the capacities of a body.
enum CapacityChange<'a> {
    Gained(&'a Fact<CapacityGained>),
    Lost(&'a Fact<CapacityLost>),
    Passed(&'a Fact<BodySucceeded>),
    Received(&'a Fact<BodySucceeded>),
}
