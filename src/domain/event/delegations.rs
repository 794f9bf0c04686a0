//! Events about delegations.

use crate::domain::date::PartialDate;
use crate::domain::event::{Actor, MatterKind};
use crate::domain::ids::{BoardId, BodyId, ItemId};
use crate::domain::money::Pence;
use crate::domain::text::Text;

/// A power is delegated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DelegationMade {
    pub delegation: ItemId,
    pub to: Actor,
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

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DelegationRevoked {
    pub delegation: ItemId,
    pub reason: Text,
}
