//! Where approvals look up the subjects that they depend on.

use std::sync::Arc;

use jiff::civil::Date;

use crate::domain::event::BodyKind;
use crate::domain::ids::{BoardId, BodyId, SubjectId};
use crate::domain::register::Register;
use crate::domain::register_view::RegisterView;
use crate::domain::subject::Subject;

/// The register as the door knows it, or a view of it.
pub trait SubjectLookup {
    /// The subject, if it is known.
    fn subject(&self, id: &SubjectId) -> Option<Arc<Subject>>;

    /// Every body, by id.
    fn bodies(&self) -> Vec<(BodyId, Arc<Subject>)>;

    /// Every board, by id.
    fn boards(&self) -> Vec<(BoardId, Arc<Subject>)>;
}

impl SubjectLookup for Register {
    fn subject(&self, id: &SubjectId) -> Option<Arc<Subject>> {
        self.record(id).map(|record| Arc::clone(record.subject()))
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
/// last of its successors.
pub fn successor_on(lookup: &dyn SubjectLookup, body: &BodyId, day: Date) -> BodyId {
    let mut body = body.clone();
    // A body is succeeded once, so a chain is as long as the bodies in it; a chain
    // that leads back to its start ends here.
    for _ in 0..SUCCESSIONS_MAX {
        let subject = lookup.subject(&SubjectId::Body(body.clone()));
        let successor = subject
            .as_deref()
            .and_then(Subject::as_body)
            .and_then(|body| body.succeeded.at(day))
            .map(|succeeded| succeeded.successor.clone());
        match successor {
            Some(next) => body = next,
            None => break,
        }
    }
    body
}

/// The longest chain of successors that is followed.
const SUCCESSIONS_MAX: usize = 16;

pub(super) fn body_kind(lookup: &dyn SubjectLookup, body: &BodyId) -> Option<BodyKind> {
    let subject = lookup.subject(&SubjectId::Body(body.clone()))?;
    Some(subject.as_body()?.registered.as_ref()?.kind)
}
