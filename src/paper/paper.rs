//! The paper itself: its title, what it is about, and its sections.

use jiff::Timestamp;

use crate::entry_links::EntryLinks;
use crate::paper_table::PaperTable;
use crate::section::Section;

/// A paper in British English, before it is written in some format.
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
            made_at,
        }
    }

    /// Its tables, in the order of the sections.
    pub fn tables(&self) -> Vec<&PaperTable> {
        self.sections.iter().flat_map(Section::tables).collect()
    }
}
