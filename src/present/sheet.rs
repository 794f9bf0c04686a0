//! Rows under columns: one list of a report.
//!
//! A builder says once what the columns and rows are. People read their names and
//! figures, programs their ids and plain numbers. A column or a row that only one
//! of the two can use is marked so.

use super::cell::{Cell, Pennies};
use minutebook_domain::currency::Currency;

/// The readers of a column or a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Audience {
    /// People and programs.
    All,
    /// People: the table.
    People,
    /// Programs: the CSV file.
    Programs,
}

impl Audience {
    /// For people only if it says something.
    pub fn all_if(says_something: bool) -> Self {
        if says_something {
            Self::All
        } else {
            Self::Programs
        }
    }

    fn includes(self, reader: Self) -> bool {
        self == Self::All || self == reader
    }
}

/// The key of the column that names currencies.
const CURRENCY: &str = "currency";

#[derive(Debug, Clone)]
pub struct Column {
    /// Its name for programs.
    pub key: String,
    /// Its name for people.
    pub title: String,
    audience: Audience,
}

#[derive(Debug, Clone)]
pub struct Row {
    /// One for each column of the sheet.
    pub cells: Vec<Cell>,
    audience: Audience,
}

/// Rows under columns, with a heading and notes.
#[derive(Debug, Clone)]
pub struct Sheet {
    key: &'static str,
    heading: String,
    columns: Vec<Column>,
    rows: Vec<Row>,
    notes: Vec<String>,
    /// Groups of columns, by key: the first leaves a narrow table first.
    yielding: Vec<Vec<String>>,
    sentence_when_empty: &'static str,
    is_facts: bool,
    has_prose: bool,
    /// That of the amounts of the rows that are added.
    currency: Currency,
    /// Whether rows name their currency, in a last column.
    names_currencies: bool,
}

impl Sheet {
    /// A sheet without columns. `key` names it to programs, `heading` to people.
    pub fn new(key: &'static str, heading: impl Into<String>) -> Self {
        Self {
            key,
            heading: heading.into(),
            columns: Vec::new(),
            rows: Vec::new(),
            notes: Vec::new(),
            yielding: Vec::new(),
            sentence_when_empty: "",
            is_facts: false,
            has_prose: false,
            currency: Currency::STERLING,
            names_currencies: false,
        }
    }

    /// A sheet of named facts about one thing: no header, one fact a line.
    pub fn facts(key: &'static str) -> Self {
        let mut sheet = Self::new(key, "");
        sheet.is_facts = true;
        sheet.column("field", "").column("value", "");
        sheet
    }

    /// Replaces the heading.
    pub fn headed(mut self, heading: impl Into<String>) -> Self {
        self.heading = heading.into();
        self
    }

    /// Adds a column for people and programs.
    pub fn column(&mut self, key: impl Into<String>, title: impl Into<String>) -> &mut Self {
        self.column_for(Audience::All, key, title)
    }

    pub fn column_for(
        &mut self,
        audience: Audience,
        key: impl Into<String>,
        title: impl Into<String>,
    ) -> &mut Self {
        self.columns.push(Column {
            key: key.into(),
            title: title.into(),
            audience,
        });
        self
    }

    /// Adds columns for people and programs: each key with its title.
    pub fn columns<const N: usize>(mut self, columns: [(&str, &str); N]) -> Self {
        for (key, title) in columns {
            self.column(key, title);
        }
        self
    }

    /// Names columns that leave a table first where it is too wide, in this order. The
    /// others leave from the last to the second, so their order is that of importance.
    pub fn yielding<const N: usize>(&mut self, keys: [&str; N]) -> &mut Self {
        let keys = keys.into_iter();
        self.yielding.extend(keys.map(|key| vec![key.to_owned()]));
        self
    }

    /// The same, of columns that are compared with one another: they leave together.
    pub fn yielding_together(&mut self, keys: impl IntoIterator<Item = String>) -> &mut Self {
        self.yielding.push(keys.into_iter().collect());
        self
    }

