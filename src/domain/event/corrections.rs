//! The event that corrects another.

use crate::domain::event::Event;
use crate::domain::ids::{EventId, Position};
use crate::domain::text::Text;

/// An earlier entry of the same subject is corrected.
#[derive(Debug, Clone, PartialEq)]
pub struct EntryCorrected {
    pub target: Target,
    pub reason: Text,
    /// The event that takes the place of the wrong one; `None` makes the entry void.
    pub replacement: Option<Event>,
}

/// A reference to another entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    Position(Position),
    /// The entry whose event has this `event_id`.
    Event(EventId),
}
