//! Rows that are not broken, under a head that every page repeats.

use std::rc::Rc;

use super::blocks::{BLOCK_ROOM, rule};
use super::composer::{Composer, LEADING, ShownSpan, TextStyle};
use super::flow::{Strip, TEXT_HEIGHT};
use super::lines::{Breaking, Segment, TextLine, full_width, unbroken_width};
use super::structure::{ElementId, Role};
use super::table_widths::{PADDING, TableWidths, Wish, fit};
use super::typeface::Weight;
use crate::drawing::Ink;
use crate::section::Span;

/// Room above and below the text of a row.
const ROW_ROOM: f32 = 2.5;

/// A table before its columns have widths.
#[derive(Default)]
pub struct Grid {
    pub caption: String,
    /// Empty where rows name themselves.
    pub head: Vec<GridCell>,
    pub rows: Vec<GridRow>,
}

pub struct GridRow {
    pub cells: Vec<GridCell>,
    /// Whether a line above sets it apart.
    pub is_total: bool,
}

pub struct GridCell {
    pub span: ShownSpan,
    pub role: Role,
    pub is_on_the_right: bool,
    pub breaking: Breaking,
}

impl Composer<'_> {
    pub fn wishes(&self, grid: &Grid) -> Vec<Wish> {
        let mut wishes = Vec::new();
        let rows = || {
            let head = std::iter::once(&grid.head).filter(|head| !head.is_empty());
            head.chain(grid.rows.iter().map(|row| &row.cells))
        };
        let count = rows().map(Vec::len).max().unwrap_or_default();
        for index in 0..count {
            let mut wish = Wish {
                least: 0.0,
                full: 0.0,
                is_figure: false,
            };
            for cell in rows().filter_map(|row| row.get(index)) {
                let (text, weight) = (cell.span.text.as_str(), cell.span.weight);
                let least = unbroken_width(&self.typeface, text, weight, 1.0, cell.breaking);
                wish.least = wish.least.max(least);
                wish.full = wish.full.max(full_width(&self.typeface, text, weight, 1.0));
                wish.is_figure |= cell.breaking == Breaking::Nowhere;
            }
            // Sums of fractions must not break a line that fits.
            wish.least += 0.01;
            wish.full += 0.01;
            wishes.push(wish);
        }
        wishes
    }

    pub fn grid(&mut self, section: Option<ElementId>, grid: Grid) {
        let Some(widths) = fit(&self.wishes(&grid)) else {
            return;
        };
        let table = self.structure.element(section, Role::Table);
        if !grid.caption.is_empty() {
            let caption = self.structure.element(Some(table), Role::Caption);
            let span = self.shown(&Span::strong(&grid.caption));
            let first = self.strips.len();
            self.text(caption, &[span], TextStyle::default(), BLOCK_ROOM + 4.0);
            self.keep_with_next_from(first);
        }
        let room = if grid.caption.is_empty() {
            BLOCK_ROOM
        } else {
            2.0
        };
        let mut head = None;
        if !grid.head.is_empty() {
            let group = self.structure.element(Some(table), Role::TableHead);
            let strips = self.row(group, &grid.head, &widths, None);
            for mut strip in strips {
                self.underline(&mut strip, &widths, 1.0, Ink::BLACK);
                head = Some(Rc::new(repeated(&strip)));
                strip.keeps_with_next = true;
                strip.room_above = room;
                self.push(strip);
            }
        }
        let group = self.structure.element(Some(table), Role::TableBody);
        let count = grid.rows.len();
        for (index, row) in grid.rows.iter().enumerate() {
            let is_before_total = grid.rows.get(index + 1).is_some_and(|next| next.is_total);
            let strips = self.row(group, &row.cells, &widths, head.as_ref());
            let parts = strips.len();
            for (part, mut strip) in strips.into_iter().enumerate() {
                if part + 1 == parts {
                    let (width, ink) = if is_before_total || row.is_total {
                        (0.8, Ink::BLACK)
                    } else {
                        (0.4, Ink::RULE)
                    };
                    self.underline(&mut strip, &widths, width, ink);
                }
                if index == 0 && part == 0 && head.is_none() {
                    strip.room_above = room;
                }
                // The total is not alone on a page.
                strip.keeps_with_next = is_before_total && index + 2 == count;
                self.push(strip);
            }
        }
    }

    /// A row in one strip, or in several if no page can hold it.
    fn row(
        &mut self,
        group: ElementId,
        cells: &[GridCell],
        widths: &TableWidths,
        head: Option<&Rc<Strip>>,
    ) -> Vec<Strip> {
        let row = self.structure.element(Some(group), Role::Row);
        let line_height = widths.size * LEADING;
        let mut x = 0.0;
        let mut set: Vec<(ElementId, &GridCell, TextStyle, Vec<TextLine>)> = Vec::new();
        for (cell, width) in cells.iter().zip(&widths.columns) {
            let style = TextStyle {
                x: x + PADDING,
                width: width - 2.0 * PADDING,
                size: widths.size,
                breaking: cell.breaking,
                is_on_the_right: cell.is_on_the_right,
                ..TextStyle::default()
            };
            let element = self.structure.element(Some(row), cell.role.clone());
            let lines = self.lines(std::slice::from_ref(&cell.span), style);
            set.push((element, cell, style, lines));
            x += width;
        }
        let line_count = set.iter().map(|(_, _, _, lines)| lines.len()).max();
        let line_count = line_count.unwrap_or(1).max(1);
        let head_height = head.map_or(0.0, |head| head.height);
        let room = TEXT_HEIGHT - head_height - 2.0 * ROW_ROOM;
        let lines_max = lines_in(room, line_height);
        let mut strips = Vec::new();
        for first in (0..line_count).step_by(lines_max) {
            let lines_here = lines_max.min(line_count - first);
            let mut strip = Strip {
                height: line_height * count(lines_here) + 2.0 * ROW_ROOM,
                repeated_head: head.cloned(),
                ..Strip::default()
            };
            for (element, cell, style, lines) in &set {
                let spans = std::slice::from_ref(&cell.span);
                let here = lines.iter().skip(first).take(lines_here);
                for (index, line) in here.enumerate() {
                    let y = ROW_ROOM + line_height * count(index);
                    if line.segments.is_empty() {
                        self.blank(&mut strip, *element, *style);
                    } else {
                        self.line(&mut strip, y, line, (*element, spans), *style);
                    }
                }
            }
            strips.push(strip);
        }
        strips
    }

    /// Content without ink: a cell without content would fall out of its row.
    fn blank(&mut self, strip: &mut Strip, element: ElementId, style: TextStyle) {
        let line = TextLine {
            segments: vec![Segment {
                run: 0,
                x: 0.0,
                width: 0.0,
                text: " ".to_owned(),
            }],
            width: 0.0,
        };
        let span = ShownSpan {
            text: String::new(),
            weight: Weight::Regular,
            entry: None,
        };
        self.line(strip, ROW_ROOM, &line, (element, &[span]), style);
    }

    fn underline(&self, strip: &mut Strip, widths: &TableWidths, width: f32, ink: Ink) {
        let right = widths.columns.iter().sum();
        strip
            .pieces
            .push(rule(strip.height, width, ink, 0.0, right));
    }
}

/// The head as it is drawn again: only decoration, since it was read before.
fn repeated(head: &Strip) -> Strip {
    let mut head = head.clone();
    for piece in &mut head.pieces {
        piece.content = None;
    }
    head.links.clear();
    head
}

/// How many lines fit, one at least.
fn lines_in(room: f32, line_height: f32) -> usize {
    let mut lines = 1;
    while line_height * count(lines + 1) <= room {
        lines += 1;
    }
    lines
}

/// A count of lines as a length. There are never so many that it is not exact.
fn count(lines: usize) -> f32 {
    f32::from(u16::try_from(lines).unwrap_or(u16::MAX))
}
