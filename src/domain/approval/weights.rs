//! Weights: the votes of bodies on a board where each has a weight.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use super::opinion::Opinion;
use super::requirement_query::RequirementQuery;
use super::subject_lookup::successor_on;
use crate::event::{BoardVote, Voting};
use crate::ids::BodyId;
use crate::money::Ppm;

/// The weights of a weighted vote.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Weights {
    /// The weight of the bodies that are for.
    pub for_it: u64,
    /// The weight of all bodies.
    pub total: u64,
    /// The share of the total that must be for.
    pub threshold: Ppm,
}

impl Weights {
    pub(super) fn carry(self) -> bool {
        let (for_it, total) = (u128::from(self.for_it), u128::from(self.total));
        let threshold = u128::from(self.threshold.get());
        total > 0 && for_it * u128::from(Ppm::WHOLE) >= threshold * total
    }
}

/// The weights of a weighted vote.
pub(super) fn weights<'o, 'a: 'o>(
    query: &RequirementQuery<'_>,
    vote: &BoardVote,
    day: Date,
    counted: impl Iterator<Item = &'o Opinion<'a>>,
) -> Option<Weights> {
    let Voting::Weighted { weights, threshold } = &vote.voting else {
        return None;
    };
    let lookup = query.case.lookup;
    let weight_by_body = if weights.is_empty() {
        contributions(query, day)
    } else {
        let mut weight_by_body: BTreeMap<BodyId, u64> = BTreeMap::new();
        for share in weights {
            let body = successor_on(lookup, query.case.id, &share.body, day);
            *weight_by_body.entry(body).or_default() += u64::from(share.share.get());
        }
        weight_by_body
    };
    let bodies_for: BTreeSet<BodyId> = counted
        .filter(|opinion| opinion.approves())
        .filter_map(|opinion| {
            Some(successor_on(
                lookup,
                query.case.id,
                opinion.by?.body()?,
                day,
            ))
        })
        .collect();
    let weights_for = bodies_for
        .iter()
        .filter_map(|body| weight_by_body.get(body));
    Some(Weights {
        for_it: weights_for.sum(),
        total: weight_by_body.values().sum(),
        threshold: *threshold,
    })
}

/// The contributions of each body to the main budget of the year, in pence.
fn contributions(query: &RequirementQuery<'_>, day: Date) -> BTreeMap<BodyId, u64> {
    let mut by_body = BTreeMap::new();
    let year = query.case.act.year();
    let dossier = &query.case.subject.dossier;
    let year = year.unwrap_or_else(|| dossier.year_of(day));
    let budgets = dossier.budgets.get(&(None, year));
    if let Some(budget) = budgets.and_then(|budgets| budgets.at(day)) {
        for cell in &budget.figures.contributions {
            let body = successor_on(query.case.lookup, query.case.id, &cell.body, day);
            *by_body.entry(body).or_default() += cell.amount.get().unsigned_abs();
        }
    }
    by_body
}
