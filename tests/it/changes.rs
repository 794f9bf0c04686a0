//! Replays and differences report exactly what differs, to the last field.
//!
//! The published states are split into single values, each with the path of its
//! fields. The reported changes must add up to the difference of these values: a
//! check that depends on neither views nor ids.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::civil::{Date, date};
use minutebook::domain::ids::{Position, SubjectId};
use minutebook::domain::register::Register;
use minutebook::domain::register_view::RegisterView;
use minutebook::views::replay::SubjectReplay;
use minutebook::views::{diff, state};
use minutebook::wire::json;
use minutebook::wire::proto::{Change, SubjectState};
use proptest::prelude::*;
use serde_json::Value;

use crate::books::walkthrough::events;
use crate::given::Given;
use crate::program::{books, councils, walkthrough};
use crate::properties::{folded, histories};

/// How often each value occurs at each path, without item numbers and keys.
type Values = BTreeMap<(String, String), i64>;

/// Fields that count days up to the `as_at` date.
const MEASURES: [&str; 4] = ["ageDays", "awaitedDays", "daysLeft", "openDays"];

fn camel(name: &str) -> String {
    let mut parts = name.split('_');
    let mut camel = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (first, rest) = part.split_at(1);
        camel.push_str(&first.to_uppercase());
        camel.push_str(rest);
    }
    camel
}

/// Adds each single value of `json`, `times` times.
fn take_apart(json: &Value, path: &str, times: i64, values: &mut Values) {
    match json {
        Value::Object(fields) => {
            for (name, value) in fields {
                if !MEASURES.contains(&name.as_str()) {
                    take_apart(value, &format!("{path}.{name}"), times, values);
                }
            }
        }
        Value::Array(items) => {
            for item in items {
                take_apart(item, path, times, values);
            }
        }
        // Defaults are left out in proto3 JSON.
        Value::Bool(false) => {}
        value if ["0", "\"0\"", "\"\""].contains(&value.to_string().as_str()) => {}
        value => {
            // Two libraries format the same instant differently.
            let text = value.to_string().replace("+00:00\"", "Z\"");
            let count = values.entry((path.to_owned(), text));
            *count.or_default() += times;
        }
    }
}

fn add_state(state: Option<&SubjectState>, times: i64, values: &mut Values) {
    if let Some(state) = state {
        let json = json::to_value(state);
        take_apart(&json, "", times, values);
    }
}

/// A path without the parts in brackets.
fn fields_of(path: &str) -> String {
    let mut fields = String::new();
    for part in path.split(']') {
        fields.push_str(part.split_once('[').map_or(part, |(before, _)| before));
    }
    let names = fields.split('.').map(|name| format!(".{}", camel(name)));
    names.collect()
}

fn add_change(change: &Change, times: i64, values: &mut Values) {
    let path = fields_of(&change.path);
    for (json, times) in [(&change.before_json, -times), (&change.after_json, times)] {
        if !json.is_empty() {
            let json = serde_json::from_str(json).expect("JSON");
            take_apart(&json, &path, times, values);
        }
    }
}

/// Demands that `changes` are exactly the difference of two states.
#[track_caller]
fn are_the_difference(
    changes: &[Change],
    before: Option<&SubjectState>,
    after: Option<&SubjectState>,
    context: &str,
) {
    let mut values = Values::new();
    add_state(before, 1, &mut values);
    for change in changes {
        add_change(change, 1, &mut values);
    }
    add_state(after, -1, &mut values);
    values.retain(|_, count| *count != 0);
    assert!(values.is_empty(), "{context}: {values:#?}\n{changes:#?}");
    if before == after {
        assert_eq!(changes, [], "{context}: both say the same");
    }
    for change in changes {
        assert_ne!(
            change.before_json, change.after_json,
            "{context}: {change:#?}"
        );
        assert!(!change.what.is_empty(), "{context}: {change:#?}");
        let says = !change.before.is_empty() || !change.after.is_empty();
        assert!(says || change.path.ends_with(']'), "{context}: {change:#?}");
    }
}

