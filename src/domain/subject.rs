//! A subject: a body, a board or a collaboration, folded from its own entries
//! alone.

use jiff::civil::Date;

use super::board::Board;
use super::body::Body;
use super::collaboration::Collaboration;
use super::date::PartialDate;
use super::dossier::Dossier;
use super::event::CheckpointKeyReplaced;
use super::fact::{Fact, Facts};
use super::ids::SubjectId;

/// The known state of a subject.
#[derive(Clone, Debug)]
pub struct Subject {
    pub kind: SubjectKind,
    pub dossier: Dossier,
}

/// The state that only subjects of this sort have.
#[derive(Clone, Debug)]
pub enum SubjectKind {
    Body(Body),
    Board(Board),
    Collaboration(Box<Collaboration>),
    /// The register itself: the keys that have signed its checkpoints.
    Register(Facts<CheckpointKeyReplaced>),
}

impl Subject {
    /// A subject before its first entry is folded.
    pub fn new(id: &SubjectId) -> Self {
        let kind = match id {
            SubjectId::Body(_) => SubjectKind::Body(Body::default()),
            SubjectId::Board(_) => SubjectKind::Board(Board::default()),
            SubjectId::Collaboration(_) => SubjectKind::Collaboration(Box::default()),
            SubjectId::Register => SubjectKind::Register(Facts::default()),
        };
        Self {
            kind,
            dossier: Dossier::default(),
        }
    }

    /// The effective date of its founding entry; `None` until that is folded.
    pub fn founded_on(&self) -> Option<PartialDate> {
        match &self.kind {
            SubjectKind::Body(body) => body.registered.as_ref().map(Fact::on),
            SubjectKind::Board(board) => board.constituted.as_ref().map(Fact::on),
            SubjectKind::Collaboration(collaboration) => {
                collaboration.established.as_ref().map(Fact::on)
            }
            SubjectKind::Register(keys) => keys.iter().next().map(Fact::on),
        }
    }

    /// `None` until its founding entry is folded.
    pub fn name(&self) -> Option<&str> {
        match &self.kind {
            SubjectKind::Body(body) => body.registered.as_ref().map(|r| r.name.as_str()),
            SubjectKind::Board(board) => board.constituted.as_ref().map(|c| c.name.as_str()),
            SubjectKind::Collaboration(c) => c.established.as_ref().map(|e| e.name.as_str()),
            SubjectKind::Register(_) => Some("The register itself"),
        }
    }

    pub fn is_founded(&self, day: Date) -> bool {
        self.founded_on().is_some_and(|on| on.first_day() <= day)
    }

    pub const fn as_body(&self) -> Option<&Body> {
        match &self.kind {
            SubjectKind::Body(body) => Some(body),
            SubjectKind::Board(_) | SubjectKind::Collaboration(_) | SubjectKind::Register(_) => {
                None
            }
        }
    }

    pub const fn as_board(&self) -> Option<&Board> {
        match &self.kind {
            SubjectKind::Board(board) => Some(board),
            SubjectKind::Body(_) | SubjectKind::Collaboration(_) | SubjectKind::Register(_) => None,
        }
    }

    pub fn as_collaboration(&self) -> Option<&Collaboration> {
        match &self.kind {
            SubjectKind::Collaboration(collaboration) => Some(collaboration),
            SubjectKind::Body(_) | SubjectKind::Board(_) | SubjectKind::Register(_) => None,
        }
    }

    pub(super) const fn as_body_mut(&mut self) -> Option<&mut Body> {
        match &mut self.kind {
            SubjectKind::Body(body) => Some(body),
            SubjectKind::Board(_) | SubjectKind::Collaboration(_) | SubjectKind::Register(_) => {
                None
            }
        }
    }

    pub(super) const fn as_board_mut(&mut self) -> Option<&mut Board> {
        match &mut self.kind {
            SubjectKind::Board(board) => Some(board),
            SubjectKind::Body(_) | SubjectKind::Collaboration(_) | SubjectKind::Register(_) => None,
        }
    }

    pub(super) fn as_collaboration_mut(&mut self) -> Option<&mut Collaboration> {
        match &mut self.kind {
            SubjectKind::Collaboration(collaboration) => Some(collaboration),
            SubjectKind::Body(_) | SubjectKind::Board(_) | SubjectKind::Register(_) => None,
        }
    }
}
