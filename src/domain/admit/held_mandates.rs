//! The mandates of a caller, in words.

use crate::event::MandateGranted;
use crate::mandate::Mandate;

/// The most mandates of a caller, and the most things of one, that a refusal lists.
const LISTED_MAX: usize = 5;

/// `clerk as recorder for collaborations/bch`
pub(super) fn listed(held: &[&Mandate]) -> String {
    if held.is_empty() {
        return "no mandate that is in force".to_owned();
    }
    let one = |mandate: &&Mandate| {
        let granted = &mandate.granted;
        let covered = covered(granted);
        format!("{} as {}{covered}", granted.mandate, granted.role.label())
    };
    let mut text: Vec<String> = held.iter().take(LISTED_MAX).map(one).collect();
    if let Some(more) = held.len().checked_sub(LISTED_MAX).filter(|more| *more > 0) {
        text.push(format!("{more} more"));
    }
    text.join(", ")
}

/// The things that a mandate names, at most five: ` for bodies/kent-pcc`.
fn covered(granted: &MandateGranted) -> String {
    if granted.whole_register {
        return " for the whole register".to_owned();
    }
    let bodies = granted.bodies.iter().map(|id| format!("bodies/{id}"));
    let boards = granted.boards.iter().map(|id| format!("boards/{id}"));
    let collaborations = granted.collaborations.iter();
    let collaborations = collaborations.map(|id| format!("collaborations/{id}"));
    let offices = granted.offices.iter().map(ToString::to_string);
    let all: Vec<String> = bodies
        .chain(boards)
        .chain(collaborations)
        .chain(offices)
        .collect();
    if all.is_empty() {
        return String::new();
    }
    let more = match all.len().saturating_sub(LISTED_MAX) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let named: Vec<String> = all.into_iter().take(LISTED_MAX).collect();
    format!(" for {}{more}", named.join(" and "))
}
