//! Lines of prose, for answers that people do not read as a table.

/// One line of an outline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// By how many characters it is set in.
    pub indent: usize,
    pub text: String,
    pub kind: LineKind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LineKind {
    /// A sentence, which a renderer breaks where it is too long.
    Prose,
    /// Names the lines under it.
    Heading,
    /// A line that keeps its spaces and is not broken.
    Fixed,
}

impl Line {
    /// A sentence.
    pub fn new(indent: usize, text: impl Into<String>) -> Self {
        Self {
            indent,
            text: text.into(),
            kind: LineKind::Prose,
        }
    }

    pub fn heading(text: impl Into<String>) -> Self {
        Self {
            kind: LineKind::Heading,
            ..Self::new(0, text)
        }
    }

    pub fn fixed(text: impl Into<String>) -> Self {
        Self {
            kind: LineKind::Fixed,
            ..Self::new(0, text)
        }
    }

    /// An empty line between others.
    pub fn blank() -> Self {
        Self::fixed("")
    }
}
