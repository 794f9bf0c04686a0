//! A sheet of facts: a name and its value, a line for each.

use super::sanitise_for_terminal;
use super::text::{hanging, padded, widest_line, wrap};
use crate::sheet::{Row, Sheet};

/// Before the names.
const INDENT: usize = 1;

/// Between a name and its value.
const BETWEEN: usize = 2;

/// A value is never set narrower than this: where its name leaves it less room, it is
/// under its name.
const VALUE_WIDTH_MIN: usize = 24;

/// By how much a value under its name is set in.
const UNDER_NAME: usize = 4;

/// The facts, in lines of a width.
pub fn lines(sheet: &Sheet, rows: &[&Row], width: usize) -> Vec<String> {
    let pennies = sheet.pennies();
    let text = |row: &Row, index: usize| {
        let shown = row.cells[index].for_people_with(pennies[index]);
        sanitise_for_terminal(&shown)
    };
    let facts: Vec<(String, String)> = rows
        .iter()
        .map(|row| (text(row, 0), text(row, 1)))
        .collect();
    let names = facts.iter().map(|(name, _)| widest_line(name));
    let name_width = names.max().unwrap_or(0).min(width / 3);
    let before = INDENT + name_width + BETWEEN;
    let room = width.saturating_sub(before);
    let mut lines = Vec::new();
    for (name, value) in &facts {
        if room < VALUE_WIDTH_MIN {
            let line = |indent: usize, text: String| " ".repeat(indent) + &text;
            let names = wrap(name, width.saturating_sub(INDENT));
            lines.extend(names.into_iter().map(|name| line(INDENT, name)));
            let values = wrap(value, width.saturating_sub(UNDER_NAME));
            lines.extend(values.into_iter().map(|value| line(UNDER_NAME, value)));
            continue;
        }
        let names = hanging(name, name_width, 2);
        let values = wrap(value, room);
        for at in 0..names.len().max(values.len()) {
            let name = names.get(at).map_or("", String::as_str);
            let value = values.get(at).map_or("", String::as_str);
            let indent = " ".repeat(INDENT);
            let between = " ".repeat(BETWEEN);
            let name = padded(name, name_width, false);
            // A word without room beside the name has the whole line.
            if super::text::width(value) > room {
                if !name.trim().is_empty() {
                    lines.push(format!("{indent}{name}"));
                }
                lines.push(" ".repeat(UNDER_NAME) + value);
            } else {
                lines.push(format!("{indent}{name}{between}{value}"));
            }
        }
    }
    lines
}
