//! Events about money.

use crate::date::FinancialYear;
use crate::ids::{BodyId, ItemId, ServiceId};
use crate::money::Pence;
use crate::text::Name;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FundType {
    /// Running costs.
    Revenue,
    /// Assets.
    Capital,
}

/// How exactly an amount is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AmountIs {
    About,
    /// A lower bound.
    AtLeast,
    /// An upper bound.
    AtMost,
    /// The source does not give it.
    NotGiven,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GrantAwarded {
    pub grant: ItemId,
    pub purpose: Name,
    pub from: Option<BodyId>,
    /// `None` for the subject as a whole.
    pub to: Option<BodyId>,
    pub service: Option<ServiceId>,
    /// `None` where it is not stated.
    pub amount: Option<Pence>,
    pub year: Option<FinancialYear>,
    /// `None` for an amount as such.
    pub amount_is: Option<AmountIs>,
}
