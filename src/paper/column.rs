//! A column of a table as it is printed: what its cells have in common.

use minutebook_present::cell::Cell;
use minutebook_present::sheet::{Column, Row};

use crate::visible::{visible, visible_line};

/// A column, seen over all rows.
#[derive(Debug, Clone)]
pub struct PrintedColumn {
    /// That of its cells in a row.
    pub index: usize,
    pub key: String,
    pub title: String,
    pub kind: ColumnKind,
    pub total: Option<ColumnTotal>,
    /// Whether a whole or partial date is in it.
    pub has_dates: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ColumnKind {
    Text,
    /// Counts and shares.
    Figures,
    Money {
        /// Whether an amount in it is not of whole pounds. Then all show their pence.
        has_pence: bool,
    },
    /// Positions of entries.
    Entries,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ColumnTotal {
    Pence(i64),
    Number(i64),
}

impl PrintedColumn {
    pub fn new(index: usize, column: &Column, rows: &[&Row], is_totalled: bool) -> Self {
        let cells = || {
            let cells = rows.iter().filter_map(|row| row.cells.get(index));
            cells.filter(|cell| **cell != Cell::Empty)
        };
        let has_pence = cells().any(|cell| matches!(cell, Cell::Pence(pence) if pence % 100 != 0));
        let is_position = ["position", "entry"].contains(&column.key.as_str())
            || column.key.ends_with("_position");
        let kind = if cells().next().is_none() {
            ColumnKind::Text
        } else if is_position && cells().all(|cell| matches!(cell, Cell::Number(_))) {
            ColumnKind::Entries
        } else if cells().all(|cell| matches!(cell, Cell::Pence(_) | Cell::Money(_))) {
            ColumnKind::Money { has_pence }
        } else if cells().all(Cell::is_figure) {
            ColumnKind::Figures
        } else {
            ColumnKind::Text
        };
        Self {
            index,
            key: column.key.clone(),
            title: visible_line(&column.title),
            has_dates: cells().any(|cell| matches!(cell, Cell::On(_))),
            kind,
            // Positions are names: their sum would mean nothing.
            total: if is_totalled && kind != ColumnKind::Entries {
                total(cells())
            } else {
                None
            },
        }
    }

    /// The cell of a row in this column.
    pub fn cell<'a>(&self, row: &'a Row) -> &'a Cell {
        row.cells.get(self.index).unwrap_or(&Cell::Empty)
    }

    /// The cell of a row as people read it here. In a sheet of facts the first names the
    /// fact, with a capital letter.
    pub fn text_in(&self, row: &Row, is_facts: bool) -> String {
        let text = self.text(self.cell(row));
        if is_facts && self.index == 0 {
            return capitalised(&text);
        }
        text
    }

    /// A cell as people read it here.
    pub fn text(&self, cell: &Cell) -> String {
        // The typeface of the PDF has no box drawings: a dash marks a part of the row above.
        let text = visible(&cell.for_people()).replace('\u{2514}', "\u{2013}");
        let is_whole = matches!(cell, Cell::Pence(pence) if pence % 100 == 0);
        if is_whole && self.kind == (ColumnKind::Money { has_pence: true }) {
            return text + ".00";
        }
        text
    }

    /// Whether its cells are aligned on the right.
    pub fn is_on_the_right(&self) -> bool {
        self.kind != ColumnKind::Text
    }

    /// The entry that a cell names. In a sheet of facts the row says so, elsewhere the
    /// column.
    pub fn entry(&self, row: &Row, is_facts: bool) -> Option<u64> {
        let is_entry = if is_facts {
            let field = row.cells.first();
            self.index > 0 && field.is_some_and(|field| field.for_programs() == "entry")
        } else {
            self.kind == ColumnKind::Entries
        };
        match self.cell(row) {
            Cell::Number(position) if is_entry => u64::try_from(*position).ok(),
            _ => None,
        }
    }
}

impl ColumnTotal {
    pub fn cell(self) -> Cell {
        match self {
            Self::Pence(pence) => Cell::Pence(pence),
            Self::Number(number) => Cell::Number(number),
        }
    }
}

/// The sum of cells, where they are all amounts in pounds sterling or all counts.
fn total<'a>(cells: impl Iterator<Item = &'a Cell>) -> Option<ColumnTotal> {
    let mut sum = None;
    for cell in cells {
        sum = Some(match (sum, cell) {
            (None, Cell::Pence(pence)) => ColumnTotal::Pence(*pence),
            (None, Cell::Number(number)) => ColumnTotal::Number(*number),
            (Some(ColumnTotal::Pence(sum)), Cell::Pence(pence)) => {
                ColumnTotal::Pence(sum.checked_add(*pence)?)
            }
            (Some(ColumnTotal::Number(sum)), Cell::Number(number)) => {
                ColumnTotal::Number(sum.checked_add(*number)?)
            }
            _ => return None,
        });
    }
    sum
}

fn capitalised(text: &str) -> String {
    let mut characters = text.chars();
    match characters.next() {
        Some(first) => first.to_uppercase().chain(characters).collect(),
        None => String::new(),
    }
}
