//! A table of a paper: a sheet of a report, and the columns that are added up.

use minutebook_present::cell::Cell;
use minutebook_present::sheet::{Audience, Row, Sheet};

use crate::column::PrintedColumn;

/// A sheet as people read it.
#[derive(Debug, Clone)]
pub struct PaperTable {
    sheet: Sheet,
    /// The keys of the columns that are added up.
    totals: Vec<String>,
    /// Whether a row is the place where its entry is described.
    is_index: bool,
}

impl PaperTable {
    pub fn new(sheet: Sheet) -> Self {
        Self {
            sheet,
            totals: Vec::new(),
            is_index: false,
        }
    }

    /// Marks that its rows describe the entries that they name: elsewhere in a page of HTML,
    /// the name of an entry leads here.
    #[must_use]
    pub fn as_index(mut self) -> Self {
        self.is_index = true;
        self
    }

    pub(crate) fn is_index(&self) -> bool {
        self.is_index
    }

    /// The entries that its cells name, by position.
    pub fn entries(&self) -> Vec<u64> {
        let (columns, is_facts) = (self.columns(), self.sheet.is_facts());
        let rows = self.rows();
        let cells = rows.iter().flat_map(|row| {
            columns
                .iter()
                .filter_map(|column| column.entry(row, is_facts))
        });
        cells.collect()
    }

    /// Adds a row of totals of these columns, by their keys. A column that has several
    /// currencies, or anything but amounts and counts, gets none: its sum would mean
    /// nothing. Do not name columns of a sheet that has a row of totals already.
    pub fn totalling<'a>(mut self, keys: impl IntoIterator<Item = &'a str>) -> Self {
        self.totals.extend(keys.into_iter().map(str::to_owned));
        self
    }

    pub fn sheet(&self) -> &Sheet {
        &self.sheet
    }

    /// Whether people read anything in it.
    pub fn says_something(&self) -> bool {
        !self.rows().is_empty()
            || !self.sheet.sentence_when_empty().is_empty()
            || !self.sheet.notes().is_empty()
    }

    /// Its rows for people.
    pub(crate) fn rows(&self) -> Vec<&Row> {
        self.sheet.rows_for(Audience::People).collect()
    }

    /// Its columns for people, without those that no row fills.
    pub(crate) fn columns(&self) -> Vec<PrintedColumn> {
        let rows = self.rows();
        let columns = self.sheet.columns_for(Audience::People);
        columns
            .filter(|(index, _)| rows.is_empty() || rows.iter().any(|row| has_value(row, *index)))
            .map(|(index, column)| {
                let is_totalled = self.totals.contains(&column.key);
                PrintedColumn::new(index, column, &rows, is_totalled)
            })
            .collect()
    }

    /// Whether it has a row of totals.
    pub(crate) fn has_totals(&self, columns: &[PrintedColumn]) -> bool {
        columns.iter().any(|column| column.total.is_some())
    }
}

fn has_value(row: &Row, index: usize) -> bool {
    row.cells.get(index).is_some_and(|cell| match cell {
        Cell::Yes(yes) => *yes,
        cell => *cell != Cell::Empty,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::column::{ColumnKind, ColumnTotal};
    use minutebook_domain::currency::Currency;
    use minutebook_domain::money::Pence;

    fn sheet(cells: impl IntoIterator<Item = Cell>) -> Sheet {
        let mut sheet = Sheet::new("x", "").columns([("a", "A"), ("b", "B")]);
        for cell in cells {
            sheet.row(vec!["head".into(), cell]);
        }
        sheet
    }

    fn total(cells: impl IntoIterator<Item = Cell>) -> Option<ColumnTotal> {
        PaperTable::new(sheet(cells))
            .totalling(["b"])
            .columns()
            .pop()?
            .total
    }

    #[test]
    fn like_is_added_to_like() {
        assert_eq!(
            total([Cell::Pence(150), Cell::Empty, Cell::Pence(-50)]),
            Some(ColumnTotal::Pence(100))
        );
        assert_eq!(
            total([Cell::Number(2), Cell::Number(3)]),
            Some(ColumnTotal::Number(5))
        );
        let euros = Currency::from_code("EUR").unwrap();
        let euros = Cell::Money(Pence::computed(5).in_currency(euros));
        for cells in [
            vec![Cell::Pence(1), Cell::Number(1)],
            vec![Cell::Pence(1), euros],
            vec![Cell::Pence(1), "not stated".into()],
            vec![Cell::Pence(i64::MAX), Cell::Pence(1)],
            vec![Cell::Empty],
        ] {
            assert_eq!(total(cells.clone()), None, "{cells:?}");
        }
    }

    #[test]
    fn pence_are_shown_where_the_column_has_some() {
        let table = PaperTable::new(sheet([Cell::Pence(100_000), Cell::Pence(150)]));
        let column = table.columns().pop().unwrap();
        assert_eq!(column.kind, ColumnKind::Money { has_pence: true });
        assert_eq!(column.text(&Cell::Pence(100_000)), "£1,000.00");
        assert_eq!(column.text(&Cell::Pence(150)), "£1.50");
        let table = PaperTable::new(sheet([Cell::Pence(100_000)]));
        let column = table.columns().pop().unwrap();
        assert_eq!(column.text(&Cell::Pence(100_000)), "£1,000");
    }
}
