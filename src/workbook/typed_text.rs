//! Amounts, shares, days and years typed into a box: read as a cell of a workbook is.

use minutebook_domain::date::FinancialYear;

use crate::amount::{self, MoneyUnit, Stated};
use crate::day;
use crate::grid::SheetCell;

pub use crate::day::StatedDay;

fn cell(text: &str) -> SheetCell {
    SheetCell::Text(text.to_owned())
}

/// Pence, from pounds such as `30,000` or `£30,000.00`.
pub fn pounds(text: &str) -> Result<i64, String> {
    match amount::amount(&cell(text), MoneyUnit::Pounds)? {
        Stated::Value(pence) => Ok(pence),
        Stated::Nothing => Err(no_number(text, "an amount such as 30,000 or 30,000.50")),
    }
}

/// A day, a month or a year, and how it is to be read.
pub fn day(text: &str) -> Result<StatedDay, String> {
    day::stated_day(&cell(text))
}

pub fn financial_year(text: &str) -> Result<FinancialYear, String> {
    day::financial_year(text)
}

pub fn count(text: &str) -> Result<u32, String> {
    match amount::count(&cell(text))? {
        Stated::Value(count) => Ok(count),
        Stated::Nothing => Err(no_number(text, "a whole number")),
    }
}

fn no_number(text: &str, wanted: &str) -> String {
    let cut: String = text.chars().take(60).collect();
    format!("\"{cut}\" is no number: write {wanted}, or leave it empty")
}

/// Millionths, from a percentage such as `27.3` or `27.3 %`, above or below zero.
pub fn percent(text: &str) -> Result<i64, String> {
    let text = text.trim();
    let (sign, digits) = match text.strip_prefix(['-', '−', '–']) {
        Some(digits) if !digits.trim().is_empty() => (-1, digits),
        _ => (1, text),
    };
    let wrong = || {
        format!(
            "\"{text}\" is no percentage: write one such as 27.3, with at most 4 digits after the point"
        )
    };
    match amount::share(&cell(digits)).map_err(|_| wrong())? {
        Stated::Value(share) if share.number_ppm % 100 == 0 => Ok(sign * share.number_ppm / 100),
        Stated::Value(_) | Stated::Nothing => Err(wrong()),
    }
}
