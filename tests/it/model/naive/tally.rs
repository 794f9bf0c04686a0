//! Results of a board's vote as minuted.

use super::action::{Choice, ModelTally};
use super::need::{Orders, Votes, count_of, units};
use super::rules::SEATS;

/// Whether the door takes the tally of a board's decision, with the votes before it.
pub fn takes_tally(tally: ModelTally, approves: bool, before: &Votes, orders: Orders) -> bool {
    let (for_it, against, neither) = (
        count_of(before, Choice::For),
        count_of(before, Choice::Against),
        count_of(before, Choice::Neither),
    );
    let fits = tally.votes() == 0
        || (for_it <= tally.for_it && against <= tally.against && neither <= tally.neither);
    let divided = tally.unanimous && if approves { against > 0 } else { for_it > 0 };
    let wrong = if approves {
        tally.votes() > 0 && tally.for_it < tally.against
    } else {
        tally.unanimous && tally.for_it > 0
    };
    let level = tally.casting.is_none() || tally.votes() > 0 || for_it == against;
    let here = tally.present == 0 || for_it + against + neither <= tally.present;
    tally.votes() <= units(orders).len()
        && tally.present <= SEATS
        && (tally.casting.is_none() || orders.casting)
        && fits
        && !divided
        && !wrong
        && level
        && here
}
