//! The differences of a subject between two moments, and the entries that caused them.

use std::collections::BTreeSet;

use super::changes::Comparable;
use super::{names, state};
use minutebook_domain::ids::{Position, SubjectId};
use minutebook_domain::register_view::{NewEntry, RegisterView};
use minutebook_domain::work;
use minutebook_wire::proto::{Bringer, Change, SubjectDifference};
use minutebook_wire::{reply, summary};

/// The largest number of entries of other subjects that are examined.
const TRIED_MAX: usize = 100;

/// The differences of a subject from one register view to a later one; `None` where
/// there are none.
pub fn of(from: &RegisterView, to: &RegisterView, id: &SubjectId) -> Option<SubjectDifference> {
    let (before, after) = (state::get(from, id), state::get(to, id));
    if before == after {
        return None;
    }
    let old = Comparable::new(before.as_ref());
    let changes = old.changes_to(&Comparable::new(after.as_ref()));
    if changes.is_empty() {
        return None;
    }
    let entries = bringers(to, to.since(from, id));
    let (mut other_entries, mut has_untried_entries) = (Vec::new(), false);
    if before.is_some() {
        let mut candidates: Vec<NewEntry> = Vec::new();
        for other in named(&changes, id) {
            candidates.extend(to.since(from, &other));
        }
        candidates.sort_by_key(|new| new.entry.position);
        has_untried_entries = candidates.len() > TRIED_MAX;
        candidates.truncate(TRIED_MAX);
        let mut brought = Vec::new();
        for new in candidates {
            if work::should_finish() {
                has_untried_entries = true;
                break;
            }
            if has_changed(to, id, new.entry.position) {
                brought.push(new);
            }
        }
        other_entries = bringers(to, brought);
    }
    let name = |register_view: &RegisterView| names::subject(register_view, id);
    Some(SubjectDifference {
        subject: id.to_string(),
        subject_name: match name(to) {
            name_now if name_now.is_empty() => name(from),
            name_now => name_now,
        },
        changes,
        entries,
        other_entries,
        has_untried_entries,
    })
}

/// Whether an entry changed the state of a subject, on the day of a register view.
fn has_changed(register_view: &RegisterView, id: &SubjectId, position: Position) -> bool {
    let at = |position| state::get(&register_view.known_by(position), id);
    at(position.before()) != at(position)
}

fn bringers(register_view: &RegisterView, entries: Vec<NewEntry>) -> Vec<Bringer> {
    debug_assert!(
        entries
            .iter()
            .all(|new| new.entry.position <= register_view.known())
    );
    let bringer = |NewEntry { entry, took_effect }| Bringer {
        position: entry.position.get(),
        subject: entry.event.subject.to_string(),
        effective_on: Some(reply::date(entry.effective_on())),
        summary: summary::summary(&entry.event),
        came_into_force: took_effect,
    };
    entries.into_iter().map(bringer).collect()
}

/// The other subjects in changes: every id in them that may be a subject.
fn named(changes: &[Change], own: &SubjectId) -> BTreeSet<SubjectId> {
    let mut named = BTreeSet::new();
    for change in changes {
        let keys = change.path.split(['[', ']', '/', '#']).map(str::to_owned);
        let mut words: Vec<String> = keys.collect();
        for json in [&change.before_json, &change.after_json] {
            texts(serde_json::from_str(json).unwrap_or_default(), &mut words);
        }
        for word in words {
            // An id has no kind; ids are unique in the register.
            named.extend(word.parse::<SubjectId>());
            named.extend(word.parse().map(SubjectId::Body));
            named.extend(word.parse().map(SubjectId::Board));
            named.extend(word.parse().map(SubjectId::Collaboration));
        }
    }
    named.remove(own);
    named
}

fn texts(json: serde_json::Value, found: &mut Vec<String>) {
    match json {
        serde_json::Value::String(text) => found.push(text),
        serde_json::Value::Array(items) => items.into_iter().for_each(|item| texts(item, found)),
        serde_json::Value::Object(fields) => {
            fields
                .into_iter()
                .for_each(|(_, value)| texts(value, found));
        }
        _ => {}
    }
}
