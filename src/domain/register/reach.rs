//! The subjects that a scope reaches on a day: those that it names, and those in which the
//! bodies and boards that it names take part.

use std::collections::BTreeSet;

use jiff::civil::Date;

use super::Register;
use crate::board::Board;
use crate::clearance::ReadScope;
use crate::collaboration::Collaboration;
use crate::event::Seat;
use crate::ids::{BodyId, SubjectId};
use crate::subject::Subject;

pub(super) enum Reach {
    Whole,
    These(BTreeSet<SubjectId>),
}

impl Reach {
    /// The subjects named; the collaborations that a body among them is a party of, or that a
    /// board among them serves; and the boards that serve these, or have such a body as a
    /// member. A body that has left a collaboration reads it no more, unless a mandate names
    /// it.
    pub(super) fn of(register: &Register, scope: &ReadScope, day: Date) -> Self {
        let named = match scope {
            ReadScope::Whole => return Self::Whole,
            ReadScope::Named(named) => named,
        };
        let mut reached = named.clone();
        if named.is_empty() {
            return Self::These(reached);
        }
        let is_named = |body: &BodyId| named.contains(&SubjectId::Body(body.clone()));
        for (id, _) in register.records() {
            let subject = register.followed_subject(id);
            let subject = subject.as_deref();
            let joins = |all: &Collaboration| parties(all, day).any(is_named);
            let sits = |board: &Board| members(board, day).iter().any(|body| is_named(body));
            if subject
                .and_then(Subject::as_collaboration)
                .is_some_and(joins)
                || subject.and_then(Subject::as_board).is_some_and(sits)
            {
                reached.insert(id.clone());
            }
            if let Some(board) = subject.and_then(Subject::as_board)
                && named.contains(id)
            {
                let served = board.ever_served().cloned();
                reached.extend(served.map(SubjectId::Collaboration));
            }
        }
        let serves = |board: &Board| {
            let mut served = board.ever_served().cloned();
            served.any(|id| reached.contains(&SubjectId::Collaboration(id)))
        };
        let serving = register
            .board_records()
            .filter(|(_, record)| record.subject().as_board().is_some_and(serves));
        let serving = serving.map(|(id, _)| SubjectId::Board(id.clone()));
        let serving: Vec<SubjectId> = serving.collect();
        reached.extend(serving);
        Self::These(reached)
    }

    pub(super) fn has(&self, id: &SubjectId) -> bool {
        match self {
            Self::Whole => true,
            Self::These(subjects) => subjects.contains(id),
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        matches!(self, Self::These(subjects) if subjects.is_empty())
    }
}

/// The parties on a day, and those that join later.
fn parties(all: &Collaboration, day: Date) -> impl Iterator<Item = &BodyId> {
    let later = all.moves(Date::MAX).into_iter();
    let later = later.filter(move |((order, _), joined)| *joined && order.day > day);
    let later: BTreeSet<&BodyId> = later.map(|((_, body), _)| body).collect();
    let ever = all.parties_ever();
    ever.filter(move |body| later.contains(body) || all.is_party(body, day))
}

/// The members and chairs of a board on a day; of one that has not begun, or has ended, all
/// that it is to have or had.
fn members(board: &Board, day: Date) -> Vec<&BodyId> {
    let begun = board
        .constituted
        .as_ref()
        .is_some_and(|made| made.day() <= day);
    let is_active = begun && board.ended(day).is_none();
    let seats = board.seats(day);
    let sits = |seat: &Seat| !is_active || seats.contains_key(seat);
    let made = board.constituted.iter().flat_map(|made| &made.members);
    let joined = board.membership.iter().flat_map(|change| &change.joined);
    let members = made.chain(joined).map(|member| &member.seat);
    let members = members
        .filter(|seat| sits(seat))
        .filter_map(|seat| match seat {
            Seat::Body { body, .. } => Some(body),
            Seat::Described(_) => None,
        });
    let chairs = [board.chairs.at(day), board.vice_chairs.at(day)];
    let chairs = chairs.into_iter().flatten().map(|chair| &chair.body);
    let owner = board
        .constituted
        .iter()
        .filter_map(|made| made.owner.as_ref());
    members.chain(chairs).chain(owner).collect()
}
