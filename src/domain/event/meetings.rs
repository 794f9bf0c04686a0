//! Events about the meetings of boards, and references to a meeting.

use crate::date::PartialDate;
use crate::event::{Actor, Document};
use crate::ids::{BoardId, ItemId};
use crate::text::Text;

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

impl AttendanceKind {
    /// Whether the seat of a member was filled.
    pub const fn is_there(self) -> bool {
        matches!(self, Self::Present | Self::Substitute)
    }

    /// Whether a member was not there, and nobody in the member's place.
    pub const fn is_away(self) -> bool {
        matches!(self, Self::Apologies | Self::Absent)
    }
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
    /// The item of the agenda from which on there was no quorum on the first day; empty if
    /// it was not lost.
    pub inquorate_from_item: Text,
    /// The later days on which it sat, having been adjourned.
    pub adjourned_to: Vec<PartialDate>,
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
