//! Cast votes: the latest vote by name of each member of a board.

use std::collections::{BTreeMap, BTreeSet};

use super::electorate::Electorate;
use super::opinion::Opinion;
use crate::event::VoteChoice;

/// The votes that were cast by name, by the index of the vote.
pub(super) struct Cast<'a>(BTreeMap<usize, Opinion<'a>>);

impl<'a> Cast<'a> {
    /// The latest vote of each member before the board's own decision.
    pub fn new(
        opinions: impl Iterator<Item = Opinion<'a>>,
        closing: Option<Opinion<'a>>,
        electorate: &Electorate,
    ) -> Self {
        let mut cast = BTreeMap::new();
        for opinion in opinions.filter(|opinion| !opinion.closes) {
            // A vote after the board's decision does not count.
            if closing.is_some_and(|closing| closing.order < opinion.order) {
                continue;
            }
            let votes = opinion.by.map(|by| electorate.votes_of(by));
            for vote in votes.unwrap_or_default() {
                cast.insert(vote, opinion);
            }
        }
        Self(cast)
    }

    /// The votes of these members that count.
    pub fn counted<'s>(&'s self, of: &'s BTreeSet<usize>) -> impl Iterator<Item = &'s Opinion<'a>> {
        let cast = self.0.iter().filter(|(vote, _)| of.contains(vote));
        cast.map(|(_, opinion)| opinion)
            .filter(|opinion| !opinion.conflicted)
    }

    pub fn count(&self, of: &BTreeSet<usize>, choice: VoteChoice) -> usize {
        let counted = self.counted(of);
        counted.filter(|opinion| opinion.choice == choice).count()
    }

    pub fn is_conflicted(&self, vote: usize) -> bool {
        self.0.get(&vote).is_some_and(|opinion| opinion.conflicted)
    }

    /// The votes that were cast.
    pub fn voters(&self) -> impl Iterator<Item = &usize> {
        self.0.keys()
    }

    pub fn has_voted(&self, vote: usize) -> bool {
        self.0.contains_key(&vote)
    }

    pub fn vote(&self, vote: usize) -> Option<Opinion<'a>> {
        self.0.get(&vote).copied()
    }
}
