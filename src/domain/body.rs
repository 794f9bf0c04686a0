//! Bodies: corporate parties, from the day of registration to the day of succession.

use jiff::civil::Date;

use super::date::PartialDate;
use super::event::{
    BodyKind, BodyRegistered, BodySucceeded, Capacity, CapacityGained, CapacityLost,
    IdentifierAdded, OfficeRenamed,
};
use super::fact::{EffectiveOrder, Fact, Facts};
use super::ids::ForceId;
use super::text::Name;

#[derive(Clone, Debug, Default)]
pub struct Body {
    /// `None` only until its founding entry is folded.
    pub registered: Option<Fact<BodyRegistered>>,
    pub succeeded: Facts<BodySucceeded>,
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

    /// Every capacity that it has or had by that day, in the order in which it had them:
    /// that of its kind first.
    pub fn capacities(&self, day: Date) -> Vec<HeldCapacity<'_>> {
        let Some(registered) = &self.registered else {
            return Vec::new();
        };
        let held = |capacity: &Capacity, since, given_by| HeldCapacity {
            capacity: capacity.clone(),
            since,
            until: None,
            given_by,
            taken_by: None,
        };
        let own = Capacity {
            kind: registered.kind,
            force: registered.force.clone(),
            area: registered.area.clone(),
        };
        let first = std::iter::once(&own).chain(&registered.capacities);
        let mut capacities: Vec<HeldCapacity<'_>> = first
            .map(|capacity| held(capacity, registered.on(), None))
            .collect();
        let mut lost = self.capacities_lost.by(day).peekable();
        let mut lose_until = |capacities: &mut Vec<HeldCapacity<'_>>, until| {
            while let Some(fact) = lost.next_if(|fact| fact.effective_order() < until) {
                let of = |held: &&mut HeldCapacity<'_>| {
                    held.until.is_none() && held.capacity.is_named_by(&fact.capacity)
                };
                for held in capacities.iter_mut().filter(of) {
                    held.until = Some(fact.on());
                    held.taken_by = fact.legal_basis.clone();
                }
            }
        };
        for gained in self.capacities_gained.by(day) {
            lose_until(&mut capacities, gained.effective_order());
            let given_by = gained.legal_basis.as_ref();
            capacities.push(held(&gained.capacity, gained.on(), given_by));
        }
        lose_until(&mut capacities, EffectiveOrder::LAST);
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
            && self.capacities_lost.is_empty();
        is_alone.then_some(registered.kind)
    }
}

/// A capacity, with the time during which a body has it.
#[derive(Clone, Debug)]
pub struct HeldCapacity<'a> {
    pub capacity: Capacity,
    pub since: PartialDate,
    /// `None` while it has the capacity.
    pub until: Option<PartialDate>,
    /// The order or Act that gave it, as cited.
    pub given_by: Option<&'a Name>,
    /// The order or Act that took it away, as cited.
    pub taken_by: Option<Name>,
}
