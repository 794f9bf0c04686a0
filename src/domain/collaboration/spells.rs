//! The spells of a party: each time that it joined and left, and in whose place it is.

use jiff::civil::Date;

use super::{Collaboration, Spell};
use crate::domain::date::PartialDate;
use crate::domain::fact::EffectiveOrder;
use crate::domain::ids::BodyId;

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

    /// The date since which all its parties are one body, because that one followed the
    /// others; `None` while there are several, or after its end.
    pub fn one_party_since(&self, day: Date) -> Option<PartialDate> {
        let parties = self.parties(day);
        let party = parties.first().filter(|_| parties.len() == 1)?;
        if self.ended(day).is_some() {
            return None;
        }
        let taken = self.places_taken.get(party)?.iter();
        let mut by_then = taken.filter(|taken| taken.order.day <= day);
        // The first that left no other party. Those before it were several.
        let first = by_then.find(|taken| self.parties(taken.order.day).len() == 1)?;
        let before = first.order.day.yesterday().ok()?;
        (self.parties(before).len() > 1).then_some(first.on)
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
