//! Comparison of figures with a budget: only of what both cover.

use super::matching::Matched;
use super::movement::printed_lines;
use super::year_budget::{HeadRow, YearBudget};
use crate::event::{Figures, Head, Scope, StatedTotal};
use crate::money::Pence;

/// Figures beside the budget of the same part.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
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
    /// The lines of the figures, under the names by which their heads are defined.
    pub lines: Vec<(Head, Pence)>,
    /// Those lines beside the rows of the budget.
    pub matched: Vec<Matched>,
}

impl Comparison {
    /// The figures less the budget, of what both cover.
    pub fn variance(&self) -> Option<Pence> {
        self.compared.map(|(figure, budget)| figure - budget)
    }

    /// The sum of the lines that a test picks, if every head of the budget that it picks has
    /// one, or has part in one that it picks. `budget` is that of the comparison.
    pub fn of_heads(
        &self,
        budget: &YearBudget<'_>,
        is_picked: impl Fn(&Head) -> bool,
    ) -> Option<Pence> {
        let mut sum = None;
        for part in &self.matched {
            let rows = part.rows.iter().map(|row| &budget.rows[*row]);
            let lines = || part.lines.iter().map(|line| &self.lines[*line]);
            let mut picked_rows = rows.filter(|row| row.is_budgeted && is_picked(&row.head));
            let has_all = !part.lines.is_empty() && lines().all(|(head, _)| is_picked(head));
            if picked_rows.next().is_some() && !has_all {
                return None;
            }
            for (_, amount) in lines().filter(|(head, _)| is_picked(head)) {
                *sum.get_or_insert(Pence::ZERO) += *amount;
            }
        }
        sum
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
        let mut lines: Vec<(Head, Pence)> = printed_lines(figures);
        for (head, _) in &mut lines {
            *head = self.heads.canonical(head);
        }
        let matched = self.matched(&lines);
        let is_total_only = figures.lines.is_empty() && figures.contributions.is_empty();
        let whole = whole_as_printed(figures).filter(|_| is_total_only);
        let comparison = match whole {
            Some(whole) => self.compare_total(figures, whole.amount),
            None if !self.has_lines() => self.compare_undivided(figures, &lines),
            None => self.compare_lines(figures, &lines, &matched),
        };
        Comparison {
            lines,
            matched,
            ..comparison
        }
    }

    fn compare_lines(
        &self,
        figures: &Figures,
        lines: &[(Head, Pence)],
        matched: &[Matched],
    ) -> Comparison {
        let total = total(figures);
        let (mut figure, mut budget) = (Pence::ZERO, Pence::ZERO);
        let (mut left_out, mut unbudgeted) = (Vec::new(), Vec::new());
        let mut is_compared = false;
        for part in matched {
            let of_rows = || part.rows.iter().map(|row| &self.rows[*row]);
            let of_lines = || part.lines.iter().map(|line| &lines[*line]);
            if part.lines.is_empty() {
                let open = of_rows().filter(|row| row.is_open());
                left_out.extend(open.map(|row| row.head.clone()));
            } else if part.rows.is_empty() {
                unbudgeted.extend(of_lines().map(|(head, _)| head.clone()));
            } else {
                is_compared = true;
                figure += of_lines().map(|(_, amount)| *amount).sum();
                budget += of_rows().filter_map(|row| row.amounts.revised()).sum();
            }
        }
        let is_whole = left_out.is_empty() && covers_all(figures);
        // Figures of the whole show what was spent without a budget, too.
        let compared = match (is_whole, total) {
            (true, Some(total)) => (total, self.whole().revised().unwrap_or_default()),
            _ => (figure, budget),
        };
        Comparison {
            total,
            compared: Some(compared).filter(|_| is_compared),
            is_whole,
            left_out,
            unbudgeted,
            ..Comparison::default()
        }
    }

    /// Figures of which only the total is given.
    fn compare_total(&self, figures: &Figures, total: Pence) -> Comparison {
        let Some(covers) = &figures.covers else {
            let budget = self.whole().revised();
            return Comparison {
                total: Some(total),
                compared: budget.map(|budget| (total, budget)),
                is_whole: true,
                ..Comparison::default()
            };
        };
        // Lines are not divided by who pays for them.
        let is_covered = |row: &HeadRow| covers.bodies.is_empty() && covers.covers(&row.head);
        let budget = self.sum(is_covered).revised();
        let left_out = self
            .rows
            .iter()
            .filter(|row| !is_covered(row) && row.is_open());
        Comparison {
            total: Some(total),
            compared: budget.map(|budget| (total, budget)),
            is_whole: false,
            left_out: left_out.map(|row| row.head.clone()).collect(),
            ..Comparison::default()
        }
    }

    /// A budget of which only the total is known. Lines of services may be a part of it.
    fn compare_undivided(&self, figures: &Figures, lines: &[(Head, Pence)]) -> Comparison {
        let total = total(figures);
        let of_a_service = lines.iter().any(|(head, _)| head.service.is_some());
        let says_whole = whole_as_printed(figures).is_some();
        let is_whole = covers_all(figures) && (says_whole || !of_a_service);
        let budget = self.whole().revised().filter(|_| is_whole);
        let unbudgeted = lines.iter().map(|(head, _)| head.clone());
        Comparison {
            total,
            compared: total.zip(budget),
            is_whole,
            unbudgeted: unbudgeted.filter(|_| !is_whole).collect(),
            ..Comparison::default()
        }
    }
}

/// Whether the figures do not say that they cover a part only.
const fn covers_all(figures: &Figures) -> bool {
    figures.covers.is_none()
}
