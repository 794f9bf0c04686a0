//! Events about boards.

use std::cmp::Ordering;

use crate::date::PartialDate;
use crate::event::{Document, GroupQuorum, Majority};
use crate::ids::{BoardId, BodyId, CollaborationId, ItemId};
use crate::text::{Name, Text};

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum BoardPower {
    Decides,
    /// Oversees and holds to account.
    Oversees,
    Advises,
    /// Challenges and supports, without power to direct.
    NoPowerToDirect,
    /// No paper on record states its powers.
    NotGiven,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum VotingRule {
    /// More votes for than against.
    Majority,
    /// No vote against.
    Unanimity,
    Weighted,
    /// A majority that is stated as a fraction.
    Qualified,
}

/// Who decides when as many votes are for as against.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CastingVote {
    /// The person presiding.
    Presiding,
    /// Nobody: the matter is lost.
    None,
}

/// The seats of bodies that one body has followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MergedSeats {
    /// Each passes on, and keeps its vote.
    Each,
    /// They become one.
    One,
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
    pub casting_vote: Option<CastingVote>,
    /// For a qualified voting rule.
    pub majority: Option<Majority>,
    pub merged_seats: Option<MergedSeats>,
    pub group_quorums: Vec<GroupQuorum>,
}

/// A board changes how it decides. What is not given stays as it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StandingOrdersAdopted {
    pub quorum: Option<u32>,
    pub voting_rule: Option<VotingRule>,
    pub casting_vote: Option<CastingVote>,
    pub majority: Option<Majority>,
    pub merged_seats: Option<MergedSeats>,
    pub group_quorums: Vec<GroupQuorum>,
    pub document: Document,
}

/// A board ends; the day after, it is no more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BoardEnded {
    pub reason: Text,
    /// The board that follows it.
    pub successor: Option<BoardId>,
    pub document: Document,
    /// Whether what it delegated goes on under the board that follows it.
    pub delegations_continue: bool,
}

/// A board serves other collaborations, or some no more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BoardCollaborationsChanged {
    pub added: Vec<CollaborationId>,
    pub removed: Vec<CollaborationId>,
    pub document: Document,
}

/// A seat on a board.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BoardMember {
    pub seat: Seat,
    pub capacity: MemberCapacity,
    /// The group of members that it belongs to.
    pub group: Option<Name>,
    /// Members with the same name here have one vote between them.
    pub shares_vote_as: Option<Name>,
}

/// The holder of a seat on a board. Two whose names are the same are equal, however
/// they are written.
#[derive(Debug, Clone)]
pub enum Seat {
    /// A body, through one of its offices where one is named.
    Body { body: BodyId, office: Option<Name> },
    /// A person or organisation that is only described.
    Described(Name),
}

impl Seat {
    const fn parts(&self) -> (Option<&BodyId>, Option<&Name>) {
        match self {
            Self::Body { body, office } => (Some(body), office.as_ref()),
            Self::Described(name) => (None, Some(name)),
        }
    }
}

impl PartialEq for Seat {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Seat {}

impl PartialOrd for Seat {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// Bodies first, by id.
impl Ord for Seat {
    fn cmp(&self, other: &Self) -> Ordering {
        let ((body, name), (other_body, other_name)) = (self.parts(), other.parts());
        let names = || match (name, other_name) {
            (Some(one), Some(other)) => one.cmp_same_item(other),
            (one, other) => one.is_some().cmp(&other.is_some()),
        };
        let bodies = body.is_none().cmp(&other_body.is_none());
        bodies.then_with(|| body.cmp(&other_body)).then_with(names)
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChairAppointed {
    pub body: BodyId,
    pub office: Option<Name>,
    /// The day the appointment ends, where it was made for a term.
    pub until_on: Option<PartialDate>,
    /// Whether it is the vice-chair.
    pub vice: bool,
}

impl ChairAppointed {
    /// The seat that it is an appointment of.
    pub fn seat(&self) -> Seat {
        Seat::Body {
            body: self.body.clone(),
            office: self.office.clone(),
        }
    }

    /// Whether both are of one office of one body. Without an office, a body may have
    /// several members.
    pub fn is_same_seat(&self, other: &Self) -> bool {
        let offices = self.office.as_ref().zip(other.office.as_ref());
        self.body == other.body && offices.is_some_and(|(one, other)| one.is_same(other))
    }
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
    pub meeting: Option<ItemId>,
}
