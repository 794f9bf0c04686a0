//! Comparison of figures with a budget: only of what both cover.

use std::collections::BTreeSet;

use super::movement::printed_lines;
use super::year_budget::{HeadRow, YearBudget};
use crate::domain::event::{Figures, Head, Scope, StatedTotal};
use crate::domain::money::Pence;

/// Figures beside the budget of the same part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comparison {
    /// The total of the figures, of all that they cover; `None` where no part of it is
    /// given.
    pub total: Option<Pence>,
    /// The part of that total that has a budget, and the budget of it; `None` where
    /// nothing is covered by both.
    pub compared: Option<(Pence, Pence)>,
    /// Whether the figures cover the whole budget.
    pub is_whole: bool,
    /// The heads of the budget that the figures do not cover.
    pub left_out: Vec<Head>,
    /// The heads of the figures that the budget does not have.
    pub unbudgeted: Vec<Head>,
}

impl Comparison {
    /// The figures less the budget, of what both cover.
    pub fn variance(&self) -> Option<Pence> {
        self.compared.map(|(figure, budget)| figure - budget)
    }
}

/// The printed total of the whole, where the figures do not say that they cover a part.
pub fn whole_as_printed(figures: &Figures) -> Option<&StatedTotal> {
    let mut stated = figures.stated.iter();
    stated.find(|stated| stated.scope == Scope::Whole)
}

/// The total of the figures: of their lines, of their contributions, or as printed.
pub fn total(figures: &Figures) -> Option<Pence> {
    let is_total_only = figures.lines.is_empty() && figures.contributions.is_empty();
    if let Some(whole) = whole_as_printed(figures).filter(|_| is_total_only) {
        return Some(whole.amount);
    }
    let lines = printed_lines(figures);
    (!lines.is_empty()).then(|| lines.iter().map(|(_, amount)| *amount).sum())
}

impl YearBudget<'_> {
    pub fn compare(&self, figures: &Figures) -> Comparison {
        let total = total(figures);
        let is_total_only = figures.lines.is_empty() && figures.contributions.is_empty();
        let whole = whole_as_printed(figures).filter(|_| is_total_only);
        if let Some(whole) = whole {
            return self.compare_total(figures, whole.amount);
        }
        let mut lines: Vec<(Head, Pence)> = printed_lines(figures);
        for (head, _) in &mut lines {
            *head = self.heads.canonical(head);
        }
        if !self.has_lines() {
            return self.compare_undivided(figures, &lines, total);
        }
        let mut covered = BTreeSet::<usize>::new();
        let (mut figure, mut unbudgeted) = (Pence::ZERO, Vec::new());
        for (head, amount) in &lines {
            let rows = self.rows_of(head, &lines);
            if rows.is_empty() {
                unbudgeted.push(head.clone());
            } else {
                figure += *amount;
                covered.extend(rows);
            }
        }
        let budget = covered
            .iter()
            .filter_map(|row| self.rows[*row].amounts.revised());
        let budget: Pence = budget.sum();
        let left_out = self.rows.iter().enumerate();
        let left_out = left_out.filter(|(i, row)| !covered.contains(i) && is_open(row));
        let left_out: Vec<Head> = left_out.map(|(_, row)| row.head.clone()).collect();
        let is_whole = left_out.is_empty() && covers_all(figures);
        // Figures of the whole show what was spent without a budget, too.
        let compared = if is_whole { total } else { Some(figure) };
        Comparison {
            total,
            compared: compared
                .filter(|_| !covered.is_empty())
                .map(|figure| (figure, budget)),
            is_whole,
            left_out,
            unbudgeted,
        }
    }

    /// The rows that a line of figures covers: its own; those of its service, where it
    /// names that as a whole; the service as a whole, where the budget does not divide it
    /// and no other line names it; the parts of a defined head.
    fn rows_of(&self, head: &Head, lines: &[(Head, Pence)]) -> Vec<usize> {
        let pick = |test: &dyn Fn(&Head) -> bool| -> Vec<usize> {
            let rows = self.rows.iter().enumerate();
            let rows = rows.filter(|(_, row)| test(&row.head));
            rows.map(|(i, _)| i).collect()
        };
        let own = pick(&|row| row == head);
        if !own.is_empty() {
            return own;
        }
        let whole = head.whole_service();
        if head.service.is_some() {
            let is_divided_further = || lines.iter().all(|(other, _)| *other != whole);
            return match head.head {
                None => pick(&|row| row.whole_service() == whole),
                Some(_) if is_divided_further() => pick(&|row| *row == whole),
                Some(_) => Vec::new(),
            };
        }
        let defined = head.head.as_ref().and_then(|name| self.heads.named(name));
        let Some(defined) = defined else {
            return Vec::new();
        };
        pick(&|row| {
            row.fund == head.fund
                && row.is_income == head.is_income
                && self.heads.is_within(row, &defined.id)
        })
    }

    /// Figures of which only the total is given.
    fn compare_total(&self, figures: &Figures, total: Pence) -> Comparison {
        let Some(covers) = &figures.covers else {
            let budget = self.whole().revised();
            return Comparison {
                total: Some(total),
                compared: budget.map(|budget| (total, budget)),
                is_whole: true,
                left_out: Vec::new(),
                unbudgeted: Vec::new(),
            };
        };
        // Lines are not divided by who pays for them.
        let is_covered = |row: &HeadRow| covers.bodies.is_empty() && covers.covers(&row.head);
        let budget = self.sum(is_covered).revised();
        let left_out = self
            .rows
            .iter()
            .filter(|row| !is_covered(row) && is_open(row));
        Comparison {
            total: Some(total),
            compared: budget.map(|budget| (total, budget)),
            is_whole: false,
            left_out: left_out.map(|row| row.head.clone()).collect(),
            unbudgeted: Vec::new(),
        }
    }

    /// A budget of which only the total is known. Lines of services may be a part of it.
    fn compare_undivided(
        &self,
        figures: &Figures,
        lines: &[(Head, Pence)],
        total: Option<Pence>,
    ) -> Comparison {
        let of_a_service = lines.iter().any(|(head, _)| head.service.is_some());
        let says_whole = whole_as_printed(figures).is_some();
        let is_whole = covers_all(figures) && (says_whole || !of_a_service);
        let budget = self.whole().revised().filter(|_| is_whole);
        let unbudgeted = lines.iter().map(|(head, _)| head.clone());
        Comparison {
            total,
            compared: total.zip(budget),
            is_whole,
            left_out: Vec::new(),
            unbudgeted: unbudgeted.filter(|_| !is_whole).collect(),
        }
    }
}

/// Whether the figures do not say that they cover a part only.
const fn covers_all(figures: &Figures) -> bool {
    figures.covers.is_none()
}

/// Whether figures would have to name it: a head that lost all that it had needs no line.
fn is_open(row: &HeadRow) -> bool {
    row.is_budgeted
        || row
            .amounts
            .revised()
            .is_some_and(|amount| amount != Pence::ZERO)
}
