//! Events about the meetings of boards, and references to a meeting.

use crate::domain::event::{Actor, Document};
use crate::domain::ids::{BoardId, ItemId};
use crate::domain::text::Text;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AttendanceKind {
    Present,
    /// A substitute was present.
    Substitute,
    Apologies,
    Absent,
    /// Not a member.
    InAttendance,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attendance {
    pub who: Actor,
    pub attendance: AttendanceKind,
    /// Given for a substitute alone.
    pub substitute: Option<Actor>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PresidingAs {
    Chair,
    ViceChair,
    Other,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Presiding {
    pub who: Actor,
    pub presided_as: PresidingAs,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MeetingHeld {
    pub meeting: ItemId,
    /// Empty if it is not recorded.
    pub attendance: Vec<Attendance>,
    pub presiding: Option<Presiding>,
    /// Whether there was no quorum.
    pub inquorate: bool,
    pub minutes: Document,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MeetingCancelled {
    pub meeting: ItemId,
    pub reason: Text,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MinutesApproved {
    pub meeting: ItemId,
    /// The meeting that approved them, where it is known.
    pub at_meeting: Option<ItemId>,
    pub corrections: Text,
}

/// The meeting at which something was done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MeetingRef {
    pub board: BoardId,
    pub meeting: ItemId,
    pub agenda_item: Text,
}
