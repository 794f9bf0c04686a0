//! Pictures: shapes, scaled down where they are wider than the page.

use super::blocks::BLOCK_ROOM;
use super::composer::{Composer, TextStyle};
use super::flow::{Piece, Strip, Stroke, TEXT_HEIGHT, TEXT_WIDTH};
use super::structure::{ElementId, Role};
use super::typeface::Weight;
use crate::drawing::{Drawing, DrawnShape, DrawnText, Ink, ShapeStyle, TextAnchor};
use crate::section::Span;
use crate::visible::visible_line;

/// The further room above a picture, which may follow the rule of a table.
const PICTURE_ROOM: f32 = 8.0;
/// The least room that a picture leaves on its page, for the sentence under it.
const ROOM_FOR_SENTENCE: f32 = 60.0;

impl Composer<'_> {
    /// A picture, and under it the sentence that says what it shows.
    pub fn picture(&mut self, section: ElementId, drawing: &Drawing) {
        let sentence = visible_line(drawing.sentence());
        let (width, height) = (positive(drawing.width), positive(drawing.height));
        let scale = (TEXT_WIDTH / width)
            .min((TEXT_HEIGHT - ROOM_FOR_SENTENCE) / height)
            .min(1.0);
        let figure = self.structure.element(
            Some(section),
            Role::Figure {
                sentence: sentence.clone(),
            },
        );
        let strokes: Vec<Stroke> = drawing
            .shapes
            .iter()
            .filter_map(|shape| self.shape(shape, scale))
            .collect();
        let content = self.structure.content(figure);
        self.push(Strip {
            height: height * scale,
            room_above: BLOCK_ROOM + PICTURE_ROOM,
            pieces: vec![Piece {
                content: Some(content),
                alternative: None,
                strokes,
            }],
            keeps_with_next: true,
            ..Strip::default()
        });
        let element = self.structure.element(Some(section), Role::Paragraph);
        let span = self.shown(&Span::plain(sentence));
        let style = TextStyle {
            size: 9.0,
            ink: Ink::SOFT,
            ..TextStyle::default()
        };
        self.text(element, &[span], style, 3.0);
    }

    /// None where a place of it is no number.
    fn shape(&mut self, shape: &DrawnShape, scale: f32) -> Option<Stroke> {
        let at = |(x, y): (f32, f32)| {
            let place = (x * scale, y * scale);
            (place.0.is_finite() && place.1.is_finite()).then_some(place)
        };
        let area = |points: &[(f32, f32)], style: &ShapeStyle| {
            let points = points.iter().map(|point| at(*point)).collect::<Option<_>>();
            points.map(|points| Stroke::Area {
                points,
                fill: style.fill,
                outline: style.outline,
            })
        };
        match shape {
            DrawnShape::Rectangle {
                x,
                y,
                width,
                height,
                style,
            } => {
                let (right, lower) = (x + width, y + height);
                area(&[(*x, *y), (right, *y), (right, lower), (*x, lower)], style)
            }
            DrawnShape::Polygon { points, style } => area(points, style),
            DrawnShape::Line {
                from,
                to,
                width,
                ink,
            } => Some(Stroke::Line {
                from: at(*from)?,
                to: at(*to)?,
                width: positive(*width) * scale,
                ink: *ink,
            }),
            DrawnShape::Text(text) => {
                let (x, baseline) = at(text.at)?;
                Some(self.drawn_text(text, x, baseline, scale))
            }
        }
    }

    fn drawn_text(&mut self, drawn: &DrawnText, x: f32, baseline: f32, scale: f32) -> Stroke {
        let text = visible_line(&drawn.text);
        self.typeface.note_missing(&text);
        let weight = Weight::bold_if(drawn.is_strong);
        let size = positive(drawn.size) * scale;
        let width = self.typeface.width(weight, &text) * size;
        let before = match drawn.anchor {
            TextAnchor::Start => 0.0,
            TextAnchor::Middle => width / 2.0,
            TextAnchor::End => width,
        };
        Stroke::Text {
            x: x - before,
            baseline,
            text,
            weight,
            size,
            ink: drawn.ink,
        }
    }
}

/// A length that can be drawn.
fn positive(length: f32) -> f32 {
    if length.is_finite() && length > 0.01 {
        length
    } else {
        0.01
    }
}
