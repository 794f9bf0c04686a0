//! The report of one answer: everything a renderer needs to write it.

use super::outline::Line;
use super::sheet::Sheet;

/// An answer as lists, sections or lines, for people and for programs.
///
/// A report holds values, not text laid out for a screen, so every renderer writes
/// the same answer.
///
/// # Examples
///
/// ```
/// use minutebook_present::cell::Cell;
/// use minutebook_present::report::Report;
/// use minutebook_present::sheet::Sheet;
/// use minutebook_present::{csv, table};
///
/// let mut sheet = Sheet::new("totals", "Totals").columns([("body", "Body"), ("paid", "Paid")]);
/// sheet.row(vec![Cell::named("leics-pcc", "Leicestershire"), Cell::Pence(150_000)]);
/// let report = Report::List(sheet);
///
/// let people = table::render(&report, table::Layout::plain(80));
/// assert!(people.contains("│ Leicestershire ┆ £1,500 │"));
///
/// let mut programs = Vec::new();
/// csv::write(&report, &mut programs)?;
/// assert_eq!(programs, b"body,paid\nleics-pcc,1500.00\n");
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Debug, Clone)]
pub enum Report {
    /// One list. As CSV: a header and its rows.
    List(Sheet),
    /// One list that people read in parts. As CSV: the list.
    Parts { list: Sheet, parts: Vec<Sheet> },
    /// One list that people read as an outline. As CSV: the list.
    Outline { list: Sheet, lines: Vec<Line> },
    /// Sections. As CSV, since their columns differ: `section,item,field,value`.
    Sections(Vec<Sheet>),
    /// Several reports, one under the other. As CSV: the sections of all.
    All(Vec<Report>),
}

impl Report {
    /// Whether no row is in it.
    pub fn is_empty(&self) -> bool {
        self.sheets_for_programs()
            .iter()
            .all(|sheet| sheet.is_empty())
    }

    /// The same sections without the sheets of these keys and the facts of these names, for
    /// a reader who knows them already.
    #[must_use]
    pub fn without(self, keys: &[&str], facts: &[&str]) -> Self {
        match self {
            Self::Sections(sheets) => {
                let others = sheets
                    .into_iter()
                    .filter(|sheet| !keys.contains(&sheet.key()));
                Self::Sections(others.map(|sheet| sheet.without_facts(facts)).collect())
            }
            other => other,
        }
    }

    /// The sheets that programs get.
    pub fn sheets_for_programs(&self) -> Vec<&Sheet> {
        match self {
            Self::List(sheet)
            | Self::Parts { list: sheet, .. }
            | Self::Outline { list: sheet, .. } => vec![sheet],
            Self::Sections(sheets) => sheets.iter().collect(),
            Self::All(reports) => reports.iter().flat_map(Self::sheets_for_programs).collect(),
        }
    }
}
