//! The values of a row that have no room in a column: lines under it, each value after
//! its title.

use super::columns::{Columns, Placed};
use super::text::{hanging, padded, widest_line, width};

/// By how much the lines are set in.
pub const INDENT: usize = 2;

/// By how much the further lines of a value are set in further.
const HANGING: usize = 2;

/// Between two values on one line.
const BETWEEN: &str = " · ";

/// Between two columns of figures.
const GUTTER: usize = 4;

/// So many figures of a row or more are written under one another.
const ALIGNED_MIN: usize = 2;

/// The lines under a row, set in; none for a value that is empty.
pub fn lines(columns: &Columns, placed: &Placed, texts: &[String]) -> Vec<String> {
    let room = placed.inner_width().saturating_sub(INDENT).max(1);
    let set_in = |line: String| " ".repeat(INDENT) + &line;
    let figures: Vec<usize> = placed
        .left
        .iter()
        .copied()
        .filter(|index| columns.has_figures(*index))
        .collect();
    let is_aligned = figures.len() >= ALIGNED_MIN && figures.len() == placed.left.len();
    let lines = match is_aligned {
        true => aligned(columns, &figures, texts, room),
        false => flowing(columns, &placed.left, texts, room),
    };
    lines.into_iter().map(set_in).collect()
}

/// Titles and values one after the other. Short ones share a line.
fn flowing(columns: &Columns, left: &[usize], texts: &[String], room: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    // The last line, as long as it may take more.
    let mut open: Option<String> = None;
    for index in left {
        let text = &texts[*index];
        if text.is_empty() {
            continue;
        }
        let detail = match columns.title(*index) {
            "" => text.clone(),
            title => format!("{title}: {text}"),
        };
        let is_short = width(&detail) * 2 <= room && !detail.contains('\n');
        if let Some(line) = &mut open
            && is_short
            && width(line) + width(BETWEEN) + width(&detail) <= room
        {
            line.push_str(BETWEEN);
            line.push_str(&detail);
            continue;
        }
        lines.extend(open.take());
        match is_short {
            true => open = Some(detail),
            false => lines.extend(hanging(&detail, room, HANGING)),
        }
    }
    lines.extend(open);
    lines
}

/// Figures in columns of their own: the titles, and the figures on the right of them.
fn aligned(columns: &Columns, figures: &[usize], texts: &[String], room: usize) -> Vec<String> {
    let stated: Vec<usize> = figures
        .iter()
        .copied()
        .filter(|index| !texts[*index].is_empty())
        .collect();
    let most = |part: &dyn Fn(usize) -> usize| figures.iter().map(|at| part(*at)).max();
    let value = most(&|index| columns.natural(index)).unwrap_or(0);
    let longest = most(&|index| widest_line(columns.title(index))).unwrap_or(0);
    let title = longest.min(room.saturating_sub(value + 1)).max(1);
    let pair = title + 1 + value;
    let across = ((room + GUTTER) / (pair + GUTTER)).max(1);
    let down = stated.len().div_ceil(across);
    let mut lines: Vec<String> = Vec::new();
    for line in 0..down {
        let mut pairs = Vec::new();
        let mut before = Vec::new();
        // Down first: a reader follows the order of the columns.
        for index in stated.iter().skip(line).step_by(down.max(1)) {
            let mut titles = hanging(columns.title(*index), title, 0);
            let last = titles.pop().unwrap_or_default();
            before.append(&mut titles);
            let name = padded(&last, title, false);
            pairs.push(format!("{name} {}", padded(&texts[*index], value, true)));
        }
        lines.append(&mut before);
        lines.push(pairs.join(&" ".repeat(GUTTER)));
    }
    lines
}
