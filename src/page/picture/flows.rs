//! Money that moved between heads: givers on the left, takers on the right, and between
//! them bands as thick as what moved. Without prior approval on record a band is hatched.

use maud::{Markup, html};

use super::bars::count;
use super::{SvgDrawing, fitting, scaled};
use crate::spoken::rounded_pounds;

/// Money that moved from one head to another, in pence, above zero.
#[derive(Debug, Clone)]
pub struct Flow {
    pub from: String,
    pub to: String,
    pub pence: i64,
    /// Whether no approval was on record when it moved.
    pub is_breach: bool,
}

/// A head on one side: its name, where it begins, and how high it is.
struct Stop {
    name: String,
    pence: i64,
    top: i32,
    used: i32,
}

const GAP: i32 = 26;
const BLOCK: i32 = 14;

/// For a wide drawing; on a narrow one the flows are lines: see [`listed`].
pub fn drawing(flows: &[Flow], width: i32) -> SvgDrawing {
    let total: i64 = flows
        .iter()
        .map(|flow| flow.pence)
        .fold(0, i64::saturating_add);
    let height = 60 + 24 * count(flows.len());
    let mut givers = stops(
        flows.iter().map(|flow| (&flow.from, flow.pence)),
        total,
        height,
    );
    let mut takers = stops(
        flows.iter().map(|flow| (&flow.to, flow.pence)),
        total,
        height,
    );
    let names = 200;
    let (left, right) = (names, width - names);
    let mut bands = Vec::new();
    for flow in flows {
        let thick = scaled(flow.pence, total, height).max(2);
        let from = enter(&mut givers, &flow.from, thick);
        let to = enter(&mut takers, &flow.to, thick);
        bands.push(band(
            left + BLOCK,
            from,
            right - BLOCK,
            to,
            thick,
            flow.is_breach.then_some(width),
        ));
    }
    let bottom = |stops: &[Stop]| {
        let ends = stops
            .iter()
            .map(|stop| stop.top + scaled(stop.pence, total, height));
        ends.max().unwrap_or(0)
    };
    let all = bottom(&givers).max(bottom(&takers)) + 12;
    let side = |stops: &[Stop], x: i32, text_x: i32, anchor: &str| {
        html! {
            @for stop in stops {
                @let high = scaled(stop.pence, total, height).max(2);
                rect.bar x=(x) y=(stop.top) width=(BLOCK) height=(high) {}
                text x=(text_x) y=(stop.top + high / 2 + 1) text-anchor=(anchor) { (fitting(&stop.name, names - 10)) }
                text.quiet x=(text_x) y=(stop.top + high / 2 + 19) text-anchor=(anchor) { (rounded_pounds(stop.pence)) }
            }
        }
    };
    let shapes = html! {
        (hatch(width))
        @for band in &bands { (band) }
        (side(&givers, left, left - 8, "end"))
        (side(&takers, right - BLOCK, right + 8, "start"))
    };
    SvgDrawing {
        width,
        height: all.max(60),
        shapes,
    }
}

/// The flows as lines, for a drawing that has no room for two sides of names.
pub fn listed(flows: &[Flow], width: i32) -> SvgDrawing {
    let row = 74;
    let max = flows.iter().map(|flow| flow.pence).max().unwrap_or(0);
    let shapes = html! {
        (hatch(width))
        @for (index, flow) in flows.iter().enumerate() {
            @let top = row * count(index);
            text x="0" y=(top + 18) { (fitting(&format!("{} →", flow.from), width)) }
            text x="0" y=(top + 38) { (fitting(&flow.to, width)) }
            @let long = scaled(flow.pence, max, width - 110).max(2);
            @if flow.is_breach {
                rect.late fill={ "url(#hatch-" (width) ")" } x="1" y=(top + 44) width=(long) height="16" {}
            } @else {
                rect.bar-2 x="1" y=(top + 44) width=(long) height="16" {}
            }
            text.strong x=(scaled(flow.pence, max, width - 110) + 8) y=(top + 58) { (rounded_pounds(flow.pence)) }
        }
    };
    SvgDrawing {
        width,
        height: row * count(flows.len()),
        shapes,
    }
}

/// The pattern of what had no approval on record. Each drawing has its own: one that is not
/// shown lends none.
fn hatch(width: i32) -> Markup {
    html! {
        defs {
            pattern id={ "hatch-" (width) } width="8" height="8" patternUnits="userSpaceOnUse" patternTransform="rotate(45)" {
                line.late-line x1="0" x2="0" y1="0" y2="8" {}
            }
        }
    }
}

fn stops<'a>(ends: impl Iterator<Item = (&'a String, i64)>, total: i64, height: i32) -> Vec<Stop> {
    let mut stops: Vec<Stop> = Vec::new();
    for (name, pence) in ends {
        match stops.iter_mut().find(|stop| stop.name == *name) {
            Some(stop) => stop.pence = stop.pence.saturating_add(pence),
            None => stops.push(Stop {
                name: name.clone(),
                pence,
                top: 0,
                used: 0,
            }),
        }
    }
    let mut top = 8;
    for stop in &mut stops {
        stop.top = top;
        // Two lines of text need their room, however thin the band is.
        top += scaled(stop.pence, total, height).max(18) + GAP;
    }
    stops
}

/// The place where the next band meets a stop.
fn enter(stops: &mut [Stop], name: &str, thick: i32) -> i32 {
    let Some(stop) = stops.iter_mut().find(|stop| stop.name == name) else {
        return 0;
    };
    let at = stop.top + stop.used;
    stop.used += thick;
    at
}

fn band(x1: i32, y1: i32, x2: i32, y2: i32, thick: i32, breach: Option<i32>) -> Markup {
    let middle = (x1 + x2) / 2;
    let path = format!(
        "M{x1} {y1}C{middle} {y1} {middle} {y2} {x2} {y2}V{}C{middle} {} {middle} {} {x1} {}Z",
        y2 + thick,
        y2 + thick,
        y1 + thick,
        y1 + thick
    );
    html! {
        @match breach {
            Some(width) => { path.late fill={ "url(#hatch-" (width) ")" } d=(path) {} },
            None => { path.flow d=(path) {} },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_flow_is_a_band_and_each_head_stands_once_on_a_side() {
        let flow = |from: &str, to: &str, pence, is_breach| Flow {
            from: from.into(),
            to: to.into(),
            pence,
            is_breach,
        };
        let flows = [
            flow("Laboratory", "Kennels", 5_000_000, false),
            flow("Training", "Kennels", 1_800_000, false),
            flow("Staff", "Returned", 9_000_000, true),
        ];
        let svg = drawing(&flows, 680).shapes.into_string();
        assert_eq!(svg.matches("<path").count(), 3, "{svg}");
        assert_eq!(svg.matches("class=\"late\"").count(), 1, "{svg}");
        assert_eq!(svg.matches(">Kennels<").count(), 1, "{svg}");
    }
}
