//! Rows that become a table or a CSV file: the one way every answer is printed.
//!
//! A view says once what its columns and rows are. A table shows their names and
//! figures for people; a CSV file shows ids and plain numbers for programs. What
//! only one of the two can hold is marked so.

mod grid;

use std::io;

use self::grid::grid;
use super::cell::{Cell, escape_csv_formula, sanitise_for_terminal};
use super::screen::Layout;

/// Who is shown a column or a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Audience {
    /// People and programs.
    All,
    /// People: the table.
    People,
    /// Programs: the CSV file.
    Programs,
}

#[derive(Debug, Clone)]
struct Column {
    key: String,
    title: String,
    shown: Audience,
}

#[derive(Debug, Clone)]
struct Row {
    cells: Vec<Cell>,
    shown: Audience,
}

/// Rows under columns, with a heading.
#[derive(Debug, Clone)]
pub struct Sheet {
    key: &'static str,
    heading: String,
    columns: Vec<Column>,
    rows: Vec<Row>,
    notes: Vec<String>,
    when_empty: &'static str,
    is_facts: bool,
    has_prose: bool,
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
            when_empty: "",
            is_facts: false,
            has_prose: false,
        }
    }

    /// A sheet of named facts about one thing: no header, one fact a line.
    pub fn facts(key: &'static str) -> Self {
        let mut sheet = Self::new(key, "");
        sheet.is_facts = true;
        sheet.column("field", "").column("value", "");
        sheet
    }

    /// Gives facts a heading.
    pub fn headed(mut self, heading: impl Into<String>) -> Self {
        self.heading = heading.into();
        self
    }

    /// Adds a column for people and programs.
    pub fn column(&mut self, key: impl Into<String>, title: impl Into<String>) -> &mut Self {
        self.column_shown(key, title, Audience::All)
    }

    /// Adds a column for some.
    pub fn column_shown(
        &mut self,
        key: impl Into<String>,
        title: impl Into<String>,
        shown: Audience,
    ) -> &mut Self {
        self.columns.push(Column {
            key: key.into(),
            title: title.into(),
            shown,
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

    /// Whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Says what a table without rows is to say. Without this it is left out.
    pub fn when_empty(mut self, sentence: &'static str) -> Self {
        self.when_empty = sentence;
        self
    }

    /// Says that cells hold sentences: the table then rules a line between rows.
    pub fn with_prose(mut self) -> Self {
        self.has_prose = true;
        self
    }

    /// Adds a row for people and programs.
    pub fn row(&mut self, cells: Vec<Cell>) {
        self.row_shown(cells, Audience::All);
    }

    /// Adds a row for some.
    pub fn row_shown(&mut self, cells: Vec<Cell>, shown: Audience) {
        debug_assert_eq!(cells.len(), self.columns.len(), "{}", self.key);
        self.rows.push(Row { cells, shown });
    }

    /// Adds a fact, unless there is nothing to say.
    pub fn fact(&mut self, field: &'static str, value: impl Into<Cell>) -> &mut Self {
        let value = value.into();
        if value != Cell::Empty {
            self.row(vec![Cell::Text(field.to_owned()), value]);
        }
        self
    }

    /// Adds a line under the table; programs do not get it.
    pub fn note(&mut self, sentence: impl Into<String>) {
        self.notes.push(sentence.into());
    }

    fn visible(&self, to: Audience) -> impl Iterator<Item = (usize, &Column)> {
        self.columns
            .iter()
            .enumerate()
            .filter(move |(_, column)| column.shown == Audience::All || column.shown == to)
    }

    fn visible_rows(&self, to: Audience) -> impl Iterator<Item = &Row> {
        self.rows
            .iter()
            .filter(move |row| row.shown == Audience::All || row.shown == to)
    }

    /// The table, its heading and its notes; empty where there is nothing to say.
    pub fn table(&self, layout: Layout) -> String {
        let mut text = String::new();
        let rows: Vec<&Row> = self.visible_rows(Audience::People).collect();
        if rows.is_empty() && self.when_empty.is_empty() && self.notes.is_empty() {
            return text;
        }
        if !self.heading.is_empty() {
            text.push_str(&layout.bold(&sanitise_for_terminal(&self.heading)));
            text.push('\n');
        }
        if rows.is_empty() && !self.when_empty.is_empty() {
            text.push_str(self.when_empty);
            text.push('\n');
        }
        if !rows.is_empty() {
            for line in grid(self, &rows, layout).lines() {
                text.push_str(line.trim_end());
                text.push('\n');
            }
        }
        for note in &self.notes {
            text.push_str(&sanitise_for_terminal(note));
            text.push('\n');
        }
        text
    }

    fn write_csv<W: io::Write>(&self, csv: &mut csv::Writer<W>) -> csv::Result<()> {
        csv.write_record(
            self.visible(Audience::Programs)
                .map(|(_, column)| escape_csv_formula(column.key.clone())),
        )?;
        for row in self.visible_rows(Audience::Programs) {
            csv.write_record(
                self.visible(Audience::Programs)
                    .map(|(index, _)| escape_csv_formula(row.cells[index].for_programs())),
            )?;
        }
        Ok(())
    }

    /// As part of a report: one line for each value there is.
    fn write_values<W: io::Write>(&self, csv: &mut csv::Writer<W>) -> csv::Result<()> {
        for (number, row) in self.visible_rows(Audience::Programs).enumerate() {
            if self.is_facts {
                let field = row.cells[0].for_programs().replace(' ', "_");
                let value = escape_csv_formula(row.cells[1].for_programs());
                csv.write_record([self.key, "1", &field, &value])?;
                continue;
            }
            for (index, column) in self.visible(Audience::Programs) {
                let value = row.cells[index].for_programs();
                if !value.is_empty() {
                    let item = (number + 1).to_string();
                    csv.write_record([self.key, &item, &column.key, &escape_csv_formula(value)])?;
                }
            }
        }
        Ok(())
    }
}

/// What a view has to say: one list, or several sections about one thing.
#[derive(Debug, Clone)]
pub enum Report {
    /// One list. As CSV: a header and its rows.
    List(Sheet),
    /// One list that people are shown in parts. As CSV: the list.
    Parts {
        /// The list.
        list: Sheet,
        /// Its parts.
        parts: Vec<Sheet>,
    },
    /// Sections. As CSV, since their columns differ: `section,item,field,value`.
    Sections(Vec<Sheet>),
    /// Several reports, one under the other. As CSV: the sections of all.
    All(Vec<Report>),
}

impl Report {
    /// Whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.for_programs().iter().all(|sheet| sheet.is_empty())
    }

    fn for_people(&self) -> Vec<&Sheet> {
        match self {
            Self::List(sheet) => vec![sheet],
            Self::Parts { parts: sheets, .. } | Self::Sections(sheets) => sheets.iter().collect(),
            Self::All(reports) => reports.iter().flat_map(Self::for_people).collect(),
        }
    }

    fn for_programs(&self) -> Vec<&Sheet> {
        match self {
            Self::List(sheet) | Self::Parts { list: sheet, .. } => vec![sheet],
            Self::Sections(sheets) => sheets.iter().collect(),
            Self::All(reports) => reports.iter().flat_map(Self::for_programs).collect(),
        }
    }

    /// The tables, one under the other.
    pub fn table(&self, layout: Layout) -> String {
        let tables = self.for_people().into_iter();
        let tables: Vec<String> = tables
            .map(|sheet| sheet.table(layout))
            .filter(|table| !table.is_empty())
            .collect();
        tables.join("\n")
    }

    /// The CSV file.
    pub fn write_csv(&self, sink: impl io::Write) -> io::Result<()> {
        let mut csv = csv::Writer::from_writer(sink);
        let written = match self {
            Self::List(sheet) | Self::Parts { list: sheet, .. } => sheet.write_csv(&mut csv),
            Self::Sections(_) | Self::All(_) => csv
                .write_record(["section", "item", "field", "value"])
                .and_then(|()| {
                    let mut sheets = self.for_programs().into_iter();
                    sheets.try_for_each(|sheet| sheet.write_values(&mut csv))
                }),
        };
        written.map_err(csv_error)?;
        csv.flush()
    }
}

/// The I/O error inside a CSV error. There is no other kind here: the writer is
/// given rows of one length and needs no input.
pub fn csv_error(error: csv::Error) -> io::Error {
    if !error.is_io_error() {
        return io::Error::other(error.to_string());
    }
    error.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sheet() -> Sheet {
        let mut sheet =
            Sheet::new("bodies", "Bodies").columns([("body_id", "Body"), ("n", "Paid")]);
        sheet.column_shown("extra", "", Audience::Programs);
        sheet.row(vec![
            Cell::named("leics-pcc", "Leicestershire PCC"),
            Cell::Pence(-200),
            "=1+1".into(),
        ]);
        sheet
    }

    fn csv(report: &Report) -> String {
        let mut bytes = Vec::new();
        report.write_csv(&mut bytes).unwrap();
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn a_list_is_a_table_of_names_and_a_csv_file_of_ids() {
        assert_eq!(
            sheet().table(Layout::plain(80)),
            "Bodies\n\
             ┌────────────────────┬──────┐\n\
             │ Body               ┆ Paid │\n\
             ╞════════════════════╪══════╡\n\
             │ Leicestershire PCC ┆  -£2 │\n\
             └────────────────────┴──────┘\n"
        );
        assert_eq!(
            csv(&Report::List(sheet())),
            "body_id,n,extra\nleics-pcc,-2.00,'=1+1\n"
        );
    }

    #[test]
    fn sections_are_one_value_a_line() {
        let mut facts = Sheet::facts("summary");
        facts.fact("legal basis", "s.22A").fact("purpose", "");
        let report = Report::Sections(vec![facts, sheet()]);
        assert_eq!(
            csv(&report),
            "section,item,field,value\n\
             summary,1,legal_basis,s.22A\n\
             bodies,1,body_id,leics-pcc\n\
             bodies,1,n,-2.00\n\
             bodies,1,extra,'=1+1\n"
        );
    }

    #[test]
    fn a_narrow_table_breaks_words_and_never_figures() {
        let mut sheet = Sheet::new("x", "").columns([("a", "A"), ("b", "A very long title")]);
        sheet.row(vec![
            "Several words that do not fit into the width".into(),
            Cell::Pence(612_932_800),
        ]);
        let table = sheet.table(Layout::plain(32));
        assert!(table.contains("£6,129,328"), "{table}");
        assert!(
            table.lines().all(|line| line.chars().count() <= 32),
            "{table}"
        );
        // With room for all, words stay whole though sentences do not.
        let mut sheet = Sheet::new("x", "").columns([("a", "A"), ("b", "B")]);
        sheet.row(vec![
            "Organisational".into(),
            "many words ".repeat(9).into(),
        ]);
        let table = sheet.table(Layout::plain(34));
        assert!(table.contains("Organisational"), "{table}");
    }

    #[test]
    fn a_column_without_values_is_left_out_for_people_only() {
        let mut sheet = Sheet::new("x", "").columns([("a", "A"), ("b", "Until")]);
        sheet.row(vec!["1".into(), Cell::Empty]);
        assert!(!sheet.table(Layout::plain(80)).contains("Until"));
        assert_eq!(csv(&Report::List(sheet)), "a,b\n1,\n");
    }

    #[test]
    fn more_figures_than_fit_are_printed_whole_all_the_same() {
        let mut sheet = Sheet::new("x", "");
        for column in 0..12 {
            sheet.column(column.to_string(), "A service with a long name");
        }
        sheet.row(vec![Cell::Pence(612_932_800); 12]);
        for width in [1, 20, 80] {
            let table = sheet.table(Layout::plain(width));
            assert_eq!(table.matches("£6,129,328").count(), 12, "{table}");
        }
    }

    #[test]
    fn nothing_is_said_of_an_empty_section_and_something_of_an_empty_list() {
        let empty = Sheet::new("x", "X").columns([("a", "A")]);
        assert_eq!(empty.table(Layout::plain(80)), "");
        let list = empty.when_empty("There are none.");
        assert_eq!(list.table(Layout::plain(80)), "X\nThere are none.\n");
        assert_eq!(csv(&Report::List(list)), "a\n");
    }
}
