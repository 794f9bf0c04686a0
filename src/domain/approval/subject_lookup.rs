//! Where approvals look up the subjects that they depend on.

use std::sync::Arc;

use jiff::civil::Date;

use crate::event::{BodyKind, DecisionMade};
use crate::fact::Fact;
use crate::ids::{BoardId, BodyId, SubjectId};
use crate::register::Register;
use crate::register_view::{BoardsWithRules, RegisterView};
use crate::subject::Subject;
use crate::succession::Successions;
use crate::text::Name;

/// The register as the door knows it, or a view of it.
pub trait SubjectLookup {
    /// The subject, if it is known.
    fn subject(&self, id: &SubjectId) -> Option<Arc<Subject>>;

    /// The successions that are known.
    fn successions(&self) -> Arc<Successions>;

    /// Every body, by id.
    fn bodies(&self) -> Vec<(BodyId, Arc<Subject>)>;

    /// The boards that have adopted approval rules, by id.
    fn boards_with_rules(&self) -> Arc<BoardsWithRules>;
}

impl SubjectLookup for Register {
    fn subject(&self, id: &SubjectId) -> Option<Arc<Subject>> {
        self.followed_subject(id)
    }

    fn successions(&self) -> Arc<Successions> {
        Arc::clone(Self::successions(self))
    }

    fn bodies(&self) -> Vec<(BodyId, Arc<Subject>)> {
        // Bodies come first among subjects.
        self.records()
            .map_while(|(id, record)| match id {
                SubjectId::Body(id) => Some((id.clone(), Arc::clone(record.subject()))),
                SubjectId::Board(_) | SubjectId::Collaboration(_) | SubjectId::Register => None,
            })
            .collect()
    }

    fn boards_with_rules(&self) -> Arc<BoardsWithRules> {
        let boards = self.board_records();
        let boards = boards.filter(|(_, record)| !record.subject().dossier.rule_sets.is_empty());
        boards
            .map(|(id, record)| (id.clone(), Arc::clone(record.subject())))
            .collect::<BoardsWithRules>()
            .into()
    }
}

impl SubjectLookup for RegisterView {
    fn subject(&self, id: &SubjectId) -> Option<Arc<Subject>> {
        Self::subject(self, id)
    }

    fn successions(&self) -> Arc<Successions> {
        Arc::clone(Self::successions(self))
    }

    fn bodies(&self) -> Vec<(BodyId, Arc<Subject>)> {
        Self::bodies(self)
            .map(|(id, body)| (id.clone(), Arc::clone(body.subject())))
            .collect()
    }

    fn boards_with_rules(&self) -> Arc<BoardsWithRules> {
        Arc::clone(Self::boards_with_rules(self))
    }
}

/// The body that has taken the place of `body` by that day, in what the subject is about:
/// `body` itself, or the last of its successors; the first, where several follow it.
pub fn successor_on(
    lookup: &dyn SubjectLookup,
    about: &SubjectId,
    body: &BodyId,
    day: Date,
) -> BodyId {
    let successions = lookup.successions();
    let first = successions.holders(about, body, day).first().copied();
    first.unwrap_or(body).clone()
}

/// Whether a body has the capacity of a kind of body on a day.
pub fn acts_as(lookup: &dyn SubjectLookup, body: &BodyId, kind: BodyKind, day: Date) -> bool {
    let subject = lookup.subject(&SubjectId::Body(body.clone()));
    let body = subject.as_deref().and_then(Subject::as_body);
    body.is_some_and(|body| body.acts_as(kind, day))
}

/// The body that a board belongs to.
pub fn board_owner(lookup: &dyn SubjectLookup, board: &BoardId) -> Option<BodyId> {
    let subject = lookup.subject(&SubjectId::Board(board.clone()))?;
    subject.as_board()?.constituted.as_ref()?.owner.clone()
}

