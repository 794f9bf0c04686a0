//! Rows in columns of fixed widths, without boxes, so that a row can be written before
//! the next is known.

use super::text::{padded, widest_line, width, wrap};
use super::{Layout, sanitise_for_terminal};
use crate::sheet::{Audience, Sheet};

/// A column of [`render_rows`].
#[derive(Debug, Clone, Copy)]
pub enum FixedColumn {
    /// Padded on the right to so many characters.
    Left(usize),
    /// Padded on the left to so many characters.
    Right(usize),
    /// The rest of the width.
    Rest,
}

/// Between two columns.
const GUTTER: usize = 2;

/// The last column is never narrower than this: with less room, it is under the others.
const REST_WIDTH_MIN: usize = 30;

/// By how much a last column under the others is set in.
const UNDER: usize = 4;

/// The rows of a sheet, each in lines of the layout's width. A text longer than its column
/// moves those after it.
pub fn render_rows(sheet: &Sheet, columns: &[FixedColumn], layout: Layout) -> String {
    let mut text = String::new();
    for row in sheet.rows_for(Audience::People) {
        let shown = sheet.columns_for(Audience::People);
        let cells = shown.map(|(index, _)| {
            let cell = sanitise_for_terminal(&row.cells[index].for_people());
            cell.replace('\n', " ")
        });
        for line in lines(cells, columns, layout) {
            text.push_str(line.trim_end());
            text.push('\n');
        }
    }
    text
}

/// The lines of titles above [`render_rows`].
pub fn render_titles(sheet: &Sheet, columns: &[FixedColumn], layout: Layout) -> String {
    let shown = sheet.columns_for(Audience::People);
    let titles = shown.map(|(_, column)| sanitise_for_terminal(&column.title));
    let lines = lines(titles, columns, layout).into_iter();
    let bold = lines.map(|line| layout.bold(line.trim_end()));
    bold.collect::<Vec<_>>().join("\n")
}

fn lines(
    texts: impl Iterator<Item = String>,
    columns: &[FixedColumn],
    layout: Layout,
) -> Vec<String> {
    let room = usize::from(layout.width);
    let fixed: usize = columns
        .iter()
        .map(|column| match column {
            FixedColumn::Left(width) | FixedColumn::Right(width) => width + GUTTER,
            FixedColumn::Rest => 0,
        })
        .sum();
    let is_beside = room >= fixed + REST_WIDTH_MIN;
    let mut lines = vec![String::new()];
    for (text, column) in texts.zip(columns) {
        let line = lines.last().map_or("", String::as_str).to_owned();
        let text = match column {
            FixedColumn::Left(width) => padded(&text, *width, false),
            FixedColumn::Right(width) => padded(&text, *width, true),
            FixedColumn::Rest => text,
        };
        let used = match line.is_empty() {
            true => 0,
            false => width(&line) + GUTTER,
        };
        let gap = " ".repeat(used - width(&line));
        if !matches!(column, FixedColumn::Rest) {
            let is_over = used > 0 && used + widest_line(text.trim_end()) > room;
            match lines.last_mut() {
                Some(last) if !is_over => last.push_str(&(gap + &text)),
                _ => lines.push(" ".repeat(UNDER) + &text),
            }
            continue;
        }
        // A longer column before it leaves it less room, and an id in it may need more.
        let left = room.saturating_sub(used.max(fixed));
        let has_room = left >= REST_WIDTH_MIN && widest_line(&wrap(&text, left).join("\n")) <= left;
        let is_beside = is_beside && has_room;
        let indent = if is_beside { fixed } else { UNDER };
        let mut wrapped = wrap(&text, room.saturating_sub(indent)).into_iter();
        if is_beside && let Some(last) = lines.last_mut() {
            // It may begin further on than its column does.
            wrapped = wrap(&text, left).into_iter();
            last.push_str(&(gap + &wrapped.next().unwrap_or_default()));
        }
        lines.extend(wrapped.map(|line| " ".repeat(indent) + &line));
    }
    lines
}
