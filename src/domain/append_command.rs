//! Append commands: requests to record events.

use super::caller::Caller;
use super::event::Event;
use super::ids::{RequestId, Revision, SubjectId};
use super::text::Name;

/// A request to record events together, or not at all.
#[derive(Debug, Clone, PartialEq)]
pub struct AppendCommand {
    pub request: RequestId,
    /// Who sends it.
    pub caller: Caller,
    /// The recording office or system, as the request states it. `None` where the
    /// caller's mandate names it.
    pub recorded_by: Option<Name>,
    /// In order; at least one.
    pub events: Vec<Event>,
    /// The revisions at which the recorder expects subjects to be.
    pub expected: Vec<(SubjectId, Revision)>,
}
