//! Printed totals beside computed ones.

use crate::cli::cell::{Cell, money};
use crate::wire::proto::StatedFigure;

/// The first total as printed, and its difference from the computed one; empty
/// where none is printed.
pub fn first_stated(stated: &[StatedFigure]) -> (Cell, Cell) {
    match stated.first() {
        None => (Cell::Empty, Cell::Empty),
        Some(it) => (
            Cell::Pence(it.stated_pence),
            Cell::Pence(it.difference_pence),
        ),
    }
}

/// A sentence for each printed total of `what` that is not the computed one.
pub fn disagreements(what: &str, computed: i64, stated: &[StatedFigure]) -> Vec<String> {
    stated
        .iter()
        .filter(|it| it.difference_pence != 0)
        .map(|it| {
            let place = match it.place.as_str() {
                "" => String::new(),
                place => format!(" ({place})"),
            };
            format!(
                "{what}: {} computed, {} stated{place}, difference {}.",
                money(computed),
                money(it.stated_pence),
                money(it.difference_pence)
            )
        })
        .collect()
}
