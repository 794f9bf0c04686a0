//! Names beside ids, in every view.

use minutebook_domain::collaboration::Spell;
use minutebook_domain::event::{Actor, Seat};
use minutebook_domain::ids::{BoardId, BodyId, CollaborationId, ServiceId, SubjectId};
use minutebook_domain::register_view::RegisterView;
use minutebook_domain::text::Name;
use minutebook_wire::proto::{
    ActorRef, Awaited, BoardRef, BodyRef, CollaborationRef, PartySpellView, ServiceRef,
};
use minutebook_wire::reply;

/// The name of a subject; empty where the register view does not show it, which happens
/// only when a correction changed the date of its founding entry.
pub(super) fn subject(register_view: &RegisterView, id: &SubjectId) -> String {
    register_view.name(id).unwrap_or_default()
}

pub(super) fn body(register_view: &RegisterView, id: &BodyId) -> BodyRef {
    BodyRef {
        body_id: id.to_string(),
        name: subject(register_view, &SubjectId::Body(id.clone())),
    }
}

pub(super) fn bodies<'a>(
    register_view: &RegisterView,
    ids: impl IntoIterator<Item = &'a BodyId>,
) -> Vec<BodyRef> {
    ids.into_iter().map(|id| body(register_view, id)).collect()
}

pub(super) fn spell(spell: &Spell) -> PartySpellView {
    PartySpellView {
        joined_on: Some(reply::date(spell.joined_on)),
        left_on: reply::optional_date(spell.left_on),
    }
}

pub(super) fn board(register_view: &RegisterView, id: &BoardId) -> BoardRef {
    BoardRef {
        board_id: id.to_string(),
        name: subject(register_view, &SubjectId::Board(id.clone())),
    }
}

pub(super) fn collaboration(
    register_view: &RegisterView,
    id: &CollaborationId,
) -> CollaborationRef {
    CollaborationRef {
        collaboration_id: id.to_string(),
        name: subject(register_view, &SubjectId::Collaboration(id.clone())),
    }
}

/// The name of a service of a subject, as it was added.
pub(super) fn service(register_view: &RegisterView, of: &SubjectId, id: &ServiceId) -> ServiceRef {
    let subject = register_view.subject(of);
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

pub(super) fn office(register_view: &RegisterView, id: &BodyId, office: Option<&Name>) -> ActorRef {
    ActorRef {
        body: Some(body(register_view, id)),
        office: office.map(ToString::to_string).unwrap_or_default(),
    }
}

pub(super) fn actor(register_view: &RegisterView, actor: &Actor) -> ActorRef {
    match actor {
        Actor::Body { body, office: of } => office(register_view, body, of.as_ref()),
        Actor::Office(office) => ActorRef {
            body: None,
            office: office.to_string(),
        },
    }
}

/// The actor of a seat, or its description where it names none.
pub(super) fn seat(register_view: &RegisterView, seat: &Seat) -> (Option<ActorRef>, String) {
    match seat {
        Seat::Body { body, office: of } => (
            Some(office(register_view, body, of.as_ref())),
            String::new(),
        ),
        Seat::Described(description) => (None, description.to_string()),
    }
}

/// `Chair of Kent`, `Kent`, `Chair`.
pub(super) fn in_words(who: &ActorRef) -> String {
    let body = who.body.as_ref().map_or("", |body| body.name.as_str());
    match (who.office.as_str(), body) {
        (office, "") => office.to_owned(),
        ("", body) => body.to_owned(),
        (office, body) => format!("{office} of {body}"),
    }
}

/// An approver: a body or office, one on a board, or a board.
pub(super) fn awaited_in_words(awaited: &Awaited) -> String {
    let board = awaited.board.as_ref().map(|board| board.name.as_str());
    match (&awaited.who, board) {
        (Some(who), Some(board)) => format!("{} on {board}", in_words(who)),
        (Some(who), None) => in_words(who),
        (None, board) => board.unwrap_or_default().to_owned(),
    }
}
