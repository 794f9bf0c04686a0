//! Rules for events about bodies, and for aliases.

use jiff::civil::Date;

use super::event_check::EventCheck;
use crate::event::{
    AliasAdded, BodyRegistered, BodyRenamed, BodySucceeded, Capacity, CapacityGained, CapacityLost,
    Identifier, IdentifierAdded, OfficeRenamed, Seat, SuccessionScope,
};
use crate::fault::Fault;
use crate::ids::{BodyId, SubjectId};
use crate::subject::{Subject, SubjectKind};
use crate::succession::Successions;

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
    if let Some(scope) = &event.scope {
        check_scope(check, id, scope);
    } else {
        require_no_heir_later(check, id);
        // It gave a part away on a later day, and was in being then.
        let body = check.subject().and_then(Subject::as_body);
        let passed = body.and_then(|body| body.passed.latest());
        if let Some(later) = passed.filter(|passed| passed.day() > check.day) {
            let (body, successor, on) = (id.clone(), later.successor.clone(), later.on());
            check.report_at(
                "effective_on",
                Fault::AlreadySucceeded {
                    body,
                    successor,
                    on,
                },
            );
        }
    }
    if let Some(body) = check.subject().and_then(Subject::as_body)
        && let Some(before) = body.succeeded.latest()
        // It may have given a part away before.
        && (event.scope.is_none() || before.day() <= check.day)
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

/// Requires that the body has a place in each subject in which it would pass, and each
/// capacity that would.
fn check_scope(check: &mut EventCheck<'_>, id: &BodyId, scope: &SuccessionScope) {
    // Other entries of the same day may take from it the very place that passes.
    let before = check.day.yesterday().unwrap_or(check.day);
    let days = [before, check.day, check.on.last_day()];
    for (i, subject) in scope.subjects.iter().enumerate() {
        let field = format!("scope.subjects[{i}]");
        match subject {
            SubjectId::Collaboration(of) => {
                check.require_collaboration(&field, of);
            }
            SubjectId::Board(of) => {
                check.require_board(&field, of);
            }
            // Refused when it was read.
            SubjectId::Body(_) | SubjectId::Register => continue,
        }
        let found = check.register.followed_subject(subject);
        let Some(found) = found.filter(|found| found.is_founded(check.on.last_day())) else {
            continue;
        };
        let successions = check.register.successions();
        let mut days = days.into_iter();
        if !days.any(|day| has_place(successions, subject, &found, id, day)) {
            let (body, subject, on) = (id.clone(), subject.clone(), check.on);
            check.report(field, Fault::NothingPasses { body, subject, on });
        }
    }
    let held: Vec<Capacity> = check
        .subject()
        .and_then(Subject::as_body)
        .into_iter()
        .flat_map(|body| {
            days.into_iter()
                .flat_map(|day| body.present_capacities(day))
        })
        .collect();
    for (i, capacity) in scope.capacities.iter().enumerate() {
        if !held.iter().any(|own| own.is_named_by(capacity)) {
            let (body, on) = (check.id().clone(), check.on);
            let field = format!("scope.capacities[{i}]");
            check.report(field, Fault::NoSuchCapacity { body, on });
        }
    }
}

/// Whether a body has a place in a collaboration or on a board on a day, that no other has
/// taken.
fn has_place(
    successions: &Successions,
    id: &SubjectId,
    subject: &Subject,
    body: &BodyId,
    day: Date,
) -> bool {
    let holds = |named: &BodyId| successions.holders(id, named, day).contains(&body);
    let instruments = subject.dossier.instruments.values();
    let mut named = instruments.flat_map(|instrument| {
        instrument
            .drafted
            .parties
            .iter()
            .chain(instrument.signatures.keys())
    });
    match &subject.kind {
        SubjectKind::Collaboration(collaboration) => {
            let mut hosts = collaboration.hosts.by(day);
            let mut added = collaboration.services.values();
            collaboration.is_party(body, day)
                || hosts.any(|host| holds(&host.body))
                || added.any(|service| service.added.host.as_ref().is_some_and(holds))
                || named.any(holds)
        }
        SubjectKind::Board(board) => {
            let mut seats = board.seats(day).into_keys();
            let is_seat = |seat: Seat| matches!(seat, Seat::Body { body, .. } if holds(&body));
            let chair = board.chairs.at(day).filter(|chair| {
                let is_over = chair.until_on.is_some_and(|until| until.last_day() < day);
                !is_over && holds(&chair.body)
            });
            seats.any(is_seat) || chair.is_some() || named.any(holds)
        }
        SubjectKind::Body(_) | SubjectKind::Register(_) => false,
    }
}

/// The name differs from the one that it has.
pub(super) fn body_renamed(check: &mut EventCheck<'_>, event: &BodyRenamed) {
    let Some(body) = check.subject().and_then(Subject::as_body) else {
        return;
    };
    let before = body.renamed.before(check.effective_order());
    let registered = body.registered.as_ref().map(|registered| &registered.name);
    let before = before.map(|renamed| &renamed.name).or(registered);
    if before.is_some_and(|before| before == &event.name) {
        let what = format!("the name \"{}\"", event.name);
        check.report("name", Fault::AlreadySo { what });
    }
    if let SubjectId::Body(id) = check.id()
        && let Some(fault) = check.body_fault(id)
    {
        check.report_at("subject", fault);
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
    if capacities_of_its_own(check).iter().any(is_held) {
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

/// The capacities that the body has on the day without a succession: an entry that says by
/// hand that one has passed to it is taken.
fn capacities_of_its_own(check: &EventCheck<'_>) -> Vec<Capacity> {
    let body = check.subject().and_then(Subject::as_body);
    let held = body.map_or_else(Vec::new, |body| body.capacities(check.day));
    let own = held
        .into_iter()
        .filter(|held| held.until.is_none() && held.received.is_none());
    own.map(|held| held.capacity).collect()
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
