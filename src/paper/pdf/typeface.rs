//! The letters of a PDF: Source Sans 3, embedded, with a box for what it lacks.

use std::collections::BTreeSet;

use krilla::text::{Font, GlyphId};
use skrifa::charmap::Charmap;
use skrifa::instance::{LocationRef, Size};
use skrifa::metrics::GlyphMetrics;
use skrifa::{FontRef, MetadataProvider};

use super::PdfError;

const REGULAR: &[u8] = include_bytes!("../fonts/SourceSans3-Regular.ttf");
const BOLD: &[u8] = include_bytes!("../fonts/SourceSans3-Bold.ttf");

/// A white square, in the place of a character that the typeface lacks. Those who hear
/// or copy the text get the character itself.
pub const MISSING_SIGN: char = '\u{25a1}';

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weight {
    Regular,
    Bold,
}

impl Weight {
    pub fn bold_if(is_strong: bool) -> Self {
        if is_strong { Self::Bold } else { Self::Regular }
    }
}

/// A character as it is drawn.
#[derive(Debug, Clone, Copy)]
pub struct PlacedGlyph {
    pub id: GlyphId,
    /// The width, in parts of the size of the text.
    pub advance: f32,
}

/// Two weights of one family.
pub struct Typeface {
    regular: Face,
    bold: Face,
    /// Characters that were asked for and are in neither.
    missing: BTreeSet<char>,
}

struct Face {
    font: Font,
    charmap: Charmap<'static>,
    metrics: GlyphMetrics<'static>,
    units_per_em: f32,
    missing: PlacedGlyph,
}

impl Face {
    fn new(data: &'static [u8]) -> Option<Self> {
        let parsed = FontRef::new(data).ok()?;
        let font = Font::new(data.into(), 0)?;
        let mut face = Self {
            units_per_em: font.units_per_em(),
            font,
            charmap: parsed.charmap(),
            metrics: parsed.glyph_metrics(Size::unscaled(), LocationRef::default()),
            missing: PlacedGlyph {
                id: GlyphId::new(0),
                advance: 0.0,
            },
        };
        face.missing = face.glyph(MISSING_SIGN)?;
        Some(face)
    }

    fn glyph(&self, c: char) -> Option<PlacedGlyph> {
        let id = self.charmap.map(c)?;
        let advance = self.metrics.advance_width(id)? / self.units_per_em;
        Some(PlacedGlyph {
            id: GlyphId::new(id.to_u32()),
            advance,
        })
    }
}

impl Typeface {
    pub fn new() -> Result<Self, PdfError> {
        Ok(Self {
            regular: Face::new(REGULAR).ok_or(PdfError::Typeface)?,
            bold: Face::new(BOLD).ok_or(PdfError::Typeface)?,
            missing: BTreeSet::new(),
        })
    }

    fn face(&self, weight: Weight) -> &Face {
        match weight {
            Weight::Regular => &self.regular,
            Weight::Bold => &self.bold,
        }
    }

    pub fn font(&self, weight: Weight) -> Font {
        self.face(weight).font.clone()
    }

    /// The glyph of a character, or the box.
    pub fn glyph(&self, weight: Weight, c: char) -> PlacedGlyph {
        let face = self.face(weight);
        face.glyph(c).unwrap_or(face.missing)
    }

    /// Remembers those characters of a text that the typeface lacks.
    pub fn note_missing(&mut self, text: &str) {
        let lacks = |c: &char| !c.is_ascii() && self.regular.glyph(*c).is_none();
        let missing: Vec<char> = text.chars().filter(lacks).collect();
        self.missing.extend(missing);
    }

    pub fn missing(&self) -> &BTreeSet<char> {
        &self.missing
    }

    /// The width of a text on one line, in parts of its size.
    pub fn width(&self, weight: Weight, text: &str) -> f32 {
        let advances = text.chars().map(|c| self.glyph(weight, c).advance);
        advances.sum()
    }
}
