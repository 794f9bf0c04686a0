//! Requirement status: who must agree to an act, who has agreed, and who is
//! awaited.

use super::ballot::Ballot;
use super::opinion::Allowance;
use crate::domain::event::{Actor, Condition, Requirement};
use crate::domain::ids::{BoardId, BodyId};
use crate::domain::money::Pence;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RequirementState {
    Met,
    /// It can still be met.
    Open,
    /// It cannot be met unless a voter changes their vote.
    Lost,
}

/// An approver: a body, an office, a member of a board, or the board itself.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Approver {
    /// `None` for the board's own decision.
    pub actor: Option<Actor>,
    pub board: Option<BoardId>,
}

impl Approver {
    /// A body, in its own right.
    pub fn body(body: &BodyId) -> Self {
        Self {
            actor: Some(Actor::Body {
                body: body.clone(),
                office: None,
            }),
            board: None,
        }
    }

    /// A board, by its own decision.
    pub fn board(board: &BoardId) -> Self {
        Self {
            actor: None,
            board: Some(board.clone()),
        }
    }

    /// The body or board whose decision meets a condition.
    pub fn of_condition(condition: &Condition) -> Option<Self> {
        let board = condition.decided_by_board.as_ref().map(Self::board);
        board.or_else(|| condition.decided_by.as_ref().map(Self::body))
    }

    /// Whether both are the same approver, however their offices are written.
    pub(super) fn is_same(&self, other: &Self) -> bool {
        self.board == other.board
            && match (&self.actor, &other.actor) {
                (Some(one), Some(other)) => one.is_same(other),
                (one, other) => one.is_none() && other.is_none(),
            }
    }

    pub(super) fn on_board(actor: &Actor, board: &BoardId) -> Self {
        Self {
            actor: Some(actor.clone()),
            board: Some(board.clone()),
        }
    }
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
