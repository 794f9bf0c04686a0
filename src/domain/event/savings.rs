//! Events about savings: planned, changed, given up, made.

use crate::date::FinancialYear;
use crate::event::AmountIs;
use crate::ids::{ItemId, ServiceId};
use crate::money::Pence;
use crate::text::{Name, Text};

/// Whether savings recur.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Recurrence {
    /// In each year.
    Recurring,
    /// Once.
    OneOff,
}

/// The savings of one year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SavingsOfYear {
    pub year: FinancialYear,
    pub amount: Pence,
}

/// Planned savings, or savings made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Savings {
    /// Over all years; `None` where it is not given.
    pub amount: Option<Pence>,
    /// `None` for an amount as such.
    pub amount_is: Option<AmountIs>,
    /// `None` where the source does not give it.
    pub from_year: Option<FinancialYear>,
    /// `None` where the source does not give it.
    pub to_year: Option<FinancialYear>,
    pub recurrence: Option<Recurrence>,
    /// The amount of each year, of savings that recur.
    pub annual: Option<Pence>,
    /// At most one for each year.
    pub by_year: Vec<SavingsOfYear>,
    pub service: Option<ServiceId>,
    pub description: Name,
}

impl Savings {
    /// The amounts by year, as far as they are known by year: as given, or the same in each
    /// year, or all in the only one. Those without a known end go on until the year `until`.
    pub fn years(&self, until: FinancialYear) -> Vec<SavingsOfYear> {
        if !self.by_year.is_empty() {
            return self.by_year.clone();
        }
        let Some(from) = self.from_year else {
            return Vec::new();
        };
        let only = self.amount.filter(|_| self.to_year == Some(from));
        let to = self.to_year.unwrap_or(until);
        let Some(amount) = self.annual.or(only) else {
            return Vec::new();
        };
        let years = years_between(from, to);
        years.map(|year| SavingsOfYear { year, amount }).collect()
    }
}

/// The years from the first to the last.
pub fn years_between(
    from: FinancialYear,
    to: FinancialYear,
) -> impl Iterator<Item = FinancialYear> {
    std::iter::successors(Some(from), |year| year.next()).take_while(move |year| *year <= to)
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SavingsPlanned {
    pub plan: ItemId,
    pub savings: Savings,
    /// The larger plan, where it is part of one.
    pub part_of: Option<ItemId>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SavingsChanged {
    pub plan: ItemId,
    /// In the place of those planned before.
    pub savings: Savings,
    pub reason: Text,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SavingsDropped {
    pub plan: ItemId,
    pub reason: Text,
    /// The amount given up; `None` for all that is left.
    pub amount: Option<Pence>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SavingsRealised {
    pub realised: ItemId,
    pub savings: Savings,
    /// The plan that it fulfils.
    pub plan: Option<ItemId>,
    /// The saving made that has it in it.
    pub part_of: Option<ItemId>,
}
