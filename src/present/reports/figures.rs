//! Printed totals beside computed ones.

use crate::cell::{Cell, money};
use minutebook_wire::proto::StatedFigure;

/// The first total as printed, and its difference from the computed one; empty
/// where none is printed.
pub fn first_stated(stated: &[StatedFigure]) -> (Cell, Cell) {
    match stated.first() {
        None => (Cell::Empty, Cell::Empty),
        Some(total) => (
            Cell::Pence(total.stated_pence),
            Cell::Pence(total.difference_pence),
        ),
    }
}

/// A sentence for each printed total that is not the computed one. `name` names the
/// total.
pub fn disagreements(
    name: &str,
    computed: i64,
    stated: &[StatedFigure],
    currency: &str,
) -> Vec<String> {
    stated
        .iter()
        .filter(|total| total.difference_pence != 0)
        .map(|total| {
            let place = in_place(&total.place);
            format!(
                "{name}: {} computed, {} stated{place}, difference {}.",
                money(computed, currency),
                money(total.stated_pence, currency),
                money(total.difference_pence, currency)
            )
        })
        .collect()
}

/// ` (Annex A)`, after a printed figure.
pub fn in_place(place: &str) -> String {
    match place {
        "" => String::new(),
        place => format!(" ({place})"),
    }
}
