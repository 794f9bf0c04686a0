//! Events about budgets: set, changed within the year, forecast, and what was spent.

use crate::date::FinancialYear;
use crate::event::{Act, ApprovableAct, BudgetLine, Figures};
use crate::ids::{BudgetId, ItemId};
use crate::money::Pence;
use crate::text::{Name, Text};

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
    /// `None` for the main budget.
    pub budget: Option<BudgetId>,
}

/// The actual cost of a year.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutturnReported {
    pub figures: Figures,
    /// `None` where it is not stated.
    pub status: Option<OutturnStatus>,
    /// `None` for the main budget.
    pub budget: Option<BudgetId>,
}

/// How final an outturn is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum OutturnStatus {
    Provisional,
    Final,
    SubjectToAudit,
    Audited,
}

/// Why a budget changes within its year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AdjustmentKind {
    /// New money, or a cut.
    Supplementary,
    FromReserve,
    ToReserve,
    Grant,
    /// From the year before.
    BroughtForward,
    /// Capital, to a later year.
    Slippage,
}

/// A budget changes within its year, other than by a virement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BudgetAdjusted {
    pub id: ItemId,
    pub year: FinancialYear,
    /// `None` for the main budget.
    pub budget: Option<BudgetId>,
    pub kind: AdjustmentKind,
    /// Added to each head; below zero, taken from it.
    pub lines: Vec<BudgetLine>,
    pub reserve: Option<Name>,
    pub grant: Option<ItemId>,
    /// The later year to which capital slips; given for slippage only.
    pub to_year: Option<FinancialYear>,
    pub reason: Text,
}

impl BudgetAdjusted {
    /// The size of the change for approval: all that is added or, if that is more, all
    /// that is taken away.
    pub fn extent(&self) -> Pence {
        let sum = |is_counted: fn(&Pence) -> bool| -> Pence {
            let amounts = self.lines.iter().map(|line| line.amount);
            amounts.filter(is_counted).sum()
        };
        let (added, taken) = (sum(|a| *a > Pence::ZERO), sum(|a| *a < Pence::ZERO));
        added.max(-taken)
    }
}

impl Act for BudgetAdjusted {
    fn act(&self) -> ApprovableAct<'_> {
        ApprovableAct::SetBudget(self.year, self.budget.as_ref(), Some(self.extent()))
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum HeadAnalysis {
    /// By what is paid for, such as employees or premises.
    Subjective,
    /// By what it is for: a service or division.
    Objective,
}

/// A head of budgets, with the names under which documents print it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BudgetHeadDefined {
    pub id: ItemId,
    pub name: Name,
    pub other_names: Vec<Name>,
    /// The head that it is part of.
    pub parent: Option<ItemId>,
    pub analysis: Option<HeadAnalysis>,
}

impl BudgetHeadDefined {
    /// Every name of it.
    pub fn names(&self) -> impl Iterator<Item = &Name> {
        std::iter::once(&self.name).chain(&self.other_names)
    }
}
