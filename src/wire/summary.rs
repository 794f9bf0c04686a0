//! An event in one line of plain English, for history.
//!
//! A line names ids, since names depend on the day in question; the reader of
//! history sees both.

use minutebook_domain::event::{Actor, DateIs, Event, Kind, Target, event_kinds};
use minutebook_domain::ids::BoardId;

/// The most characters of a recorder's own words that a line quotes.
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

// `event/kinds.rs` says what each column is.
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
    let line = payload(&event.kind).line_by(event.acted_by.as_ref());
    let line = match event.effective_on_is {
        None => line,
        Some(DateIs::About) => format!("{line} (about that day)"),
        Some(DateIs::By) => format!("{line} (by that day)"),
        Some(DateIs::From) => format!("{line} (on that day or later)"),
    };
    match event.marking {
        None => line,
        Some(marking) => format!("{line} ({})", marking.label()),
    }
}

pub(super) fn target_name(target: Target) -> String {
    match target {
        Target::Position(position) => format!("entry {position}"),
        Target::Event(id) => format!("the entry of event {id}"),
        Target::Request(..) => format!("entry {target}"),
    }
}

/// A recorder's words on one line, cut after [`QUOTED_MAX`] characters.
pub(super) fn quoted(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(QUOTED_MAX) {
        None => line,
        Some((end, _)) => format!("{} …", line[..end].trim_end()),
    }
}

/// `" WORDS value"`, or the empty string without a value.
pub(super) fn optional_phrase<T: std::fmt::Display>(value: Option<&T>, words: &str) -> String {
    value
        .map(|value| format!(" {words} {value}"))
        .unwrap_or_default()
}

/// A list in words: `a, b and c`.
pub(super) fn listed<T: ToString>(items: &[T]) -> String {
    let items: Vec<String> = items.iter().map(ToString::to_string).collect();
    match items.split_last() {
        None => "none".to_owned(),
        Some((only, [])) => only.clone(),
        Some((last, others)) => format!("{} and {last}", others.join(", ")),
    }
}

/// `1 unit`, `2 units`, `3 parties`.
pub(super) fn counted(number: usize, singular: &str, plural: &str) -> String {
    if number == 1 {
        format!("1 {singular}")
    } else {
        format!("{number} {plural}")
    }
}

pub(super) fn joined_and_left<T: ToString>(heading: &str, joined: &[T], left: &[T]) -> String {
    match (joined, left) {
        (joined, []) => format!("{heading}: {} joined", listed(joined)),
        ([], left) => format!("{heading}: {} left", listed(left)),
        (joined, left) => format!(
            "{heading}: {} joined, {} left",
            listed(joined),
            listed(left)
        ),
    }
}

/// The act that a proposal asks to approve after the fact.
pub(super) fn ratification(target: Option<&Target>) -> String {
    target
        .map(|target| format!(", to ratify {}", target_name(*target)))
        .unwrap_or_default()
}

pub(super) fn decided_by(board: Option<&BoardId>, actor: Option<&Actor>) -> String {
    match (board, actor) {
        (Some(board), _) => optional_phrase(Some(board), "by"),
        (None, Some(actor)) => optional_phrase(Some(actor), "by"),
        (None, None) => String::new(),
    }
}
