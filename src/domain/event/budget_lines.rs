//! The figures of a year, as a document prints them: lines, contributions, printed totals
//! and variances, and what they cover.

use std::cmp::Ordering;
use std::fmt;

use crate::date::{FinancialYear, PartialDate};
use crate::event::{AmountIs, FundType};
use crate::ids::{BodyId, ServiceId};
use crate::money::Pence;
use crate::text::{Name, Text};

/// The figures of a year, as a document prints them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Figures {
    pub year: FinancialYear,
    pub lines: Vec<BudgetLine>,
    pub contributions: Vec<Contribution>,
    pub stated: Vec<StatedTotal>,
    /// The unit of the printed figures, such as £1,000.
    pub printed_unit: Option<Pence>,
    /// The part of the year that the amounts are of; `None` for the whole year.
    pub amount_basis: Option<AmountBasis>,
    /// The day up to which the amounts go.
    pub up_to: Option<PartialDate>,
    pub variances: Vec<StatedVariance>,
    /// The part of the subject's money that they cover, where they say it.
    pub covers: Option<Coverage>,
}

impl Figures {
    /// The size of a budget for approval: the largest of the sum of the cost lines,
    /// the sum of the contributions, and the printed totals; where only totals are printed,
    /// those of parts are added. Negative amounts are
    /// left out, so that neither income nor a missing table makes a budget smaller.
    pub fn extent(&self) -> Pence {
        let sum_of_positive = |amounts: &mut dyn Iterator<Item = Pence>| -> Pence {
            amounts.filter(|amount| *amount > Pence::ZERO).sum()
        };
        let lines = sum_of_positive(&mut self.lines.iter().map(|line| line.amount));
        let cells = sum_of_positive(&mut self.contributions.iter().map(|cell| cell.amount));
        let printed = self.stated.iter().map(|total| total.amount).max();
        let largest = lines.max(cells).max(printed.unwrap_or_default());
        match self.lines.is_empty() && self.contributions.is_empty() {
            true => largest.max(self.printed_parts()),
            false => largest,
        }
    }

    /// The largest sum of printed totals of parts that have nothing in common: of services,
    /// of heads, of funds.
    fn printed_parts(&self) -> Pence {
        let mut parts: [Vec<(&Scope, Pence)>; 3] = Default::default();
        for total in self
            .stated
            .iter()
            .filter(|total| total.amount > Pence::ZERO)
        {
            let kind = match &total.scope {
                Scope::Service(_) => 0,
                Scope::Lines(lines) if lines.head.is_some() => 1,
                Scope::Lines(lines) if lines.fund.is_some() => 2,
                Scope::Whole | Scope::Body(_) | Scope::Cell(..) | Scope::Lines(_) => continue,
            };
            match parts[kind]
                .iter_mut()
                .find(|(scope, _)| **scope == total.scope)
            {
                Some((_, amount)) => *amount = total.amount.max(*amount),
                None => parts[kind].push((&total.scope, total.amount)),
            }
        }
        let sums = parts
            .iter()
            .map(|parts| parts.iter().map(|(_, amount)| *amount).sum());
        sums.max().unwrap_or_default()
    }
}

/// A line of a budget: a service, a head within it, or a head without a service.
/// Two whose names are the same are equal, however they are written.
#[derive(Debug, Clone)]
pub struct Head {
    pub service: Option<ServiceId>,
    /// Always given in a line that has no service.
    pub head: Option<Name>,
    pub fund: FundType,
    /// Whether it is income, whose amounts are below zero.
    pub is_income: bool,
}

impl Head {
    pub const fn kind(&self) -> LineType {
        if self.is_income {
            LineType::Income
        } else {
            LineType::Expenditure
        }
    }

    /// Its service and name, the same for its cost and its income.
    pub fn whole_name(&self) -> String {
        let of_revenue = Self {
            fund: FundType::Revenue,
            is_income: false,
            ..self.clone()
        };
        of_revenue.to_string()
    }

    /// The line of its service as a whole, of the same fund and kind.
    pub fn whole_service(&self) -> Self {
        Self {
            head: None,
            ..self.clone()
        }
    }

    /// The whole budget, where no line divides it.
    pub const fn whole() -> Self {
        Self {
            service: None,
            head: None,
            fund: FundType::Revenue,
            is_income: false,
        }
    }

    /// A service as a whole: what its parties contribute to, or what a total names.
    pub const fn of_service(service: ServiceId) -> Self {
        Self {
            service: Some(service),
            head: None,
            fund: FundType::Revenue,
            is_income: false,
        }
    }
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
            .then_with(|| self.is_income.cmp(&other.is_income))
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
        if self.fund == FundType::Capital {
            f.write_str(" (capital)")?;
        }
        if self.is_income {
            f.write_str(" (income)")?;
        }
        Ok(())
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
    /// Some of the lines.
    Lines(LineScope),
    /// The whole.
    Whole,
}

