//! Events about boards.

use crate::domain::date::PartialDate;
use crate::domain::event::Document;
use crate::domain::ids::{BoardId, BodyId, CollaborationId};
use crate::domain::text::{Name, Text};

/// What a board can do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum BoardPower {
    /// It decides.
    Decides,
    /// It oversees and holds to account.
    Oversees,
    /// It advises.
    Advises,
    /// It challenges and supports, without power to direct.
    NoPowerToDirect,
}

/// How a board comes to a decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum VotingRule {
    /// More votes for than against.
    Majority,
    /// No vote against.
    Unanimity,
    /// Votes have weights.
    Weighted,
}

/// In what capacity someone sits on a board.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MemberCapacity {
    /// With a vote.
    Member,
    /// Without a vote.
    Observer,
    /// Present to report or advise.
    InAttendance,
}

/// A forum is set up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BoardConstituted {
    /// Its name.
    pub name: Name,
    /// What it can do; at least one.
    pub powers: Vec<BoardPower>,
    /// The collaborations it serves.
    pub collaborations: Vec<CollaborationId>,
    /// The board it sits under.
    pub parent: Option<BoardId>,
    /// The body it belongs to.
    pub owner: Option<BodyId>,
    /// Its first members.
    pub members: Vec<BoardMember>,
    /// How many members with a vote make a quorum, where known.
    pub quorum: Option<u32>,
    /// How it decides, where known.
    pub voting_rule: Option<VotingRule>,
    /// How often it meets.
    pub cadence: Text,
    /// What it is for.
    pub purpose: Text,
}

/// A seat on a board.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BoardMember {
    /// Who sits.
    pub seat: Seat,
    /// With or without a vote.
    pub capacity: MemberCapacity,
}

/// Who sits on a board.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Seat {
    /// A body, through one of its offices where that is said.
    Body {
        /// The body.
        body: BodyId,
        /// The office.
        office: Option<Name>,
    },
    /// Someone who is only described.
    Described(Name),
}

/// A body takes the chair.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChairAppointed {
    /// The body.
    pub body: BodyId,
    /// The office.
    pub office: Option<Name>,
    /// The day the appointment ends, where it was made for a term.
    pub until_on: Option<PartialDate>,
}

/// Members join or leave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BoardMembershipChanged {
    /// Who joins.
    pub joined: Vec<BoardMember>,
    /// Who leaves.
    pub left: Vec<Seat>,
}

/// A meeting of the board.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MeetingCalled {
    /// What it is about.
    pub agenda: Text,
    /// The papers.
    pub papers: Document,
    /// The day it meets; `None` for the day from which the event holds.
    pub meets_on: Option<PartialDate>,
}
