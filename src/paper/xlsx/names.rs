//! Names of sheets, tables and columns: each once in its workbook, by the rules of
//! spreadsheets.

use std::collections::HashSet;

/// The thing that is named.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NameKind {
    Sheet,
    Table,
    /// The head of a column of a table.
    Column,
}

impl NameKind {
    /// The most UTF-16 units of a name.
    fn units_max(self) -> usize {
        match self {
            Self::Sheet => 31,
            Self::Table | Self::Column => 255,
        }
    }

    fn fitting(self, wanted: &str) -> String {
        match self {
            Self::Sheet => {
                let allowed = |c: char| if "[]:*?/\\".contains(c) { ' ' } else { c };
                let name: String = wanted.chars().map(allowed).collect();
                let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
                let name = name.trim_matches(['\'', ' ']);
                // Spreadsheets keep this one for themselves.
                if name.eq_ignore_ascii_case("history") {
                    return "History of entries".to_owned();
                }
                or_else(name, "Table")
            }
            Self::Table => {
                let allowed = |c: char| if c.is_ascii_alphanumeric() { c } else { '_' };
                let name: String = wanted.chars().map(allowed).collect();
                // Without it a key such as `a1` would be the name of a cell.
                format!("table_{name}")
            }
            Self::Column => or_else(wanted.trim(), "Column"),
        }
    }

    fn numbered(self, name: &str, number: usize) -> String {
        let suffix = match self {
            Self::Table => format!("_{number}"),
            Self::Sheet | Self::Column => format!(" ({number})"),
        };
        cut(name, self.units_max() - suffix.len()) + &suffix
    }
}

/// Gives names that were not given before.
#[derive(Debug)]
pub struct Names {
    kind: NameKind,
    /// In small letters: spreadsheets do not tell them from capitals.
    taken: HashSet<String>,
}

impl Names {
    pub fn new(kind: NameKind) -> Self {
        Self {
            kind,
            taken: HashSet::new(),
        }
    }

    /// A name like the one that is wanted.
    pub fn take(&mut self, wanted: &str) -> String {
        let name = self.kind.fitting(wanted);
        let mut candidate = cut(&name, self.kind.units_max());
        let mut number = 2;
        while !self.taken.insert(candidate.to_lowercase()) {
            candidate = self.kind.numbered(&name, number);
            number += 1;
        }
        candidate
    }
}

fn or_else(name: &str, other: &str) -> String {
    if name.is_empty() { other } else { name }.to_owned()
}

/// The beginning of a text, of so many UTF-16 units at most.
pub fn cut(text: &str, units_max: usize) -> String {
    let mut units = 0;
    let fits = |c: &char| {
        units += c.len_utf16();
        units <= units_max
    };
    let cut: String = text.chars().take_while(fits).collect();
    cut.trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_sheets_are_short_and_differ() {
        let mut names = Names::new(NameKind::Sheet);
        let long = "Contributions to the East Midlands collaboration";
        assert_eq!(names.take(long), "Contributions to the East Midla");
        assert_eq!(names.take(long), "Contributions to the East M (2)");
        assert_eq!(names.take("a/b: [c]?"), "a b c");
        assert_eq!(names.take("A B C"), "A B C (2)");
        assert_eq!(names.take("'quoted'"), "quoted");
        assert_eq!(names.take("***"), "Table");
        assert_eq!(names.take("HISTORY"), "History of entries");
        assert_eq!(names.take(&"\u{1f600}".repeat(40)).chars().count(), 15);
    }

    #[test]
    fn names_of_tables_and_columns_differ_too() {
        let mut names = Names::new(NameKind::Table);
        assert_eq!(names.take("a1"), "table_a1");
        assert_eq!(names.take("A1"), "table_A1_2");
        assert_eq!(names.take("née x"), "table_n_e_x");
        let mut names = Names::new(NameKind::Column);
        assert_eq!(names.take("Total"), "Total");
        assert_eq!(names.take("total"), "total (2)");
        assert_eq!(names.take(""), "Column");
    }
}