/// Replays a subject, and demands that each step reports exactly what changed. With
/// `from_entries`, also folds each state from the entries alone.
fn replayed(given: &Given, subject: &SubjectId, day: Date, from_entries: bool) {
    let register = Arc::new(given.register.clone());
    let at =
        |known: Position| state::get(&RegisterView::new(register.clone(), day, known), subject);
    let mut replay =
        SubjectReplay::new(Arc::clone(&register), day, subject.clone(), Position::ZERO);
    let mut last = None;
    for (index, entry) in given.entries.iter().enumerate() {
        if entry.event.subject != *subject {
            continue;
        }
        let context = format!("{subject} as at {day}, entry {}", entry.position);
        let before = at(entry.position.before());
        let step = replay.step(entry);
        are_the_difference(&step.meanwhile, last.as_ref(), before.as_ref(), &context);
        are_the_difference(
            &step.changes,
            before.as_ref(),
            step.state.as_ref(),
            &context,
        );
        assert_eq!(step.state, at(entry.position), "{context}");
        assert_eq!(
            step.changes.is_empty(),
            !step.unchanged.is_empty(),
            "{context}"
        );
        if from_entries {
            let then = Arc::new(folded(&given.entries[..=index]));
            let fresh = state::get(&RegisterView::new(then, day, entry.position), subject);
            assert_eq!(step.state, fresh, "{context}");
        }
        last = step.state;
    }
}

fn subjects(register: &Register) -> Vec<SubjectId> {
    register.records().map(|(id, _)| id.clone()).collect()
}

#[test]
fn replays_and_differences_of_the_books_are_exact() {
    let mut given = Given::default();
    let mut recorded = BTreeSet::new();
    for book in books().into_iter().chain([councils(), walkthrough()]) {
        for event in events(&book) {
            // An event that two books share is recorded once.
            if recorded.insert(event.to_string()) {
                given.record(&[event]);
            }
        }
    }
    for subject in subjects(&given.register) {
        for day in [date(2016, 1, 1), date(2026, 11, 23)] {
            replayed(&given, &subject, day, false);
        }
    }
    let register = Arc::new(given.register.clone());
    let known = register.tail();
    let days = [
        date(2013, 6, 1),
        date(2018, 3, 14),
        date(2020, 10, 1),
        date(2024, 7, 15),
    ];
    let mut differ = 0;
    for pair in days.windows(2) {
        let [from, to] =
            [pair[0], pair[1]].map(|day| RegisterView::new(register.clone(), day, known));
        for subject in subjects(&given.register) {
            differ += usize::from(difference(&from, &to, &subject));
        }
    }
    assert!(differ > 30, "only {differ} are different");
}

/// Demands that a difference is exact, and that it names the entries between the
/// two moments; returns whether there is one.
fn difference(from: &RegisterView, to: &RegisterView, subject: &SubjectId) -> bool {
    let (before, after) = (state::get(from, subject), state::get(to, subject));
    let moment = |view: &RegisterView| format!("{}, known at {}", view.as_at(), view.known());
    let context = format!("{subject} from {} to {}", moment(from), moment(to));
    let Some(difference) = diff::of(from, to, subject) else {
        are_the_difference(&[], before.as_ref(), after.as_ref(), &context);
        return false;
    };
    are_the_difference(
        &difference.changes,
        before.as_ref(),
        after.as_ref(),
        &context,
    );
    for bringer in difference.entries.iter().chain(&difference.other_entries) {
        let position = Position::new(bringer.position);
        assert!(position <= to.known(), "{context}: {bringer:?}");
        let known_before = position <= from.known();
        assert_eq!(
            bringer.came_into_force, known_before,
            "{context}: {bringer:?}"
        );
    }
    let own = difference
        .entries
        .iter()
        .all(|entry| entry.subject == difference.subject);
    let others = difference.other_entries.iter();
    assert!(
        own && others
            .into_iter()
            .all(|entry| entry.subject != difference.subject)
    );
    true
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_replay_shows_the_changes_of_each_entry((given, _) in histories(), year in 2013..2027_i16) {
        for subject in subjects(&given.register) {
            replayed(&given, &subject, date(year, 7, 1), true);
        }
    }

    #[test]
    fn a_difference_is_all_that_is_different(
        (given, _) in histories(),
        days in prop::array::uniform2((2013..2027_i16, 1..13_i8)),
        known in prop::array::uniform2(any::<prop::sample::Index>()),
    ) {
        let mut days = days.map(|(year, month)| date(year, month, 1));
        let mut known = known.map(|known| known.index(given.entries.len() + 1));
        days.sort_unstable();
        known.sort_unstable();
        let register = Arc::new(given.register.clone());
        let at = |side: usize| {
            RegisterView::new(register.clone(), days[side], Position::new(known[side] as u64))
        };
        let (from, to) = (at(0), at(1));
        for subject in subjects(&given.register) {
            difference(&from, &to, &subject);
        }
    }
}
