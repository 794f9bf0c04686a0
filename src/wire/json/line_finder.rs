//! The lines of a text, found from the first place to the last.

use serde_json::value::RawValue;

/// Finds the line of each place of a text, in the order of the places: so the text is read
/// once.
#[derive(Debug)]
pub struct LineFinder<'t> {
    text: &'t str,
    line: usize,
    /// Where that line begins.
    start: usize,
    seen: usize,
}

impl<'t> LineFinder<'t> {
    pub const fn new(text: &'t str) -> Self {
        Self {
            text,
            line: 1,
            start: 0,
            seen: 0,
        }
    }

    /// The line and the character at which a place is, counted from one. No place before
    /// the last one that was asked for.
    pub fn place(&mut self, offset: usize) -> (usize, usize) {
        for (at, _) in self.text[self.seen..offset].match_indices('\n') {
            self.line += 1;
            self.start = self.seen + at + 1;
        }
        self.seen = offset;
        let column = self.text[self.start..offset].chars().count() + 1;
        (self.line, column)
    }
}

/// The offset of a value that is a part of the text.
pub fn offset_of(text: &str, value: &RawValue) -> usize {
    value.get().as_ptr().addr() - text.as_ptr().addr()
}
