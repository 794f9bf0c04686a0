//! Rows as a table of boxes, with the widths of its columns where room is short.

use comfy_table::{
    Attribute, CellAlignment, ColumnConstraint, ContentArrangement, Table, TableStyle, Width,
    presets,
};

use super::{Layout, sanitise_for_terminal};
use crate::cell::Cell;
use crate::sheet::{Audience, Column, Row, Sheet};

/// The rows of a sheet as a table, no wider than the layout where that can be.
pub fn grid(sheet: &Sheet, rows: &[&Row], layout: Layout) -> Table {
    // A column that is empty in every row would only narrow the others.
    let columns: Vec<(usize, &Column)> = sheet
        .columns_for(Audience::People)
        .filter(|(index, _)| rows.iter().any(|row| !text(&row.cells[*index]).is_empty()))
        .collect();
    let mut table = Table::new();
    table
        .load_style(style(sheet))
        .set_content_arrangement(ContentArrangement::Dynamic);
    if layout.styled {
        table.enforce_styling();
    } else {
        table.force_no_tty();
    }
    let figures: Vec<bool> = columns
        .iter()
        .map(|(index, _)| rows.iter().any(|row| row.cells[*index].is_figure()))
        .collect();
    if !sheet.is_facts() {
        table.set_header(columns.iter().zip(&figures).map(|((_, column), figures)| {
            aligned(&sanitise_for_terminal(&column.title), *figures).add_attribute(Attribute::Bold)
        }));
    }
    for row in rows {
        table.add_row(columns.iter().map(|(index, _)| {
            let cell = &row.cells[*index];
            // Figures of one column are compared; facts are read one by one.
            aligned(&text(cell), cell.is_figure() && !sheet.is_facts())
        }));
    }
    let widths = least_widths(&columns, rows, layout);
    table.set_width(layout.width.max(room(&widths)));
    for (index, width) in widths.into_iter().enumerate() {
        if let Some(column) = table.column_mut(index)
            && width > 0
        {
            column.set_constraint(ColumnConstraint::LowerBoundary(Width::Fixed(width)));
        }
    }
    table
}

/// A cell as a terminal may show it.
fn text(cell: &Cell) -> String {
    sanitise_for_terminal(&cell.for_people())
}

fn style(sheet: &Sheet) -> TableStyle {
    if sheet.is_facts() {
        presets::NOTHING
    } else if sheet.has_prose() {
        presets::UTF8_FULL
    } else {
        presets::UTF8_FULL_CONDENSED
    }
}

/// A space on either side of a cell's text.
const PADDING: u16 = 2;

/// A word longer than this may always be broken.
const WORD_CHARS_MAX: u16 = 28;

/// Where room is short, a word longer than this may be broken.
const SHORT_WORD_CHARS_MAX: u16 = 16;

/// How narrow each column may become; 0 where that does not matter.
///
/// A broken figure is a wrong figure, so columns of figures and dates are never
/// narrower than those, even where the table then is wider than the screen.
/// Words are kept whole where there is room for all of them.
fn least_widths(columns: &[(usize, &Column)], rows: &[&Row], layout: Layout) -> Vec<u16> {
    let widest = |index: usize, part: &dyn Fn(&Cell) -> usize| {
        let widths = rows.iter().map(|row| part(&row.cells[index]));
        u16::try_from(widths.max().unwrap_or(0)).unwrap_or(u16::MAX - PADDING)
    };
    let whole = |cell: &Cell| match cell.is_unbreakable() {
        true => text(cell).chars().count(),
        false => 0,
    };
    let longest = |text: &str| {
        let words = text.split_whitespace().map(|word| word.chars().count());
        words.max().unwrap_or(0)
    };
    let word = |cell: &Cell| longest(&text(cell));
    let title = |column: &Column| u16::try_from(longest(&column.title)).unwrap_or(WORD_CHARS_MAX);
    let padded = |width: u16| if width > 0 { width + PADDING } else { 0 };
    let at_most = |word_max: u16| -> Vec<u16> {
        let width = |(index, column): &(usize, &Column)| {
            let word = widest(*index, &word).max(title(column));
            padded(widest(*index, &whole).max(word.min(word_max)))
        };
        columns.iter().map(width).collect()
    };
    let with_words = at_most(WORD_CHARS_MAX);
    if room(&with_words) <= layout.width {
        with_words
    } else {
        at_most(SHORT_WORD_CHARS_MAX)
    }
}

/// The width of a table with columns this wide: a line between them, and one at
/// either end.
fn room(widths: &[u16]) -> u16 {
    let lines = u16::try_from(widths.len() + 1).unwrap_or(u16::MAX);
    widths
        .iter()
        .fold(lines, |sum, width| sum.saturating_add(*width))
}

fn aligned(text: &str, is_figure: bool) -> comfy_table::Cell {
    comfy_table::Cell::new(text).set_alignment(if is_figure {
        CellAlignment::Right
    } else {
        CellAlignment::Left
    })
}
