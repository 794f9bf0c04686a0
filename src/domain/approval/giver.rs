//! The giver of a delegation.

use crate::ids::{BoardId, BodyId};

/// Who delegated: a body or a board.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Giver<'a> {
    Body(&'a BodyId),
    Board(&'a BoardId),
}
