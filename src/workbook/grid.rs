//! The cells of one sheet, whatever file they came from.

use std::collections::BTreeMap;

use jiff::civil::Date;

/// The place of a cell, counted from zero; rows first.
pub type CellPlace = (u32, u32);

/// The content of a cell.
#[derive(Debug, Clone, PartialEq)]
pub enum SheetCell {
    /// Without blanks around it.
    Text(String),
    Number(f64),
    Flag(bool),
    /// A number with the format of a date.
    Day(Date),
    /// An error value, such as `#REF!`.
    Error(String),
    /// A formula whose value the file does not have.
    NotComputed,
    /// Something else that cannot be read, in words.
    Unreadable(&'static str),
    /// A part of a merged cell that begins elsewhere.
    MergedInto(CellPlace),
}

/// A sheet. Empty cells are not kept.
#[derive(Debug, Clone, PartialEq)]
pub struct SheetGrid {
    pub name: String,
    pub is_hidden: bool,
    cells: BTreeMap<CellPlace, SheetCell>,
}

impl SheetGrid {
    pub fn new(name: &str, is_hidden: bool) -> Self {
        Self {
            name: name.to_owned(),
            is_hidden,
            cells: BTreeMap::new(),
        }
    }

    pub fn put(&mut self, place: CellPlace, cell: SheetCell) {
        if matches!(&cell, SheetCell::Text(text) if text.is_empty()) {
            return;
        }
        self.cells.insert(place, cell);
    }

    #[cfg(test)]
    pub fn put_text(&mut self, place: CellPlace, text: &str) {
        self.put(place, SheetCell::Text(trimmed(text).to_owned()));
    }

    /// Marks the cells of a merged cell, which show what the first of them holds.
    pub fn merge(&mut self, first: CellPlace, last: CellPlace) {
        if !self.cells.contains_key(&first) {
            return;
        }
        for row in first.0..=last.0 {
            for column in first.1..=last.1 {
                if (row, column) != first {
                    self.cells
                        .entry((row, column))
                        .or_insert(SheetCell::MergedInto(first));
                }
            }
        }
    }

    pub fn len(&self) -> usize {
        self.cells.len()
    }

    /// The content of a cell, but for the parts of a merged cell.
    pub fn get(&self, place: CellPlace) -> Option<&SheetCell> {
        let cell = self.cells.get(&place)?;
        (!matches!(cell, SheetCell::MergedInto(_))).then_some(cell)
    }

    /// The first cell of the merged cell that this is a part of.
    pub fn merged_into(&self, place: CellPlace) -> Option<CellPlace> {
        match self.cells.get(&place) {
            Some(SheetCell::MergedInto(first)) => Some(*first),
            _ => None,
        }
    }

    /// The rows that have a cell, in order.
    pub fn rows(&self) -> Vec<u32> {
        let mut rows: Vec<u32> = self
            .cells
            .iter()
            .filter(|(_, cell)| !matches!(cell, SheetCell::MergedInto(_)))
            .map(|((row, _), _)| *row)
            .collect();
        rows.dedup();
        rows
    }

    /// The cells of a row, in order, without parts of merged cells.
    pub fn row(&self, row: u32) -> impl Iterator<Item = (u32, &SheetCell)> {
        self.cells
            .range((row, 0)..=(row, u32::MAX))
            .filter(|(_, cell)| !matches!(cell, SheetCell::MergedInto(_)))
            .map(|((_, column), cell)| (*column, cell))
    }

    /// The name of a cell, as a spreadsheet writes it: `Budget!C7`, `'My sheet'!C7`.
    pub fn cell_name(&self, (row, column): CellPlace) -> String {
        let is_plain = |c: char| c.is_alphanumeric() || c == '_' || c == '.';
        let sheet = match self.name.chars().all(is_plain) {
            true => self.name.clone(),
            false => format!("'{}'", self.name.replace('\'', "''")),
        };
        format!("{sheet}!{}{}", column_name(column), row.saturating_add(1))
    }
}

/// The letters of a column: `A`, `Z`, `AA`.
pub fn column_name(column: u32) -> String {
    let mut letters = Vec::new();
    let mut rest = column;
    loop {
        letters.push(char::from(
            b'A'.saturating_add(u8::try_from(rest % 26).unwrap_or(0)),
        ));
        match (rest / 26).checked_sub(1) {
            Some(next) => rest = next,
            None => break,
        }
    }
    letters.iter().rev().collect()
}

/// Blanks as spreadsheets have them: no-break spaces too.
fn is_blank(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{200b}' | '\u{feff}')
}

pub fn trimmed(text: &str) -> &str {
    text.trim_matches(is_blank)
}

/// A text on one line, with single spaces: a heading may be wrapped within its cell.
pub fn on_one_line(text: &str) -> String {
    let words: Vec<&str> = text
        .split(is_blank)
        .filter(|word| !word.is_empty())
        .collect();
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_named_as_a_spreadsheet_names_them() {
        let grid = SheetGrid::new("Budget", false);
        assert_eq!(grid.cell_name((6, 2)), "Budget!C7");
        assert_eq!(grid.cell_name((0, 701)), "Budget!ZZ1");
        assert_eq!(grid.cell_name((0, 702)), "Budget!AAA1");
        let grid = SheetGrid::new("Bob's sheet", false);
        assert_eq!(grid.cell_name((0, 25)), "'Bob''s sheet'!Z1");
    }

    #[test]
    fn a_merged_cell_is_where_it_begins() {
        let mut grid = SheetGrid::new("s", false);
        grid.put_text((0, 0), "\u{a0} wide ");
        grid.merge((0, 0), (0, 2));
        assert_eq!(grid.get((0, 0)), Some(&SheetCell::Text("wide".into())));
        assert_eq!(
            (grid.get((0, 1)), grid.merged_into((0, 2))),
            (None, Some((0, 0)))
        );
        assert_eq!(grid.row(0).count(), 1);
        assert_eq!(on_one_line("a\n  b\u{a0}c"), "a b c");
    }
}
