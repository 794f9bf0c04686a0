//! Gains and losses, to the right and to the left of a line: what each head of a budget
//! gained or lost, in two blues, for a gain is not good, nor a loss bad.

use maud::html;

use super::bars::count;
use super::{SvgDrawing, fitting, scaled, text_width};
use crate::spoken::pounds;

/// A head, and its change in pence.
#[derive(Debug, Clone)]
pub struct Change {
    pub name: String,
    pub pence: i64,
}

pub fn drawing(changes: &[Change], width: i32) -> SvgDrawing {
    let is_wide = width >= super::WIDE;
    let names = changes.iter().map(|change| text_width(&change.name)).max();
    let left = if is_wide {
        names.unwrap_or(0).min(230) + 12
    } else {
        0
    };
    let max = changes
        .iter()
        .map(|change| change.pence.saturating_abs())
        .max();
    let max = max.unwrap_or(0).max(1);
    // Room for the amount at the far end of each side.
    let half = ((width - left) / 2 - 95).max(20);
    let zero = left + (width - left) / 2;
    let (row, thickness, name_height) = if is_wide { (40, 26, 0) } else { (58, 24, 22) };
    let bottom = row * count(changes.len());
    let shapes = html! {
        @for (index, change) in changes.iter().enumerate() {
            @let top = row * count(index);
            @let length = scaled(change.pence.saturating_abs(), max, half).max(1);
            @if is_wide {
                text x=(left - 12) y=(top + 19) text-anchor="end" { (fitting(&change.name, left - 12)) }
            } @else {
                text x="0" y=(top + 17) { (fitting(&change.name, width)) }
            }
            @let top = top + name_height;
            @if change.pence < 0 {
                rect.bar x=(zero - length) y=(top) width=(length) height=(thickness) {}
                text.strong x=(zero - length - 6) y=(top + 19) text-anchor="end" { "−" (pounds(change.pence.saturating_neg())) }
            } @else {
                rect.bar-2 x=(zero) y=(top) width=(length) height=(thickness) {}
                text.strong x=(zero + length + 6) y=(top + 19) { "+" (pounds(change.pence)) }
            }
        }
        line.axis x1=(zero) x2=(zero) y1="0" y2=(bottom) {}
    };
    SvgDrawing {
        width,
        height: bottom + 8,
        shapes,
    }
}
