//! Results of a board's vote as minuted.

use super::action::{Choice, ModelTally};
use super::need::{Orders, Votes, count_of, units};
use super::rules::SEATS;

/// Numbers as minutes give them: for, against, abstaining.
pub type Figures = [Option<usize>; 3];

/// The numbers that the tally of an approval or a rejection gives. An approval with other
/// votes and none for leaves the number for out, a rejection without any against that
/// number, and each the others that are nought.
pub fn figures(tally: ModelTally, approves: bool) -> Figures {
    let all = [tally.for_it, tally.against, tally.neither];
    let decisive = if approves {
        tally.for_it
    } else {
        tally.against
    };
    let leaves_out = !tally.unanimous && decisive == 0 && tally.votes() > 0;
    all.map(|number| (number > 0 || !leaves_out).then_some(number))
}

/// Every way in which the numbers that are not given may be filled, where at most so many
/// voted in all and at least so many of each.
pub fn fillings(given: Figures, least: [usize; 3], most: usize) -> Vec<[usize; 3]> {
    let range = |index: usize| match given[index] {
        Some(number) => number..=number,
        None => least[index]..=most.max(least[index]),
    };
    let mut all = Vec::new();
    for for_it in range(0) {
        for against in range(1) {
            for neither in range(2) {
                let sum = for_it + against + neither;
                let is_least = [for_it, against, neither] == least;
                if sum <= most || is_least {
                    all.push([for_it, against, neither]);
                }
            }
        }
    }
    all
}

/// Whether the door takes the tally of a board's decision, with the votes before it.
pub fn takes_tally(tally: ModelTally, approves: bool, before: &Votes, orders: Orders) -> bool {
    let given = figures(tally, approves);
    let members = units(orders).len();
    let most = if tally.present > 0 {
        tally.present
    } else {
        members
    };
    let wrong = if approves {
        let rest = most.saturating_sub(tally.votes());
        tally.votes() > 0 && given[0].unwrap_or(rest) < tally.against
    } else {
        tally.unanimous && tally.for_it > 0
    };
    // Those who declared an interest and took no part did not vote.
    let excluded = before.values().filter(|vote| vote.conflicted).count();
    tally.votes() + excluded <= members
        && tally.present <= SEATS
        && (tally.casting.is_none() || orders.casting)
        && !wrong
        && !contradicts_names(tally, approves, before, true)
}

/// Whether votes by name contradict a tally. Until all are named, others may make them level.
pub fn contradicts_names(
    tally: ModelTally,
    approves: bool,
    votes: &Votes,
    all_named: bool,
) -> bool {
    let named = [
        count_of(votes, Choice::For),
        count_of(votes, Choice::Against),
        count_of(votes, Choice::Neither),
    ];
    let [for_it, against, neither] = named;
    let mut pairs = named.iter().zip(figures(tally, approves));
    let fits =
        tally.votes() == 0 || pairs.all(|(named, given)| given.is_none_or(|given| *named <= given));
    let divided = tally.unanimous && if approves { against > 0 } else { for_it > 0 };
    let level = tally.casting.is_none() || tally.votes() > 0 || for_it == against || !all_named;
    let here = tally.present == 0 || for_it + against + neither <= tally.present;
    // The casting vote is that of a-pcc.
    let gave = votes.get("a-pcc").filter(|vote| vote.by == Some("a-pcc"));
    let left = tally.casting.is_some() && gave.is_some_and(|vote| vote.conflicted);
    !fits || divided || !level || !here || left
}
