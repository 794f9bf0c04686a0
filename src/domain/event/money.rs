//! Events about money.

use crate::domain::date::FinancialYear;
use crate::domain::ids::{BodyId, ItemId, ServiceId};
use crate::domain::money::{Pence, Ppm};
use crate::domain::text::Name;

/// The share that a body bears.
///
/// # Examples
///
/// ```
/// use minutebook::domain::event::Share;
/// use minutebook::domain::money::Ppm;
///
/// let shares = [
///     Share {
///         body: "leicestershire-opcc".parse()?,
///         share: Ppm::new(273_000).unwrap(),
///     },
///     Share {
///         body: "nottinghamshire-opcc".parse()?,
///         share: Ppm::new(727_000).unwrap(),
///     },
/// ];
///
/// // A funding formula is accepted only if its shares make up the whole.
/// let total_ppm: u32 = shares.iter().map(|share| share.share.get()).sum();
/// assert_eq!(total_ppm, Ppm::WHOLE);
/// assert_eq!(shares[0].share.to_string(), "27.3%");
/// # Ok::<(), minutebook::domain::ids::IdError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Share {
    pub body: BodyId,
    pub share: Ppm,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FundingFormulaSet {
    /// `None` for the whole collaboration.
    pub service: Option<ServiceId>,
    pub year: FinancialYear,
    /// The basis, in words, such as "population".
    pub basis: Name,
    pub shares: Vec<Share>,
    /// `None` where they are known exactly.
    pub shares_are: Option<SharesAre>,
}

impl FundingFormulaSet {
    /// The total of the shares, in millionths.
    pub fn total_ppm(&self) -> u32 {
        let shares = self.shares.iter().map(|share| share.share.get());
        shares.fold(0, u32::saturating_add)
    }
}

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

/// How far the shares of a formula are known, if not exactly.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SharesAre {
    /// All of them, as printed after rounding.
    Rounded,
    /// Those of some bodies.
    Incomplete,
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

/// Planned or realised savings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Savings {
    /// Zero where it is not given.
    pub amount: Pence,
    /// `None` for an amount as such.
    pub amount_is: Option<AmountIs>,
    pub from_year: FinancialYear,
    /// `None` where the source does not give it.
    pub to_year: Option<FinancialYear>,
    pub service: Option<ServiceId>,
    pub description: Name,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SavingsPlanned {
    pub plan: ItemId,
    pub savings: Savings,
    /// The larger plan, where it is part of one.
    pub part_of: Option<ItemId>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SavingsRealised {
    pub realised: ItemId,
    pub savings: Savings,
    /// The plan that it fulfils.
    pub plan: Option<ItemId>,
}
