//! Collaborations: parties, lead, services, and the notices, directions and mandates
//! that decide who may leave.

use std::collections::{BTreeMap, BTreeSet};

use imbl::OrdMap;
use jiff::civil::Date;

use super::date::PartialDate;
use super::event::{
    CollaborationEnded, CollaborationEstablished, DirectionIssued, DirectionKind, LeadAppointed,
    OpportunityConsidered, PartyJoined, PartyWithdrew, ServiceAdded, ServiceLeadTransferred,
    ServicePartiesChanged, ServiceRemoved, ServiceUnitsChanged,
};
use super::fact::{EffectiveOrder, Fact, Facts};
use super::ids::{BodyId, ItemId, ServiceId};
use super::notice::Notice;
use super::text::Name;

#[derive(Clone, Debug, Default)]
pub struct Collaboration {
    /// `None` only until its founding entry is folded.
    pub established: Option<Fact<CollaborationEstablished>>,
    moves: OrdMap<BodyId, OrdMap<EffectiveOrder, Move>>,
    /// The leads of the whole collaboration.
    leads: OrdMap<EffectiveOrder, BodyId>,
    pub services: OrdMap<ServiceId, Service>,
    pub notices: OrdMap<ItemId, Notice>,
    pub directions: OrdMap<ItemId, Fact<DirectionIssued>>,
    pub opportunities: OrdMap<ItemId, Fact<OpportunityConsidered>>,
    pub ended: Facts<CollaborationEnded>,
}

/// A body joined or left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Move {
    joined: bool,
    on: PartialDate,
}

/// The last time that a body joined or left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LastMove {
    pub order: EffectiveOrder,
    /// Whether it joined; otherwise it left.
    pub joined: bool,
}

/// The time during which a body is a party.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spell {
    pub joined_on: PartialDate,
    pub left_on: Option<PartialDate>,
}

impl Collaboration {
    pub fn establish(&mut self, fact: Fact<CollaborationEstablished>) {
        let (order, on) = (fact.effective_order(), fact.on());
        for party in &fact.parties {
            let moves = self.moves.entry(party.clone()).or_default();
            moves.insert(order, Move { joined: true, on });
        }
        if let Some(lead) = &fact.lead {
            self.leads.insert(order, lead.clone());
        }
        self.established = Some(fact);
    }

    pub fn join(&mut self, fact: &Fact<PartyJoined>) {
        self.add_move(&fact.body, fact.effective_order(), true, fact.on());
    }

    pub fn withdraw(&mut self, fact: &Fact<PartyWithdrew>) {
        self.add_move(&fact.body, fact.effective_order(), false, fact.on());
    }

    fn add_move(&mut self, body: &BodyId, order: EffectiveOrder, joined: bool, on: PartialDate) {
        let moves = self.moves.entry(body.clone()).or_default();
        moves.insert(order, Move { joined, on });
    }

    pub fn appoint(&mut self, fact: &Fact<LeadAppointed>) {
        self.leads.insert(fact.effective_order(), fact.body.clone());
    }

    pub fn is_party(&self, body: &BodyId, day: Date) -> bool {
        let last = self.last_move(body, EffectiveOrder::end_of(day));
        last.is_some_and(|last| last.joined)
    }

    /// The last time up to `at` that a body joined or left.
    pub fn last_move(&self, body: &BodyId, at: EffectiveOrder) -> Option<LastMove> {
        let (order, last) = self.moves.get(body)?.get_prev(&at)?;
        Some(LastMove {
            order: *order,
            joined: last.joined,
        })
    }

    /// Every time by that day that a body joined (`true`) or left, in order.
    pub fn moves(&self, day: Date) -> BTreeMap<(EffectiveOrder, &BodyId), bool> {
        let moves = self.moves.iter().flat_map(|(body, moves)| {
            let by_then = moves.range(..=EffectiveOrder::end_of(day));
            by_then.map(move |(order, change)| ((*order, body), change.joined))
        });
        moves.collect()
    }

    pub fn parties(&self, day: Date) -> BTreeSet<BodyId> {
        self.moves
            .keys()
            .filter(|body| self.is_party(body, day))
            .cloned()
            .collect()
    }

