//! Reading and summaries for events about bodies, and about aliases.

use crate::enum_label::EnumLabel;
use crate::enums::FromEnum;
use crate::fields::{
    FromWire, ITEMS_MAX, choice, date, id, ids, list, message, name, optional, optional_id,
    optional_name, ppm, reads, some_ids, subject, text,
};
use crate::proto;
use crate::summary::Summary;
use crate::violation::MessageReader;
use minutebook_domain::event::{
    AliasAdded, BodyKind, BodyRegistered, BodyRenamed, BodySucceeded, Capacity, CapacityGained,
    CapacityLost, IdentifierAdded, OfficeRenamed, SuccessionPart, SuccessionScope, SuccessionShare,
};
use minutebook_domain::ids::SubjectId;

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
        scope: optional(scope),
        shares: list(shares, ITEMS_MAX),
    } => check_successor
    BodyRenamed {
        name: name(name),
        legal_basis: optional_name(legal_basis),
    }
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
        if about.as_ref().is_some_and(|about| !is_place(about)) {
            r.fault_in("subject", NO_PLACE);
        }
        Some(Self {
            subject: about?,
            successors: successors?,
        })
    }
}

impl FromWire for SuccessionScope {
    type Wire = proto::body_succeeded::SuccessionScope;

    fn read(r: &mut MessageReader, m: &Self::Wire) -> Option<Self> {
        let subjects = ids::<SubjectId>(r, "subjects", &m.subjects);
        let others = subjects.iter().flatten().enumerate();
        for (i, about) in others.filter(|(_, about)| !is_place(about)) {
            r.fault_in(&format!("subjects[{i}]"), format!("{about}: {NO_PLACE}"));
        }
        if m.subjects.is_empty() {
            r.fault_in(
                "subjects",
                "name the collaborations and boards in which the successors take its place; where \
                 it has none, record capacity_lost on it and capacity_gained on its successors",
            );
        }
        let capacities = list(r, "capacities", &m.capacities, ITEMS_MAX);
        Some(Self {
            subjects: subjects?,
            capacities: capacities?,
        })
    }
}

impl FromWire for SuccessionShare {
    type Wire = proto::body_succeeded::SuccessionShare;

    fn read(r: &mut MessageReader, m: &Self::Wire) -> Option<Self> {
        let successor = id(r, "successor_id", &m.successor_id);
        let share = ppm(r, "share_ppm", &m.share_ppm);
        Some(Self {
            successor: successor?,
            share: share?,
        })
    }
}

const NO_PLACE: &str =
    "a place passes in a collaboration or on a board: write collaborations/ID or boards/ID";

/// Whether a body can have a place in a subject.
const fn is_place(subject: &SubjectId) -> bool {
    matches!(subject, SubjectId::Collaboration(_) | SubjectId::Board(_))
}

/// The shares are of the successors, one each, and together the whole; parts lie within
/// the scope.
fn check_shares_and_scope(r: &mut MessageReader, m: &proto::BodySucceeded) {
    if !m.shares.is_empty() {
        let named = || std::iter::once(&m.successor_id).chain(&m.also_successor_ids);
        let is_each = m.shares.len() == named().count()
            && named().all(|heir| m.shares.iter().any(|share| share.successor_id == *heir));
        let total: u64 = m
            .shares
            .iter()
            .map(|share| u64::from(share.share_ppm))
            .sum();
        if !is_each {
            r.fault_in(
                "shares",
                "one for each of successor_id and also_successor_ids, and no other: where the \
                 order states only some of them, leave all out",
            );
        } else if total != 1_000_000 {
            r.fault_in(
                "shares",
                format!("together they are 1,000,000 ppm (100 %), and these are {total}"),
            );
        }
    }
    if let Some(scope) = &m.scope {
        for (i, part) in m.parts.iter().enumerate() {
            if !scope.subjects.contains(&part.subject) {
                r.fault_in(
                    &format!("parts[{i}].subject"),
                    "it is not in scope.subjects, so nothing passes there: add it to the scope, or \
                     leave the part out",
                );
            }
        }
        if !m.shares.is_empty() {
            r.fault_in(
                "shares",
                "they are of a body that was divided, and this one goes on: leave them out",
            );
        }
    }
}

fn check_successor(r: &mut MessageReader, m: &proto::BodySucceeded) {
    check_shares_and_scope(r, m);
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
        let all: Vec<String> = self.named().map(ToString::to_string).collect();
        let all = all.join(" and ");
        let mut line = match &self.scope {
            None => format!("succeeded by {all}"),
            Some(scope) => {
                let subjects: Vec<String> =
                    scope.subjects.iter().map(ToString::to_string).collect();
                let capacities: Vec<String> = scope.capacities.iter().map(capacity).collect();
                let as_what = match capacities.is_empty() {
                    true => String::new(),
                    false => format!(" as {}", capacities.join(" and ")),
                };
                format!("succeeded{as_what} by {all} in {}", subjects.join(" and "))
            }
        };
        for part in &self.parts {
            let heirs: Vec<String> = part.successors.iter().map(ToString::to_string).collect();
            line.push_str(&format!("; in {} by {}", part.subject, heirs.join(" and ")));
        }
        line
    }
}

impl Summary for BodyRenamed {
    fn line(&self) -> String {
        format!("renamed {}", self.name)
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