/// The lines of a service, a head, a fund or a kind; `None` for all.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LineScope {
    pub service: Option<ServiceId>,
    pub head: Option<Name>,
    pub fund: Option<FundType>,
    pub kind: Option<LineType>,
}

impl LineScope {
    pub fn covers(&self, head: &Head) -> bool {
        let is_named = |name: &Name| head.head.as_ref().is_some_and(|head| head.is_same(name));
        (self.service.is_none() || self.service == head.service)
            && self.head.as_ref().is_none_or(is_named)
            && self.fund.is_none_or(|fund| fund == head.fund)
            && self.kind.is_none_or(|kind| kind == head.kind())
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LineType {
    Expenditure,
    Income,
}

/// The part of a year that amounts are of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AmountBasis {
    /// Spent, or received, so far.
    ToDate,
    /// Ordered or contracted, and not yet spent.
    Committed,
}

/// The part of a subject's money that figures cover; empty or `None` for all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Coverage {
    pub services: Vec<ServiceId>,
    pub bodies: Vec<BodyId>,
    pub fund: Option<FundType>,
    pub kind: Option<LineType>,
}

impl Coverage {
    /// Whether a line is within it, whichever body pays for it.
    pub fn covers(&self, head: &Head) -> bool {
        let is_named = |service: &ServiceId| self.services.contains(service);
        (self.services.is_empty() || head.service.as_ref().is_some_and(is_named))
            && self.fund.is_none_or(|fund| fund == head.fund)
            && self.kind.is_none_or(|kind| kind == head.kind())
    }
}

/// How the sign of a printed variance is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum VarianceSign {
    /// Below zero is an overspend.
    BudgetLessSpent,
    /// Above zero is an overspend.
    SpentLessBudget,
}

/// A variance as printed; the register compares it and never corrects it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatedVariance {
    pub scope: Scope,
    /// With the sign that `sign` explains.
    pub amount: Pence,
    pub sign: VarianceSign,
    /// As a share of the budget, in millionths, with the sign of the amount.
    pub share_ppm: Option<i64>,
    pub place: Text,
    /// `None` for an amount as such.
    pub amount_is: Option<AmountIs>,
}

impl StatedVariance {
    /// Whether a computed one, with the same sign, contradicts it.
    pub fn is_contradicted_by(&self, computed: Pence) -> bool {
        contradicts(self.amount, self.amount_is, computed)
    }

    /// Whether a computed share, with the same sign, rounds to another than the printed one.
    /// The zeros at its end show how far it was rounded.
    pub fn is_share_contradicted_by(&self, computed_ppm: i64) -> bool {
        let Some(printed) = self.share_ppm.filter(|_| self.amount_is.is_none()) else {
            return false;
        };
        let mut unit = 1;
        while unit < WHOLE_PERCENT && printed % (unit * 10) == 0 {
            unit *= 10;
        }
        // Some papers round, others cut.
        (computed_ppm - printed).abs() >= unit
    }

    /// The forecast or spending less the budget.
    pub fn spent_less_budget(&self) -> Pence {
        match self.sign {
            VarianceSign::SpentLessBudget => self.amount,
            VarianceSign::BudgetLessSpent => -self.amount,
        }
    }
}

/// In millionths: no paper rounds a share further.
const WHOLE_PERCENT: i64 = 10_000;

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
        contradicts(self.amount, self.amount_is, computed)
    }
}

fn contradicts(stated: Pence, amount_is: Option<AmountIs>, computed: Pence) -> bool {
    match amount_is {
        None => computed != stated,
        Some(AmountIs::AtLeast) => computed < stated,
        Some(AmountIs::AtMost) => computed > stated,
        Some(AmountIs::About | AmountIs::NotGiven) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn total(scope: Scope, pence: i64) -> StatedTotal {
        StatedTotal {
            scope,
            amount: Pence::computed(pence),
            place: Text::default(),
            amount_is: None,
        }
    }

    fn of_service(id: &str) -> Scope {
        Scope::Service(id.parse().unwrap())
    }

    #[test]
    fn printed_totals_of_parts_add_up_to_the_extent() {
        let mut figures = Figures {
            year: "2020/21".parse().unwrap(),
            lines: Vec::new(),
            contributions: Vec::new(),
            stated: vec![
                total(of_service("it"), 300),
                total(of_service("hr"), 300),
                total(of_service("hr"), 250),
                total(Scope::Whole, 500),
            ],
            printed_unit: None,
            amount_basis: None,
            up_to: None,
            variances: Vec::new(),
            covers: None,
        };
        assert_eq!(figures.extent(), Pence::computed(600));
        figures.stated[3].amount = Pence::computed(900);
        assert_eq!(figures.extent(), Pence::computed(900));
        // Beside lines they are printed sums of these.
        figures.lines.push(BudgetLine {
            head: Head::of_service("it".parse().unwrap()),
            amount: Pence::computed(10),
        });
        figures.stated.pop();
        assert_eq!(figures.extent(), Pence::computed(300));
    }
}
