//! The forms in which an answer can be written.

use clap::ValueEnum;

use super::failure::Failure;
use super::screen::Screen;
use crate::present::answer::Answer;
use crate::present::{csv, json, table};

/// How an answer is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum Format {
    /// For people.
    #[default]
    Table,
    /// The server's answer in proto3 JSON, for programs.
    Json,
    /// For spreadsheets: money in pounds, ids instead of names.
    Csv,
}

/// Writes an answer.
pub fn write(answer: &impl Answer, format: Format, screen: &mut Screen) -> Result<(), Failure> {
    match format {
        Format::Json => screen.line(&json::render(answer)),
        Format::Csv => Ok(csv::write(&answer.report(), screen.sink())?),
        Format::Table => {
            let table = table::render_answer(answer, screen.layout());
            screen.line(&table)
        }
    }
}
