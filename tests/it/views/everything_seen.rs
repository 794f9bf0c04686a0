//! Everything recorded is seen: whatever a recorder changes in an event changes an answer
//! of some view, history apart.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;

use jiff::civil::Date;
use minutebook::domain::admit::{Context, admit};
use minutebook::domain::append_command::AppendCommand;
use minutebook::domain::ids::Position;
use minutebook::domain::register::Register;
use minutebook::domain::register_view::RegisterView;
use minutebook::views::{sources, state};
use minutebook::wire::proto::{Book, SourceView, SubjectState};
use minutebook::wire::{json, request};
use serde_json::Value;

use crate::given::now;
use crate::program::{books, councils};

/// Fields that are in no view yet. The list may only become shorter.
const UNSEEN: [&str; 0] = [];

/// How many events of a kind are changed in a field before it counts as unseen.
const TRIES: usize = 3;

/// A field of a kind of event: `agreementSigned.signedOn.day`.
type Field = String;

/// The way to a value inside an event.
type Way = Vec<Step>;

#[derive(Clone, Debug)]
enum Step {
    Name(String),
    Item(usize),
}

/// The appends of these books, each once.
fn appends(books: &[PathBuf]) -> Vec<Value> {
    let mut ids = BTreeSet::new();
    let mut all = Vec::new();
    for path in books {
        let text = std::fs::read_to_string(path).expect("a book");
        let book: Book = json::from_str(&text).expect("a book");
        for append in book.appends {
            if ids.insert(append.request_id.clone()) {
                all.push(json::to_value(&append));
            }
        }
    }
    all
}

/// An append as the register reads it; `None` if it cannot.
fn read(append: &Value) -> Option<AppendCommand> {
    let append = json::from_value(append.clone()).ok()?;
    request::append_command(&append).ok()
}

/// The register after one more append. One that is refused is left out.
fn recorded(register: &Register, append: Option<&AppendCommand>) -> Register {
    let context = Context::at(now());
    let admitted = append.and_then(|append| admit(register, append, &context).ok());
    admitted.map_or_else(|| register.clone(), |admission| admission.register)
}

fn view(register: &Register) -> RegisterView {
    let known = Position::new(register.tail().get());
    let day = Date::constant(2026, 11, 23);
    RegisterView::new(Arc::new(register.clone()), day, known)
}

/// The states of these subjects.
fn seen_states(register: &Register, subjects: &BTreeSet<String>) -> Vec<Option<SubjectState>> {
    let view = view(register);
    let states = subjects.iter().map(|subject| {
        let id = subject.parse().ok()?;
        state::get(&view, &id)
    });
    states.collect()
}

/// Everything that the views say of these subjects. Of the list of sources, all but the
/// line that sums a fact up: it leaves out too much to count.
fn seen(
    register: &Register,
    subjects: &BTreeSet<String>,
) -> (Vec<Option<SubjectState>>, Vec<SourceView>) {
    let states = seen_states(register, subjects);
    let view = view(register);
    let written = sources::entries(&view, None);
    let written = written.iter().map(|entry| SourceView {
        summary: String::new(),
        ..sources::line(&view, entry)
    });
    (states, written.collect())
}

/// The values inside a value, each with the way to it.
fn leaves(value: &Value, way: &mut Way, found: &mut Vec<Way>) {
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                way.push(Step::Name(name.clone()));
                leaves(value, way, found);
                way.pop();
            }
        }
        Value::Array(items) => {
            for (index, value) in items.iter().enumerate() {
                way.push(Step::Item(index));
                leaves(value, way, found);
                way.pop();
            }
        }
        _ => found.push(way.clone()),
    }
}

fn at<'v>(value: &'v mut Value, way: &[Step]) -> &'v mut Value {
    way.iter().fold(value, |value, step| match step {
        Step::Name(name) => &mut value[name],
        Step::Item(index) => &mut value[index],
    })
}

/// Another value that a recorder could have written there; `None` for what names
/// something else, or one of a few values.
fn other(name: &str, value: &Value) -> Option<Value> {
    match value {
        Value::String(text) => {
            if let Ok(pence) = text.parse::<i64>() {
                return Some((pence + 100).to_string().into());
            }
            let is_id = name == "subject" || name.ends_with("Id") || name.ends_with("Ids");
            let is_enum = text.len() > 3
                && text.contains('_')
                && text
                    .chars()
                    .all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_');
            let is_hash = name.contains("sha256");
            (!is_id && !is_enum && !is_hash).then(|| format!("{text} or other").into())
        }
        Value::Number(number) => {
            let number = number.as_i64()?;
            let other = match name {
                "month" if number == 12 => 11,
                "day" if number >= 28 => number - 1,
                _ => number + 1,
            };
            Some(other.into())
        }
        Value::Bool(is) => Some((!is).into()),
        _ => None,
    }
}

