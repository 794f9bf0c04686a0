//! A subject: a body, a board or a collaboration, folded from its own entries
//! and from nothing else.

use std::sync::Arc;

use imbl::OrdMap;
use jiff::civil::Date;

use super::board::Board;
use super::body::Body;
use super::collaboration::{Collaboration, Service};
use super::date::PartialDate;
use super::dossier::Dossier;
use super::dossier_fold;
use super::event::{CheckpointKeyReplaced, Kind};
use super::fact::{EffectiveEntry, Fact, Facts};
use super::ids::SubjectId;
use super::notice::Notice;

/// What is known of a subject.
#[derive(Clone, Debug)]
pub struct Subject {
    /// What it is.
    pub kind: SubjectKind,
    /// What is on file about it.
    pub dossier: Dossier,
}

/// What a subject is.
#[derive(Clone, Debug)]
pub enum SubjectKind {
    /// A body.
    Body(Body),
    /// A board.
    Board(Board),
    /// A collaboration.
    Collaboration(Box<Collaboration>),
    /// The register itself: the keys that have signed its checkpoints.
    Register(Facts<CheckpointKeyReplaced>),
}

impl Subject {
    /// A subject of which nothing is known yet.
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

    /// The day its founding entry has it begin, once that is folded.
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

    /// Its name, once its founding entry is folded.
    pub fn name(&self) -> Option<&str> {
        match &self.kind {
            SubjectKind::Body(body) => body.registered.as_ref().map(|r| r.name.as_str()),
            SubjectKind::Board(board) => board.constituted.as_ref().map(|c| c.name.as_str()),
            SubjectKind::Collaboration(c) => c.established.as_ref().map(|e| e.name.as_str()),
            SubjectKind::Register(_) => Some("The register itself"),
        }
    }

    /// Whether it has begun by that day.
    pub fn is_founded(&self, day: Date) -> bool {
        self.founded_on().is_some_and(|on| on.first_day() <= day)
    }

    /// The body, if it is one.
    pub const fn as_body(&self) -> Option<&Body> {
        match &self.kind {
            SubjectKind::Body(body) => Some(body),
            SubjectKind::Board(_) | SubjectKind::Collaboration(_) | SubjectKind::Register(_) => {
                None
            }
        }
    }

    /// The board, if it is one.
    pub const fn as_board(&self) -> Option<&Board> {
        match &self.kind {
            SubjectKind::Board(board) => Some(board),
            SubjectKind::Body(_) | SubjectKind::Collaboration(_) | SubjectKind::Register(_) => None,
        }
    }

    /// The collaboration, if it is one.
    pub fn as_collaboration(&self) -> Option<&Collaboration> {
        match &self.kind {
            SubjectKind::Collaboration(collaboration) => Some(collaboration),
            SubjectKind::Body(_) | SubjectKind::Board(_) | SubjectKind::Register(_) => None,
        }
    }

    /// Folds one entry that stands. Never fails: what does not fit what is known
    /// was refused at the door, or lost its footing through a correction, and
    /// leaves the state as it is.
    pub fn fold(&mut self, told: EffectiveEntry) {
        let kind = told.entry.event.kind.clone();
        match &mut self.kind {
            SubjectKind::Body(body) => fold_body(body, &kind, &told),
            SubjectKind::Board(board) => fold_board(board, &kind, &told),
            SubjectKind::Collaboration(collaboration) => {
                fold_collaboration(collaboration, &kind, &told)
            }
            SubjectKind::Register(keys) => {
                if let Kind::CheckpointKeyReplaced(what) = &kind {
                    keys.insert(fact(&told, what));
                }
            }
        }
        dossier_fold::index_act(&mut self.dossier, &kind, &told);
        dossier_fold::apply(&mut self.dossier, kind, told);
    }
}

fn fold_body(body: &mut Body, kind: &Kind, told: &EffectiveEntry) {
    match kind {
        Kind::BodyRegistered(what) => body.registered = Some(fact(told, what)),
        Kind::BodySucceeded(what) => body.succeeded.insert(fact(told, what)),
        Kind::IdentifierAdded(what) => body.identifiers.insert(fact(told, what)),
        _ => {}
    }
}

fn fold_board(board: &mut Board, kind: &Kind, told: &EffectiveEntry) {
    match kind {
        Kind::BoardConstituted(what) => board.constituted = Some(fact(told, what)),
        Kind::ChairAppointed(what) => board.chairs.insert(fact(told, what)),
        Kind::BoardMembershipChanged(what) => board.membership.insert(fact(told, what)),
        Kind::MeetingCalled(what) => board.meetings.insert(fact(told, what)),
        _ => {}
    }
}

fn fold_collaboration(collaboration: &mut Collaboration, kind: &Kind, told: &EffectiveEntry) {
    let Collaboration {
        services,
        notices,
        directions,
        opportunities,
        ..
    } = &mut *collaboration;
    match kind {
        Kind::CollaborationEstablished(what) => collaboration.establish(fact(told, what)),
        Kind::PartyJoined(what) => collaboration.join(&fact(told, what)),
        Kind::PartyWithdrew(what) => collaboration.withdraw(&fact(told, what)),
        Kind::LeadAppointed(what) => collaboration.appoint(&fact(told, what)),
        Kind::CollaborationEnded(what) => collaboration.ended.insert(fact(told, what)),
        Kind::OpportunityConsidered(what) => {
            opportunities.insert(what.opportunity.clone(), fact(told, what));
        }
        Kind::NoticeGiven(what) => {
            notices.insert(what.notice.clone(), Notice::new(fact(told, what)));
        }
        Kind::NoticeExtended(what) => {
            with(notices, &what.notice, |notice| {
                notice.extended.insert(fact(told, what))
            });
        }
        Kind::NoticeRevoked(what) => {
            with(notices, &what.notice, |notice| {
                notice.revoked.insert(fact(told, what))
            });
        }
        Kind::DirectionIssued(what) => {
            if let Some((notice, _)) = &what.notice {
                with(notices, notice, |notice| {
                    notice.directed.insert(fact(told, what))
                });
            }
            directions.insert(what.direction.clone(), fact(told, what));
        }
        Kind::ServiceAdded(what) => {
            services.insert(what.service.clone(), Service::new(fact(told, what)));
        }
        Kind::ServiceUnitsChanged(what) => {
            with(services, &what.service, |s| {
                s.units_changed.insert(fact(told, what))
            });
        }
        Kind::ServicePartiesChanged(what) => {
            with(services, &what.service, |s| {
                s.parties_changed.insert(fact(told, what))
            });
        }
        Kind::ServiceLeadTransferred(what) => {
            with(services, &what.service, |s| {
                s.lead_transferred.insert(fact(told, what))
            });
        }
        Kind::ServiceRemoved(what) => {
            with(services, &what.service, |s| {
                s.removed.insert(fact(told, what))
            });
        }
        _ => {}
    }
}

pub(super) fn fact<T>(told: &EffectiveEntry, what: &Arc<T>) -> Fact<T> {
    Fact::new(told.clone(), Arc::clone(what))
}

/// Changes the item under `id`, where there is one.
pub(super) fn with<K: Ord + Clone, V: Clone>(
    map: &mut OrdMap<K, V>,
    id: &K,
    change: impl FnOnce(&mut V),
) {
    if let Some(item) = map.get_mut(id) {
        change(item);
    }
}
