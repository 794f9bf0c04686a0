//! Events about delegations.

use crate::date::PartialDate;
use crate::event::{Actor, MatterKind};
use crate::ids::{BoardId, BodyId, ItemId};
use crate::money::Pence;
use crate::text::Text;

/// A power is delegated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DelegationMade {
    pub delegation: ItemId,
    /// The holder; `None` if it is a board.
    pub to: Option<Actor>,
    /// The holder, where it is a board.
    pub to_board: Option<BoardId>,
    /// Neither this nor the board: the subject delegates.
    pub from_body: Option<BodyId>,
    pub from_board: Option<BoardId>,
    /// Empty for every kind.
    pub matters: Vec<MatterKind>,
    /// Inclusive; `None` for no limit.
    pub up_to: Option<Pence>,
    /// The last day on which it applies.
    pub until: Option<PartialDate>,
    pub legal_basis: Text,
    pub what: Text,
    pub may_delegate_on: bool,
}

impl DelegationMade {
    /// The holder in words.
    pub fn holder(&self) -> String {
        match (&self.to, &self.to_board) {
            (Some(to), _) => to.to_string(),
            (None, Some(board)) => format!("boards/{board}"),
            (None, None) => "nobody".to_owned(),
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DelegationRevoked {
    pub delegation: ItemId,
    pub reason: Text,
}
