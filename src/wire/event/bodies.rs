//! Reading and summaries for events about bodies, and about aliases.

use crate::domain::event::{
    AliasAdded, BodyKind, BodyRegistered, BodySucceeded, Capacity, CapacityGained, CapacityLost,
    IdentifierAdded, OfficeRenamed, SuccessionPart,
};
use crate::domain::ids::SubjectId;
use crate::wire::enum_label::EnumLabel;
use crate::wire::enums::FromEnum;
use crate::wire::fields::{
    FromWire, ITEMS_MAX, choice, date, id, ids, list, message, name, optional_id, optional_name,
    reads, some_ids, subject, text,
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
        capacities: list(capacities, ITEMS_MAX),
    } => check_force
    Capacity {
        kind: choice(kind),
        force: optional_id(force),
        area: optional_name(area),
    } => check_force_of_capacity
    CapacityGained {
        capacity: message(capacity),
        legal_basis: optional_name(legal_basis),
    }
    OfficeRenamed {
        office: name(office),
        name: name(name),
    }
    CapacityLost {
        capacity: message(capacity),
        legal_basis: optional_name(legal_basis),
    }
    BodySucceeded {
        successor: id(successor_id),
        also: ids(also_successor_ids),
        parts: list(parts, ITEMS_MAX),
        what_passes: text(what_passes),
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
    require_force(r, m.kind, &m.force);
}

fn check_force_of_capacity(r: &mut MessageReader, m: &proto::Capacity) {
    require_force(r, m.kind, &m.force);
}

/// Requires a force of a policing body and a chief officer, and of nobody else.
fn require_force(r: &mut MessageReader, kind: i32, force: &str) {
    // An unknown kind has its own fault.
    let kind = proto::BodyKind::try_from(kind).ok();
    let Some(kind) = kind.and_then(BodyKind::from_wire) else {
        return;
    };
    if kind.has_force() && force.is_empty() {
        r.fault_in(
            "force",
            "required for a policing body or a chief officer: give the id of the force, the same \
             on both",
        );
    } else if !kind.has_force() && !force.is_empty() {
        r.fault_in(
            "force",
            "only a policing body maintains a force, and only a chief officer heads one: leave it \
             out",
        );
    }
}

impl FromWire for SuccessionPart {
    type Wire = proto::body_succeeded::SuccessionPart;

    fn read(r: &mut MessageReader, m: &Self::Wire) -> Option<Self> {
        let about = subject::<SubjectId>(r, "subject", &m.subject);
        let successors = some_ids(r, "successor_ids", &m.successor_ids);
        if matches!(about, Some(SubjectId::Body(_) | SubjectId::Register)) {
            r.fault_in(
                "subject",
                "a place passes in a collaboration or on a board: write collaborations/ID or \
                 boards/ID",
            );
        }
        Some(Self {
            subject: about?,
            successors: successors?,
        })
    }
}

fn check_successor(r: &mut MessageReader, m: &proto::BodySucceeded) {
    let Some(SubjectId::Body(body)) = r.event.subject.clone() else {
        return;
    };
    let own = body.as_str();
    let not_itself = "a body is followed by another: name that one";
    if own == m.successor_id {
        r.fault_in("successor_id", not_itself);
    }
    for (i, also) in m.also_successor_ids.iter().enumerate() {
        let field = format!("also_successor_ids[{i}]");
        if own == also {
            r.fault_in(&field, not_itself);
        } else if *also == m.successor_id {
            r.fault_in(&field, "it is the successor already: leave it out here");
        }
    }
    for (i, part) in m.parts.iter().enumerate() {
        for (j, id) in part.successor_ids.iter().enumerate() {
            if own == id {
                r.fault_in(&format!("parts[{i}].successor_ids[{j}]"), not_itself);
            }
        }
        if m.parts[..i]
            .iter()
            .any(|before| before.subject == part.subject)
        {
            r.fault_in(
                &format!("parts[{i}].subject"),
                "another of the parts is about it: name all its successors in that one",
            );
        }
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
        let all: Vec<String> = std::iter::once(&self.successor)
            .chain(&self.also)
            .map(ToString::to_string)
            .collect();
        let mut line = format!("succeeded by {}", all.join(" and "));
        for part in &self.parts {
            let heirs: Vec<String> = part.successors.iter().map(ToString::to_string).collect();
            line.push_str(&format!("; in {} by {}", part.subject, heirs.join(" and ")));
        }
        line
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

impl Summary for CapacityGained {
    fn line(&self) -> String {
        format!("acts as {} too", capacity(&self.capacity))
    }
}

impl Summary for OfficeRenamed {
    fn line(&self) -> String {
        format!("{} is called {}", self.office, self.name)
    }
}

impl Summary for CapacityLost {
    fn line(&self) -> String {
        format!("acts as {} no more", capacity(&self.capacity))
    }
}

/// `policing body (essex) for Essex`.
fn capacity(capacity: &Capacity) -> String {
    let mut text = proto::BodyKind::from(capacity.kind).label();
    if let Some(force) = &capacity.force {
        text.push_str(&format!(" ({force})"));
    }
    if let Some(area) = &capacity.area {
        text.push_str(&format!(" for {area}"));
    }
    text
}

impl Summary for AliasAdded {
    fn line(&self) -> String {
        match &self.service {
            None => format!("also known as {}", self.alias),
            Some(service) => format!("service {service} also known as {}", self.alias),
        }
    }
}