    /// Sets the sentence that people read where there are no rows. Without one, the
    /// sheet is then left out.
    pub fn when_empty(mut self, sentence: &'static str) -> Self {
        self.sentence_when_empty = sentence;
        self
    }

    /// Marks that cells hold sentences, so that a table rules a line between rows.
    pub fn with_prose(mut self) -> Self {
        self.has_prose = true;
        self
    }

    /// Adds a row for people and programs.
    pub fn row(&mut self, cells: Vec<Cell>) {
        self.row_for(Audience::All, cells);
    }

    pub fn row_for(&mut self, audience: Audience, mut cells: Vec<Cell>) {
        if self.currency != Currency::STERLING {
            let in_currency = |cell: Cell| cell.in_currency(self.currency);
            cells = cells.into_iter().map(in_currency).collect();
            self.name_currencies();
        }
        if self.names_currencies {
            cells.push(self.currency.code().into());
        }
        debug_assert_eq!(cells.len(), self.columns.len(), "{}", self.key);
        self.rows.push(Row { cells, audience });
    }

    /// Sets the currency of the amounts of the rows that follow, by its code; empty for
    /// pounds sterling. Where a row has another, each row names its own in a last column.
    pub fn in_currency(&mut self, code: &str) -> &mut Self {
        self.currency = Currency::from_code(code).unwrap_or_default();
        self
    }

    /// Adds the column of currencies; the rows so far are in sterling. A sheet of facts has
    /// the signs alone.
    fn name_currencies(&mut self) {
        if self.names_currencies || self.is_facts {
            return;
        }
        self.names_currencies = true;
        self.column(CURRENCY, "Currency");
        for row in &mut self.rows {
            row.cells.push(Currency::STERLING.code().into());
        }
    }

    /// Adds columns for programs alone, by their keys.
    pub fn keyed(mut self, keys: &[&str]) -> Self {
        for key in keys {
            self.column(*key, "");
        }
        self
    }

    /// Adds a row of cells by the keys of their columns; a column that is not named is empty.
    pub fn row_by_key(&mut self, named: &[(&str, Cell)]) {
        let is_column = |key: &str| self.columns.iter().any(|column| column.key == key);
        debug_assert!(named.iter().all(|(key, _)| is_column(key)), "{}", self.key);
        let columns = self.columns.iter().map(|column| column.key.as_str());
        let columns = columns.filter(|key| !self.names_currencies || *key != CURRENCY);
        let cell = |key: &str| {
            let mut cells = named.iter().filter(|(name, _)| *name == key);
            cells.next().map_or(Cell::Empty, |(_, cell)| cell.clone())
        };
        let cells = columns.map(cell).collect();
        self.row(cells);
    }

    /// Adds a fact, unless its value is empty.
    pub fn fact(&mut self, field: impl Into<Cell>, value: impl Into<Cell>) -> &mut Self {
        let value = value.into();
        if value != Cell::Empty {
            self.row(vec![field.into(), value]);
        }
        self
    }

    /// The same facts without those of these names, for a reader who knows them already.
    #[must_use]
    pub fn without_facts(mut self, names: &[&str]) -> Self {
        let is_named = |row: &Row| {
            let field = row.cells.first().map(Cell::for_programs);
            field.is_some_and(|field| names.contains(&field.as_str()))
        };
        self.rows.retain(|row| !self.is_facts || !is_named(row));
        self
    }

