//! Collaborations: parties, lead, services, and the notices, directions and mandates
//! that decide who may leave.

mod following;
mod mandates;
mod participation;
mod places;
mod spells;

pub use mandates::MandateScope;
pub use places::PlaceGivenUp;

use std::collections::{BTreeMap, BTreeSet};

use imbl::{OrdMap, Vector};
use jiff::civil::Date;

use super::date::PartialDate;
use super::event::{
    BodySucceeded, CollaborationEnded, CollaborationEstablished, DirectionIssued, HostAppointed,
    LeadAppointed, LeadEnded, NoticeGiven, OpportunityConsidered, PartyJoined, PartyWithdrew,
    ServiceAdded, ServiceInstrumentNamed, ServiceLeadTransferred, ServicePartiesChanged,
    ServiceRemoved, ServiceResumed, ServiceUnitsChanged,
};
use super::fact::{EffectiveOrder, Fact, Facts};
use super::ids::{BodyId, InstrumentId, ItemId, ServiceId};
use super::notice::Notice;
use super::succession::{Followed, holders, is_or_follows};
use super::text::Name;

#[derive(Clone, Debug, Default)]
pub struct Collaboration {
    /// `None` only until its founding entry is folded.
    pub established: Option<Fact<CollaborationEstablished>>,
    moves: OrdMap<BodyId, OrdMap<EffectiveOrder, Move>>,
    /// The leads of the whole collaboration.
    leads: OrdMap<EffectiveOrder, BodyId>,
    /// Each time that its lead ended, and nobody took it over.
    pub lead_ended: Facts<LeadEnded>,
    pub services: OrdMap<ServiceId, Service>,
    pub notices: OrdMap<ItemId, Notice>,
    pub directions: OrdMap<ItemId, Fact<DirectionIssued>>,
    /// Each time that an opportunity was considered.
    pub opportunities: OrdMap<ItemId, Facts<OpportunityConsidered>>,
    /// The hosts of the whole and of its services.
    pub hosts: Facts<HostAppointed>,
    pub ended: Facts<CollaborationEnded>,
    /// The services that bodies joined in, where their accession names them.
    services_joined: OrdMap<EffectiveOrder, Fact<PartyJoined>>,
    /// The successions that change who its parties are; `None` while none does.
    followed: Option<Followed>,
    /// The places of parties that others have taken, by the heir.
    places_taken: OrdMap<BodyId, Vector<PlaceTaken>>,
    /// The places that heirs gave up on the notice of the body before them, and kept another.
    places_given_up: Vector<PlaceGivenUp>,
}

/// The place of a party that an heir took.
#[derive(Clone, Debug, PartialEq, Eq)]
struct PlaceTaken {
    order: EffectiveOrder,
    on: PartialDate,
    of: BodyId,
}

/// A body joined or left.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Move {
    joined: bool,
    on: PartialDate,
    /// For a succession.
    succession: Option<SuccessionMove>,
    /// Of a body that left: the notice on which it did.
    notice: Option<ItemId>,
}

/// The other side of a party's move by succession.
#[derive(Clone, Debug, PartialEq, Eq)]
struct SuccessionMove {
    /// Of a body that joined: the body in whose place it is. Of one that left: those in
    /// its place.
    others: Vec<BodyId>,
    /// Of a body that joined: when the first of those before it joined by itself.
    since: EffectiveOrder,
}

/// The last time that a body joined or left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LastMove {
    /// For a body in the place of another, when that one joined.
    pub order: EffectiveOrder,
    /// Whether it joined; otherwise it left.
    pub joined: bool,
    /// Whether it took the place of another body, or another took its place.
    pub by_succession: bool,
}

/// The time during which a body is a party.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spell {
    pub joined_on: PartialDate,
    pub left_on: Option<PartialDate>,
    /// The body in whose place it became a party.
    pub in_place_of: Option<BodyId>,
    /// The other bodies in whose place it is as well.
    pub also_in_place_of: Vec<BodyId>,
    /// The bodies that took its place as party.
    pub followed_by: Vec<BodyId>,
}

/// That one party, or none, is left of several.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LeftAlone {
    pub since: PartialDate,
    /// Whether the party that is left followed the last of the others.
    pub by_succession: bool,
}

impl Collaboration {
    pub fn establish(&mut self, fact: Fact<CollaborationEstablished>) {
        let (order, on) = (fact.effective_order(), fact.on());
        for party in &fact.parties {
            let moves = self.moves.entry(party.clone()).or_default();
            moves.insert(order, Move::stated(true, on));
        }
        if let Some(lead) = &fact.lead {
            self.leads.insert(order, lead.clone());
        }
        self.established = Some(fact);
    }

