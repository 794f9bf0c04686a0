//! Papers for a meeting: what is printed, and what is opened in a spreadsheet.
//!
//! A [`Paper`](paper::Paper) holds sections of sentences, reasons, tables and pictures.
//! [`html`] writes it to be read on a screen, [`pdf`] to be printed, read aloud and archived;
//! [`xlsx`] writes its tables to be sorted and added up. All are pure: the same paper gives
//! the same bytes.
//!
//! Tables are the [`Sheet`](minutebook_present::sheet::Sheet)s of reports, so a paper
//! says what the command line says.

#![cfg_attr(
    test,
    allow(
        clippy::cast_possible_truncation,
        clippy::cast_possible_wrap,
        reason = "tests choose numbers that fit"
    )
)]

pub mod attachment;
mod column;
pub mod drawing;
pub mod entry_links;
#[cfg(test)]
mod fixtures;
pub mod html;
pub mod paper;
pub mod paper_table;
pub mod pdf;
pub mod reasoning;
pub mod section;
mod visible;
pub mod xlsx;
