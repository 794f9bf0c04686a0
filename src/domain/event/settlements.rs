//! Events about settlements: who pays whom how much, and what was paid or given up.

use crate::date::PartialDate;
use crate::event::AmountIs;
use crate::ids::{BodyId, ItemId};
use crate::money::Pence;
use crate::text::Text;

/// The matter that a settlement settles.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SettlementFor {
    Dispute,
    /// The exit of a party.
    Exit,
    /// A payment in place of a notice period.
    InLieuOfNotice,
    Overspend,
    Other,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SettlementInstalment {
    pub due_on: PartialDate,
    /// Above zero.
    pub amount: Pence,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SettlementAgreed {
    pub id: ItemId,
    pub what_for: SettlementFor,
    pub dispute: Option<ItemId>,
    pub notice: Option<ItemId>,
    /// The party that leaves or has left.
    pub leaving: Option<BodyId>,
    /// `None` for the other parties together.
    pub payer: Option<BodyId>,
    /// None of them is the payer. Empty for the other parties together.
    pub payees: Vec<BodyId>,
    /// `None` where it is not given.
    pub amount: Option<Pence>,
    /// `None` for an amount as such.
    pub amount_is: Option<AmountIs>,
    /// By date, each date once.
    pub instalments: Vec<SettlementInstalment>,
    pub terms: Text,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SettlementPaid {
    pub id: ItemId,
    pub payment: ItemId,
    /// Above zero.
    pub amount: Pence,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SettlementWrittenOff {
    pub id: ItemId,
    /// `None` for all that is left.
    pub amount: Option<Pence>,
    pub reason: Text,
}
