//! Reading and summaries for events about bodies, and about aliases.

use crate::domain::event::{AliasAdded, BodyRegistered, BodySucceeded, IdentifierAdded};
use crate::domain::ids::SubjectId;
use crate::wire::enum_label::EnumLabel;
use crate::wire::fields::{
    ITEMS_MAX, choice, date, id, list, message, name, optional_id, optional_name, reads,
};
use crate::wire::proto;
use crate::wire::summary::Summary;
use crate::wire::violation::MessageReader;

reads! {
    BodyRegistered {
        name: name(name),
        kind: choice(kind),
        force: optional_id(force),
        area: optional_name(area),
        identifiers: list(identifiers, ITEMS_MAX),
    } => check_force
    BodySucceeded {
        successor: id(successor_id),
    } => check_successor
    Identifier {
        scheme: name(scheme),
        value: name(value),
        valid_from_on: date(valid_from_on),
        valid_to_on: date(valid_to_on),
    }
    IdentifierAdded {
        identifier: message(identifier),
    }
    AliasAdded {
        alias: name(alias),
        service: optional_id(service_id),
    } => check_service
}

fn check_force(r: &mut MessageReader, m: &proto::BodyRegistered) {
    // An unknown kind has its own fault.
    let Ok(kind) = proto::BodyKind::try_from(m.kind) else {
        return;
    };
    match kind {
        proto::BodyKind::Unspecified => {}
        proto::BodyKind::PolicingBody | proto::BodyKind::ChiefOfficer => {
            if m.force.is_empty() {
                r.fault_in(
                    "force",
                    "required for a policing body or a chief officer: give the id of the force, \
                     the same on both",
                );
            }
        }
        proto::BodyKind::FireAuthority
        | proto::BodyKind::AmbulanceTrust
        | proto::BodyKind::Council
        | proto::BodyKind::CombinedAuthority
        | proto::BodyKind::Government
        | proto::BodyKind::Inspectorate
        | proto::BodyKind::Scrutiny
        | proto::BodyKind::Other => {
            if !m.force.is_empty() {
                r.fault_in(
                    "force",
                    "only a policing body maintains a force, and only a chief officer heads one: \
                     leave it out",
                );
            }
        }
    }
}

fn check_successor(r: &mut MessageReader, m: &proto::BodySucceeded) {
    if let Some(SubjectId::Body(body)) = &r.event.subject
        && body.as_str() == m.successor_id
    {
        r.fault_in(
            "successor_id",
            "a body is followed by another: name that one",
        );
    }
}

fn check_service(r: &mut MessageReader, m: &proto::AliasAdded) {
    if !m.service_id.is_empty()
        && !matches!(r.event.subject, Some(SubjectId::Collaboration(_)) | None)
    {
        r.fault_in(
            "service_id",
            "only a collaboration has services: leave it out, or record the alias on \
             collaborations/ID",
        );
    }
}

// ─── Summaries ──────────────────────────────────────────────────────────────

impl Summary for BodyRegistered {
    fn line(&self) -> String {
        let kind = proto::BodyKind::from(self.kind).label();
        format!("registered: {} ({kind})", self.name)
    }
}

impl Summary for BodySucceeded {
    fn line(&self) -> String {
        format!("succeeded by {}", self.successor)
    }
}

impl Summary for IdentifierAdded {
    fn line(&self) -> String {
        format!(
            "known as {} in {}",
            self.identifier.value, self.identifier.scheme
        )
    }
}

impl Summary for AliasAdded {
    fn line(&self) -> String {
        match &self.service {
            None => format!("also known as {}", self.alias),
            Some(service) => format!("service {service} also known as {}", self.alias),
        }
    }
}
