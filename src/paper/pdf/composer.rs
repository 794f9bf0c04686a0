//! Turns the parts of a paper into strips and into elements of its structure.

use super::PdfError;
use super::flow::{Bookmark, LinkArea, Piece, Strip, Stroke, TEXT_WIDTH};
use super::lines::{Breaking, Run, TextLine, break_lines};
use super::structure::{ElementId, Role, Structure};
use super::typeface::{MISSING_SIGN, Typeface, Weight};
use crate::drawing::Ink;
use crate::entry_links::EntryLinks;
use crate::paper::Paper;
use crate::section::{Block, Section, Span};
use crate::visible::{visible, visible_line};

/// A paper in strips.
pub struct Composed {
    pub strips: Vec<Strip>,
    pub structure: Structure,
    pub typeface: Typeface,
}

/// The height of a line, in parts of the size of its text.
pub const LEADING: f32 = 1.36;
/// From the upper edge of a line to its baseline.
pub const BASELINE: f32 = 1.02;
/// The size of running text.
pub const TEXT_SIZE: f32 = 10.0;
const TITLE_SIZE: f32 = 20.0;
/// The most characters that are named at the end as missing in the typeface.
const MISSING_NAMED_MAX: usize = 40;

pub struct Composer<'a> {
    pub typeface: Typeface,
    pub structure: Structure,
    pub strips: Vec<Strip>,
    pub entry_links: Option<&'a EntryLinks>,
    /// Whether the next strip begins a page.
    pub begins_page: bool,
}

/// Where and how a text is set.
#[derive(Debug, Clone, Copy)]
pub struct TextStyle {
    pub x: f32,
    pub width: f32,
    pub size: f32,
    pub ink: Ink,
    pub breaking: Breaking,
    /// Whether lines end at the right edge.
    pub is_on_the_right: bool,
}

impl Default for TextStyle {
    fn default() -> Self {
        Self {
            x: 0.0,
            width: TEXT_WIDTH,
            size: TEXT_SIZE,
            ink: Ink::BLACK,
            breaking: Breaking::Words,
            is_on_the_right: false,
        }
    }
}

impl TextStyle {
    pub fn line_height(self) -> f32 {
        self.size * LEADING
    }
}

/// A span with its text fit to be shown.
pub struct ShownSpan {
    pub text: String,
    pub weight: Weight,
    /// The entry it names, and its address where the paper knows one.
    pub entry: Option<(u64, String)>,
}

pub fn compose(paper: &Paper) -> Result<Composed, PdfError> {
    let mut composer = Composer {
        typeface: Typeface::new()?,
        structure: Structure::default(),
        strips: Vec::new(),
        entry_links: paper.entry_links.as_ref(),
        begins_page: false,
    };
    composer
        .typeface
        .note_missing(&visible_line(&paper.running_header));
    composer.title(paper);
    for section in &paper.sections {
        composer.section(None, section, 1);
    }
    composer.note_on_missing_characters();
    Ok(Composed {
        strips: composer.strips,
        structure: composer.structure,
        typeface: composer.typeface,
    })
}

