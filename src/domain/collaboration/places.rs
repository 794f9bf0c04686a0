//! The places of parties that an heir holds: one body may be in the place of several, and
//! gives up one of them on the notice of the body that had it.

use std::collections::BTreeSet;

use jiff::civil::Date;

use super::Collaboration;
use crate::date::PartialDate;
use crate::fact::EffectiveOrder;
use crate::ids::{BodyId, ItemId};

/// A place that an heir gave up, and remained in another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlaceGivenUp {
    pub order: EffectiveOrder,
    pub on: PartialDate,
    pub heir: BodyId,
    /// The body before it, which gave the notice.
    pub of: BodyId,
    pub notice: ItemId,
}

impl Collaboration {
    /// The places that heirs gave up by a day, in order.
    pub fn places_given_up(&self, day: Date) -> impl Iterator<Item = &PlaceGivenUp> {
        let given_up = self.places_given_up.iter();
        given_up.filter(move |place| place.order.day <= day)
    }

    /// Whether an heir gave up the place of the giver of a notice on it by a day.
    pub fn was_given_up_on(&self, notice: &ItemId, day: Date) -> bool {
        self.places_given_up(day)
            .any(|place| place.notice == *notice)
    }

    /// The bodies that leave on the notice of a body: itself, or those in its place that hold
    /// no other place.
    pub fn leaving(&self, giver: &BodyId, day: Date) -> BTreeSet<BodyId> {
        let holders = self.holders(giver, day).into_iter();
        let leaving = holders.filter(|holder| !self.remains(holder, giver, day));
        leaving.cloned().collect()
    }

    /// Whether a body is a party in another place than that of the body before it, `giver`.
    pub fn remains(&self, body: &BodyId, giver: &BodyId, day: Date) -> bool {
        if body == giver || self.places_taken.is_empty() {
            return false;
        }
        let followed = self.moves.get(giver).and_then(|moves| {
            let mut moves = moves.range(..=EffectiveOrder::end_of(day)).rev();
            let passed = moves.find(|(_, change)| !change.joined && change.succession.is_some());
            passed?.0.day.yesterday().ok()
        });
        let left = followed.map_or_else(BTreeSet::new, |last| self.places(giver, last));
        !left.is_empty() && !self.places(body, day).is_subset(&left)
    }

    /// The bodies that joined by themselves in whose places a body is by a day.
    fn places(&self, body: &BodyId, day: Date) -> BTreeSet<BodyId> {
        let mut places = BTreeSet::new();
        let end = EffectiveOrder::end_of(day);
        let Some((since, joined)) = self.moves.get(body).and_then(|moves| moves.get_prev(&end))
        else {
            return places;
        };
        if !joined.joined {
            return places;
        }
        if joined.succession.is_none() {
            places.insert(body.clone());
        }
        let taken = self.places_taken.get(body).into_iter().flatten();
        for place in taken.filter(|place| place.order >= *since && place.order.day <= day) {
            if let Ok(before) = place.order.day.yesterday() {
                places.extend(self.places(&place.of, before));
            }
        }
        for place in self
            .places_given_up(day)
            .filter(|place| place.heir == *body)
        {
            let taken = self.places_taken.get(body).into_iter().flatten();
            let before = taken.filter(|taken| taken.order < place.order);
            for taken in before.filter(|taken| taken.of == place.of) {
                if let Ok(before) = taken.order.day.yesterday() {
                    for left in self.places(&taken.of, before) {
                        places.remove(&left);
                    }
                }
            }
        }
        places
    }
}