    pub fn join(&mut self, fact: &Fact<PartyJoined>) {
        if !fact.services.is_empty() {
            self.services_joined
                .insert(fact.effective_order(), fact.clone());
        }
        self.add_move(
            &fact.body,
            fact.effective_order(),
            Move::stated(true, fact.on()),
        );
    }

    pub fn withdraw(&mut self, fact: &Fact<PartyWithdrew>) {
        let left = Move {
            notice: fact.notice.clone(),
            ..Move::stated(false, fact.on())
        };
        self.add_move(&fact.body, fact.effective_order(), left);
    }

    fn add_move(&mut self, body: &BodyId, order: EffectiveOrder, change: Move) {
        let moves = self.moves.entry(body.clone()).or_default();
        moves.insert(order, change);
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
        let succession = last.succession.as_ref();
        let since = succession.filter(|_| last.joined).map(|from| from.since);
        Some(LastMove {
            order: since.unwrap_or(*order),
            joined: last.joined,
            by_succession: succession.is_some(),
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

    /// Every body that was, is or will be a party.
    pub fn parties_ever(&self) -> impl Iterator<Item = &BodyId> {
        self.moves.keys()
    }

    pub fn parties(&self, day: Date) -> BTreeSet<BodyId> {
        self.moves
            .keys()
            .filter(|body| self.is_party(body, day))
            .cloned()
            .collect()
    }

    /// The lead of the whole collaboration on a day; `None` once it has left, or while it is
    /// to be settled.
    pub fn lead(&self, day: Date) -> Option<&BodyId> {
        sole(self.leads_by(day))
    }

    /// The parties in the place of the lead on a day: several, where several bodies followed
    /// it. Which of them leads is to be settled then.
    pub fn leads_by(&self, day: Date) -> Vec<&BodyId> {
        let Some((order, lead)) = self.leads.get_prev(&EffectiveOrder::end_of(day)) else {
            return Vec::new();
        };
        let ended = self.lead_ended.at(day);
        if ended.is_some_and(|ended| ended.effective_order() > *order) {
            return Vec::new();
        }
        let mut leads = self.holders(lead, day);
        leads.retain(|lead| self.is_party(lead, day));
        leads
    }

    /// The succession by which several bodies are in the place of the lead of the whole
    /// (`None`) or of a service on a day.
    pub fn lead_divided_by<'a>(
        &'a self,
        service: Option<&'a Service>,
        day: Date,
    ) -> Option<&'a Fact<BodySucceeded>> {
        let (stated, leads) = match service {
            Some(service) => (
                service.stated_lead(day)?,
                self.service_leads_by(service, day),
            ),
            None => {
                let appointed = self.leads.get_prev(&EffectiveOrder::end_of(day));
                (appointed?.1, self.leads_by(day))
            }
        };
        let first = leads.first().filter(|_| leads.len() > 1)?;
        self.succession_to(stated, first, day)
    }

    /// Whether a body leads on a day because it follows the body that was appointed.
    pub fn leads_by_succession(&self, body: &BodyId, day: Date) -> bool {
        let appointed = self.leads.get_prev(&EffectiveOrder::end_of(day));
        appointed.is_some_and(|(_, appointed)| self.is_heir(body, appointed, day))
    }

    /// The bodies in the place of `body` by that day, in this collaboration.
    pub fn holders<'a>(&'a self, body: &'a BodyId, day: Date) -> Vec<&'a BodyId> {
        holders(self.followed.as_ref(), body, day)
    }

    /// The succession by which `heir` came into the place of `body` by that day.
    pub fn succession_to<'a>(
        &'a self,
        body: &'a BodyId,
        heir: &BodyId,
        day: Date,
    ) -> Option<&'a Fact<BodySucceeded>> {
        self.followed.as_ref()?.succession_to(body, heir, day)
    }

    /// Whether `heir` is in the place of `body` by that day, and not the same body.
    pub fn is_heir(&self, heir: &BodyId, body: &BodyId, day: Date) -> bool {
        heir != body && self.holders(body, day).contains(&heir)
    }

    /// Whether `body` is `before`, or in its place by that day.
    pub fn is_or_follows(&self, body: &BodyId, before: &BodyId, day: Date) -> bool {
        is_or_follows(self.followed.as_ref(), body, before, day)
    }

    /// `None` unless the service is in place on that day.
    pub fn service(&self, id: &ServiceId, day: Date) -> Option<&Service> {
        self.services
            .get(id)
            .filter(|service| service.in_place(day))
    }

    /// The party that leads a service on that day; `None` while that is to be settled.
    pub fn service_lead<'a>(&'a self, service: &'a Service, day: Date) -> Option<&'a BodyId> {
        sole(self.service_leads_by(service, day))
    }

    /// The bodies in the place of the lead of a service on a day: several, where several
    /// followed it, as for the whole.
    pub fn service_leads_by<'a>(&'a self, service: &'a Service, day: Date) -> Vec<&'a BodyId> {
        let Some(lead) = service.stated_lead(day) else {
            return Vec::new();
        };
        let holders = self.holders(lead, day);
        let mut leads = holders.clone();
        leads.retain(|lead| self.is_party(lead, day));
        if leads.is_empty() { holders } else { leads }
    }

    /// The body that hosts the whole (`None`) or a service on that day, as last recorded,
    /// with the entry that says so.
    pub fn host(&self, service: Option<&ServiceId>, day: Date) -> Option<&Fact<HostAppointed>> {
        let mut hosts = self.hosts.by(day).rev();
        hosts.find(|appointed| appointed.service.as_ref() == service)
    }

    /// Its end, if it has ended by that day.
    pub fn ended(&self, day: Date) -> Option<&Fact<CollaborationEnded>> {
        self.ended.at(day)
    }

    /// Whether it has ended by that day, and the instrument goes on.
    pub fn is_survived_by(&self, instrument: &InstrumentId, day: Date) -> bool {
        let ended = self.ended(day);
        ended.is_some_and(|ended| ended.surviving.contains(instrument))
    }

    /// Whether the end of it by that day ended a notice too: one that was to leave an
    /// instrument which goes on is not.
    pub fn ended_with(&self, notice: &NoticeGiven, day: Date) -> Option<&Fact<CollaborationEnded>> {
        let instrument = notice.instrument.as_ref();
        let goes_on = instrument.is_some_and(|instrument| self.is_survived_by(instrument, day));
        self.ended(day).filter(|_| !goes_on)
    }

    /// Whether a notice is to leave the instrument that it names and nothing else: its
    /// giver signed that without being a party of the collaboration, or the collaboration
    /// has ended and the instrument goes on.
    pub fn is_of_instrument_alone(&self, notice: &NoticeGiven, given: Date) -> bool {
        notice.service.is_none()
            && notice.instrument.as_ref().is_some_and(|instrument| {
                !self.is_party(&notice.body, given) || self.is_survived_by(instrument, given)
            })
    }
}

