//! Bars side by side, each made of parts: who pays how much, and for what.

use maud::{Markup, html};

use super::axis::AmountAxis;
use super::{SvgDrawing, fitting, scaled, text_width};
use crate::spoken::rounded_pounds;

/// The classes of the parts, in their order.
pub const PARTS: [&str; 4] = ["bar", "bar-2", "bar-3", "bar-4"];

/// A bar: its name, and the amount of each part in pence. None is negative.
#[derive(Debug, Clone)]
pub struct Bar {
    pub name: String,
    pub parts: Vec<i64>,
}

impl Bar {
    fn total(&self) -> i64 {
        self.parts.iter().copied().fold(0, i64::saturating_add)
    }
}

/// The bars from the left, with their totals at the end and a scale below.
pub fn drawing(bars: &[Bar], width: i32) -> SvgDrawing {
    let max = bars.iter().map(Bar::total).max().unwrap_or(0);
    let is_wide = width >= super::WIDE;
    let names = bars.iter().map(|bar| text_width(&bar.name)).max();
    let names = names.unwrap_or(0);
    // On a narrow drawing the names stand above their bars.
    let left = if is_wide { names.min(240) + 10 } else { 0 };
    let right = 90;
    let length = width - left - right;
    let (row, thickness, name_height) = if is_wide { (44, 30, 0) } else { (58, 26, 22) };
    let bottom = row * count(bars.len());
    let axis = AmountAxis {
        max,
        left,
        length,
        bottom,
        is_wide,
    };
    let shapes = html! {
        (axis.grid())
        @for (index, bar) in bars.iter().enumerate() {
            @let top = row * count(index);
            @if is_wide {
                text x=(left - 10) y=(top + 21) text-anchor="end" { (fitting(&bar.name, left - 10)) }
            } @else {
                text x="0" y=(top + 17) { (fitting(&bar.name, width)) }
            }
            (parts(bar, max, left, top + name_height, length, thickness))
        }
        (axis.labels())
    };
    SvgDrawing {
        width,
        height: bottom + 28,
        shapes,
    }
}

fn parts(bar: &Bar, max: i64, left: i32, top: i32, length: i32, thickness: i32) -> Markup {
    let mut before = 0_i64;
    let mut segments = Vec::new();
    for (part, class) in bar.parts.iter().zip(PARTS) {
        let from = left + scaled(before, max, length);
        before = before.saturating_add(*part);
        let to = left + scaled(before, max, length);
        if to > from {
            segments.push((class, from, to - from));
        }
    }
    let end = left + scaled(before, max, length);
    html! {
        @for (class, x, width) in segments {
            rect class=(class) x=(x) y=(top) width=(width) height=(thickness) {}
        }
        text.strong x=(end + 8) y=(top + thickness - 9) { (rounded_pounds(bar.total())) }
    }
}

pub(super) fn count(number: usize) -> i32 {
    i32::try_from(number).unwrap_or(i32::MAX / 64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_parts_of_a_bar_join_without_a_gap_and_end_at_its_total() {
        let bars = [
            Bar {
                name: "A <b>".into(),
                parts: vec![30_000_000, 20_000_000, 0, 50_000_000],
            },
            Bar {
                name: "B".into(),
                parts: vec![50_000_000],
            },
        ];
        let drawing = drawing(&bars, 680);
        let svg = drawing.shapes.into_string();
        assert_eq!(svg.matches("<rect").count(), 4, "{svg}");
        assert!(svg.contains("A &lt;b&gt;") && svg.contains("£1m"), "{svg}");
        assert!(drawing.height > 88);
    }
}
