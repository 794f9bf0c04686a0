//! Approvers: those who agree to a proposal, or are awaited.

use super::opinion::Opinion;
use crate::event::{Actor, Condition};
use crate::ids::{BoardId, BodyId};

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

    /// An office or body, in its own right.
    pub fn actor(actor: &Actor) -> Self {
        Self {
            actor: Some(actor.clone()),
            board: None,
        }
    }

    /// Whose opinion it is.
    pub fn of(opinion: &Opinion<'_>) -> Self {
        match (opinion.board, opinion.by) {
            (Some(board), None) => Self::board(board),
            (board, by) => Self {
                actor: by.cloned(),
                board: board.cloned(),
            },
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
