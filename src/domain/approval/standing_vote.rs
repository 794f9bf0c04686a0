//! Standing votes: the votes of a board where no approval rule asks for it, counted by its
//! own standing orders.

use jiff::civil::Date;

use super::approval_context::ApprovalContext;
use super::ballot::{Ballot, count_of_day};
use super::describe;
use super::opinion::Opinion;
use super::requirement_query::RequirementQuery;
use crate::board::StandingOrders;
use crate::event::{ApprovableAct, BoardVote, Requirement, Voting, VotingRule};
use crate::ids::{BoardId, SubjectId};

/// A ballot by the standing orders of its board.
pub struct StandingVote {
    pub ballot: Ballot,
    /// The vote as they ask for it; `None` where they do not say how the board votes, or
    /// give it weights that no rule states.
    pub asks: Option<BoardVote>,
}

impl StandingVote {
    /// The majority that the standing orders ask for.
    pub fn in_words(&self) -> String {
        let asks = self.asks.clone().map(Requirement::Board);
        asks.as_ref().map(describe::requirement).unwrap_or_default()
    }

    /// Whether the votes carry the proposal, as far as the standing orders say.
    pub fn is_carried(&self) -> Option<bool> {
        self.asks.as_ref().map(|_| self.ballot.carried)
    }
}

impl<'a> ApprovalContext<'a> {
    /// The votes of a board by its standing orders on a day, with these opinions, the
    /// board's own decision among them.
    pub fn standing_vote(
        &self,
        board_id: &BoardId,
        opinions: &[Opinion<'a>],
        day: Date,
    ) -> Option<StandingVote> {
        let subject = self.lookup.subject(&SubjectId::Board(board_id.clone()))?;
        let orders = subject.as_board()?.standing_orders(day);
        let voting = voting(&orders);
        let vote = BoardVote {
            board: board_id.clone(),
            quorum: None,
            voting: voting.clone().unwrap_or(Voting::Majority),
            groups: Vec::new(),
            group_quorums: Vec::new(),
        };
        let query = RequirementQuery {
            case: self.case_of_act(ApprovableAct::Other),
            day,
            opinions,
        };
        // A decision that names no meeting may be of another of that day.
        let counted = count_of_day(&query, &vote, |_, _| None)?;
        Some(StandingVote {
            ballot: counted.ballot,
            asks: voting.map(|_| vote),
        })
    }
}

fn voting(orders: &StandingOrders) -> Option<Voting> {
    match orders.voting_rule {
        Some(VotingRule::Majority) => Some(Voting::Majority),
        Some(VotingRule::Unanimity) => Some(Voting::Unanimity),
        Some(VotingRule::Weighted) => None,
        Some(VotingRule::Qualified) | None => orders
            .majority
            .map(|majority| Voting::Qualified(Some(majority))),
    }
}
