//! An event in one line of plain English, for history.
//!
//! A line names ids, since names depend on the day in question; the reader of
//! history sees both.

use crate::domain::event::{Actor, Event, Kind, Target, event_kinds};
use crate::domain::ids::BoardId;

/// How many characters of a recorder's own words a line quotes.
const QUOTED_MAX: usize = 120;

/// The line of one kind of event.
pub(super) trait Summary {
    /// What happened.
    fn line(&self) -> String;

    /// What happened, where `actor` acted: for a kind that names the actor of the
    /// event in its line.
    fn line_by(&self, _actor: Option<&Actor>) -> String {
        self.line()
    }

    /// What a proposal asks for; for any other kind, what happened.
    fn proposed(&self) -> String {
        self.line()
    }
}

macro_rules! define_payload {
    ($($name:ident $kind:ident $noun:ident $subject:ident $role:ident $until:ident;)*) => {
        fn payload(kind: &Kind) -> &dyn Summary {
            match kind {
                $(Kind::$kind(event) => &**event,)*
            }
        }
    };
}

event_kinds!(define_payload);

/// What a proposal asks for, in one line.
pub fn proposed(event: &Event) -> String {
    payload(&event.kind).proposed()
}

/// What happened, in one line.
pub fn summary(event: &Event) -> String {
    payload(&event.kind).line_by(event.acted_by.as_ref())
}

/// Another entry, as people say it.
pub(super) fn entry(target: Target) -> String {
    match target {
        Target::Position(position) => format!("entry {position}"),
        Target::Event(id) => format!("the entry of event {id}"),
    }
}

/// A recorder's words on one line, cut where they run long.
pub(super) fn brief(words: &str) -> String {
    let line = words.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(QUOTED_MAX) {
        None => line,
        Some((end, _)) => format!("{} …", line[..end].trim_end()),
    }
}

/// `" WORD id"`, or nothing.
pub(super) fn by<T: std::fmt::Display>(id: Option<&T>, word: &str) -> String {
    id.map(|id| format!(" {word} {id}")).unwrap_or_default()
}

/// Who acts, as people say it.
pub(super) fn who(actor: &Actor) -> String {
    match actor {
        Actor::Body { body, office: None } => body.to_string(),
        Actor::Body {
            body,
            office: Some(office),
        } => format!("{office} of {body}"),
        Actor::Office(office) => office.to_string(),
    }
}

/// A list in words: `a, b and c`.
pub(super) fn series<T: ToString>(items: &[T]) -> String {
    let items: Vec<String> = items.iter().map(ToString::to_string).collect();
    match items.split_last() {
        None => "none".to_owned(),
        Some((only, [])) => only.clone(),
        Some((last, others)) => format!("{} and {last}", others.join(", ")),
    }
}

/// `1 unit`, `2 units`, `3 parties`.
pub(super) fn several(number: usize, one: &str, many: &str) -> String {
    if number == 1 {
        format!("1 {one}")
    } else {
        format!("{number} {many}")
    }
}

pub(super) fn come_and_go<T: ToString>(what: &str, joined: &[T], left: &[T]) -> String {
    match (joined, left) {
        (joined, []) => format!("{what}: {} joined", series(joined)),
        ([], left) => format!("{what}: {} left", series(left)),
        (joined, left) => format!("{what}: {} joined, {} left", series(joined), series(left)),
    }
}

/// What a proposal asks to approve after the fact.
pub(super) fn ratifies(target: Option<&Target>) -> String {
    target
        .map(|target| format!(", to ratify {}", entry(*target)))
        .unwrap_or_default()
}

pub(super) fn decider(board: Option<&BoardId>, acted: Option<&Actor>) -> String {
    match (board, acted) {
        (Some(board), _) => by(Some(board), "by"),
        (None, Some(actor)) => by(Some(&who(actor)), "by"),
        (None, None) => String::new(),
    }
}
