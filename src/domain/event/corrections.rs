//! The event that corrects another.

use std::fmt;

use crate::event::Event;
use crate::ids::{EventId, Position, RequestId};
use crate::text::Text;

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
    /// The entry that a request recorded, by its index there, from 0.
    Request(RequestId, u32),
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Position(position) => write!(f, "{position}"),
            Self::Event(id) => write!(f, "{id}"),
            Self::Request(request, index) => write!(f, "{index} of request {request}"),
        }
    }
}
