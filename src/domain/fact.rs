//! Facts: what entries say, kept in the order in which it holds.
//!
//! The state of a subject is an index over facts. Every collection here is
//! ordered by [`EffectiveOrder`] however the facts arrive, so the state depends on which
//! entries are folded and not on the order of folding: an entry recorded late
//! takes its place in the past without special care.

use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

use imbl::OrdMap;
use jiff::civil::Date;

use super::date::PartialDate;
use super::entry::Entry;
use super::ids::Position;

/// Where a fact stands: the first day it holds, then the position in the log
/// (for a replacement, that of the entry it replaces).
pub type EffectiveOrder = (Date, Position);

/// An entry that stands, at its place: as it was recorded, or as a correction
/// puts it.
#[derive(Clone)]
pub struct EffectiveEntry {
    /// The entry that says it: for a replacement, the correction's envelope
    /// around the replacing event.
    pub entry: Arc<Entry>,
    /// The position that counts for its order.
    pub order: Position,
}

impl EffectiveEntry {
    /// Where it stands.
    pub fn effective_order(&self) -> EffectiveOrder {
        (self.entry.effective_on().first_day(), self.order)
    }
}

impl fmt::Debug for EffectiveEntry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "@{:?} {:?}", self.effective_order(), self.entry.event)
    }
}

/// One fact: a payload and the entry that states it.
pub struct Fact<T: ?Sized> {
    /// The entry, at its place.
    pub source: EffectiveEntry,
    what: Arc<T>,
}

impl<T> Fact<T> {
    /// The fact that `told` states.
    pub const fn new(source: EffectiveEntry, what: Arc<T>) -> Self {
        Self { source, what }
    }

    /// From when it holds, as recorded.
    pub fn on(&self) -> PartialDate {
        self.source.entry.effective_on()
    }

    /// The first day it holds.
    pub fn day(&self) -> Date {
        self.on().first_day()
    }

    /// Where it stands.
    pub fn effective_order(&self) -> EffectiveOrder {
        self.source.effective_order()
    }

    /// Whether whoever recorded it said that it lacked its approval.
    pub fn is_breach(&self) -> bool {
        self.source.entry.is_breach()
    }

    /// The position of the entry that states it.
    pub fn position(&self) -> Position {
        self.source.entry.position
    }
}

impl<T> Clone for Fact<T> {
    fn clone(&self) -> Self {
        Self {
            source: self.source.clone(),
            what: Arc::clone(&self.what),
        }
    }
}

impl<T> Deref for Fact<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.what
    }
}

impl<T: fmt::Debug> fmt::Debug for Fact<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "@{:?} {:?}", self.effective_order(), self.what)
    }
}

/// Facts of one sort in the order in which they hold.
#[derive(Clone)]
pub struct Facts<T>(OrdMap<EffectiveOrder, Fact<T>>);

impl<T> Default for Facts<T> {
    fn default() -> Self {
        Self(OrdMap::new())
    }
}

impl<T> Facts<T> {
    /// Adds a fact at its place.
    pub fn insert(&mut self, fact: Fact<T>) {
        self.0.insert(fact.effective_order(), fact);
    }

    /// The last one that holds by `day`.
    pub fn at(&self, day: Date) -> Option<&Fact<T>> {
        self.0
            .get_prev(&(day, Position::new(u64::MAX)))
            .map(|(_, fact)| fact)
    }

    /// The last one that holds before a place.
    pub fn before(&self, place: EffectiveOrder) -> Option<&Fact<T>> {
        self.0.range(..place).next_back().map(|(_, fact)| fact)
    }

    /// The last one of all.
    pub fn latest(&self) -> Option<&Fact<T>> {
        self.0.get_max().map(|(_, fact)| fact)
    }

    /// All of them, in order.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &Fact<T>> {
        self.0.values()
    }

    /// Those that hold by `day`, in order.
    pub fn by(&self, day: Date) -> impl DoubleEndedIterator<Item = &Fact<T>> {
        self.0
            .range(..=(day, Position::new(u64::MAX)))
            .map(|(_, fact)| fact)
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl<T: fmt::Debug> fmt::Debug for Facts<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}
