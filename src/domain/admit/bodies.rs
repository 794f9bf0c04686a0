//! Rules for events about bodies, and for aliases.

use super::event_check::EventCheck;
use crate::domain::event::{
    AliasAdded, BodyRegistered, BodySucceeded, Capacity, CapacityGained, CapacityLost, Identifier,
    IdentifierAdded, OfficeRenamed,
};
use crate::domain::fault::Fault;
use crate::domain::ids::{BodyId, SubjectId};
use crate::domain::subject::Subject;

/// Any id that is free will do.
pub(super) fn body_registered(_: &mut EventCheck<'_>, _: &BodyRegistered) {}

pub(super) fn body_succeeded(check: &mut EventCheck<'_>, event: &BodySucceeded) {
    let SubjectId::Body(id) = check.id() else {
        return;
    };
    check.require_body("successor_id", &event.successor);
    check.require_bodies("also_successor_ids", &event.also);
    for (i, part) in event.parts.iter().enumerate() {
        let field = format!("parts[{i}].successor_ids");
        check.require_bodies(&field, &part.successors);
        match &part.subject {
            SubjectId::Collaboration(id) => {
                check.require_collaboration(format_args!("parts[{i}].subject"), id);
            }
            SubjectId::Board(id) => {
                check.require_board(format_args!("parts[{i}].subject"), id);
            }
            // Refused when it was read.
            SubjectId::Body(_) | SubjectId::Register => {}
        }
    }
    require_no_heir_later(check, id);
    if let Some(body) = check.subject().and_then(Subject::as_body)
        && let Some(before) = body.succeeded.latest()
    {
        let (body, successor, on) = (id.clone(), before.successor.clone(), before.on());
        check.report(
            "successor_id",
            Fault::AlreadySucceeded {
                body,
                successor,
                on,
            },
        );
    }
}

/// Requires that the body is no heir of another on that day or later: it would take a
/// place when it is no more.
fn require_no_heir_later(check: &mut EventCheck<'_>, id: &BodyId) {
    let successions = check.register.successions().iter();
    let mut later = successions
        .filter(|(_, other)| other.day() >= check.day && other.all().any(|heir| heir == id));
    if let Some((before, other)) = later.next() {
        let (body, before, on) = (id.clone(), before.clone(), other.on());
        check.report_at("effective_on", Fault::FollowsLater { body, before, on });
    }
}

pub(super) fn identifier_added(check: &mut EventCheck<'_>, event: &IdentifierAdded) {
    let Some(body) = check.subject().and_then(Subject::as_body) else {
        return;
    };
    let is_same = |other: &Identifier| {
        other.scheme.is_same_item(&event.identifier.scheme)
            && other.value.is_same_item(&event.identifier.value)
    };
    let registered = body
        .registered
        .iter()
        .flat_map(|registered| &registered.identifiers);
    if registered
        .chain(body.identifiers.iter().map(|added| &added.identifier))
        .any(is_same)
    {
        let what = format!("{} {}", event.identifier.scheme, event.identifier.value);
        check.report("identifier", Fault::AlreadySo { what });
    }
}

pub(super) fn capacity_gained(check: &mut EventCheck<'_>, event: &CapacityGained) {
    let gained = &event.capacity;
    let is_held =
        |own: &Capacity| own.is_named_by(gained) && own.area.is_some() == gained.area.is_some();
    if capacities(check).iter().any(is_held) {
        let what = "this capacity".to_owned();
        check.report("capacity", Fault::AlreadySo { what });
    }
}

pub(super) fn capacity_lost(check: &mut EventCheck<'_>, event: &CapacityLost) {
    let is_held = |own: &Capacity| own.is_named_by(&event.capacity);
    if check.subject().is_some() && !capacities(check).iter().any(is_held) {
        let (body, on) = (check.id().clone(), check.on);
        check.report("capacity", Fault::NoSuchCapacity { body, on });
    }
}

pub(super) fn office_renamed(check: &mut EventCheck<'_>, event: &OfficeRenamed) {
    if event.office.is_same(&event.name) {
        let id = event.name.to_string();
        check.report("name", Fault::SelfReference { id });
    }
    let body = check.subject().and_then(Subject::as_body);
    let before = body.and_then(|body| {
        let mut before = body.offices_renamed.by(check.day);
        before
            .find(|before| before.office.is_same(&event.office) && before.name.is_same(&event.name))
    });
    if let Some(before) = before {
        let what = format!("the new name of that office (entry {})", before.position());
        check.report("name", Fault::AlreadySo { what });
    }
}

/// The capacities that the body has on the day.
fn capacities(check: &EventCheck<'_>) -> Vec<Capacity> {
    let body = check.subject().and_then(Subject::as_body);
    body.map_or_else(Vec::new, |body| {
        body.present_capacities(check.day).collect()
    })
}

pub(super) fn alias_added(check: &mut EventCheck<'_>, event: &AliasAdded) {
    check.require_optional_service("service_id", event.service.as_ref());
    let Some(dossier) = check.dossier() else {
        return;
    };
    let is_same = |other: &AliasAdded| {
        other.service == event.service && other.alias.is_same_item(&event.alias)
    };
    if dossier.aliases.iter().any(|alias| is_same(alias)) {
        check.report(
            "alias",
            Fault::AlreadySo {
                what: format!("the alias \"{}\"", event.alias),
            },
        );
    }
}
