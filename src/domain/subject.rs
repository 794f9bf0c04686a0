//! A subject: a body, a board or a collaboration, folded from its own entries
//! alone.

use std::sync::Arc;

use jiff::civil::Date;

use super::board::Board;
use super::body::Body;
use super::collaboration::Collaboration;
use super::date::PartialDate;
use super::dossier::Dossier;
use super::fact::{Fact, Facts};
use super::ids::{BodyId, SubjectId};
use super::mandate::OwnState;
use super::succession::{Followed, Successions};
use super::text::Name;

/// The known state of a subject.
#[derive(Clone, Debug)]
pub struct Subject {
    pub kind: SubjectKind,
    pub dossier: Dossier,
    /// The successions that it is read with; `None` while it names no body that another
    /// has followed.
    pub followed: Option<Followed>,
}

/// The state that only subjects of this sort have.
#[derive(Clone, Debug)]
pub enum SubjectKind {
    Body(Body),
    Board(Board),
    Collaboration(Box<Collaboration>),
    /// The register itself.
    Register(Box<OwnState>),
}

impl Subject {
    /// A subject before its first entry is folded.
    pub fn new(id: &SubjectId) -> Self {
        let kind = match id {
            SubjectId::Body(_) => SubjectKind::Body(Body::default()),
            SubjectId::Board(_) => SubjectKind::Board(Board::default()),
            SubjectId::Collaboration(_) => SubjectKind::Collaboration(Box::default()),
            SubjectId::Register => SubjectKind::Register(Box::default()),
        };
        Self {
            kind,
            dossier: Dossier::default(),
            followed: None,
        }
    }

    /// The subject with heirs in the place of the bodies that are no more: parties,
    /// leads and signatories. Entries that only say so again, by hand, are no acts.
    pub fn follow(self: &Arc<Self>, id: &SubjectId, successions: &Arc<Successions>) -> Arc<Self> {
        // Nearly every subject of nearly every register: asked on each read.
        if successions.is_empty() {
            return Arc::clone(self);
        }
        let is_followed = |body: &BodyId| successions.contains(body);
        let names_one = self
            .as_collaboration()
            .is_some_and(|c| c.names(is_followed))
            || self.dossier.instruments.values().any(|instrument| {
                let signed = instrument.signatures.keys();
                instrument
                    .drafted
                    .parties
                    .iter()
                    .chain(signed)
                    .any(is_followed)
            });
        let received = match id {
            SubjectId::Body(body) => successions.capacities_of(body),
            SubjectId::Board(_) | SubjectId::Collaboration(_) | SubjectId::Register => {
                Facts::default()
            }
        };
        if !names_one && received.is_empty() {
            return Arc::clone(self);
        }
        let followed = Followed::new(id.clone(), Arc::clone(successions));
        let mut subject = Self::clone(self);
        if let Some(body) = subject.as_body_mut() {
            body.received = received;
        }
        if let Some(collaboration) = subject.as_collaboration_mut() {
            let restated = collaboration.follow(followed.clone());
            let acts = &mut subject.dossier.acts;
            for order in restated {
                if acts
                    .get(&order)
                    .is_some_and(|act| !act.entry.acknowledges_breach())
                {
                    acts.remove(&order);
                }
            }
        }
        subject.followed = Some(followed);
        Arc::new(subject)
    }

    /// The effective date of its founding entry; `None` until that is folded.
    pub fn founded_on(&self) -> Option<PartialDate> {
        match &self.kind {
            SubjectKind::Body(body) => body.registered.as_ref().map(Fact::on),
            SubjectKind::Board(board) => board.constituted.as_ref().map(Fact::on),
            SubjectKind::Collaboration(collaboration) => {
                collaboration.established.as_ref().map(Fact::on)
            }
            // It has no founding: it begins with the first entry about it.
            SubjectKind::Register(own) => {
                let keys = own.keys.iter().map(Fact::on);
                let mandates = own.mandates.iter().map(|(_, mandate)| mandate.granted.on());
                keys.chain(mandates).min_by_key(|on| on.first_day())
            }
        }
    }

    /// `None` until its founding entry is folded.
    pub fn name(&self) -> Option<&str> {
        match &self.kind {
            SubjectKind::Body(body) => body.name().map(Name::as_str),
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

    /// `None` unless it is the register itself.
    pub fn as_register(&self) -> Option<&OwnState> {
        match &self.kind {
            SubjectKind::Register(own) => Some(own),
            SubjectKind::Body(_) | SubjectKind::Board(_) | SubjectKind::Collaboration(_) => None,
        }
    }

    pub(super) fn as_register_mut(&mut self) -> Option<&mut OwnState> {
        match &mut self.kind {
            SubjectKind::Register(own) => Some(own),
            SubjectKind::Body(_) | SubjectKind::Board(_) | SubjectKind::Collaboration(_) => None,
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