/// The one of a list; `None` if there are several.
fn sole(bodies: Vec<&BodyId>) -> Option<&BodyId> {
    match bodies.as_slice() {
        [one] => Some(one),
        _ => None,
    }
}

impl Move {
    const fn stated(joined: bool, on: PartialDate) -> Self {
        Self {
            joined,
            on,
            succession: None,
            notice: None,
        }
    }
}

#[derive(Clone, Debug)]
pub struct Service {
    pub added: Fact<ServiceAdded>,
    pub units_changed: Facts<ServiceUnitsChanged>,
    pub parties_changed: Facts<ServicePartiesChanged>,
    pub lead_transferred: Facts<ServiceLeadTransferred>,
    pub removed: Facts<ServiceRemoved>,
    pub resumed: Facts<ServiceResumed>,
    /// Each time that its lead ended, and nobody took it over.
    pub lead_ended: Facts<LeadEnded>,
    /// The instruments that it was said to rest on since it was added.
    pub instruments_named: Facts<ServiceInstrumentNamed>,
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
            resumed: Facts::default(),
            lead_ended: Facts::default(),
            instruments_named: Facts::default(),
        }
    }

    pub fn in_place(&self, day: Date) -> bool {
        self.added.day() <= day && self.removal(day).is_none()
    }

    /// Its removal, if it has not been resumed by that day.
    pub fn removal(&self, day: Date) -> Option<&Fact<ServiceRemoved>> {
        let removed = self.removed.at(day)?;
        let resumed = self.resumed.at(day);
        let resumed = resumed.is_some_and(|one| one.effective_order() > removed.effective_order());
        (!resumed).then_some(removed)
    }

    /// The instruments that it is or was said to rest on by a day.
    pub fn names(&self, instrument: &InstrumentId, day: Date) -> bool {
        let named = self
            .instruments_named
            .by(day)
            .map(|named| &named.instrument);
        let mut named = self.added.instrument.iter().chain(named);
        named.any(|named| named == instrument)
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

    /// The lead as last recorded, whether or not another body has followed it.
    pub fn stated_lead(&self, day: Date) -> Option<&BodyId> {
        let transfer = self.lead_transferred.at(day);
        let since = transfer.map_or(self.added.effective_order(), Fact::effective_order);
        let ended = self.lead_ended.at(day);
        if ended.is_some_and(|ended| ended.effective_order() > since) {
            return None;
        }
        match transfer {
            Some(transfer) => Some(&transfer.to),
            None => self.added.lead.as_ref(),
        }
    }
}
