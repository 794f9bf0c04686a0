//! The forecast and the outturn of a year as they are now: the last report of the whole, with
//! the lines that later reports give anew.

use jiff::civil::Date;

use super::movement::printed_lines;
use super::year_budget::YearBudget;
use crate::date::{FinancialYear, PartialDate};
use crate::dossier::{Dossier, is_outturn};
use crate::event::{BudgetLine, Figures, Head};
use crate::fact::EffectiveOrder;

/// Figures of a year that were reported, and the day of the last report that is in them.
#[derive(Debug, Clone)]
pub struct LatestReport {
    pub figures: Figures,
    pub on: PartialDate,
}

impl LatestReport {
    /// Of the main budget. An outturn that is dated before its year is over is a forecast.
    pub fn forecast(
        dossier: &Dossier,
        budget: &YearBudget<'_>,
        year: FinancialYear,
    ) -> Option<Self> {
        let forecasts = dossier
            .forecasts_of(None, year)
            .filter(|fact| fact.figures.amount_basis.is_none())
            .map(|fact| (fact.effective_order(), fact.on(), &fact.figures));
        let early = dossier
            .outturns_of(None, year)
            .filter(|fact| !is_outturn(fact))
            .map(|fact| (fact.effective_order(), fact.on(), &fact.figures));
        Self::of(budget, forecasts.chain(early).collect())
    }

    /// Of the main budget, by a day.
    pub fn outturn(
        dossier: &Dossier,
        budget: &YearBudget<'_>,
        year: FinancialYear,
        day: Date,
    ) -> Option<Self> {
        let outturns = dossier.outturns.get(&year)?.by(day);
        let outturns = outturns
            .filter(|fact| fact.budget.is_none() && is_outturn(fact))
            .map(|fact| (fact.effective_order(), fact.on(), &fact.figures));
        Self::of(budget, outturns.collect())
    }

    fn of(
        budget: &YearBudget<'_>,
        mut reports: Vec<(EffectiveOrder, PartialDate, &Figures)>,
    ) -> Option<Self> {
        reports.sort_by_key(|(order, ..)| *order);
        let (_, on, _) = *reports.last()?;
        let figures = merged(budget, reports.into_iter().map(|(.., figures)| figures))?;
        Some(Self { figures, on })
    }
}

/// The last figures of the whole, with the lines that later ones give anew; where none are of
/// the whole, the last. Oldest first.
pub fn merged<'f>(
    budget: &YearBudget<'_>,
    figures: impl Iterator<Item = &'f Figures>,
) -> Option<Figures> {
    let mut merged: Option<(Figures, bool)> = None;
    for next in figures {
        let is_whole = budget.compare(next).is_whole;
        merged = match merged {
            Some((figures, true)) if !is_whole => Some((with_lines(budget, figures, next), true)),
            Some((figures, true)) => Some((with_siblings(budget, &figures, next), true)),
            _ => Some((next.clone(), is_whole)),
        };
    }
    merged.map(|(figures, _)| figures)
}

/// The last figures of the whole, with the lines before it that it does not give anew and that
/// are, with lines of its own, parts of one line of the budget.
fn with_siblings(budget: &YearBudget<'_>, before: &Figures, next: &Figures) -> Figures {
    let mut merged = next.clone();
    let heads = &budget.heads;
    let is_budgeted = |head: &Head| budget.row(head).is_some_and(|row| row.is_budgeted);
    let whole_line = |head: &Head| {
        let above = heads.above(head).into_iter();
        let mut above = above.filter(|_| !is_budgeted(head));
        above.find(is_budgeted)
    };
    let own: Vec<Head> = next
        .lines
        .iter()
        .map(|line| heads.canonical(&line.head))
        .collect();
    for line in &before.lines {
        let head = heads.canonical(&line.head);
        let Some(whole) = whole_line(&head) else {
            continue;
        };
        let is_given = own.contains(&head) || own.contains(&whole);
        let has_sibling = own
            .iter()
            .any(|own| whole_line(own).as_ref() == Some(&whole));
        if !is_given && has_sibling {
            merged.lines.push(BudgetLine {
                head,
                amount: line.amount,
            });
            merged.stated = Vec::new();
        }
    }
    merged
}

/// Figures of the whole with the lines of a part put in the place of their own. What the part
/// does not give by line changes none.
fn with_lines(budget: &YearBudget<'_>, mut whole: Figures, part: &Figures) -> Figures {
    if !part.contributions.is_empty() || part.lines.is_empty() {
        return whole;
    }
    let own = printed_lines(&whole);
    if own.is_empty() {
        return whole;
    }
    let heads = &budget.heads;
    let own = own.into_iter().map(|(head, amount)| BudgetLine {
        head: heads.canonical(&head),
        amount,
    });
    let mut lines: Vec<BudgetLine> = own.collect();
    let anew = part.lines.iter().map(|line| BudgetLine {
        head: heads.canonical(&line.head),
        amount: line.amount,
    });
    // A line for a part of one that is there says nothing about the rest of it: nor, then,
    // does the report about the whole.
    let is_part = |line: &BudgetLine| {
        let mut above = heads.above(&line.head).into_iter();
        let is_there = lines.iter().any(|own| own.head == line.head);
        !is_there && above.any(|head| lines.iter().any(|own| own.head == head))
    };
    let anew: Vec<BudgetLine> = anew.collect();
    if anew.iter().any(is_part) {
        return whole;
    }
    lines.retain(|own| {
        let above = heads.above(&own.head);
        let is_given = |line: &BudgetLine| line.head == own.head || above.contains(&line.head);
        !anew.iter().any(is_given)
    });
    lines.extend(anew);
    whole.lines = lines;
    whole.contributions = Vec::new();
    // The totals were those of the figures before.
    whole.stated = Vec::new();
    whole
}
