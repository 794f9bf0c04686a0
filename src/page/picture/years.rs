//! Years side by side: a bar for the budget of each, and a tick for each other figure of the
//! year: expected, spent, printed. Ticks differ by shape, not by colour alone.

use maud::{Markup, html};

use super::axis::AmountAxis;
use super::bars::count;
use super::{SvgDrawing, scaled, text_width};
use crate::spoken::rounded_pounds;

/// A figure beside the budget of a year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum YearTick {
    Forecast,
    Spent,
    /// A total that a document prints and that differs from the sum of its lines.
    Printed,
}

/// A year: its budget if one was set, and its other figures, all in pence.
#[derive(Debug, Clone)]
pub struct DrawnYear {
    pub year: String,
    pub budget: Option<i64>,
    pub ticks: Vec<(YearTick, i64)>,
}

impl DrawnYear {
    fn most(&self) -> i64 {
        let ticks = self.ticks.iter().map(|(_, pence)| *pence);
        ticks.chain(self.budget).max().unwrap_or(0).max(0)
    }
}

/// The year with its ticks named, each beside its shape.
pub fn legend(years: &[DrawnYear]) -> Markup {
    let has = |wanted| {
        let mut ticks = years.iter().flat_map(|year| &year.ticks);
        ticks.any(|(tick, _)| *tick == wanted)
    };
    let names = [
        (YearTick::Forecast, "expected, by the last forecast"),
        (YearTick::Spent, "spent"),
        (YearTick::Printed, "as printed"),
    ];
    html! {
        ul.legend {
            li {
                svg width="16" height="16" viewBox="0 0 16 16" aria-hidden="true" { rect.bar-2 x="1" y="1" width="14" height="14" {} }
                " budget"
            }
            @for (tick, name) in names {
                @if has(tick) {
                    li {
                        svg width="16" height="16" viewBox="0 0 16 16" aria-hidden="true" { (shape(tick, 8, 2, 12)) }
                        " " (name)
                    }
                }
            }
        }
    }
}

/// The shape of a tick, from `top` and as high as `height`, around `x`.
fn shape(tick: YearTick, x: i32, top: i32, height: i32) -> Markup {
    let bottom = top + height;
    let middle = i32::midpoint(top, bottom);
    html! {
        @match tick {
            YearTick::Forecast => line.tick x1=(x) x2=(x) y1=(top) y2=(bottom) {},
            YearTick::Spent => path.tick-spent d={ "M" (x) " " (middle - 7) "l7 7-7 7-7-7z" } {},
            YearTick::Printed => circle.tick-printed cx=(x) cy=(middle) r="6" {},
        }
    }
}

pub fn drawing(years: &[DrawnYear], width: i32) -> SvgDrawing {
    let is_wide = width >= super::WIDE;
    let max = years.iter().map(DrawnYear::most).max().unwrap_or(0);
    let names = years.iter().map(|year| text_width(&year.year)).max();
    let left = if is_wide { names.unwrap_or(0) + 12 } else { 8 };
    let length = width - left - 100;
    let (row, thickness, above) = if is_wide { (44, 24, 8) } else { (62, 24, 26) };
    let bottom = row * count(years.len());
    let axis = AmountAxis {
        max,
        left,
        length,
        bottom,
        is_wide,
    };
    let shapes = html! {
        (axis.grid())
        @for (index, year) in years.iter().enumerate() {
            @let top = row * count(index) + above;
            @if is_wide {
                text x=(left - 12) y=(top + 18) text-anchor="end" { (year.year) }
            } @else {
                text x="0" y=(top - 7) { (year.year) }
            }
            @if let Some(budget) = year.budget {
                rect.bar-2 x=(left) y=(top) width=(scaled(budget.max(0), max, length)) height=(thickness) {}
            }
            @for (tick, pence) in &year.ticks {
                (shape(*tick, left + scaled((*pence).max(0), max, length), top - 5, thickness + 10))
            }
            @let end = left + scaled(year.most(), max, length);
            text class=[year.budget.map(|_| "strong")] x=(end + 14) y=(top + 18) { (amount(year)) }
        }
        (axis.labels())
    };
    SvgDrawing {
        width,
        height: bottom + 28,
        shapes,
    }
}

/// The budget of a year; where none was set, the first of its other figures.
fn amount(year: &DrawnYear) -> String {
    let other = year.ticks.first().map(|(_, pence)| *pence);
    year.budget
        .or(other)
        .map_or_else(String::new, rounded_pounds)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn years() -> [DrawnYear; 2] {
        [
            DrawnYear {
                year: "2016/17".into(),
                budget: None,
                ticks: vec![(YearTick::Spent, 2_199_800_000)],
            },
            DrawnYear {
                year: "2017/18".into(),
                budget: Some(3_780_200_000),
                ticks: vec![(YearTick::Forecast, 3_728_000_000)],
            },
        ]
    }

    #[test]
    fn a_year_without_a_budget_has_no_bar_and_keeps_its_tick() {
        let svg = drawing(&years(), 680).shapes.into_string();
        assert_eq!(svg.matches("class=\"bar-2\"").count(), 1, "{svg}");
        assert_eq!(svg.matches("class=\"tick\"").count(), 1, "{svg}");
        assert_eq!(svg.matches("class=\"tick-spent\"").count(), 1, "{svg}");
        // The longest bar is the whole length: 680, less the name of a year and its amount.
        assert!(svg.contains("width=\"499\""), "{svg}");
        assert!(svg.contains(">£22m<") && svg.contains(">£37.80m<"), "{svg}");
    }

    #[test]
    fn the_legend_names_only_the_ticks_there_are() {
        let html = legend(&years()).into_string();
        assert!(
            html.contains("spent") && html.contains("expected"),
            "{html}"
        );
        assert!(!html.contains("printed"), "{html}");
    }

    #[test]
    fn no_amount_leaves_the_drawing() {
        for width in [680, 328] {
            let svg = drawing(&years(), width).shapes.into_string();
            for text in svg.split("<text").skip(1) {
                let (tag, rest) = text.split_once('>').unwrap();
                let text = rest.split('<').next().unwrap();
                let x = tag.split(" x=\"").nth(1).unwrap();
                let x: i32 = x.split('"').next().unwrap().parse().unwrap();
                if !tag.contains("anchor") {
                    assert!(x + text_width(text) <= width, "{tag}: {text}");
                }
            }
        }
    }
}
