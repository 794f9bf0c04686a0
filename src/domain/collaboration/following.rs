//! A collaboration read with successions: who is party, and since when, where bodies
//! have followed others.

use std::collections::{BTreeMap, BTreeSet};

use imbl::{OrdMap, Vector};
use jiff::civil::Date;

use super::{Collaboration, Move, PlaceGivenUp, PlaceTaken, SuccessionMove};
use crate::date::PartialDate;
use crate::event::BodySucceeded;
use crate::fact::{EffectiveOrder, Fact};
use crate::ids::{BodyId, ItemId, Position};
use crate::succession::Followed;

/// A change of the parties. A succession comes before everything else on its day.
enum Change<'a> {
    Succession(&'a BodyId, &'a Fact<BodySucceeded>),
    Stated(&'a BodyId, &'a Move),
}

impl Collaboration {
    /// Whether it names a body, as a party, lead or host, that `is_followed`.
    pub fn names(&self, is_followed: impl Fn(&BodyId) -> bool) -> bool {
        let hosts = self.hosts.iter().map(|host| &host.body);
        let added = self.services.values().map(|service| &service.added);
        let hosts = hosts.chain(added.filter_map(|added| added.host.as_ref()));
        self.moves
            .keys()
            .chain(self.leads.values())
            .chain(hosts)
            .any(is_followed)
    }

    /// Puts the heirs of bodies in their place: an heir is a party from the day of the
    /// succession, and the body before it has left on that day.
    ///
    /// Recorders also state by hand that the heir joined and that the old body left.
    /// These entries say again what the succession says, and are passed over. Returns
    /// their places in the order.
    pub fn follow(&mut self, followed: Followed) -> Vec<EffectiveOrder> {
        let mut changes: BTreeMap<(Date, bool, Position, &BodyId), Change<'_>> = BTreeMap::new();
        for (body, fact) in followed.concerning() {
            let order = fact.effective_order();
            let key = (order.day, false, order.position, body);
            changes.insert(key, Change::Succession(body, fact));
        }
        for (body, moves) in &self.moves {
            for (order, stated) in moves {
                let key = (order.day, true, order.position, body);
                changes.insert(key, Change::Stated(body, stated));
            }
        }
        let mut parties: BTreeMap<&BodyId, EffectiveOrder> = BTreeMap::new();
        // Those that are party in the place of another.
        let mut inherited: BTreeSet<&BodyId> = BTreeSet::new();
        let mut moves: OrdMap<BodyId, OrdMap<EffectiveOrder, Move>> = OrdMap::new();
        let mut restated = Vec::new();
        let mut places: OrdMap<BodyId, Vector<PlaceTaken>> = OrdMap::new();
        // The places that each party holds, by the body that joined; and those that each held
        // when another followed it.
        let mut held: BTreeMap<&BodyId, BTreeSet<&BodyId>> = BTreeMap::new();
        let mut passed_on: BTreeMap<&BodyId, BTreeSet<&BodyId>> = BTreeMap::new();
        let mut given_up = Vector::new();
        let mut add = |body: &BodyId, order, change| {
            moves.entry(body.clone()).or_default().insert(order, change);
        };
        for ((day, _, position, _), change) in &changes {
            let order = EffectiveOrder {
                day: *day,
                position: *position,
            };
            match change {
                Change::Succession(body, fact) => {
                    let Some(since) = parties.remove(*body) else {
                        continue;
                    };
                    // Before everything else on its day.
                    let order = EffectiveOrder {
                        day: *day,
                        position: Position::ZERO,
                    };
                    let heirs = followed.heirs(fact);
                    let passes = held.remove(*body).unwrap_or_default();
                    for heir in &heirs {
                        held.entry(*heir).or_default().extend(&passes);
                        let taken = PlaceTaken {
                            order,
                            on: fact.on(),
                            of: (*body).clone(),
                        };
                        let of_heir = places.entry((*heir).clone()).or_default();
                        of_heir.push_back(taken);
                        if !parties.contains_key(*heir) {
                            parties.insert(*heir, since);
                            inherited.insert(*heir);
                            let from = vec![(*body).clone()];
                            add(heir, order, Move::followed(true, fact.on(), from, since));
                        }
                    }
                    let heirs = heirs.into_iter().cloned().collect();
                    add(body, order, Move::followed(false, fact.on(), heirs, since));
                    passed_on.insert(*body, passes);
                }
                Change::Stated(body, stated) => {
                    let says_again = match (stated.joined, parties.get(*body)) {
                        (true, Some(_)) => inherited.contains(*body),
                        (false, None) => followed.of(body, *day).is_some(),
                        _ => false,
                    };
                    if says_again || self.restates(&followed, body, stated) {
                        restated.push(order);
                        continue;
                    }
                    if let Some((notice, giver)) = self.giver(stated, body)
                        && let Some(left) = passed_on.get(giver)
                        && let Some(all) = held.get_mut(*body)
                        && all.iter().any(|place| !left.contains(place))
                    {
                        // It ends that one's part; the heir goes on in the other places.
                        all.retain(|place| !left.contains(place));
                        given_up.push_back(PlaceGivenUp {
                            order,
                            on: stated.on,
                            heir: (*body).clone(),
                            of: giver.clone(),
                            notice: notice.clone(),
                        });
                        continue;
                    }
                    inherited.remove(*body);
                    if !stated.joined {
                        held.remove(*body);
                        parties.remove(*body);
                        add(body, order, (*stated).clone());
                        continue;
                    }
                    // An entry that names a body which is no more means those in its place.
                    for holder in followed.meant(body, *day) {
                        let since = *parties.entry(holder).or_insert(order);
                        held.entry(holder).or_default().insert(holder);
                        if since == order {
                            add(holder, order, (*stated).clone());
                        }
                    }
                }
            }
        }
        self.moves = moves;
        self.places_taken = places;
        self.places_given_up = given_up;
        restated.extend(self.restated_leads(&followed));
        self.followed = Some(followed);
        restated
    }

