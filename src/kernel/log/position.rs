//! The number of a record.

use std::fmt;

/// The place of one record in the log: 1 for the first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Position(u64);

impl Position {
    /// The tail of an empty log. No record has this position.
    pub const ZERO: Position = Position(0);

    pub const fn new(number: u64) -> Position {
        Position(number)
    }

    pub const fn get(self) -> u64 {
        self.0
    }

    /// The position directly after this one.
    ///
    /// Saturates at `u64::MAX`, which no log reaches.
    pub const fn next(self) -> Position {
        self.plus(1)
    }

    /// The position `count` places after this one.
    pub const fn plus(self, count: u64) -> Position {
        Position(self.0.saturating_add(count))
    }
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