/// The board that is in the place of `board` on a day: `board` itself, or the last of
/// those that follow it; `None` if it has ended and none follows.
pub fn board_on(lookup: &dyn SubjectLookup, board: &BoardId, day: Date) -> Option<BoardId> {
    let mut current = board.clone();
    // Boards that follow each other in a circle are followed once round at most.
    for _ in 0..SUCCESSORS_MAX {
        let subject = lookup.subject(&SubjectId::Board(current.clone()));
        let board = subject.as_deref().and_then(Subject::as_board);
        match board.and_then(|board| board.ended(day)) {
            None => return Some(current),
            Some(ended) => current = ended.successor.clone()?,
        }
    }
    None
}

/// Whether a board has ended by a day. On its last day it still is.
pub fn has_ended(lookup: &dyn SubjectLookup, board: &BoardId, day: Date) -> bool {
    let subject = lookup.subject(&SubjectId::Board(board.clone()));
    let board = subject.as_deref().and_then(Subject::as_board);
    board.is_some_and(|board| board.ended(day).is_some())
}

/// The board that is in the place of `board` on a day and may decide about the subject: it is
/// in being, and so is the body that it belongs to, and it has not ceased to serve the
/// collaboration.
pub fn deciding_board_on(
    lookup: &dyn SubjectLookup,
    about: &SubjectId,
    board: &BoardId,
    day: Date,
) -> Option<BoardId> {
    let board = board_on(lookup, board, day)?;
    let is_there =
        !has_ceased_to_serve(lookup, about, &board, day) && !is_owner_over(lookup, &board, day);
    is_there.then_some(board)
}

/// Whether the body that a board belongs to was no more on a day: its committees and its
/// executive end with it.
fn is_owner_over(lookup: &dyn SubjectLookup, board: &BoardId, day: Date) -> bool {
    let owner = board_owner(lookup, board);
    let id = SubjectId::Board(board.clone());
    owner.is_some_and(|owner| lookup.successions().end_of(&id, &owner, day).is_some())
}

/// Whether a board served the collaboration that a subject is, and serves it no more on a day.
fn has_ceased_to_serve(
    lookup: &dyn SubjectLookup,
    about: &SubjectId,
    board: &BoardId,
    day: Date,
) -> bool {
    let SubjectId::Collaboration(served) = about else {
        return false;
    };
    let subject = lookup.subject(&SubjectId::Board(board.clone()));
    let Some(board) = subject.as_deref().and_then(Subject::as_board) else {
        return false;
    };
    let times = board.served(day);
    let mut own = times.iter().filter(|time| time.collaboration == served);
    own.next().is_some() && !board.serves(day).contains(&served)
}

/// Whether two names are of one office of a body on a day, however they are written: an
/// office may have had another name before.
pub fn is_one_office(
    lookup: &dyn SubjectLookup,
    body: &BodyId,
    one: &Name,
    other: &Name,
    day: Date,
) -> bool {
    if one.is_same(other) {
        return true;
    }
    let name = |office: &Name| office_on(lookup, body, office, day);
    name(one).is_same(&name(other))
}

/// The name that an office of a body has on a day.
pub fn office_on(lookup: &dyn SubjectLookup, body: &BodyId, office: &Name, day: Date) -> Name {
    let subject = lookup.subject(&SubjectId::Body(body.clone()));
    let body = subject.as_deref().and_then(Subject::as_body);
    body.map_or_else(|| office.clone(), |body| body.office_name(office, day))
}

/// Whether a decision was made at a meeting, or at a part of one, without a quorum.
pub fn is_inquorate(lookup: &dyn SubjectLookup, decision: &Fact<DecisionMade>) -> bool {
    let Some(at) = &decision.meeting else {
        return false;
    };
    let subject = lookup.subject(&SubjectId::Board(at.board.clone()));
    let board = subject.as_deref().and_then(Subject::as_board);
    let meeting = board.and_then(|board| board.meeting(&at.meeting));
    meeting.is_some_and(|meeting| meeting.is_inquorate(at.agenda_item.as_str(), decision.on()))
}

/// More boards than any is followed by in turn.
pub(super) const SUCCESSORS_MAX: usize = 100;
