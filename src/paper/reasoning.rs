//! Why something is so, as a tree: each reason with the reasons for it.

use crate::section::{Paragraph, Span};

/// A line of a reasoning.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReasoningStep {
    pub mark: ReasoningMark,
    pub sentence: Paragraph,
    pub because: Vec<ReasoningStep>,
}

/// Whether a condition is met. Marks differ by shape, not by colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ReasoningMark {
    Met,
    NotMet,
    /// It does not apply, or does not count.
    Aside,
    Waiting,
}

impl ReasoningMark {
    /// Its shape.
    pub fn sign(self) -> char {
        match self {
            Self::Met => '\u{2713}',
            Self::NotMet => '\u{2717}',
            Self::Aside => '\u{2013}',
            Self::Waiting => '\u{25cb}',
        }
    }

    /// For those who hear it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Met => "met",
            Self::NotMet => "not met",
            Self::Aside => "does not apply",
            Self::Waiting => "waits",
        }
    }
}

impl ReasoningStep {
    pub fn new(mark: ReasoningMark, text: impl Into<String>) -> Self {
        Self {
            mark,
            sentence: Paragraph::new([Span::plain(text)]),
            because: Vec::new(),
        }
    }

    /// Names the entry that says so, after the sentence.
    pub fn of_entry(mut self, position: u64) -> Self {
        let spans = [Span::plain(" ("), Span::entry(position), Span::plain(")")];
        self.sentence.spans.extend(spans);
        self
    }

    /// The entries that it and its reasons name.
    pub fn entries(&self) -> Vec<u64> {
        let below = self.because.iter().flat_map(Self::entries);
        self.sentence.entries().into_iter().chain(below).collect()
    }

    /// Adds the reasons for it.
    pub fn because(mut self, reasons: impl IntoIterator<Item = Self>) -> Self {
        self.because.extend(reasons);
        self
    }
}
