//! The constituents of a board: the bodies in whose name it decides.

use std::collections::BTreeSet;

use jiff::civil::Date;

use super::electorate::Electorate;
use super::subject_lookup::{SubjectLookup, board_owner};
use crate::event::BoardPower;
use crate::ids::{BoardId, BodyId, SubjectId};
use crate::subject::Subject;

/// The bodies in whose name a board decides.
#[derive(Debug, Default)]
pub struct Constituents {
    /// The body that it belongs to, or else those with a vote on it; in their place their
    /// heirs.
    pub bodies: BTreeSet<BodyId>,
    /// Whether there are no others: each vote is that of a body.
    pub is_all: bool,
}

impl Constituents {
    /// The constituents on a day; those of the last day, where the board has ended.
    pub fn new(
        lookup: &dyn SubjectLookup,
        about: &SubjectId,
        id: &BoardId,
        day: Date,
    ) -> Option<Self> {
        let successions = lookup.successions();
        let in_place = |body: &BodyId| -> Vec<BodyId> {
            let holders = successions.holders(about, body, day).into_iter();
            holders.cloned().collect()
        };
        if let Some(owner) = board_owner(lookup, id) {
            let bodies = in_place(&owner).into_iter().collect();
            return Some(Self {
                bodies,
                is_all: true,
            });
        }
        let subject = lookup.subject(&SubjectId::Board(id.clone()))?;
        let board = subject.as_board()?;
        let last = board.ended(day).map_or(day, |ended| ended.on().last_day());
        let electorate = Electorate::new(lookup, id, board, last);
        let mut constituents = Self {
            bodies: BTreeSet::new(),
            is_all: true,
        };
        for seat in electorate.voting_seats() {
            for holder in electorate.holders(seat) {
                match holder.body() {
                    Some(body) => constituents.bodies.extend(in_place(body)),
                    None => constituents.is_all = false,
                }
            }
        }
        Some(constituents)
    }

    /// The one body that has every vote, if there is one.
    pub fn sole(&self) -> Option<&BodyId> {
        let mut bodies = self.bodies.iter();
        let first = bodies.next().filter(|_| self.is_all)?;
        bodies.next().is_none().then_some(first)
    }
}

/// Whether a board has the power to decide.
pub fn can_decide(lookup: &dyn SubjectLookup, board: &BoardId) -> bool {
    let subject = lookup.subject(&SubjectId::Board(board.clone()));
    let board = subject.as_deref().and_then(Subject::as_board);
    board.is_some_and(|board| board.has_power(BoardPower::Decides))
}
