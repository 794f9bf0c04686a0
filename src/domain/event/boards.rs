//! Events about boards.

use crate::domain::date::PartialDate;
use crate::domain::event::Document;
use crate::domain::ids::{BoardId, BodyId, CollaborationId};
use crate::domain::text::{Name, Text};

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum BoardPower {
    Decides,
    /// Oversees and holds to account.
    Oversees,
    Advises,
    /// Challenges and supports, without power to direct.
    NoPowerToDirect,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum VotingRule {
    /// More votes for than against.
    Majority,
    /// No vote against.
    Unanimity,
    Weighted,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MemberCapacity {
    /// With a vote.
    Member,
    /// Without a vote.
    Observer,
    /// Present to report or advise.
    InAttendance,
}

/// A board is set up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BoardConstituted {
    pub name: Name,
    /// At least one.
    pub powers: Vec<BoardPower>,
    pub collaborations: Vec<CollaborationId>,
    pub parent: Option<BoardId>,
    pub owner: Option<BodyId>,
    pub members: Vec<BoardMember>,
    /// Members with a vote who make a quorum, where known.
    pub quorum: Option<u32>,
    pub voting_rule: Option<VotingRule>,
    pub cadence: Text,
    pub purpose: Text,
}

/// A seat on a board.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BoardMember {
    pub seat: Seat,
    pub capacity: MemberCapacity,
}

/// The holder of a seat on a board.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Seat {
    /// A body, through one of its offices where one is named.
    Body { body: BodyId, office: Option<Name> },
    /// A person or organisation that is only described.
    Described(Name),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChairAppointed {
    pub body: BodyId,
    pub office: Option<Name>,
    /// The day the appointment ends, where it was made for a term.
    pub until_on: Option<PartialDate>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BoardMembershipChanged {
    pub joined: Vec<BoardMember>,
    pub left: Vec<Seat>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MeetingCalled {
    pub agenda: Text,
    pub papers: Document,
    /// `None` for the effective day of the event.
    pub meets_on: Option<PartialDate>,
}
