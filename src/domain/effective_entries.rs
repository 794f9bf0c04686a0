//! Which entries of a subject are in effect: corrections applied, and left out
//! themselves.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use imbl::Vector;

use super::entry::Entry;
use super::event::{Kind, Target};
use super::fact::EffectiveEntry;
use super::ids::Position;

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
    for (entry, correction) in corrections.iter().rev() {
        if replacements.contains_key(&entry.position) {
            continue;
        }
        if let Some(target) = corrected_position(history, correction.target) {
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
    let known_entries = history.iter().rev().filter(|entry| entry.position <= known);
    for entry in known_entries.take_while(|entry| entry.position > position) {
        if let Kind::EntryCorrected(correction) = &entry.event.kind
            && !corrected.contains(&entry.position)
            && let Some(target) = corrected_position(history, correction.target)
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
    match target {
        Target::Position(position) => Some(position),
        Target::Event(id) => history
            .iter()
            .find(|entry| entry.event.event_id == Some(id))
            .map(|entry| entry.position),
    }
}
