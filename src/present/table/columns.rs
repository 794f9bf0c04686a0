//! The columns of a table: which of them have room beside one another, and how wide each
//! is.
//!
//! Columns leave the table in an order that the sheet gives, until the others have room.
//! How many leave is a matter of height: a narrow column of sentences is much taller than
//! the same sentences under the row.

use super::details;
use super::sanitise_for_terminal;
use super::text::{is_whole, widest_line, width, words, wrap};
use crate::sheet::{Audience, Row, Sheet};

/// A word in a column is kept whole up to this width.
const WORD_WIDTH_MAX: usize = 20;

/// How many rows are looked at to choose the columns.
const ROWS_COMPARED_MAX: usize = 200;

/// A column up to this width, such as one of dates, leaves after those that are wider.
const NARROW: usize = 12;

/// A column wider than this holds sentences, and leaves before the others.
const PROSE: usize = 60;

/// Space and line between two columns.
const BETWEEN: usize = 3;

/// Lines, and the space within them, at either end of a row.
const ENDS: usize = 4;

struct Measured {
    title: String,
    /// Whether a cell is a figure, so that all are aligned on the right.
    has_figures: bool,
    /// The width in which neither a cell nor the title is broken.
    whole: usize,
    /// The width in which no cell and no word of the title is broken.
    natural: usize,
    /// The least width in which nothing is broken that would be misread.
    least: usize,
}

/// The columns of a sheet that say something, with the texts of its rows.
pub struct Columns {
    columns: Vec<Measured>,
    /// The texts of each row, one for each column.
    texts: Vec<Vec<String>>,
    /// Groups of columns, in the order in which they leave.
    leaving: Vec<Vec<usize>>,
}

/// Where each column is.
#[derive(Debug, Clone)]
pub struct Placed {
    /// The columns of the table, by their index.
    pub kept: Vec<usize>,
    /// Their widths.
    pub widths: Vec<usize>,
    /// The columns that are written under the rows.
    pub left: Vec<usize>,
}

impl Placed {
    /// The width between the space at either end of a row.
    pub fn inner_width(&self) -> usize {
        inner_width(&self.widths)
    }
}

fn inner_width(widths: &[usize]) -> usize {
    widths.iter().sum::<usize>() + BETWEEN * widths.len().saturating_sub(1)
}

impl Columns {
    pub fn of(sheet: &Sheet, rows: &[&Row]) -> Self {
        let pennies = sheet.pennies();
        let all: Vec<(usize, &str)> = sheet
            .columns_for(Audience::People)
            .map(|(index, column)| (index, column.title.as_str()))
            .collect();
        let text = |row: &Row, index: usize| {
            sanitise_for_terminal(&row.cells[index].for_people_with(pennies[index]))
        };
        let mut texts: Vec<Vec<String>> = rows
            .iter()
            .map(|row| all.iter().map(|(index, _)| text(row, *index)).collect())
            .collect();
        // A column that is empty in every row would only narrow the others.
        let says_something: Vec<bool> = (0..all.len())
            .map(|at| texts.iter().any(|texts| !texts[at].is_empty()))
            .collect();
        for texts in &mut texts {
            let mut says = says_something.iter();
            texts.retain(|_| says.next().is_some_and(|says| *says));
        }
        let shown: Vec<(usize, &str)> = all
            .into_iter()
            .zip(&says_something)
            .filter_map(|(column, says)| says.then_some(column))
            .collect();
        let columns = shown.iter().enumerate().map(|(at, (index, title))| {
            let cells = rows.iter().map(|row| &row.cells[*index]);
            let whole = cells.clone().map(|cell| cell.is_unbreakable());
            let column = texts.iter().map(|texts| texts[at].as_str()).zip(whole);
            let has_figures = cells.clone().any(crate::cell::Cell::is_figure);
            measured(sanitise_for_terminal(title), has_figures, column)
        });
        let columns: Vec<Measured> = columns.collect();
        let indexes: Vec<usize> = shown.iter().map(|(index, _)| *index).collect();
        let leaving = leaving(sheet, &indexes, &columns);
        Self {
            columns,
            texts,
            leaving,
        }
    }

    /// The texts of each row, one for each column.
    pub fn texts(&self) -> &[Vec<String>] {
        &self.texts
    }

    pub fn title(&self, index: usize) -> &str {
        &self.columns[index].title
    }

    pub fn has_figures(&self, index: usize) -> bool {
        self.columns[index].has_figures
    }

    /// The width of the widest cell.
    pub fn natural(&self, index: usize) -> usize {
        let texts = self.texts.iter().map(|texts| widest_line(&texts[index]));
        texts.max().unwrap_or(0)
    }

