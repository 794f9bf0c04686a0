//! A draft: what a recorder asks the register to keep.

use super::event::Event;
use super::ids::{RequestId, Revision, SubjectId};
use super::text::Name;

/// One request: events to be recorded together, or not at all.
#[derive(Debug, Clone, PartialEq)]
pub struct AppendCommand {
    /// The request's own id.
    pub request: RequestId,
    /// The office or system that records.
    pub recorded_by: Name,
    /// The events, in order; at least one.
    pub events: Vec<Event>,
    /// What the recorder takes subjects to be at.
    pub expected: Vec<(SubjectId, Revision)>,
}
