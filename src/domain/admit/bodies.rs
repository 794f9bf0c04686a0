//! Rules for events about bodies, and for aliases.

use super::event_check::EventCheck;
use crate::domain::event::{AliasAdded, BodyRegistered, BodySucceeded, IdentifierAdded};
use crate::domain::fault::Fault;
use crate::domain::ids::SubjectId;
use crate::domain::subject::Subject;

/// Who registers a body, and under which id, is free.
pub(super) fn body_registered(_: &mut EventCheck<'_>, _: &BodyRegistered) {}

pub(super) fn body_succeeded(bench: &mut EventCheck<'_>, what: &BodySucceeded) {
    let SubjectId::Body(id) = bench.id() else {
        return;
    };
    bench.body("successor_id", &what.successor);
    if let Some(body) = bench.subject().and_then(Subject::as_body)
        && let Some(before) = body.succeeded.latest()
    {
        let (body, successor, on) = (id.clone(), before.successor.clone(), before.on());
        bench.fault(
            "successor_id",
            Fault::AlreadySucceeded {
                body,
                successor,
                on,
            },
        );
    }
}

pub(super) fn identifier_added(bench: &mut EventCheck<'_>, what: &IdentifierAdded) {
    let Some(body) = bench.subject().and_then(Subject::as_body) else {
        return;
    };
    let same = |other: &crate::domain::event::Identifier| {
        (&other.scheme, &other.value) == (&what.identifier.scheme, &what.identifier.value)
    };
    let registered = body
        .registered
        .iter()
        .flat_map(|registered| &registered.identifiers);
    if registered
        .chain(body.identifiers.iter().map(|added| &added.identifier))
        .any(same)
    {
        let what = format!("{} {}", what.identifier.scheme, what.identifier.value);
        bench.fault("identifier", Fault::AlreadySo { what });
    }
}

pub(super) fn alias_added(bench: &mut EventCheck<'_>, what: &AliasAdded) {
    bench.optional_service("service_id", what.service.as_ref());
    let Some(dossier) = bench.dossier() else {
        return;
    };
    if dossier.aliases.iter().any(|alias| **alias == *what) {
        bench.fault(
            "alias",
            Fault::AlreadySo {
                what: format!("the alias \"{}\"", what.alias),
            },
        );
    }
}
