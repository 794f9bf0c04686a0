//! Requirement status: who must agree to an act, who has agreed, and who is
//! awaited.

use super::approver::Approver;
use super::ballot::Ballot;
use super::opinion::Allowance;
use crate::event::{Actor, Requirement};
use crate::ids::BoardId;
use crate::money::Pence;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RequirementState {
    Met,
    /// It can still be met.
    Open,
    /// It cannot be met unless a voter changes their vote.
    Lost,
}

/// What prevents agreement, other than a missing vote.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Obstacle {
    /// Nobody exists who could agree.
    Nobody,
    /// The board is not in the register, or not on that day.
    NoBoard,
    /// The office may agree only up to this amount.
    BeyondDelegation(Pence),
    /// Only the proposer's own office has agreed.
    OwnProposal,
    /// The board has ended undecided, and none follows it.
    BoardEnded,
}

/// An opinion that counts towards a requirement that is met.
#[derive(Clone, Debug)]
pub struct CountedOpinion {
    /// `None` for a board's own decision.
    pub by: Option<Actor>,
    /// Whether it is the agreement of more than the one in `by`: of a board whose minutes do
    /// not name all that voted, or of the giver of a delegation.
    pub of_several: bool,
    /// For the approval of a virement: the virement that it allows.
    pub allows: Option<Allowance>,
}

#[derive(Clone, Debug)]
pub struct RequirementStatus {
    pub requirement: Requirement,
    pub state: RequirementState,
    pub agreed: Vec<Approver>,
    pub against: Vec<Approver>,
    pub awaited: Vec<Approver>,
    /// For a requirement of a board's vote.
    pub ballot: Option<Ballot>,
    pub obstacle: Option<Obstacle>,
    /// For a requirement of several parts.
    pub parts: Vec<RequirementStatus>,
    /// The opinions that count, if it is met.
    pub counted: Vec<CountedOpinion>,
}

impl RequirementStatus {
    pub(super) fn new(requirement: &Requirement, state: RequirementState) -> Self {
        Self {
            requirement: requirement.clone(),
            state,
            agreed: Vec::new(),
            against: Vec::new(),
            awaited: Vec::new(),
            ballot: None,
            obstacle: None,
            parts: Vec::new(),
            counted: Vec::new(),
        }
    }

    /// Whether it, or a part of it, is the vote of a board.
    pub fn asks_for(&self, board: &BoardId) -> bool {
        matches!(&self.requirement, Requirement::Board(vote) if vote.board == *board)
            || self.parts.iter().any(|part| part.asks_for(board))
    }

    /// Its ballots, and those of its parts.
    pub fn ballots(&self) -> Vec<&Ballot> {
        let own = self.ballot.iter();
        own.chain(self.parts.iter().flat_map(Self::ballots))
            .collect()
    }

    /// Its obstacles, and those of its parts.
    pub fn obstacles(&self) -> Vec<&Obstacle> {
        let own = self.obstacle.iter();
        own.chain(self.parts.iter().flat_map(Self::obstacles))
            .collect()
    }
}
