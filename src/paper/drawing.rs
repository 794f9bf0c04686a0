//! A picture of plain shapes, with the sentence that says what it shows.

/// A picture. Its points are typographic: 72 an inch, to the right and down from the
/// upper left corner.
#[derive(Debug, Clone, PartialEq)]
pub struct Drawing {
    pub width: f32,
    pub height: f32,
    /// Says what it shows, for those who do not see it.
    sentence: String,
    pub shapes: Vec<DrawnShape>,
}

/// A part of a picture. Those that come later are above those before.
#[derive(Debug, Clone, PartialEq)]
pub enum DrawnShape {
    Rectangle {
        x: f32,
        y: f32,
        width: f32,
        height: f32,
        style: ShapeStyle,
    },
    Line {
        from: (f32, f32),
        to: (f32, f32),
        width: f32,
        ink: Ink,
    },
    Polygon {
        points: Vec<(f32, f32)>,
        style: ShapeStyle,
    },
    Text(DrawnText),
}

/// A line of text in a picture. It is not broken.
#[derive(Debug, Clone, PartialEq)]
pub struct DrawnText {
    /// Its anchor on its baseline.
    pub at: (f32, f32),
    pub text: String,
    pub size: f32,
    pub anchor: TextAnchor,
    pub is_strong: bool,
    pub ink: Ink,
}

/// The part of a text that is at its point.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TextAnchor {
    Start,
    Middle,
    End,
}

/// The inside and the outline of a shape.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct ShapeStyle {
    pub fill: Option<Ink>,
    pub outline: Option<Ink>,
}

/// A colour as red, green and blue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ink(pub u8, pub u8, pub u8);

impl Ink {
    pub const BLACK: Self = Self(0x0b, 0x0c, 0x0c);
    /// For what is less important; still dark enough to read on white.
    pub const SOFT: Self = Self(0x48, 0x4f, 0x56);
    pub const LINK: Self = Self(0x1a, 0x56, 0x99);
    /// For lines between rows.
    pub const RULE: Self = Self(0xb1, 0xb4, 0xb6);
}

impl Drawing {
    /// An empty picture. The sentence says what it shows.
    pub fn new(width: f32, height: f32, sentence: impl Into<String>) -> Self {
        Self {
            width,
            height,
            sentence: sentence.into(),
            shapes: Vec::new(),
        }
    }

    pub fn shape(&mut self, shape: DrawnShape) -> &mut Self {
        self.shapes.push(shape);
        self
    }

    /// The sentence that says what it shows. A picture without a sentence says that it has none.
    pub fn sentence(&self) -> &str {
        if self.sentence.trim().is_empty() {
            "A picture that is not described; the table beside it has its figures."
        } else {
            &self.sentence
        }
    }
}
