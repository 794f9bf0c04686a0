//! Years from left to right, and a row for each thing with the days that it lasted.

use maud::{Markup, html};

use super::bars::count;
use super::{SvgDrawing, two_lines};
use minutebook_wire::proto::Date;

/// How a span is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Look {
    /// In force, a party, leading.
    Lasting,
    /// Agreed, and still to come.
    Coming,
    /// A notice that runs.
    Notice,
}

/// A row: its name, and when it began and ended. One that has no end goes on.
#[derive(Debug, Clone)]
pub struct TimeSpan {
    pub name: String,
    pub from: Option<Date>,
    pub until: Option<Date>,
    pub look: Look,
}

/// Rows of one kind under their heading.
#[derive(Debug, Clone)]
pub struct SpanGroup {
    pub heading: &'static str,
    pub spans: Vec<TimeSpan>,
}

/// Months since the year 0, which is as exact as a picture of years can be.
fn month(date: &Date) -> i32 {
    date.year * 12 + (date.month - 1).max(0)
}

pub fn drawing(groups: &[SpanGroup], today: &Date, width: i32) -> SvgDrawing {
    let is_wide = width >= super::WIDE;
    let spans = || groups.iter().flat_map(|group| &group.spans);
    let begins = spans()
        .filter_map(|span| span.from.as_ref())
        .map(month)
        .min();
    let now = month(today);
    let first = begins.unwrap_or(now).min(now) / 12 * 12;
    let ends = spans()
        .filter_map(|span| span.until.as_ref())
        .map(month)
        .max();
    let last = (ends.unwrap_or(now).max(now) / 12 + 1) * 12;
    let left = if is_wide { 270 } else { 0 };
    let length = width - left - 10;
    let x = |at: i32| left + (at - first) * length / (last - first).max(1);
    let row = if is_wide { 30 } else { 48 };
    let years = (last - first) / 12;
    // A year in figures needs some 60 pixels.
    let every = (years * 60 / length.max(1) + 1).max(1);
    let mut y = 0;
    let mut rows: Vec<Markup> = Vec::new();
    for group in groups.iter().filter(|group| !group.spans.is_empty()) {
        rows.push(html! { text.strong x="0" y=(y + 20) { (group.heading) } });
        y += 28;
        for span in &group.spans {
            let names = two_lines(&span.name, if is_wide { left - 12 } else { width });
            let more = 20 * (count(names.len()) - 1);
            rows.push(one(span, &names, (now, first, last), left, y, &x));
            y += row + more;
        }
        y += 8;
    }
    let shapes = html! {
        @for year in (0..=years).step_by(usize::try_from(every).unwrap_or(1)) {
            @let at = x(first + year * 12);
            line.grid x1=(at) x2=(at) y1="0" y2=(y) {}
            text.quiet x=(at) y=(y + 18) text-anchor=(anchor_of_year(year, at, width)) { (first / 12 + year) }
        }
        @for row in &rows { (row) }
        line.axis x1=(x(now)) x2=(x(now)) y1="0" y2=(y) {}
    };
    SvgDrawing {
        width,
        height: y + 26,
        shapes,
    }
}

/// Years are under their line, but none is cut off at an edge.
const fn anchor_of_year(year: i32, at: i32, width: i32) -> &'static str {
    match (year, width - at) {
        (0, _) => "start",
        (_, ..24) => "end",
        _ => "middle",
    }
}

fn one(
    span: &TimeSpan,
    names: &[String],
    (now, first, last): (i32, i32, i32),
    left: i32,
    y: i32,
    x: &impl Fn(i32) -> i32,
) -> Markup {
    let is_wide = left > 0;
    let from = span.from.as_ref().map_or(first, month);
    let until = span.until.as_ref().map_or(last.max(now), month);
    let class = match span.look {
        Look::Lasting => "bar-2",
        Look::Coming => "waits",
        Look::Notice => "bar-3",
    };
    let below = y + 2 + 20 * count(names.len());
    let (text_x, anchor, bar_y) = if is_wide {
        (left - 10, "end", y + 5)
    } else {
        (0, "start", below)
    };
    let (x1, x2) = (x(from), x(until.max(from)));
    html! {
        @for (index, name) in names.iter().enumerate() {
            text x=(text_x) y=(y + 16 + 20 * count(index)) text-anchor=(anchor) { (name) }
        }
        rect class=(class) x=(x1) y=(bar_y) width=((x2 - x1).max(3)) height="16" {}
    }
}

/// How many rows there are.
pub fn rows(groups: &[SpanGroup]) -> i32 {
    count(groups.iter().map(|group| group.spans.len()).sum())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_no_end_reaches_the_edge_and_groups_have_headings() {
        let date = |year| {
            Some(Date {
                year,
                month: 1,
                day: 1,
            })
        };
        let groups = [SpanGroup {
            heading: "Agreements",
            spans: vec![
                TimeSpan {
                    name: "MoU".into(),
                    from: date(2012),
                    until: date(2013),
                    look: Look::Lasting,
                },
                TimeSpan {
                    name: "Agreement".into(),
                    from: date(2013),
                    until: None,
                    look: Look::Lasting,
                },
            ],
        }];
        let today = Date {
            year: 2026,
            month: 11,
            day: 29,
        };
        let svg = drawing(&groups, &today, 680).shapes.into_string();
        assert!(svg.contains(">Agreements<"), "{svg}");
        // 15 years on 400 pixels: the first lasts one of them, the second 14.
        assert!(svg.contains("width=\"26\""), "{svg}");
        assert!(svg.contains("width=\"374\""), "{svg}");
    }
}
