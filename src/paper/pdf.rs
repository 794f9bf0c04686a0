//! A paper as PDF: tagged for those who hear it, and fit for archives.
//!
//! The file claims PDF/UA-1 and PDF/A-2a, or PDF/A-3a where it has an attachment. The writer below checks what it can of both
//! and refuses to write otherwise. Blocks become strips that are not broken
//! (`flow`), strips fill pages, and pages are drawn (`emit`); beside them grows the
//! tree of headings, lists and tables that a screen reader follows (`structure`).

#![allow(
    clippy::float_arithmetic,
    reason = "places on a page are fractions of a point; money is text here"
)]

mod blocks;
mod composer;
mod emit;
mod flow;
mod grid;
mod lines;
mod picture;
mod structure;
mod table;
mod table_widths;
mod typeface;

use crate::paper::Paper;

/// Why a paper could not be written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PdfError {
    #[error("the typeface that is part of the program cannot be read: build it again")]
    Typeface,
    #[error(
        "the paper has {0} strips, and a PDF may have {STRIPS_MAX}: leave out sections, or \
         take the tables as a workbook"
    )]
    TooLong(usize),
    #[error("the PDF would break its standards: {0}; this is a fault of the program")]
    Standard(String),
}

/// The most lines, rows and pictures of a paper: some 2,000 pages.
const STRIPS_MAX: usize = 100_000;

/// The bytes of the file.
pub fn write(paper: &Paper) -> Result<Vec<u8>, PdfError> {
    let composed = composer::compose(paper)?;
    if composed.strips.len() > STRIPS_MAX {
        return Err(PdfError::TooLong(composed.strips.len()));
    }
    let pages = flow::paginate(composed.strips);
    emit::emit(paper, pages, composed.structure, composed.typeface)
}

#[cfg(test)]
mod tests;