    /// The same with its rows across and its columns down, as people read it: each row is a
    /// column by the name in its first cell. `title` names the first column.
    pub fn transposed(self, title: &str) -> Self {
        let rows: Vec<Row> = self.rows_for(Audience::People).cloned().collect();
        let mut sheet = Self {
            columns: Vec::new(),
            rows: Vec::new(),
            yielding: Vec::new(),
            names_currencies: false,
            ..self.clone()
        };
        sheet.column("name", title);
        for row in &rows {
            let name = row.cells.first().unwrap_or(&Cell::Empty);
            sheet.column(name.for_programs(), name.for_people());
        }
        for (index, column) in self.columns_for(Audience::People).skip(1) {
            // Every amount has the sign of its currency.
            if self.names_currencies && column.key == CURRENCY {
                continue;
            }
            let mut values = rows.iter().map(|row| &row.cells[index]);
            if values.all(|value| *value == Cell::Empty) {
                continue;
            }
            let mut cells = vec![Cell::named(&column.key, &column.title)];
            cells.extend(rows.iter().map(|row| row.cells[index].clone()));
            sheet.rows.push(Row {
                cells,
                audience: Audience::People,
            });
        }
        sheet
    }

    /// Adds a line under the table; programs do not get it.
    pub fn note(&mut self, sentence: impl Into<String>) {
        self.notes.push(sentence.into());
    }

    /// Adds lines under the table.
    pub fn with_notes(mut self, sentences: impl IntoIterator<Item = String>) -> Self {
        self.notes.extend(sentences);
        self
    }

    /// Whether it has no rows.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    pub fn key(&self) -> &'static str {
        self.key
    }

    pub fn heading(&self) -> &str {
        &self.heading
    }

    pub fn notes(&self) -> &[String] {
        &self.notes
    }

    pub fn sentence_when_empty(&self) -> &'static str {
        self.sentence_when_empty
    }

    /// Whether each row is one named fact.
    pub fn is_facts(&self) -> bool {
        self.is_facts
    }

    /// Whether cells hold sentences.
    pub fn has_prose(&self) -> bool {
        self.has_prose
    }

    /// The groups of columns that leave a narrow table first, each by the index of its cells.
    pub fn yielding_columns(&self) -> Vec<Vec<usize>> {
        let position = |key: &String| self.columns.iter().position(|column| column.key == *key);
        let groups = self.yielding.iter();
        groups
            .map(|group| group.iter().filter_map(position).collect())
            .collect()
    }

    /// How the amounts of each column are written.
    pub fn pennies(&self) -> Vec<Pennies> {
        let of = |index: usize| {
            let mut rows = self.rows_for(Audience::People);
            match rows.any(|row| row.cells[index].pennies() == Pennies::Always) {
                true => Pennies::Always,
                false => Pennies::WhereAny,
            }
        };
        (0..self.columns.len()).map(of).collect()
    }

    /// The columns for a reader, each with the index of its cells.
    pub fn columns_for(&self, reader: Audience) -> impl Iterator<Item = (usize, &Column)> {
        let columns = self.columns.iter().enumerate();
        columns.filter(move |(_, column)| column.audience.includes(reader))
    }

    /// The rows for a reader.
    pub fn rows_for(&self, reader: Audience) -> impl Iterator<Item = &Row> {
        let rows = self.rows.iter();
        rows.filter(move |row| row.audience.includes(reader))
    }
}

#[cfg(test)]
pub mod tests {
    use super::*;

    /// A name, a figure, and a text for programs that a spreadsheet would run.
    pub fn sheet() -> Sheet {
        let mut sheet =
            Sheet::new("bodies", "Bodies").columns([("body_id", "Body"), ("n", "Paid")]);
        sheet.column_for(Audience::Programs, "extra", "");
        sheet.row(vec![
            Cell::named("leics-pcc", "Leicestershire PCC"),
            Cell::Pence(-200),
            "=1+1".into(),
        ]);
        sheet
    }

    #[test]
    fn rows_and_columns_have_their_readers() {
        let mut sheet = sheet();
        sheet.row_for(Audience::People, vec![Cell::Empty; 3]);
        assert_eq!(sheet.columns_for(Audience::People).count(), 2);
        assert_eq!(sheet.columns_for(Audience::Programs).count(), 3);
        assert_eq!(sheet.rows_for(Audience::People).count(), 2);
        assert_eq!(sheet.rows_for(Audience::Programs).count(), 1);
    }
}
