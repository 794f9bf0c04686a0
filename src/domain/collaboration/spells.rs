//! The spells of a party: each time that it joined and left, and in whose place it is.

use std::collections::BTreeSet;

use jiff::civil::Date;

use super::{Collaboration, LeftAlone, Spell};
use crate::date::PartialDate;
use crate::fact::EffectiveOrder;
use crate::ids::BodyId;

impl Collaboration {
    /// Every body that has been a party by that day, with each of its spells, oldest first.
    /// Nobody joins or leaves after the end: a body that is followed then is followed as a
    /// signatory of what survived.
    pub fn spells(&self, day: Date) -> impl Iterator<Item = (&BodyId, Vec<Spell>)> {
        let day = self.ended(day).map_or(day, |ended| ended.day().min(day));
        self.moves.iter().filter_map(move |(body, moves)| {
            let mut spells: Vec<Spell> = Vec::new();
            let mut since = None;
            for (order, change) in moves.range(..=EffectiveOrder::end_of(day)) {
                let others = || {
                    let succession = change.succession.as_ref();
                    succession.map_or_else(Vec::new, |succession| succession.others.clone())
                };
                let open = spells.last_mut().filter(|spell| spell.left_on.is_none());
                match (open, change.joined) {
                    (Some(spell), false) => {
                        spell.left_on = Some(change.on);
                        spell.followed_by = others();
                        self.take_places(body, spell, since, *order);
                    }
                    (None, true) => {
                        since = Some(*order);
                        spells.push(Spell {
                            joined_on: change.on,
                            left_on: None,
                            in_place_of: others().pop(),
                            also_in_place_of: Vec::new(),
                            followed_by: Vec::new(),
                        });
                    }
                    _ => {}
                }
            }
            let end = EffectiveOrder::end_of(day);
            if let Some(open) = spells.last_mut().filter(|spell| spell.left_on.is_none()) {
                self.take_places(body, open, since, end);
            }
            (!spells.is_empty()).then_some((body, spells))
        })
    }

    /// Adds the places that a body took during a spell.
    fn take_places(
        &self,
        body: &BodyId,
        spell: &mut Spell,
        since: Option<EffectiveOrder>,
        until: EffectiveOrder,
    ) {
        let taken = self.places_taken.get(body).into_iter().flatten();
        let within = taken.filter(|taken| Some(taken.order) >= since && taken.order < until);
        let given_up = |of: &BodyId| {
            let mut given_up = self.places_given_up.iter();
            given_up.any(|place| place.heir == *body && place.of == *of && place.order <= until)
        };
        let given_up_first = spell.in_place_of.take_if(|of| given_up(of));
        let others = within
            .map(|taken| taken.of.clone())
            .filter(|of| spell.in_place_of.as_ref() != Some(of) && !given_up(of));
        spell.also_in_place_of = others.collect();
        if given_up_first.is_some() && !spell.also_in_place_of.is_empty() {
            spell.in_place_of = Some(spell.also_in_place_of.remove(0));
        }
    }

    /// The departure, or succession, that left one party, or none, where there had been
    /// several; `None` while there are several, or after its end.
    pub fn left_alone(&self, day: Date) -> Option<LeftAlone> {
        if self.ended(day).is_some() || self.parties(day).len() > 1 {
            return None;
        }
        let moves = self.moves.iter().flat_map(|(body, moves)| {
            let by_then = moves.range(..=EffectiveOrder::end_of(day));
            by_then.map(move |(order, change)| (*order, body, change))
        });
        let mut moves: Vec<_> = moves.collect();
        moves.sort_by_key(|(order, body, _)| (*order, *body));
        let (mut parties, mut found) = (BTreeSet::new(), None);
        // A day may bring the departure of one and the accession of another.
        for of_day in moves.chunk_by(|(one, ..), (other, ..)| one.day == other.day) {
            let before = parties.len();
            for (_, body, change) in of_day {
                match change.joined {
                    true => parties.insert(*body),
                    false => parties.remove(*body),
                };
            }
            let left = of_day.iter().rfind(|(_, _, change)| !change.joined);
            if parties.len() > 1 {
                found = None;
            } else if before > 1 {
                found = left.map(|(_, _, change)| LeftAlone {
                    since: change.on,
                    by_succession: change.succession.is_some(),
                });
            }
        }
        found
    }

    /// The date since which it has one party, where it had several; `None` while there are
    /// several, or after its end.
    pub fn one_party_since(&self, day: Date) -> Option<PartialDate> {
        let left = self.left_alone(day)?;
        (self.parties(day).len() == 1).then_some(left.since)
    }

    /// Whether a party has left, or was followed, by a day.
    pub fn has_lost_a_party(&self, day: Date) -> bool {
        let end = EffectiveOrder::end_of(day);
        let mut moves = self.moves.values();
        moves.any(|moves| moves.range(..=end).any(|(_, change)| !change.joined))
    }

    /// Whether a body became a party by itself at this place in the order.
    pub fn joined_at(&self, body: &BodyId, order: EffectiveOrder) -> bool {
        let moves = self.moves.get(body);
        let change = moves.and_then(|moves| moves.get(&order));
        change.is_some_and(|change| change.joined && change.succession.is_none())
    }

    /// When a body last left by itself before `at`.
    pub fn left_before(&self, body: &BodyId, at: EffectiveOrder) -> Option<EffectiveOrder> {
        let moves = self.moves.get(body)?.range(..at);
        let mut left = moves.filter(|(_, change)| !change.joined);
        left.next_back().map(|(order, _)| *order)
    }

    /// The days within a span on which a body joined, and the last days before it left.
    pub fn days_as_party(&self, body: &BodyId, from: Date, to: Date) -> Vec<Date> {
        let moves = self.moves.get(body).into_iter().flatten();
        let days = moves.filter_map(|(order, change)| match change.joined {
            true => Some(order.day),
            false => order.day.yesterday().ok(),
        });
        days.filter(|day| from <= *day && *day <= to).collect()
    }
}
