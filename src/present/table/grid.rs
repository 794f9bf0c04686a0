//! Rows as a table of boxes. What has no room in a column is written under its row.

use super::columns::{Columns, Placed};
use super::text::{padded, wrap};
use super::{Layout, details};
use crate::sheet::{Row, Sheet};

/// The rows of a sheet as a table, no wider than the layout where that can be.
pub fn grid(sheet: &Sheet, rows: &[&Row], layout: Layout) -> Vec<String> {
    let columns = Columns::of(sheet, rows);
    let placed = columns.placed(layout.width.into());
    let blocks: Vec<Block> = columns
        .texts()
        .iter()
        .map(|texts| Block {
            cells: row_lines(&columns, &placed, texts),
            details: details::lines(&columns, &placed, texts),
        })
        .collect();
    let has_details = blocks.iter().any(|block| !block.details.is_empty());
    let rules_rows = sheet.has_prose() || has_details;
    let widths = &placed.widths;
    let titles: Vec<&str> = placed
        .kept
        .iter()
        .map(|index| columns.title(*index))
        .collect();
    let mut lines = vec![rule(widths, Rule::TOP, Rule::TOP.crossing)];
    for line in cell_lines(&columns, &placed, &titles) {
        lines.push(boxed(line.iter().map(|cell| layout.bold(cell))));
    }
    lines.push(rule(
        widths,
        Rule::UNDER_TITLES,
        Rule::UNDER_TITLES.crossing,
    ));
    let mut after_details = false;
    for (index, block) in blocks.iter().enumerate() {
        if index > 0 && rules_rows {
            let crossing = if after_details { '┬' } else { '┼' };
            lines.push(rule(widths, Rule::BETWEEN, crossing));
        }
        lines.extend(block.cells.iter().cloned());
        let inner = placed.inner_width();
        for detail in &block.details {
            lines.push(format!("│ {} │", padded(detail, inner, false)));
        }
        after_details = !block.details.is_empty();
    }
    let crossing = if after_details { '─' } else { '┴' };
    lines.push(rule(widths, Rule::BOTTOM, crossing));
    lines
}

/// A row: its cells side by side, and the lines under them.
struct Block {
    cells: Vec<String>,
    details: Vec<String>,
}

fn row_lines(columns: &Columns, placed: &Placed, texts: &[String]) -> Vec<String> {
    let kept: Vec<&str> = placed.kept.iter().map(|at| texts[*at].as_str()).collect();
    let lines = cell_lines(columns, placed, &kept).into_iter();
    lines.map(|line| boxed(line.into_iter())).collect()
}

/// The lines of texts side by side, each padded to the width of its column.
fn cell_lines(columns: &Columns, placed: &Placed, texts: &[&str]) -> Vec<Vec<String>> {
    let wrapped: Vec<Vec<String>> = texts
        .iter()
        .zip(&placed.widths)
        .map(|(text, width)| wrap(text, *width))
        .collect();
    let height = wrapped.iter().map(Vec::len).max().unwrap_or(0);
    (0..height)
        .map(|line| {
            let cells = wrapped.iter().zip(&placed.widths).zip(&placed.kept);
            cells
                .map(|((lines, width), index)| {
                    let text = lines.get(line).map_or("", String::as_str);
                    padded(text, *width, columns.has_figures(*index))
                })
                .collect()
        })
        .collect()
}

fn boxed(cells: impl Iterator<Item = String>) -> String {
    let cells: Vec<String> = cells.collect();
    format!("│ {} │", cells.join(" ┆ "))
}

/// The characters of a line between rows.
struct Rule {
    left: char,
    line: char,
    crossing: char,
    right: char,
}

impl Rule {
    const TOP: Self = Self::new('┌', '─', '┬', '┐');
    const UNDER_TITLES: Self = Self::new('╞', '═', '╪', '╡');
    const BETWEEN: Self = Self::new('├', '╌', '┼', '┤');
    const BOTTOM: Self = Self::new('└', '─', '┴', '┘');

    const fn new(left: char, line: char, crossing: char, right: char) -> Self {
        Self {
            left,
            line,
            crossing,
            right,
        }
    }
}

fn rule(widths: &[usize], rule: Rule, crossing: char) -> String {
    let parts: Vec<String> = widths
        .iter()
        .map(|width| rule.line.to_string().repeat(width + 2))
        .collect();
    format!(
        "{}{}{}",
        rule.left,
        parts.join(&crossing.to_string()),
        rule.right
    )
}
