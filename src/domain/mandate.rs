//! Mandates: what callers who have signed in may say, as the entries about the register
//! grant and revoke it.

use std::collections::BTreeSet;

use imbl::OrdMap;
use jiff::civil::Date;

use super::caller::{KnownCaller, Principal};
use super::event::{Actor, CheckpointKeyReplaced, MandateGranted, MandateRevoked, MandateRole};
use super::fact::{Fact, Facts};
use super::ids::{BoardId, BodyId, ItemId, Position, SubjectId};

/// The state of the register itself.
#[derive(Clone, Debug, Default)]
pub struct OwnState {
    /// The keys that have signed its checkpoints.
    pub keys: Facts<CheckpointKeyReplaced>,
    pub mandates: Mandates,
}

/// Every mandate that was granted.
#[derive(Clone, Debug, Default)]
pub struct Mandates {
    by_id: OrdMap<ItemId, Mandate>,
    by_holder: OrdMap<Principal, BTreeSet<ItemId>>,
    by_position: OrdMap<Position, ItemId>,
    /// The entry by which the register has a keeper.
    kept_since: Option<Position>,
}

#[derive(Clone, Debug)]
pub struct Mandate {
    pub granted: Fact<MandateGranted>,
    /// The revocation that takes effect first.
    pub revoked: Option<Fact<MandateRevoked>>,
}

impl Mandates {
    pub(super) fn grant(&mut self, fact: Fact<MandateGranted>) {
        let (id, position) = (fact.mandate.clone(), fact.position());
        if fact.role == MandateRole::Keeper && self.kept_since.is_none() {
            self.kept_since = Some(position);
        }
        let of_holder = self.by_holder.entry(fact.holder.clone());
        of_holder.or_default().insert(id.clone());
        self.by_position.insert(position, id.clone());
        self.by_id.insert(
            id,
            Mandate {
                granted: fact,
                revoked: None,
            },
        );
    }

    pub(super) fn revoke(&mut self, fact: Fact<MandateRevoked>) {
        if let Some(mandate) = self.by_id.get_mut(&fact.mandate) {
            let is_earlier =
                |before: &Fact<MandateRevoked>| fact.effective_order() < before.effective_order();
            if mandate.revoked.as_ref().is_none_or(is_earlier) {
                mandate.revoked = Some(fact);
            }
        }
    }

    pub fn get(&self, id: &ItemId) -> Option<&Mandate> {
        self.by_id.get(id)
    }

    /// The mandate that the entry at this position grants.
    pub fn granted_at(&self, position: Position) -> Option<&Mandate> {
        self.by_id.get(self.by_position.get(&position)?)
    }

    /// All mandates, by id.
    pub fn iter(&self) -> impl Iterator<Item = (&ItemId, &Mandate)> {
        self.by_id.iter()
    }

    /// The entry by which the register has a keeper. From then on each entry rests on a
    /// mandate.
    pub const fn kept_since(&self) -> Option<Position> {
        self.kept_since
    }

    /// The mandates of a caller that are in force on a day, in the order in which they were
    /// granted.
    pub fn held_by(&self, caller: &KnownCaller, day: Date) -> Vec<&Mandate> {
        let ids = caller.principals.iter();
        let ids = ids.filter_map(|principal| self.by_holder.get(principal));
        let ids: BTreeSet<&ItemId> = ids.flatten().collect();
        let held = ids.into_iter().filter_map(|id| self.by_id.get(id));
        let mut held: Vec<&Mandate> = held.filter(|mandate| mandate.is_in_force(day)).collect();
        held.sort_by_key(|mandate| mandate.granted.position());
        held
    }

    /// The keepers on a day.
    pub fn keepers(&self, day: Date) -> impl Iterator<Item = &Mandate> {
        let all = self.by_id.values();
        all.filter(move |mandate| {
            mandate.granted.role == MandateRole::Keeper && mandate.is_in_force(day)
        })
    }
}

impl Mandate {
    /// Whether it allows anything on a day: from the day of its grant to the last of its
    /// term, or to the day before it is revoked.
    pub fn is_in_force(&self, day: Date) -> bool {
        let until = self.granted.until;
        self.granted.day() <= day
            && until.is_none_or(|until| day <= until.last_day())
            && self.revoked.as_ref().is_none_or(|fact| day < fact.day())
    }

    /// Whether it covers a body, a board or a collaboration by name, or all of them.
    pub fn covers_subject(&self, subject: &SubjectId) -> bool {
        let granted = &self.granted;
        granted.whole_register
            || match subject {
                SubjectId::Body(id) => granted.bodies.contains(id),
                SubjectId::Board(id) => granted.boards.contains(id),
                SubjectId::Collaboration(id) => granted.collaborations.contains(id),
                SubjectId::Register => false,
            }
    }

    pub fn covers_board(&self, board: &BoardId) -> bool {
        self.granted.whole_register || self.granted.boards.contains(board)
    }

    /// Whether it covers a body, with all its offices.
    pub fn covers_body(&self, body: &BodyId) -> bool {
        self.granted.whole_register || self.granted.bodies.contains(body)
    }

    /// Whether it covers a body or office. An office that belongs to no registered body is
    /// covered by name alone, never by the whole register.
    pub fn covers_actor(&self, actor: &Actor) -> bool {
        let is_named = |named: &Actor| named.is_same(actor);
        actor.body().is_some_and(|body| self.covers_body(body))
            || self.granted.offices.iter().any(is_named)
    }

    pub fn allows_kind(&self, kind: &str) -> bool {
        self.granted.kinds.is_empty() || self.granted.kinds.contains(&kind)
    }
}