    /// The columns in a room of so many columns of the terminal.
    pub fn placed(&self, room: usize) -> Placed {
        let room = room.saturating_sub(ENDS);
        let mut kept: Vec<usize> = (0..self.columns.len()).collect();
        let mut best: Option<(usize, Placed)> = None;
        let mut groups = self.leaving.iter();
        loop {
            let natural = self.widths(&kept, |column| column.natural);
            let whole = self.widths(&kept, |column| column.whole);
            if inner_width(&natural) <= room && best.is_none() {
                return self.widened(kept, shared(&natural, &whole, room), room);
            }
            let is_last = kept.len() <= 1;
            let least = self.widths(&kept, |column| match is_last {
                true => column.least.min(room),
                false => column.least,
            });
            if inner_width(&least) <= room || is_last {
                // Cells have their room before titles have theirs.
                let widths = shared(&shared(&least, &natural, room), &whole, room);
                let placed = self.widened(kept.clone(), widths, room);
                let cost = self.cost(&placed);
                if best.as_ref().is_none_or(|(least, _)| cost < *least) {
                    best = Some((cost, placed));
                }
            }
            let Some(group) = groups.next() else {
                break;
            };
            kept.retain(|index| !group.contains(index));
            if kept.is_empty() {
                break;
            }
        }
        best.map_or_else(
            || {
                let first: Vec<usize> = (0..self.columns.len().min(1)).collect();
                let natural = self.widths(&first, |column| column.natural);
                self.widened(first, natural, room)
            },
            |(_, placed)| placed,
        )
    }

    fn widths(&self, kept: &[usize], width: impl Fn(&Measured) -> usize) -> Vec<usize> {
        kept.iter()
            .map(|index| width(&self.columns[*index]))
            .collect()
    }

    /// The same columns, wide enough for the lines under the rows.
    fn widened(&self, kept: Vec<usize>, mut widths: Vec<usize>, room: usize) -> Placed {
        let left: Vec<usize> = (0..self.columns.len())
            .filter(|index| !kept.contains(index))
            .collect();
        if !left.is_empty() {
            // The widest column of words takes what is over: figures stay near their titles.
            let words = (0..kept.len()).filter(|at| !self.has_figures(kept[*at]));
            let widest = words.max_by_key(|at| self.columns[kept[*at]].natural);
            let over = room.saturating_sub(inner_width(&widths));
            if let Some(width) = widths.get_mut(widest.unwrap_or(0)) {
                *width += over;
            }
        }
        Placed { kept, widths, left }
    }

    /// How many lines the first rows take. Two values that are not in a column, where they
    /// could be compared, weigh as much as a line.
    fn cost(&self, placed: &Placed) -> usize {
        let rows = self.texts.iter().take(ROWS_COMPARED_MAX);
        let costs = rows.map(|texts| {
            let cells = placed.kept.iter().zip(&placed.widths);
            let cells = cells.map(|(index, width)| wrap(&texts[*index], *width).len());
            let rule = usize::from(!placed.left.is_empty());
            let lines = details::lines(self, placed, texts).len() + rule;
            let left = placed.left.iter().filter(|at| !texts[**at].is_empty());
            (cells.max().unwrap_or(0) + lines) * 2 + left.count()
        });
        costs.sum()
    }
}

fn measured<'a>(
    title: String,
    has_figures: bool,
    cells: impl Iterator<Item = (&'a str, bool)>,
) -> Measured {
    let word = |word: &str| match is_whole(word) {
        true => width(word),
        false => width(word).min(WORD_WIDTH_MAX),
    };
    let longest = |text: &str| words(text).map(word).max().unwrap_or(0);
    let (mut natural, mut least) = (longest(&title), longest(&title));
    for (text, is_whole) in cells {
        natural = natural.max(widest_line(text));
        least = least.max(match is_whole {
            true => widest_line(text),
            false => longest(text),
        });
    }
    Measured {
        whole: natural.max(width(&title)),
        title,
        has_figures,
        natural,
        least,
    }
}

/// The groups of columns in the order in which they leave: those that the sheet names,
/// then the others from the last, sentences before names and names before dates and
/// numbers. The first stays, unless the sheet names it.
fn leaving(sheet: &Sheet, indexes: &[usize], columns: &[Measured]) -> Vec<Vec<usize>> {
    let at = |index: &usize| indexes.iter().position(|other| other == index);
    let mut groups: Vec<Vec<usize>> = sheet
        .yielding_columns()
        .iter()
        .map(|group| group.iter().filter_map(at).collect())
        .filter(|group: &Vec<usize>| !group.is_empty())
        .collect();
    let unnamed = (0..columns.len()).filter(|at| !groups.iter().any(|group| group.contains(at)));
    let mut others: Vec<usize> = unnamed.skip(1).collect();
    others.reverse();
    others.sort_by_key(|at| match columns[*at].natural {
        PROSE.. => 0,
        width if width > NARROW => 1,
        _ => 2,
    });
    groups.extend(others.into_iter().map(|at| vec![at]));
    groups
}

/// Widths between the least and the natural ones that fill the room: those that need
/// little more get it, the others share the rest alike.
fn shared(least: &[usize], natural: &[usize], room: usize) -> Vec<usize> {
    let mut widths = least.to_vec();
    let mut over = room.saturating_sub(inner_width(least));
    let mut wanting: Vec<usize> = (0..widths.len())
        .filter(|at| natural[*at] > least[*at])
        .collect();
    wanting.sort_by_key(|at| natural[*at] - least[*at]);
    for (done, at) in wanting.iter().enumerate() {
        let share = over / (wanting.len() - done);
        let more = share.min(natural[*at] - least[*at]);
        widths[*at] += more;
        over -= more;
    }
    widths
}
