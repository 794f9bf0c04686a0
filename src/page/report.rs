//! A report as the body of a page: its tables, facts and outlines in their order.

use maud::{Markup, html};

use crate::address::Links;
use crate::table;
use minutebook_present::outline::{Line, LineKind};
use minutebook_present::report::Report;

pub fn body(report: &Report, links: Links<'_>) -> Markup {
    match report {
        Report::List(sheet) => table::section(sheet, links),
        Report::Parts { parts: sheets, .. } | Report::Sections(sheets) => html! {
            @for sheet in sheets { (table::section(sheet, links)) }
        },
        Report::Outline { lines, .. } => outline(lines),
        Report::All(reports) => html! {
            @for report in reports { (body(report, links)) }
        },
    }
}

/// The lines as nested lists: a line that is set in deeper belongs to the one above it.
pub fn outline(lines: &[Line]) -> Markup {
    let lines: Vec<&Line> = lines.iter().filter(|line| !line.text.is_empty()).collect();
    nested(&lines)
}

fn nested(lines: &[&Line]) -> Markup {
    let Some(indent) = lines.iter().map(|line| line.indent).min() else {
        return Markup::default();
    };
    let mut groups: Vec<&[&Line]> = Vec::new();
    let mut rest = lines;
    while let [_, after @ ..] = rest {
        let next = after.iter().position(|line| line.indent == indent);
        let (group, others) = rest.split_at(next.map_or(rest.len(), |next| next + 1));
        groups.push(group);
        rest = others;
    }
    html! {
        ul.outline {
            @for group in groups {
                @if let [first, under @ ..] = group {
                    li {
                        @match first.kind {
                            LineKind::Heading => strong { (first.text) },
                            LineKind::Prose | LineKind::Fixed => (first.text.trim_start()),
                        }
                        @if !under.is_empty() { (nested(under)) }
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_nest_by_their_indent() {
        let lines = [
            Line::new(0, "a"),
            Line::new(2, "b"),
            Line::new(4, "c"),
            Line::new(2, "d"),
            Line::blank(),
            Line::new(0, "e"),
        ];
        assert_eq!(
            outline(&lines).into_string(),
            "<ul class=\"outline\"><li>a<ul class=\"outline\"><li>b<ul class=\"outline\">\
             <li>c</li></ul></li><li>d</li></ul></li><li>e</li></ul>"
        );
    }
}
