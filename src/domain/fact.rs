//! Facts: the payloads of entries, kept in the order in which they hold.
//!
//! The state of a subject is an index over facts. Every collection here is
//! ordered by [`EffectiveOrder`] however the facts arrive, so the state depends on
//! which entries are folded and not on the order of folding: an entry recorded late
//! takes its place in the past without special care.

use std::fmt;
use std::ops::Deref;
use std::slice;
use std::sync::Arc;

use jiff::civil::Date;

use super::date::PartialDate;
use super::entry::Entry;
use super::event::DateIs;
use super::ids::Position;

/// The order in which facts hold: by their first day, then by position in the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct EffectiveOrder {
    pub day: Date,
    /// For a replacement, the position of the entry it replaces.
    pub position: Position,
}

impl EffectiveOrder {
    /// After every fact.
    pub const LAST: Self = Self::end_of(Date::MAX);

    /// After every fact that holds by this day.
    pub const fn end_of(day: Date) -> Self {
        Self {
            day,
            position: Position::new(u64::MAX),
        }
    }

    /// Directly after this.
    pub const fn next(self) -> Self {
        Self {
            day: self.day,
            position: self.position.next(),
        }
    }
}

/// An entry in effect: as it was recorded, or as a correction replaces it.
#[derive(Clone)]
pub struct EffectiveEntry {
    /// For a replacement, the envelope of the correction with the event that
    /// replaces.
    pub entry: Arc<Entry>,
    /// The position of the entry as first recorded: for a replacement, that of the
    /// entry it replaces.
    pub original_position: Position,
}

impl EffectiveEntry {
    /// An entry that is not corrected.
    pub fn uncorrected(entry: Arc<Entry>) -> Self {
        Self {
            original_position: entry.position,
            entry,
        }
    }

    pub fn effective_order(&self) -> EffectiveOrder {
        EffectiveOrder {
            day: self.entry.effective_on().first_day(),
            position: self.original_position,
        }
    }
}

impl fmt::Debug for EffectiveEntry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "@{:?} {:?}", self.effective_order(), self.entry.event)
    }
}

/// A payload, and the entry that records it.
pub struct Fact<T: ?Sized> {
    pub source: EffectiveEntry,
    payload: Arc<T>,
}

impl<T> Fact<T> {
    pub const fn new(source: EffectiveEntry, payload: Arc<T>) -> Self {
        Self { source, payload }
    }

    /// The date from which it holds, as recorded.
    pub fn on(&self) -> PartialDate {
        self.source.entry.effective_on()
    }

    /// How that date is to be read; `None` as given.
    pub fn is(&self) -> Option<DateIs> {
        self.source.entry.event.effective_on_is
    }

    /// The first day on which it holds.
    pub fn day(&self) -> Date {
        self.on().first_day()
    }

    pub fn effective_order(&self) -> EffectiveOrder {
        self.source.effective_order()
    }

    /// Whether its entry acknowledges that it lacked its approval.
    pub fn acknowledges_breach(&self) -> bool {
        self.source.entry.acknowledges_breach()
    }

    /// The position of its entry: for a replacement, that of the correction.
    pub fn position(&self) -> Position {
        self.source.entry.position
    }
}

impl<T> Clone for Fact<T> {
    fn clone(&self) -> Self {
        Self {
            source: self.source.clone(),
            payload: Arc::clone(&self.payload),
        }
    }
}

impl<T> Deref for Fact<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.payload
    }
}

impl<T: fmt::Debug> fmt::Debug for Fact<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "@{:?} {:?}", self.effective_order(), self.payload)
    }
}

/// Facts of one sort, in the order in which they hold.
///
/// A sorted list and not a tree: nearly every list has one fact or a few, and a clone
/// shares them.
#[derive(Clone)]
pub struct Facts<T>(Arc<Vec<Fact<T>>>);

impl<T> Default for Facts<T> {
    fn default() -> Self {
        Self(Arc::new(Vec::new()))
    }
}

impl<T> Facts<T> {
    /// Inserts a fact at its place in the order. It replaces a fact at the same place.
    pub fn insert(&mut self, fact: Fact<T>) {
        let order = fact.effective_order();
        let facts = Arc::make_mut(&mut self.0);
        match facts.binary_search_by_key(&order, Fact::effective_order) {
            Ok(index) => facts[index] = fact,
            Err(index) => facts.insert(index, fact),
        }
    }

    /// The last fact that holds by `day`.
    pub fn at(&self, day: Date) -> Option<&Fact<T>> {
        self.before(EffectiveOrder::end_of(day))
    }

    /// The last fact before `order`.
    pub fn before(&self, order: EffectiveOrder) -> Option<&Fact<T>> {
        self.all_before(order).last()
    }

    /// The last of all facts.
    pub fn latest(&self) -> Option<&Fact<T>> {
        self.0.last()
    }

    /// All facts, in order.
    pub fn iter(&self) -> slice::Iter<'_, Fact<T>> {
        self.0.iter()
    }

    /// The facts that hold by `day`, in order.
    pub fn by(&self, day: Date) -> slice::Iter<'_, Fact<T>> {
        self.all_before(EffectiveOrder::end_of(day)).iter()
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn all_before(&self, order: EffectiveOrder) -> &[Fact<T>] {
        let count = self
            .0
            .partition_point(|fact| fact.effective_order() < order);
        &self.0[..count]
    }
}

impl<T: fmt::Debug> fmt::Debug for Facts<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}
