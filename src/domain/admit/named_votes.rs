//! Rule 4: votes by name, and how they contradict a tally.

use std::collections::BTreeMap;

use super::event_check::EventCheck;
use crate::approval::Electorate;
use crate::date::PartialDate;
use crate::dossier::Proposal;
use crate::event::{Actor, Outcome, Tally, VoteCast, VoteChoice};
use crate::fact::{EffectiveOrder, Fact};
use crate::ids::BoardId;
use crate::meeting::may_be_same_day;

/// The last vote by name of each member, by the index of the vote.
pub(super) struct NamedVotes<'p> {
    pub votes: BTreeMap<usize, &'p Fact<VoteCast>>,
    /// The votes of the board.
    pub members: usize,
    /// Whether one was recorded after the decision that they are held against.
    is_later: bool,
}

impl<'p> NamedVotes<'p> {
    /// The votes on a board before this.
    pub fn before(
        check: &EventCheck<'_>,
        electorate: &Electorate,
        board: &BoardId,
        proposal: &'p Proposal,
    ) -> Self {
        let round = Round::of(proposal, board, check.effective_order(), check.on);
        Self::of(electorate, board, proposal, |vote| round.has(vote))
    }

    /// The votes on a board that count.
    pub fn of(
        electorate: &Electorate,
        board: &BoardId,
        proposal: &'p Proposal,
        counts: impl Fn(&Fact<VoteCast>) -> bool,
    ) -> Self {
        let mut votes = BTreeMap::new();
        let on_board = proposal.votes.iter();
        let on_board = on_board.filter(|vote| vote.board.as_ref() == Some(board) && counts(vote));
        for vote in on_board {
            for index in electorate.votes_of(&vote.voter) {
                votes.insert(index, vote);
            }
        }
        Self {
            votes,
            members: electorate.votes.len(),
            is_later: false,
        }
    }

    /// The same votes, held against a decision at a point in the order.
    pub fn held_against(mut self, decided: EffectiveOrder) -> Self {
        let mut votes = self.votes.values();
        self.is_later = votes.any(|vote| vote.effective_order() > decided);
        self
    }

    /// The number of those who declared an interest that keeps them from the vote.
    pub fn excluded(&self) -> usize {
        self.votes.values().filter(|vote| excludes(vote)).count()
    }

    /// Whether an actor is among those.
    pub fn has_left(&self, by: &Actor) -> bool {
        let mut left = self.votes.values().filter(|vote| excludes(vote));
        left.any(|vote| vote.voter.is_same(by))
    }

    /// Whether every member has a vote on record.
    pub fn is_complete(&self) -> bool {
        self.votes.len() == self.members
    }

    fn count_of(&self, choice: VoteChoice) -> u32 {
        let votes = self.votes.values();
        let count = votes
            .filter(|vote| vote.choice == choice && !excludes(vote))
            .count();
        u32::try_from(count).unwrap_or(u32::MAX)
    }

    /// How they contradict a tally: more of a kind than it has, or one against a unanimous
    /// result.
    pub fn contradiction(&self, tally: &Tally, approves: Option<bool>) -> Option<String> {
        let for_it = self.count_of(VoteChoice::Approve);
        let against = self.count_of(VoteChoice::Reject);
        let abstained = self.count_of(VoteChoice::Abstain);
        let is_more = tally.has_votes()
            && [
                (for_it, tally.votes_for),
                (against, tally.votes_against),
                (abstained, tally.abstentions),
            ]
            .iter()
            .any(|(named, minuted)| minuted.is_some_and(|minuted| *named > minuted));
        let is_divided = tally.unanimous
            && match approves {
                Some(true) => against > 0,
                Some(false) => for_it > 0,
                None => for_it > 0 && against > 0,
            };
        // Of votes that are recorded one by one after the minutes, the rest may be to come.
        let may_be_level = self.is_later && !self.is_complete();
        let is_not_level = tally.casting_vote.is_some()
            && !tally.has_votes()
            && for_it != against
            && !may_be_level;
        let is_absent = tally
            .present
            .is_some_and(|present| for_it + against + abstained > present);
        (is_more || is_divided || is_not_level || is_absent)
            .then(|| format!("by name: {for_it} for, {against} against, {abstained} abstained"))
    }

    /// The result as far as these votes give it, where the minutes give no numbers: how many
    /// of the side that decided is not given, unless every member has voted.
    pub fn result(&self, approves: bool, minuted: Option<&Tally>) -> Option<Tally> {
        let given = |choice| Some(self.count_of(choice)).filter(|number| *number > 0);
        let (for_it, against) = match approves {
            true => (None, given(VoteChoice::Reject)),
            false => (given(VoteChoice::Approve), None),
        };
        let tally = Tally {
            present: minuted.and_then(|minuted| minuted.present),
            votes_for: for_it,
            votes_against: against,
            abstentions: given(VoteChoice::Abstain),
            unanimous: false,
            casting_vote: None,
        };
        (tally.votes() > 0 && !self.is_complete()).then_some(tally)
    }
}

/// The votes before a decision of a board, since its own decision of an earlier day. Votes
/// until then were on that one: it was deferred, or what was decided has fallen since, and
/// the board votes anew.
#[derive(Clone, Copy)]
pub(super) struct Round {
    decided: EffectiveOrder,
    /// The earlier decision, and its date; `None` if there is none.
    earlier: Option<(EffectiveOrder, PartialDate)>,
}

impl Round {
    /// The round that a decision ends.
    pub fn of(
        proposal: &Proposal,
        board: &BoardId,
        decided: EffectiveOrder,
        on: PartialDate,
    ) -> Self {
        let made = proposal.decisions.iter();
        let made = made.filter(|made| {
            let is_own = made.board.as_ref() == Some(board);
            is_own && !matches!(made.outcome, Outcome::Supported | Outcome::Noted)
        });
        let made = made.map(|made| (made.effective_order(), made.on()));
        let approved = proposal.virement_approvals.iter();
        let approved = approved.filter(|approved| approved.board.as_ref() == Some(board));
        let approved = approved.map(|approved| (approved.effective_order(), approved.on()));
        let earlier = made
            .chain(approved)
            .filter(|(order, earlier)| *order < decided && !may_be_same_day(*earlier, on));
        Self {
            decided,
            earlier: earlier.max_by_key(|(order, _)| *order),
        }
    }

    /// Whether a vote was on the decision, and before it.
    pub fn has(&self, vote: &Fact<VoteCast>) -> bool {
        let is_earlier = self.earlier.is_some_and(|(order, on)| {
            vote.effective_order() < order || may_be_same_day(vote.on(), on)
        });
        vote.effective_order() < self.decided && !is_earlier
    }
}

fn excludes(vote: &VoteCast) -> bool {
    let interest = vote.interest.as_ref();
    !vote.conflict_declared.is_empty() || interest.is_some_and(|interest| interest.excludes())
}
