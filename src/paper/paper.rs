//! The paper itself: its title, what it is about, and its sections.

use std::collections::BTreeSet;

use jiff::Timestamp;

use crate::attachment::Attachment;
use crate::entry_links::EntryLinks;
use crate::paper_table::PaperTable;
use crate::section::Section;

/// A paper in British English, before it is written in some format.
///
/// # Examples
///
/// ```
/// use minutebook_paper::paper::{Paper, SubjectLine};
/// use minutebook_paper::paper_table::PaperTable;
/// use minutebook_paper::section::{Section, Span};
/// use minutebook_paper::{html, pdf, xlsx};
/// use minutebook_present::cell::Cell;
/// use minutebook_present::sheet::Sheet;
///
/// let mut sheet = Sheet::new("paid", "Paid so far").columns([("body", "Body"), ("paid", "Paid")]);
/// sheet.row(vec!["Eastvale".into(), Cell::Pence(150_000)]);
///
/// let made_at = "2024-06-10T09:30:00Z".parse()?;
/// let mut paper = Paper::new("Pack", "Three Shires Board, 17 June 2024", made_at);
/// paper.subject.push(SubjectLine::new("Known", "up to entry 53"));
/// let mut money = Section::new("Money");
/// money.paragraph([Span::plain("Eastvale has paid "), Span::strong("£1,500"), Span::plain(".")]);
/// money.table(PaperTable::new(sheet).totalling(["paid"]));
/// paper.sections.push(money);
///
/// assert!(html::write(&paper).contains("<h2>Money</h2>"));
/// assert!(pdf::write(&paper)?.starts_with(b"%PDF-1.7"));
/// assert!(xlsx::write(&paper)?.starts_with(b"PK"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct Paper {
    pub title: String,
    /// A line at the head of every page: the board and the day of its meeting.
    pub running_header: String,
    /// The board, the day, the position and the like, each with its name.
    pub subject: Vec<SubjectLine>,
    pub sections: Vec<Section>,
    /// Where its entries can be looked at.
    pub entry_links: Option<EntryLinks>,
    /// The same for programs. A PDF has it as a file, a page of HTML as a block of data;
    /// a workbook leaves it out.
    pub attachment: Option<Attachment>,
    /// The instant that the files name as that of their making. It is passed in, so
    /// that the same paper gives the same bytes.
    pub made_at: Timestamp,
}

/// A line below the title: `In force: 17 June 2024`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SubjectLine {
    pub label: String,
    pub value: String,
}

impl SubjectLine {
    pub fn new(label: impl Into<String>, value: impl Into<String>) -> Self {
        Self {
            label: label.into(),
            value: value.into(),
        }
    }
}

impl Paper {
    /// A paper without sections.
    pub fn new(
        title: impl Into<String>,
        running_header: impl Into<String>,
        made_at: Timestamp,
    ) -> Self {
        Self {
            title: title.into(),
            running_header: running_header.into(),
            subject: Vec::new(),
            sections: Vec::new(),
            entry_links: None,
            attachment: None,
            made_at,
        }
    }

    /// The entries that its sentences, reasons and tables name, by position.
    pub fn entries(&self) -> BTreeSet<u64> {
        self.sections.iter().flat_map(Section::entries).collect()
    }

    /// Its tables, in the order of the sections.
    pub fn tables(&self) -> Vec<&PaperTable> {
        self.sections.iter().flat_map(Section::tables).collect()
    }
}
