//! Which entries of a subject are in effect: corrections applied, and left out
//! themselves.

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use imbl::Vector;

use super::entry::Entry;
use super::event::{Kind, Target};
use super::fact::EffectiveEntry;
use super::ids::{EventId, Position, RequestId};

/// The entries of one subject that are in effect as known at a position, in the
/// order of the log.
///
/// A later correction overrides an earlier one, so corrections are applied from the
/// last to the first; a correction that is itself corrected has no effect.
pub fn effective_entries(history: &Vector<Arc<Entry>>, known: Position) -> Vec<EffectiveEntry> {
    let known_entries = || history.iter().take_while(|entry| entry.position <= known);
    let mut replacements = BTreeMap::<Position, Option<Arc<Entry>>>::new();
    let corrections: Vec<_> = known_entries()
        .filter_map(|entry| match &entry.event.kind {
            Kind::EntryCorrected(correction) => Some((entry, correction)),
            _ => None,
        })
        .collect();
    let targets = CorrectionTargets::new(history);
    for (entry, correction) in corrections.iter().rev() {
        if replacements.contains_key(&entry.position) {
            continue;
        }
        if let Some(target) = targets.position(correction.target) {
            let replacement = correction.replacement.as_ref().map(|event| {
                let mut replaced = Entry::clone(entry);
                replaced.event = event.clone();
                Arc::new(replaced)
            });
            replacements.insert(target, replacement);
        }
    }
    known_entries()
        .filter_map(|entry| match replacements.get(&entry.position) {
            None if matches!(entry.event.kind, Kind::EntryCorrected(_)) => None,
            None => Some(EffectiveEntry::uncorrected(Arc::clone(entry))),
            Some(replacement) => Some(EffectiveEntry {
                entry: Arc::clone(replacement.as_ref()?),
                original_position: entry.position,
            }),
        })
        .collect()
}

/// The position of the correction that corrects an entry, as known at a position;
/// `None` if the entry is in effect as it was recorded.
pub fn corrected_by(
    history: &Vector<Arc<Entry>>,
    position: Position,
    known: Position,
) -> Option<Position> {
    let mut corrected = BTreeSet::new();
    let targets = CorrectionTargets::new(history);
    let known_entries = history.iter().rev().filter(|entry| entry.position <= known);
    for entry in known_entries.take_while(|entry| entry.position > position) {
        if let Kind::EntryCorrected(correction) = &entry.event.kind
            && !corrected.contains(&entry.position)
            && let Some(target) = targets.position(correction.target)
        {
            if target == position {
                return Some(entry.position);
            }
            corrected.insert(target);
        }
    }
    None
}

/// The position of the entry that a correction is about.
pub fn corrected_position(history: &Vector<Arc<Entry>>, target: Target) -> Option<Position> {
    CorrectionTargets::new(history).position(target)
}

/// The entries that corrections of one subject are about. Events and requests are looked
/// up in indexes that are made once, and only if a correction names one.
pub struct CorrectionTargets<'a> {
    history: &'a Vector<Arc<Entry>>,
    events: OnceCell<BTreeMap<EventId, Position>>,
    requests: OnceCell<BTreeMap<(RequestId, u32), Position>>,
}

impl<'a> CorrectionTargets<'a> {
    pub const fn new(history: &'a Vector<Arc<Entry>>) -> Self {
        Self {
            history,
            events: OnceCell::new(),
            requests: OnceCell::new(),
        }
    }

    /// The position of the entry that a correction with this target is about.
    pub fn position(&self, target: Target) -> Option<Position> {
        match target {
            Target::Position(position) => Some(position),
            Target::Event(id) => self.events().get(&id).copied(),
            Target::Request(id, index) => self.requests().get(&(id, index)).copied(),
        }
    }

    fn requests(&self) -> &BTreeMap<(RequestId, u32), Position> {
        self.requests.get_or_init(|| {
            let entries = self.history.iter();
            let requests = entries.map(|entry| {
                let key = (entry.request, entry.request_part.index);
                (key, entry.position)
            });
            requests.collect()
        })
    }

    fn events(&self) -> &BTreeMap<EventId, Position> {
        self.events.get_or_init(|| {
            let mut events = BTreeMap::new();
            for entry in self.history {
                if let Some(id) = entry.event.event_id {
                    events.entry(id).or_insert(entry.position);
                }
            }
            events
        })
    }
}
