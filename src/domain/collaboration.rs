//! A collaboration: its parties, its lead, its services, and the notices,
//! directions and mandates that bear on who may leave.

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
use super::ids::{BodyId, ItemId, Position, ServiceId};
use super::notice::Notice;
use super::text::Name;

/// What is known of a collaboration.
#[derive(Clone, Debug, Default)]
pub struct Collaboration {
    /// Its establishment; `None` only while its founding entry is not folded.
    pub established: Option<Fact<CollaborationEstablished>>,
    /// When each body came and went: `true` for coming.
    parties: OrdMap<BodyId, OrdMap<EffectiveOrder, (bool, PartialDate)>>,
    /// Who leads the whole, from when.
    leads: OrdMap<EffectiveOrder, (BodyId, PartialDate)>,
    /// Its services.
    pub services: OrdMap<ServiceId, Service>,
    /// Its notices.
    pub notices: OrdMap<ItemId, Notice>,
    /// Directions of the Secretary of State.
    pub directions: OrdMap<ItemId, Fact<DirectionIssued>>,
    /// Opportunities considered.
    pub opportunities: OrdMap<ItemId, Fact<OpportunityConsidered>>,
    /// Its end.
    pub ended: Facts<CollaborationEnded>,
}

/// A body's time as a party.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spell {
    /// Since when.
    pub joined_on: PartialDate,
    /// Until when.
    pub left_on: Option<PartialDate>,
}

impl Collaboration {
    /// Folds its establishment.
    pub fn establish(&mut self, fact: Fact<CollaborationEstablished>) {
        let (place, on) = (fact.effective_order(), fact.on());
        for party in &fact.parties {
            self.parties
                .entry(party.clone())
                .or_default()
                .insert(place, (true, on));
        }
        if let Some(lead) = &fact.lead {
            self.leads.insert(place, (lead.clone(), on));
        }
        self.established = Some(fact);
    }

    /// Folds a body's joining.
    pub fn join(&mut self, fact: &Fact<PartyJoined>) {
        let moves = self.parties.entry(fact.body.clone()).or_default();
        moves.insert(fact.effective_order(), (true, fact.on()));
    }

    /// Folds a party's withdrawal.
    pub fn withdraw(&mut self, fact: &Fact<PartyWithdrew>) {
        let moves = self.parties.entry(fact.body.clone()).or_default();
        moves.insert(fact.effective_order(), (false, fact.on()));
    }

    /// Folds the appointment of a lead.
    pub fn appoint(&mut self, fact: &Fact<LeadAppointed>) {
        self.leads
            .insert(fact.effective_order(), (fact.body.clone(), fact.on()));
    }

    /// Whether the body is a party on that day.
    pub fn is_party(&self, body: &BodyId, day: Date) -> bool {
        let Some(moves) = self.parties.get(body) else {
            return false;
        };
        moves
            .get_prev(&last_of(day))
            .is_some_and(|(_, (came, _))| *came)
    }

    /// The last time by `place` that the body came (`true`) or left, and where
    /// that stands.
    pub fn last_move(
        &self,
        body: &BodyId,
        place: EffectiveOrder,
    ) -> Option<(EffectiveOrder, bool)> {
        let (at, (came, _)) = self.parties.get(body)?.get_prev(&place)?;
        Some((*at, *came))
    }

    /// Every time by that day that a body came (`true`) or left, in order.
    pub fn moves(&self, day: Date) -> BTreeMap<(EffectiveOrder, &BodyId), bool> {
        let moves = self.parties.iter().flat_map(|(body, moves)| {
            let by_then = moves.range(..=last_of(day));
            by_then.map(move |(place, (came, _))| ((*place, body), *came))
        });
        moves.collect()
    }

    /// The parties on that day.
    pub fn parties(&self, day: Date) -> BTreeSet<BodyId> {
        self.parties
            .keys()
            .filter(|body| self.is_party(body, day))
            .cloned()
            .collect()
    }

    /// Every body that has been a party by that day, with its latest spell.
    pub fn spells(&self, day: Date) -> impl Iterator<Item = (&BodyId, Spell)> {
        self.parties.iter().filter_map(move |(body, moves)| {
            let mut spell = None;
            for (_, (came, on)) in moves.range(..=last_of(day)) {
                spell = match (spell, came) {
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

    /// Who leads the whole on that day; nobody once the lead is no party.
    pub fn lead(&self, day: Date) -> Option<&BodyId> {
        let (_, (lead, _)) = self.leads.get_prev(&last_of(day))?;
        self.is_party(lead, day).then_some(lead)
    }

    /// The service, if it is in place on that day.
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

    /// The mandate that stands on that day: nobody may withdraw under it.
    pub fn mandate(&self, day: Date) -> Option<&Fact<DirectionIssued>> {
        self.directions.values().find(|direction| {
            direction.kind == DirectionKind::Mandate
                && direction.day() <= day
                && !self.is_lifted(direction, day)
        })
    }

    /// Whether a mandate has been lifted by that day.
    pub fn is_lifted(&self, mandate: &DirectionIssued, day: Date) -> bool {
        self.directions.values().any(|other| {
            matches!(&other.kind, DirectionKind::MandateLifted(id) if *id == mandate.direction)
                && other.day() <= day
        })
    }

    /// Its end, if it is over on that day.
    pub fn ended(&self, day: Date) -> Option<&Fact<CollaborationEnded>> {
        self.ended.at(day)
    }
}

/// The last place on a day.
pub(super) const fn last_of(day: Date) -> EffectiveOrder {
    (day, Position::new(u64::MAX))
}

/// A service of a collaboration.
#[derive(Clone, Debug)]
pub struct Service {
    /// How it was added.
    pub added: Fact<ServiceAdded>,
    /// Changes to its units.
    pub units_changed: Facts<ServiceUnitsChanged>,
    /// Changes to its parties.
    pub parties_changed: Facts<ServicePartiesChanged>,
    /// Changes of its lead.
    pub lead_transferred: Facts<ServiceLeadTransferred>,
    /// Its removal.
    pub removed: Facts<ServiceRemoved>,
}

impl Service {
    /// A service just added.
    pub fn new(added: Fact<ServiceAdded>) -> Self {
        Self {
            added,
            units_changed: Facts::default(),
            parties_changed: Facts::default(),
            lead_transferred: Facts::default(),
            removed: Facts::default(),
        }
    }

    /// Whether it is in place on that day.
    pub fn in_place(&self, day: Date) -> bool {
        self.added.day() <= day && self.removed.at(day).is_none()
    }

    /// Its units on that day, in the order in which they came.
    pub fn units(&self, day: Date) -> Vec<Name> {
        let mut units = self.added.units.clone();
        for change in self.units_changed.by(day) {
            units.retain(|unit| !change.removed.contains(unit));
            units.extend(change.added.iter().cloned());
        }
        units
    }

    /// Who leads it on that day.
    pub fn lead(&self, day: Date) -> Option<&BodyId> {
        match self.lead_transferred.at(day) {
            Some(transfer) => Some(&transfer.to),
            None => self.added.lead.as_ref(),
        }
    }
}
