//! Pictures as SVG inside the page. They keep their own light ground in the dark.

#![allow(
    clippy::float_arithmetic,
    reason = "places of a picture are fractions of a point; money is text here"
)]

use std::fmt;

use maud::{Markup, html};

use crate::drawing::{Drawing, DrawnShape, DrawnText, Ink, ShapeStyle, TextAnchor};
use crate::visible::visible_line;

pub fn figure(drawing: &Drawing) -> Markup {
    let sentence = visible_line(drawing.sentence());
    let (width, height) = (Length(drawing.width), Length(drawing.height));
    let view = format!("0 0 {width} {height}");
    html! {
        figure {
            figcaption { (sentence) }
            div.picture {
                svg role="img" aria-label=(sentence) width=(width) height=(height) viewBox=(view) {
                    @for shape in &drawing.shapes { (drawn(shape)) }
                }
            }
        }
    }
}

fn drawn(shape: &DrawnShape) -> Markup {
    match shape {
        DrawnShape::Rectangle {
            x,
            y,
            width,
            height,
            style,
        } => html! {
            rect x=(Length(*x)) y=(Length(*y)) width=(Length(*width)) height=(Length(*height))
                fill=(Paint(style.fill)) stroke=(Paint(style.outline)) {}
        },
        DrawnShape::Polygon { points, style } => polygon(points, *style),
        DrawnShape::Line {
            from,
            to,
            width,
            ink,
        } => html! {
            line x1=(Length(from.0)) y1=(Length(from.1)) x2=(Length(to.0)) y2=(Length(to.1))
                stroke=(Paint(Some(*ink))) stroke-width=(Length(*width)) {}
        },
        DrawnShape::Text(text) => drawn_text(text),
    }
}

fn polygon(points: &[(f32, f32)], style: ShapeStyle) -> Markup {
    let points: Vec<String> = points
        .iter()
        .map(|(x, y)| format!("{},{}", Length(*x), Length(*y)))
        .collect();
    html! {
        polygon points=(points.join(" ")) fill=(Paint(style.fill)) stroke=(Paint(style.outline)) {}
    }
}

fn drawn_text(text: &DrawnText) -> Markup {
    let anchor = match text.anchor {
        TextAnchor::Start => "start",
        TextAnchor::Middle => "middle",
        TextAnchor::End => "end",
    };
    let weight = text.is_strong.then_some("700");
    html! {
        text x=(Length(text.at.0)) y=(Length(text.at.1)) font-size=(Length(text.size))
            text-anchor=(anchor) font-weight=[weight] fill=(Paint(Some(text.ink))) {
            (visible_line(&text.text))
        }
    }
}

/// A length with two digits after the point; nothing where it is no number.
struct Length(f32);

impl fmt::Display for Length {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(length) = self;
        if !length.is_finite() {
            return f.write_str("0");
        }
        let text = format!("{length:.2}");
        f.write_str(text.trim_end_matches('0').trim_end_matches('.'))
    }
}

impl maud::Render for Length {
    fn render_to(&self, buffer: &mut String) {
        buffer.push_str(&self.to_string());
    }
}

/// A colour, or none.
struct Paint(Option<Ink>);

impl maud::Render for Paint {
    fn render_to(&self, buffer: &mut String) {
        match self.0 {
            Some(Ink(red, green, blue)) => {
                buffer.push_str(&format!("#{red:02x}{green:02x}{blue:02x}"));
            }
            None => buffer.push_str("none"),
        }
    }
}