impl Composer<'_> {
    fn title(&mut self, paper: &Paper) {
        let element = self.structure.element(None, Role::Title);
        let style = TextStyle {
            size: TITLE_SIZE,
            ..TextStyle::default()
        };
        let span = self.shown(&Span::strong(visible_line(&paper.title)));
        let first = self.strips.len();
        self.text(element, &[span], style, 0.0);
        self.keep_with_next_from(first);
        self.subject(&paper.subject);
    }

    fn section(&mut self, parent: Option<ElementId>, section: &Section, depth: u16) {
        let level = depth.min(3);
        let (size, room_above) = match level {
            1 => (15.0, 20.0),
            2 => (12.5, 15.0),
            _ => (10.5, 11.0),
        };
        let blocks = match section.blocks.as_slice() {
            [Block::PageBreak, blocks @ ..] => {
                self.begins_page = true;
                blocks
            }
            blocks => blocks,
        };
        let text = visible_line(&section.heading);
        // A heading without words is no heading; a bookmark must have some.
        let text = if text.is_empty() {
            "Without heading".to_owned()
        } else {
            text
        };
        let element = self.structure.element(parent, Role::Section);
        let role = Role::Heading {
            level,
            text: text.clone(),
        };
        let heading = self.structure.element(Some(element), role);
        let style = TextStyle {
            size,
            ..TextStyle::default()
        };
        let span = self.shown(&Span::strong(&text));
        let first = self.strips.len();
        self.text(heading, &[span], style, room_above);
        if let Some(strip) = self.strips.get_mut(first) {
            strip.bookmark = Some(Bookmark { level, text });
        }
        self.keep_with_next_from(first);
        for block in blocks {
            self.block(element, block);
        }
        for part in &section.parts {
            self.section(Some(element), part, depth.saturating_add(1));
        }
    }

    /// Says at the end which characters are shown as boxes.
    fn note_on_missing_characters(&mut self) {
        let missing = self.typeface.missing();
        if missing.is_empty() {
            return;
        }
        let named: Vec<String> = missing
            .iter()
            .take(MISSING_NAMED_MAX)
            .map(|c| format!("U+{:04X}", u32::from(*c)))
            .collect();
        let more = match missing.len() - named.len() {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        let text = format!(
            "A box ({MISSING_SIGN}) is in the place of a character that the typeface of this \
             paper does not have, or that cannot be seen: {}{more}. Copied text has the \
             character itself, unless it cannot be seen.",
            named.join(", ")
        );
        let element = self.structure.element(None, Role::Paragraph);
        let style = TextStyle {
            size: 8.5,
            ink: Ink::SOFT,
            ..TextStyle::default()
        };
        let span = self.shown(&Span::plain(text));
        self.text(element, &[span], style, 14.0);
    }

    /// A span with its text fit to be shown.
    pub fn shown(&mut self, span: &Span) -> ShownSpan {
        let text = visible(&span.text);
        self.typeface.note_missing(&text);
        let entry = span.entry.and_then(|position| {
            let address = self.entry_links?.address(position);
            Some((position, address))
        });
        ShownSpan {
            text,
            weight: Weight::bold_if(span.is_strong),
            entry,
        }
    }

    /// Adds a text in a strip for each line.
    pub fn text(
        &mut self,
        element: ElementId,
        spans: &[ShownSpan],
        style: TextStyle,
        room_above: f32,
    ) {
        let lines = self.lines(spans, style);
        let count = lines.len();
        for (index, line) in lines.iter().enumerate() {
            let mut strip = Strip {
                height: style.line_height(),
                room_above: if index == 0 { room_above } else { 0.0 },
                // No line of a paragraph is alone on a page.
                keeps_with_next: count > 1 && (index == 0 || index + 2 == count),
                ..Strip::default()
            };
            self.line(&mut strip, 0.0, line, (element, spans), style);
            self.push(strip);
        }
    }

    pub fn lines(&self, spans: &[ShownSpan], style: TextStyle) -> Vec<TextLine> {
        let runs: Vec<Run> = spans
            .iter()
            .map(|span| Run {
                text: &span.text,
                weight: span.weight,
            })
            .collect();
        break_lines(
            &self.typeface,
            &runs,
            style.size,
            style.width,
            style.breaking,
        )
    }

    /// Adds a line to a strip at a height. A link is an element of its own in that of the
    /// text, with its words and its area.
    pub fn line(
        &mut self,
        strip: &mut Strip,
        y: f32,
        line: &TextLine,
        text: (ElementId, &[ShownSpan]),
        style: TextStyle,
    ) {
        let (element, spans) = text;
        let indent = if style.is_on_the_right {
            (style.width - line.width).max(0.0)
        } else {
            0.0
        };
        for segment in &line.segments {
            let Some(span) = spans.get(segment.run) else {
                continue;
            };
            let x = style.x + indent + segment.x;
            let link = span.entry.as_ref();
            let owner = match link {
                Some(_) => self.structure.element(Some(element), Role::Link),
                None => element,
            };
            let stroke = Stroke::Text {
                x,
                baseline: y + style.size * BASELINE,
                text: segment.text.clone(),
                weight: span.weight,
                size: style.size,
                ink: if link.is_some() { Ink::LINK } else { style.ink },
            };
            strip.pieces.push(Piece {
                content: Some(self.structure.content(owner)),
                alternative: None,
                strokes: vec![stroke],
            });
            if let Some((position, address)) = link {
                strip.links.push(LinkArea {
                    content: self.structure.content(owner),
                    x,
                    y,
                    width: segment.width,
                    height: style.line_height(),
                    address: address.clone(),
                    description: format!("Entry {position} in the register"),
                });
            }
        }
    }

    /// Adds a strip after those that are there.
    pub fn push(&mut self, mut strip: Strip) {
        strip.begins_page |= std::mem::take(&mut self.begins_page);
        self.strips.push(strip);
    }

    /// Keeps the strips from one on with what follows the last of them.
    pub fn keep_with_next_from(&mut self, first: usize) {
        for strip in self.strips.iter_mut().skip(first) {
            strip.keeps_with_next = true;
        }
    }
}
