//! Names beside ids: every view names what it mentions.

use crate::domain::event::{Actor, Seat};
use crate::domain::ids::{BoardId, BodyId, CollaborationId, ServiceId, SubjectId};
use crate::domain::register_view::RegisterView;
use crate::domain::text::Name;
use crate::wire::proto::{ActorRef, BoardRef, BodyRef, CollaborationRef, ServiceRef};

/// The name of a subject; empty where the outlook does not show it, which can
/// be only when its founding entry was dated anew by a correction.
pub(super) fn subject(outlook: &RegisterView, id: &SubjectId) -> String {
    let subject = outlook.subject(id);
    subject
        .as_deref()
        .and_then(|subject| subject.name())
        .unwrap_or_default()
        .to_owned()
}

pub(super) fn body(outlook: &RegisterView, id: &BodyId) -> BodyRef {
    BodyRef {
        body_id: id.to_string(),
        name: subject(outlook, &SubjectId::Body(id.clone())),
    }
}

pub(super) fn bodies<'a>(
    outlook: &RegisterView,
    ids: impl IntoIterator<Item = &'a BodyId>,
) -> Vec<BodyRef> {
    ids.into_iter().map(|id| body(outlook, id)).collect()
}

pub(super) fn board(outlook: &RegisterView, id: &BoardId) -> BoardRef {
    BoardRef {
        board_id: id.to_string(),
        name: subject(outlook, &SubjectId::Board(id.clone())),
    }
}

pub(super) fn collaboration(outlook: &RegisterView, id: &CollaborationId) -> CollaborationRef {
    CollaborationRef {
        collaboration_id: id.to_string(),
        name: subject(outlook, &SubjectId::Collaboration(id.clone())),
    }
}

/// The name of a service of a subject, as it was added.
pub(super) fn service(outlook: &RegisterView, of: &SubjectId, id: &ServiceId) -> ServiceRef {
    let subject = outlook.subject(of);
    let service = subject
        .as_deref()
        .and_then(|subject| subject.as_collaboration())
        .and_then(|collaboration| collaboration.services.get(id));
    ServiceRef {
        service_id: id.to_string(),
        name: service
            .map(|service| service.added.name.to_string())
            .unwrap_or_default(),
    }
}

pub(super) fn office(outlook: &RegisterView, id: &BodyId, office: Option<&Name>) -> ActorRef {
    ActorRef {
        body: Some(body(outlook, id)),
        office: office.map(ToString::to_string).unwrap_or_default(),
    }
}

pub(super) fn actor(outlook: &RegisterView, actor: &Actor) -> ActorRef {
    match actor {
        Actor::Body { body, office: of } => office(outlook, body, of.as_ref()),
        Actor::Office(office) => ActorRef {
            body: None,
            office: office.to_string(),
        },
    }
}

/// Who sits: an actor, or, where only described, the description.
pub(super) fn seat(outlook: &RegisterView, seat: &Seat) -> (Option<ActorRef>, String) {
    match seat {
        Seat::Body { body, office: of } => {
            (Some(office(outlook, body, of.as_ref())), String::new())
        }
        Seat::Described(description) => (None, description.to_string()),
    }
}
