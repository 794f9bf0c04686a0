//! Where approvals look up the subjects that they depend on.

use std::sync::Arc;

use jiff::civil::Date;

use crate::domain::event::BodyKind;
use crate::domain::ids::{BoardId, BodyId, SubjectId};
use crate::domain::register::Register;
use crate::domain::register_view::RegisterView;
use crate::domain::subject::Subject;
use crate::domain::succession::Successions;

/// The register as the door knows it, or a view of it.
pub trait SubjectLookup {
    /// The subject, if it is known.
    fn subject(&self, id: &SubjectId) -> Option<Arc<Subject>>;

    /// The successions that are known.
    fn successions(&self) -> Arc<Successions>;

    /// Every body, by id.
    fn bodies(&self) -> Vec<(BodyId, Arc<Subject>)>;

    /// Every board, by id.
    fn boards(&self) -> Vec<(BoardId, Arc<Subject>)>;
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

    fn boards(&self) -> Vec<(BoardId, Arc<Subject>)> {
        self.board_records()
            .map(|(id, record)| (id.clone(), Arc::clone(record.subject())))
            .collect()
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

    fn boards(&self) -> Vec<(BoardId, Arc<Subject>)> {
        Self::boards(self)
            .map(|(id, board)| (id.clone(), Arc::clone(board.subject())))
            .collect()
    }
}

/// The body that has taken the place of `body` by that day: `body` itself, or the
/// last of its successors; the first, where several follow it.
pub fn successor_on(lookup: &dyn SubjectLookup, body: &BodyId, day: Date) -> BodyId {
    let own = SubjectId::Body(body.clone());
    let successions = lookup.successions();
    let first = successions.holders(&own, body, day).first().copied();
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
