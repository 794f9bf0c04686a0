//! The forms in which an answer can be written.

use clap::ValueEnum;

use super::failure::Failure;
use super::screen::Screen;
use minutebook_present::answer::Answer;
use minutebook_present::{csv, json, table};

/// How an answer is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum Format {
    /// For people.
    #[default]
    Table,
    /// The server's answer in proto3 JSON, for programs.
    Json,
    /// For spreadsheets: money in pounds (or another currency, in a column of its name), ids
    /// instead of names.
    Csv,
}

/// Writes an answer, in the form that the command names or the screen has.
pub fn write(
    answer: &impl Answer,
    format: Option<Format>,
    screen: &mut Screen,
) -> Result<(), Failure> {
    match screen.format(format) {
        Format::Json => screen.line(&json::render(answer)),
        Format::Csv => screen.csv(|sink| csv::write(&answer.report(), sink)),
        Format::Table => {
            let table = table::render_answer(answer, screen.layout());
            screen.line(&table)
        }
    }
}