    /// The notice on which a body left, and its giver, where that is the body before it.
    fn giver<'a>(&'a self, left: &'a Move, body: &BodyId) -> Option<(&'a ItemId, &'a BodyId)> {
        let id = left.notice.as_ref()?;
        let giver = &self.notices.get(id)?.given.body;
        (giver != body).then_some((id, giver))
    }

    /// Whether a move known only to a month or year may be a succession within it, stated
    /// by hand.
    fn restates(&self, followed: &Followed, body: &BodyId, stated: &Move) -> bool {
        let within = |on: PartialDate, day: Date| on.first_day() < day && day <= on.last_day();
        followed.concerning().any(|(before, fact)| {
            let is_of = match stated.joined {
                true => followed.heirs(fact).contains(&body) && self.moves.contains_key(before),
                false => before == body,
            };
            is_of && within(stated.on, fact.day())
        })
    }

    /// The places of entries that say by hand that the heir of a lead leads.
    fn restated_leads(&self, followed: &Followed) -> Vec<EffectiveOrder> {
        let is_heir = |before: Option<&BodyId>, lead: &BodyId, day| {
            before.is_some_and(|before| {
                before != lead && followed.holders(before, day).contains(&lead)
            })
        };
        let mut restated = Vec::new();
        let mut before = None;
        for (order, lead) in &self.leads {
            if is_heir(before, lead, order.day) {
                restated.push(*order);
            }
            before = Some(lead);
        }
        for service in self.services.values() {
            let mut before = service.added.lead.as_ref();
            for transfer in service.lead_transferred.iter() {
                if is_heir(before, &transfer.to, transfer.day()) {
                    restated.push(transfer.effective_order());
                }
                before = Some(&transfer.to);
            }
        }
        restated
    }
}

impl Move {
    fn followed(joined: bool, on: PartialDate, others: Vec<BodyId>, since: EffectiveOrder) -> Self {
        Self {
            joined,
            on,
            succession: Some(SuccessionMove { others, since }),
            notice: None,
        }
    }
}
