//! Spreadsheets: read as append requests, and written as templates to fill in.
//!
//! Pure: bytes and the names that a register knows come in, requests or faults come out.
//! [`WorkbookFile`] reads the bytes of a workbook or of a CSV file, within limits.
//! [`import::read_workbook`] turns its sheets into append requests, or names each fault by its sheet
//! and cell. [`NameDirectory`] has the names of bodies, boards, services, heads and
//! proposals, filled from published answers. [`template`] writes workbooks with those names
//! as drop-downs. The command line and a page can do the same with them. [`typed_text`] reads
//! what is typed into a form in the same ways.

#![cfg_attr(
    test,
    allow(
        clippy::cast_possible_truncation,
        clippy::cast_possible_wrap,
        reason = "tests choose numbers that fit"
    )
)]

mod amount;
mod budget;
mod cell_fault;
mod contributions;
mod day;
mod decisions;
mod derived_id;
mod directory;
mod figures_draft;
mod figures_table;
mod file;
mod formula;
mod grid;
pub mod import;
mod lines;
mod matching;
mod sheet_field;
mod sheet_layout;
mod sheet_reader;
mod signatures;
pub mod template;
pub mod typed_text;
mod virements;
mod votes;

pub use cell_fault::CellFault;
pub use directory::{KnownHead, NameDirectory, SubjectNames};
pub use file::{FILE_BYTES_MAX, WorkbookError, WorkbookFile};
pub use matching::{MatchFault, NamedThing, find as find_name, name_key};
pub use sheet_field::SheetKind;

#[cfg(test)]
mod papers_tests;
#[cfg(test)]
mod template_tests;
