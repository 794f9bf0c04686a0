//! Formulas by which the cost of a service, or of the whole, is shared among parties.

use rust_decimal::Decimal;

use crate::date::FinancialYear;
use crate::ids::{BodyId, ServiceId};
use crate::money::{Pence, Ppm};
use crate::text::Name;

/// The share that a body bears.
///
/// # Examples
///
/// ```
/// use minutebook_domain::event::Share;
/// use minutebook_domain::money::Ppm;
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
/// # Ok::<(), minutebook_domain::ids::IdError>(())
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
    /// In place of shares.
    pub usage: Vec<UsageShare>,
    /// The unit of the use, such as "hours".
    pub usage_unit: Option<Name>,
    pub limits: Vec<ShareLimit>,
    /// The body that bears the pennies left over; `None` for the largest fractions.
    pub remainder_to: Option<BodyId>,
}

/// The use that a body makes of a service, by which its share is counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UsageShare {
    pub body: BodyId,
    pub used: Decimal,
}

/// The least and the most that a body bears.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShareLimit {
    /// `None` for each body without a limit of its own.
    pub body: Option<BodyId>,
    pub minimum: Option<LimitAmount>,
    pub maximum: Option<LimitAmount>,
}

/// A limit of what a body bears.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LimitAmount {
    Amount(Pence),
    /// A part of the cost, in millionths; may be nothing.
    Share(Ppm),
}

impl FundingFormulaSet {
    /// The bodies among which it shares a cost, in the order of the document.
    pub fn bodies(&self) -> impl Iterator<Item = &BodyId> {
        let shares = self.shares.iter().map(|share| &share.body);
        shares.chain(self.usage.iter().map(|usage| &usage.body))
    }

    /// The limit of a body: its own, or that of each body.
    pub fn limit(&self, body: &BodyId) -> Option<&ShareLimit> {
        let of = |named: Option<&BodyId>| {
            let mut limits = self.limits.iter();
            limits.find(|limit| limit.body.as_ref() == named)
        };
        of(Some(body)).or_else(|| of(None))
    }

    /// The total of the shares, in millionths; 0 where they are counted by use.
    pub fn total_ppm(&self) -> u32 {
        let shares = self.shares.iter().map(|share| share.share.get());
        shares.fold(0, u32::saturating_add)
    }
}

/// How far the shares of a formula are known, if not exactly.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SharesAre {
    /// All of them, as printed after rounding.
    Rounded,
    /// Those of some bodies.
    Incomplete,
}
