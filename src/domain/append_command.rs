//! Append commands: requests to record events.

use super::event::Event;
use super::ids::{RequestId, Revision, SubjectId};
use super::text::Name;

/// A request to record events together, or not at all.
#[derive(Debug, Clone, PartialEq)]
pub struct AppendCommand {
    pub request: RequestId,
    /// The recording office or system.
    pub recorded_by: Name,
    /// In order; at least one.
    pub events: Vec<Event>,
    /// The revisions at which the recorder expects subjects to be.
    pub expected: Vec<(SubjectId, Revision)>,
}