/// The fields of these appends that no view shows, and how many fields were changed.
pub fn unseen(appends: &[Value]) -> (Vec<String>, usize) {
    let subjects: BTreeSet<String> = appends
        .iter()
        .flat_map(|append| append["events"].as_array().cloned().unwrap_or_default())
        .filter_map(|event| Some(event["subject"].as_str()?.to_owned()))
        .collect();
    let commands: Vec<Option<AppendCommand>> = appends.iter().map(read).collect();
    let mut registers = vec![Register::default()];
    for command in &commands {
        let last = registers.last().expect("the empty one");
        registers.push(recorded(last, command.as_ref()));
    }
    let before = seen(&registers[appends.len()], &subjects);
    let of_subject: BTreeMap<&str, _> = subjects
        .iter()
        .map(|subject| {
            let alone = BTreeSet::from([subject.clone()]);
            let before = seen_states(&registers[appends.len()], &alone);
            (subject.as_str(), (alone, before))
        })
        .collect();
    let mut tried: BTreeMap<Field, (usize, bool)> = BTreeMap::new();
    for append in 0..appends.len() {
        let events = appends[append]["events"].as_array().map_or(0, Vec::len);
        for event in 0..events {
            let value = &appends[append]["events"][event];
            let kind = value
                .as_object()
                .and_then(|fields| {
                    let common = [
                        "subject",
                        "effectiveOn",
                        "effectiveOnIs",
                        "sources",
                        "note",
                        "actedBy",
                        "reliesOn",
                    ];
                    fields.keys().find(|name| !common.contains(&name.as_str()))
                })
                .cloned()
                .unwrap_or_default();
            let mut ways = Vec::new();
            leaves(value, &mut Vec::new(), &mut ways);
            for way in ways {
                let names: Vec<&str> = way
                    .iter()
                    .filter_map(|step| match step {
                        Step::Name(name) => Some(name.as_str()),
                        Step::Item(_) => None,
                    })
                    .collect();
                let field = match names.first() {
                    Some(first) if *first == kind => names.join("."),
                    _ => format!("{kind}: {}", names.join(".")),
                };
                let (tries, is_seen) = tried.entry(field).or_default();
                if *is_seen || *tries >= TRIES {
                    continue;
                }
                let mut changed = appends[append].clone();
                let leaf = at(&mut changed["events"][event], &way);
                let Some(value) = other(names.last().copied().unwrap_or_default(), leaf) else {
                    continue;
                };
                *leaf = value;
                let changed = recorded(&registers[append], read(&changed).as_ref());
                let later = commands[append + 1..].iter();
                let after = later.fold(changed, |register, command| {
                    recorded(&register, command.as_ref())
                });
                *tries += 1;
                // Most changes are in the state of the subject itself, which is quicker.
                let subject = appends[append]["events"][event]["subject"].as_str();
                let own = subject.and_then(|subject| of_subject.get(subject));
                let is_in_own =
                    own.is_some_and(|(alone, before)| seen_states(&after, alone) != *before);
                *is_seen = is_in_own || seen(&after, &subjects) != before;
            }
        }
    }
    let unseen = tried
        .iter()
        .filter(|(_, (tries, is_seen))| *tries > 0 && !is_seen)
        .map(|(field, _)| field.clone())
        .collect();
    let count = tried.values().filter(|(tries, _)| *tries > 0).count();
    (unseen, count)
}

#[test]
fn every_field_of_every_event_of_the_books_is_in_some_view() {
    let (unseen, count) = unseen(&appends(&books()));
    assert_eq!(unseen, UNSEEN, "fields that no view shows");
    assert!(count > 300, "{count} fields were changed");
}

/// Councils, their meetings, terms of office, publications and the courses of decisions.
#[test]
fn every_field_of_every_event_of_the_councils_is_in_some_view() {
    let (unseen, count) = unseen(&appends(&[councils()]));
    assert!(unseen.is_empty(), "fields that no view shows: {unseen:#?}");
    assert!(count > 200, "{count} fields were changed");
}

/// A collaboration whose papers use the fields about instruments that the books do not.
#[test]
fn every_field_about_instruments_is_in_some_view() {
    require_all_seen(include_str!("instruments_seen.json"), 60);
}

/// Renewals, services that end and resume, and directions.
#[test]
fn every_field_about_services_and_directions_is_in_some_view() {
    require_all_seen(include_str!("../../golden/entry-v1-services.json"), 50);
}

/// Heads, changes within the year, reports and what they cover.
#[test]
fn every_field_about_budgets_is_in_some_view() {
    require_all_seen(include_str!("../../golden/entry-v1-budgets.json"), 60);
}

/// Boards that serve other collaborations, and delegations to a board, or that go on.
#[test]
fn every_field_about_the_service_of_boards_is_in_some_view() {
    require_all_seen(include_str!("../../golden/entry-v1-serving.json"), 25);
}

/// Formulas by use and within limits, invoices and payments.
#[test]
fn every_field_about_who_pays_is_in_some_view() {
    require_all_seen(include_str!("../../golden/entry-v1-payers.json"), 45);
}

/// Savings, net disposals and settlements.
#[test]
fn every_field_about_savings_and_settlements_is_in_some_view() {
    require_all_seen(include_str!("../../golden/entry-v1-settlements.json"), 90);
}

/// Matters put to offices, call-ins and answers of outside deciders, which the books do not
/// have.
#[test]
fn every_field_about_the_course_of_a_proposal_is_in_some_view() {
    require_all_seen(include_str!("course_seen.json"), 50);
}

/// Requires that these events are taken, and that a view shows each of their fields.
#[track_caller]
fn require_all_seen(events: &str, at_least: usize) {
    let events: Vec<Value> = serde_json::from_str(events).expect("events");
    let appends: Vec<Value> = events
        .iter()
        .enumerate()
        .map(|(tag, event)| {
            let append = crate::given::append(tag as u128, std::slice::from_ref(event));
            json::to_value(&append)
        })
        .collect();
    let mut register = Register::default();
    for append in &appends {
        let command = read(append).expect("fields that can be read");
        let context = Context::at(now());
        let admission = admit(&register, &command, &context);
        register = admission
            .unwrap_or_else(|refusal| panic!("{refusal:?}: {append}"))
            .register;
    }
    let (unseen, count) = unseen(&appends);
    assert!(unseen.is_empty(), "{unseen:?}");
    assert!(count > at_least, "{count} fields were changed");
}
