//! Events about money.

use std::cmp::Ordering;
use std::fmt;

use crate::domain::date::FinancialYear;
use crate::domain::event::{Act, ApprovableAct};
use crate::domain::ids::{BodyId, BudgetId, ItemId, ServiceId};
use crate::domain::money::{Pence, Ppm};
use crate::domain::text::{Name, Text};

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

/// The figures of a year, as a document prints them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Figures {
    pub year: FinancialYear,
    pub lines: Vec<BudgetLine>,
    pub contributions: Vec<Contribution>,
    pub stated: Vec<StatedTotal>,
    /// The unit of the printed figures, such as £1,000.
    pub printed_unit: Option<Pence>,
}

impl Figures {
    /// The size of a budget for approval: the largest of the sum of the cost lines,
    /// the sum of the contributions, and the printed totals. Negative amounts are
    /// left out, so that neither income nor a missing table makes a budget smaller.
    pub fn extent(&self) -> Pence {
        let sum_of_positive = |amounts: &mut dyn Iterator<Item = Pence>| -> Pence {
            amounts.filter(|amount| *amount > Pence::ZERO).sum()
        };
        let lines = sum_of_positive(&mut self.lines.iter().map(|line| line.amount));
        let cells = sum_of_positive(&mut self.contributions.iter().map(|cell| cell.amount));
        let printed = self.stated.iter().map(|total| total.amount).max();
        lines.max(cells).max(printed.unwrap_or_default())
    }
}

/// A line of a budget: a service, a head within it, or a head without a service.
/// Two whose names are the same are equal, however they are written.
#[derive(Debug, Clone)]
pub struct Head {
    pub service: Option<ServiceId>,
    /// Always given where there is no service.
    pub head: Option<Name>,
    pub fund: FundType,
}

impl PartialEq for Head {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Head {}

impl PartialOrd for Head {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Head {
    fn cmp(&self, other: &Self) -> Ordering {
        let names = || match (&self.head, &other.head) {
            (Some(one), Some(other)) => one.cmp_same(other),
            (one, other) => one.is_some().cmp(&other.is_some()),
        };
        let services = self.service.cmp(&other.service);
        services
            .then_with(names)
            .then_with(|| self.fund.cmp(&other.fund))
    }
}

impl fmt::Display for Head {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.service, &self.head) {
            (Some(service), Some(head)) => write!(f, "{service}/{head}")?,
            (Some(service), None) => write!(f, "{service}")?,
            (None, Some(head)) => write!(f, "{head}")?,
            (None, None) => f.write_str("the whole")?,
        }
        match self.fund {
            FundType::Revenue => Ok(()),
            FundType::Capital => f.write_str(" (capital)"),
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BudgetLine {
    pub head: Head,
    pub amount: Pence,
}

/// The payment of one body for one service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contribution {
    pub service: ServiceId,
    pub body: BodyId,
    /// Not negative.
    pub amount: Pence,
}

/// The part of the figures that a printed total covers.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scope {
    /// A body's row.
    Body(BodyId),
    /// A service's column or line.
    Service(ServiceId),
    /// A body's payment for a service.
    Cell(BodyId, ServiceId),
    /// The whole.
    Whole,
}

/// A total as printed; the register compares it and never corrects it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatedTotal {
    pub scope: Scope,
    pub amount: Pence,
    pub place: Text,
    /// `None` for an amount as such.
    pub amount_is: Option<AmountIs>,
}

impl StatedTotal {
    /// Whether a computed amount contradicts it. An approximate total contradicts nothing.
    pub fn is_contradicted_by(&self, computed: Pence) -> bool {
        match self.amount_is {
            None => computed != self.amount,
            Some(AmountIs::AtLeast) => computed < self.amount,
            Some(AmountIs::AtMost) => computed > self.amount,
            Some(AmountIs::About | AmountIs::NotGiven) => false,
        }
    }
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
pub struct BudgetApproved {
    pub figures: Figures,
    /// `None` for the main budget.
    pub budget: Option<BudgetId>,
    pub title: Option<Name>,
}

impl Act for BudgetApproved {
    fn act(&self) -> ApprovableAct<'_> {
        let figures = &self.figures;
        ApprovableAct::SetBudget(figures.year, self.budget.as_ref(), Some(figures.extent()))
    }
}

/// The expected cost of a year.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ForecastReported {
    pub figures: Figures,
    /// The basis, in words, such as "population".
    pub basis: Option<Name>,
}

/// The actual cost of a year.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutturnReported {
    pub figures: Figures,
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
