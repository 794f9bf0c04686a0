//! The event that corrects another.

use crate::domain::event::Event;
use crate::domain::ids::{EventId, Position};
use crate::domain::text::Text;

/// An earlier entry of the same subject was wrong.
#[derive(Debug, Clone, PartialEq)]
pub struct EntryCorrected {
    /// The entry that was wrong.
    pub target: Target,
    /// Why.
    pub reason: Text,
    /// What it should have said; `None` makes the entry void.
    pub replacement: Option<Event>,
}

/// Which entry is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// The one at this position.
    Position(Position),
    /// The one whose event carries this id.
    Event(EventId),
}
