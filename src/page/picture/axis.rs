//! The axis of amounts below horizontal bars: its grid and its labels.

use maud::{Markup, html};

use super::{round_step, scaled};
use crate::spoken::rounded_pounds;

/// From nothing at `left` to `max` pence, `length` further right.
#[derive(Debug, Clone, Copy)]
pub struct AmountAxis {
    pub max: i64,
    pub left: i32,
    pub length: i32,
    /// Where the bars end; the labels are below.
    pub bottom: i32,
    /// A narrow drawing has room for every other label.
    pub is_wide: bool,
}

impl AmountAxis {
    /// The amounts that are marked, with their places.
    fn ticks(&self) -> impl Iterator<Item = (i64, i32)> {
        let (max, step) = (self.max, round_step(self.max));
        let ticks = (0..=5).map(move |n| n * step);
        let ticks = ticks.take_while(move |tick| *tick <= max);
        ticks.map(move |tick| (tick, self.left + scaled(tick, max, self.length)))
    }

    pub fn grid(&self) -> Markup {
        html! {
            @for (_, x) in self.ticks() {
                line.grid x1=(x) x2=(x) y1="0" y2=(self.bottom) {}
            }
        }
    }

    pub fn labels(&self) -> Markup {
        let every = if self.is_wide { 1 } else { 2 };
        html! {
            @for (index, (tick, x)) in self.ticks().enumerate().step_by(every) {
                @let anchor = if index == 0 { "start" } else { "middle" };
                text.quiet x=(x) y=(self.bottom + 20) text-anchor=(anchor) {
                    (rounded_pounds(tick))
                }
            }
        }
    }
}
