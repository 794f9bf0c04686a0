//! Which lines of a report are of the same part as which lines of the budget.
//!
//! A paper reports at another level than the budget was set: a head for all its parts, or
//! the parts of a head that the budget does not divide. Such lines are compared together.

use std::collections::BTreeMap;

use super::year_budget::YearBudget;
use crate::event::Head;
use crate::money::Pence;

/// A part of a budget, as far as it cannot be divided further for a comparison.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Matched {
    /// Places among the rows of the budget.
    pub rows: Vec<usize>,
    /// Places among the lines of the report.
    pub lines: Vec<usize>,
}

impl YearBudget<'_> {
    /// The parts, in the order of the budget's rows, then those that only the lines have.
    /// The lines are under the names by which their heads are defined.
    ///
    /// A line is of the row of the same head; otherwise of the nearest row above, unless
    /// that has a line of its own, or else of the rows below that have none. A row that no
    /// budget names, but only a change, belongs to those that it is part of or that are
    /// part of it.
    pub fn matched(&self, lines: &[(Head, Pence)]) -> Vec<Matched> {
        let tree = Tree::new(self);
        let rows = self.rows.len();
        let mut groups = Groups::new(rows + lines.len());
        for (i, row) in self.rows.iter().enumerate() {
            if row.is_budgeted {
                continue;
            }
            let is_budgeted = |other: &usize| self.rows[*other].is_budgeted;
            match tree.above(&row.head).find(is_budgeted) {
                Some(above) => groups.join(i, above),
                None => {
                    for below in tree.below(&row.head).filter(is_budgeted) {
                        groups.join(i, below);
                    }
                }
            }
        }
        let mut has_line = vec![false; rows];
        for (head, _) in lines {
            if let Some(row) = self.place(head) {
                has_line[row] = true;
            }
        }
        for (i, (head, _)) in lines.iter().enumerate() {
            let line = rows + i;
            if let Some(row) = self.place(head) {
                groups.join(line, row);
                continue;
            }
            let has_none = |row: &usize| !has_line[*row];
            match tree.above(head).find(|row| self.rows[*row].is_budgeted) {
                Some(row) if has_none(&row) => groups.join(line, row),
                Some(_) => {}
                None => {
                    for row in tree.below(head).filter(has_none) {
                        groups.join(line, row);
                    }
                }
            }
        }
        let mut parts = BTreeMap::<usize, Matched>::new();
        for node in 0..rows + lines.len() {
            let part = parts.entry(groups.first(node)).or_default();
            match node.checked_sub(rows) {
                None => part.rows.push(node),
                Some(line) => part.lines.push(line),
            }
        }
        parts.into_values().collect()
    }
}

/// The rows of a budget by the heads that they are part of.
struct Tree<'a> {
    budget: &'a YearBudget<'a>,
    below: BTreeMap<Head, Vec<usize>>,
}

impl<'a> Tree<'a> {
    fn new(budget: &'a YearBudget<'a>) -> Self {
        let mut below = BTreeMap::<Head, Vec<usize>>::new();
        for (i, row) in budget.rows.iter().enumerate() {
            for above in budget.heads.above(&row.head) {
                below.entry(above).or_default().push(i);
            }
        }
        Self { budget, below }
    }

    /// The rows of which a head is part, the nearest first.
    fn above(&self, head: &Head) -> impl Iterator<Item = usize> {
        let above = self.budget.heads.above(head).into_iter();
        above.filter_map(|head| self.budget.place(&head))
    }

    /// The rows that are part of a head.
    fn below(&self, head: &Head) -> impl Iterator<Item = usize> {
        self.below.get(head).into_iter().flatten().copied()
    }
}

/// Nodes that are joined into groups; each group is known by its first node.
struct Groups(Vec<usize>);

impl Groups {
    fn new(nodes: usize) -> Self {
        Self((0..nodes).collect())
    }

    fn first(&mut self, node: usize) -> usize {
        let mut first = node;
        while self.0[first] != first {
            self.0[first] = self.0[self.0[first]];
            first = self.0[first];
        }
        first
    }

    fn join(&mut self, one: usize, other: usize) {
        let (one, other) = (self.first(one), self.first(other));
        self.0[one.max(other)] = one.min(other);
    }
}
