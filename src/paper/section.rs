//! A section of a paper: a heading, and what is under it.

use minutebook_present::outline::{Line, LineKind};
use minutebook_present::report::Report;
use minutebook_present::sheet::Sheet;

use crate::drawing::Drawing;
use crate::paper_table::PaperTable;
use crate::reasoning::ReasoningStep;

/// A heading with its blocks and the sections below it.
///
/// Its level is its depth, so that no level is skipped. Headings below the third level
/// look like those of the third.
#[derive(Debug, Clone, Default)]
pub struct Section {
    pub heading: String,
    pub blocks: Vec<Block>,
    pub parts: Vec<Section>,
}

/// A thing in a section.
#[derive(Debug, Clone)]
pub enum Block {
    Paragraph(Paragraph),
    /// Reasons and the reasons for them.
    Reasoning(Vec<ReasoningStep>),
    Table(Box<PaperTable>),
    Picture(Drawing),
    /// Ruled lines to write on.
    SpaceToWrite {
        /// Who may write what: `Decision of the board`.
        label: String,
        lines: u8,
    },
    /// Blocks that stay on one page, if a page can hold them.
    Together(Vec<Block>),
    /// The next block begins a page. As the first block of a section it moves the heading
    /// too.
    PageBreak,
}

/// A paragraph of spans, one after the other.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Paragraph {
    pub spans: Vec<Span>,
    /// By how many steps it is set in.
    pub indent: u8,
    /// Whether what follows stays on its page.
    pub keeps_with_next: bool,
}

/// A piece of a paragraph.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Span {
    pub text: String,
    pub is_strong: bool,
    /// The entry that its text names, by position.
    pub entry: Option<u64>,
}

impl Span {
    pub fn plain(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            ..Self::default()
        }
    }

    pub fn strong(text: impl Into<String>) -> Self {
        Self {
            is_strong: true,
            ..Self::plain(text)
        }
    }

    /// `entry 35`, a link where the paper knows the address of the register.
    pub fn entry(position: u64) -> Self {
        Self {
            entry: Some(position),
            ..Self::plain(format!("entry\u{a0}{position}"))
        }
    }
}

impl Paragraph {
    pub fn new(spans: impl IntoIterator<Item = Span>) -> Self {
        Self {
            spans: spans.into_iter().collect(),
            ..Self::default()
        }
    }

    pub fn plain(text: impl Into<String>) -> Self {
        Self::new([Span::plain(text)])
    }

    /// The entries that it names.
    pub fn entries(&self) -> Vec<u64> {
        self.spans.iter().filter_map(|span| span.entry).collect()
    }

    /// Its text, without what is special about parts of it.
    pub fn text(&self) -> String {
        self.spans.iter().map(|span| span.text.as_str()).collect()
    }
}

impl Section {
    pub fn new(heading: impl Into<String>) -> Self {
        Self {
            heading: heading.into(),
            ..Self::default()
        }
    }

    pub fn paragraph(&mut self, spans: impl IntoIterator<Item = Span>) -> &mut Self {
        self.blocks.push(Block::Paragraph(Paragraph::new(spans)));
        self
    }

    pub fn sentence(&mut self, text: impl Into<String>) -> &mut Self {
        self.paragraph([Span::plain(text)])
    }

    pub fn table(&mut self, table: PaperTable) -> &mut Self {
        self.blocks.push(Block::Table(Box::new(table)));
        self
    }

    pub fn reasoning(&mut self, reasons: Vec<ReasoningStep>) -> &mut Self {
        self.blocks.push(Block::Reasoning(reasons));
        self
    }

    pub fn picture(&mut self, drawing: Drawing) -> &mut Self {
        self.blocks.push(Block::Picture(drawing));
        self
    }

    /// Adds a report as people read it.
    pub fn report(&mut self, report: &Report) -> &mut Self {
        match report {
            Report::List(sheet) => self.sheets([sheet]),
            Report::Parts { parts: sheets, .. } | Report::Sections(sheets) => self.sheets(sheets),
            Report::Outline { lines, .. } => {
                self.blocks.extend(lines.iter().filter_map(outline_line));
                self
            }
            Report::All(reports) => {
                for report in reports {
                    self.report(report);
                }
                self
            }
        }
    }

    fn sheets<'a>(&mut self, sheets: impl IntoIterator<Item = &'a Sheet>) -> &mut Self {
        for sheet in sheets {
            let table = PaperTable::new(sheet.clone());
            if table.says_something() {
                self.table(table);
            }
        }
        self
    }

    /// The entries that it and its parts name.
    pub fn entries(&self) -> Vec<u64> {
        let own = self.blocks.iter().flat_map(Block::entries);
        own.chain(self.parts.iter().flat_map(Self::entries))
            .collect()
    }

    /// Its tables and those of its parts.
    pub fn tables(&self) -> Vec<&PaperTable> {
        let own = self.blocks.iter().flat_map(Block::tables);
        own.chain(self.parts.iter().flat_map(Self::tables))
            .collect()
    }
}

impl Block {
    fn entries(&self) -> Vec<u64> {
        match self {
            Self::Paragraph(paragraph) => paragraph.entries(),
            Self::Reasoning(reasons) => reasons.iter().flat_map(ReasoningStep::entries).collect(),
            Self::Table(table) => table.entries(),
            Self::Together(blocks) => blocks.iter().flat_map(Self::entries).collect(),
            Self::Picture(_) | Self::SpaceToWrite { .. } | Self::PageBreak => Vec::new(),
        }
    }

    fn tables(&self) -> Vec<&PaperTable> {
        match self {
            Self::Table(table) => vec![table.as_ref()],
            Self::Together(blocks) => blocks.iter().flat_map(Self::tables).collect(),
            Self::Paragraph(_)
            | Self::Reasoning(_)
            | Self::Picture(_)
            | Self::SpaceToWrite { .. }
            | Self::PageBreak => Vec::new(),
        }
    }
}

/// The steps of an outline are of two characters.
const CHARACTERS_A_STEP: usize = 2;

/// A line of an outline as a paragraph; none for an empty one.
fn outline_line(line: &Line) -> Option<Block> {
    let text = line.text.trim();
    if text.is_empty() {
        return None;
    }
    let is_heading = line.kind == LineKind::Heading;
    let indent = line.indent + (line.text.len() - line.text.trim_start().len());
    let span = if is_heading {
        Span::strong(text)
    } else {
        Span::plain(text)
    };
    Some(Block::Paragraph(Paragraph {
        spans: vec![span],
        indent: u8::try_from(indent / CHARACTERS_A_STEP).unwrap_or(u8::MAX),
        keeps_with_next: is_heading,
    }))
}