    /// Every body that has been a party by that day, with its latest spell.
    pub fn spells(&self, day: Date) -> impl Iterator<Item = (&BodyId, Spell)> {
        self.moves.iter().filter_map(move |(body, moves)| {
            let mut spell = None;
            for (_, Move { joined, on }) in moves.range(..=EffectiveOrder::end_of(day)) {
                spell = match (spell, joined) {
                    (
                        Some(Spell {
                            joined_on,
                            left_on: None,
                        }),
                        false,
                    ) => Some(Spell {
                        joined_on,
                        left_on: Some(*on),
                    }),
                    (
                        None
                        | Some(Spell {
                            left_on: Some(_), ..
                        }),
                        true,
                    ) => Some(Spell {
                        joined_on: *on,
                        left_on: None,
                    }),
                    (unchanged, _) => unchanged,
                };
            }
            Some((body, spell?))
        })
    }

    /// The lead of the whole collaboration on a day; `None` once it has left.
    pub fn lead(&self, day: Date) -> Option<&BodyId> {
        let (_, lead) = self.leads.get_prev(&EffectiveOrder::end_of(day))?;
        self.is_party(lead, day).then_some(lead)
    }

    /// `None` unless the service is in place on that day.
    pub fn service(&self, id: &ServiceId, day: Date) -> Option<&Service> {
        self.services
            .get(id)
            .filter(|service| service.in_place(day))
    }

    /// The parties of a service on that day, among those of the collaboration.
    pub fn service_parties(&self, service: &Service, day: Date) -> BTreeSet<BodyId> {
        let all = self.parties(day);
        let mut parties = if service.added.parties.is_empty() {
            all.clone()
        } else {
            service.added.parties.iter().cloned().collect()
        };
        for change in service.parties_changed.by(day) {
            for left in &change.left {
                parties.remove(left);
            }
            parties.extend(change.joined.iter().cloned());
        }
        parties.intersection(&all).cloned().collect()
    }

    /// The mandate that applies on that day: no party may withdraw under it.
    pub fn mandate(&self, day: Date) -> Option<&Fact<DirectionIssued>> {
        self.directions.values().find(|direction| {
            direction.kind == DirectionKind::Mandate
                && direction.day() <= day
                && !self.is_lifted(direction, day)
        })
    }

    pub fn is_lifted(&self, mandate: &DirectionIssued, day: Date) -> bool {
        self.directions.values().any(|other| {
            matches!(&other.kind, DirectionKind::MandateLifted(id) if *id == mandate.direction)
                && other.day() <= day
        })
    }

    /// Its end, if it has ended by that day.
    pub fn ended(&self, day: Date) -> Option<&Fact<CollaborationEnded>> {
        self.ended.at(day)
    }
}

#[derive(Clone, Debug)]
pub struct Service {
    pub added: Fact<ServiceAdded>,
    pub units_changed: Facts<ServiceUnitsChanged>,
    pub parties_changed: Facts<ServicePartiesChanged>,
    pub lead_transferred: Facts<ServiceLeadTransferred>,
    pub removed: Facts<ServiceRemoved>,
}

impl Service {
    /// A service that has only been added.
    pub fn new(added: Fact<ServiceAdded>) -> Self {
        Self {
            added,
            units_changed: Facts::default(),
            parties_changed: Facts::default(),
            lead_transferred: Facts::default(),
            removed: Facts::default(),
        }
    }

    pub fn in_place(&self, day: Date) -> bool {
        self.added.day() <= day && self.removed.at(day).is_none()
    }

    /// Its units on a day, in the order in which they were added.
    pub fn units(&self, day: Date) -> Vec<Name> {
        let mut units = self.added.units.clone();
        for change in self.units_changed.by(day) {
            units.retain(|unit| {
                !change
                    .removed
                    .iter()
                    .any(|removed| removed.is_same_item(unit))
            });
            units.extend(change.added.iter().cloned());
        }
        units
    }

    pub fn lead(&self, day: Date) -> Option<&BodyId> {
        match self.lead_transferred.at(day) {
            Some(transfer) => Some(&transfer.to),
            None => self.added.lead.as_ref(),
        }
    }
}
