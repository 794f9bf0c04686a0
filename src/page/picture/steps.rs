//! The rest of an approved amount after each step.

use maud::html;

use super::bars::count;
use super::{SvgDrawing, scaled};
use crate::spoken::pounds;

/// A step: its day, what was done and with how much, and what was left after it, in pence.
#[derive(Debug, Clone)]
pub struct Step {
    pub day: String,
    pub what: &'static str,
    pub amount: i64,
    pub left: i64,
}

/// A column for each step: what was left, in front of what was approved.
pub fn drawing(steps: &[Step], approved: i64, width: i32) -> SvgDrawing {
    let per_row = usize::try_from(width / 112).unwrap_or(1).max(1);
    let place = width / count(per_row.min(steps.len().max(1)));
    let (column, height, row) = (48, 96, 210);
    let shapes = html! {
        @for (index, step) in steps.iter().enumerate() {
            @let x = place * count(index % per_row);
            @let y = row * count(index / per_row);
            @let middle = x + place / 2;
            @let left = scaled(step.left.clamp(0, approved), approved, height);
            text.strong x=(middle) y=(y + 18) text-anchor="middle" { (pounds(step.left)) }
            rect.ghost x=(middle - column / 2) y=(y + 28) width=(column) height=(height) {}
            @if left > 0 {
                rect.bar x=(middle - column / 2) y=(y + 28 + height - left) width=(column) height=(left) {}
            }
            line.axis x1=(x) x2=(x + place) y1=(y + 28 + height) y2=(y + 28 + height) {}
            text x=(middle) y=(y + height + 48) text-anchor="middle" { (super::fitting(&step.day, place)) }
            text x=(middle) y=(y + height + 68) text-anchor="middle" { (pounds(step.amount)) }
            text.quiet x=(middle) y=(y + height + 88) text-anchor="middle" { (step.what) }
        }
    };
    let rows = steps.len().div_ceil(per_row);
    SvgDrawing {
        width,
        height: row * count(rows),
        shapes,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_is_as_high_as_what_was_left() {
        let step = |left| Step {
            day: "17 June 2024".into(),
            what: "approved",
            amount: 5_000_000,
            left,
        };
        let svg = drawing(&[step(5_000_000), step(0), step(2_500_000)], 5_000_000, 680);
        let svg = svg.shapes.into_string();
        assert_eq!(svg.matches("class=\"bar\"").count(), 2, "{svg}");
        assert!(
            svg.contains("height=\"48\"") && svg.contains("£50,000"),
            "{svg}"
        );
    }
}
