//! Rules for corrections: the entry is there, has not been corrected, and
//! nothing recorded since rests on it.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::bench::Bench;
use super::judge;
use crate::domain::event::{EntryCorrected, Kind, Target};
use crate::domain::fact::Standing;
use crate::domain::fault::Fault;
use crate::domain::ids::Position;
use crate::domain::register::{Record, Register, standing, target};

pub(super) fn corrected(bench: &mut Bench<'_>, what: &EntryCorrected) {
    let Some(record) = bench.register.record(bench.id()) else {
        return;
    };
    let field = match what.target {
        Target::Position(_) => "position",
        Target::Event(_) => "target_event_id",
    };
    let found = target(record.history(), what.target).and_then(|position| record.entry(position));
    let Some(wrong) = found else {
        let target = match what.target {
            Target::Position(position) => position.to_string(),
            Target::Event(id) => id.to_string(),
        };
        bench.fault(
            field,
            Fault::NoSuchEntry {
                target,
                subject: bench.id().clone(),
            },
        );
        return;
    };
    if let Some(by) = corrected_by(record, wrong.position) {
        bench.fault(
            field,
            Fault::AlreadyCorrected {
                position: wrong.position,
                by,
            },
        );
        return;
    }
    let founding = record
        .history()
        .front()
        .is_some_and(|first| first.position == wrong.position);
    let kind = wrong.event.kind.name();
    if founding
        && what
            .replacement
            .as_ref()
            .is_none_or(|event| event.kind.name() != kind)
    {
        bench.fault(
            field,
            Fault::FoundingEntry {
                position: wrong.position,
                kind,
            },
        );
        return;
    }
    // Without a correction, the entry it put right stands again, and that may be
    // any entry before it.
    let reinstates = matches!(wrong.event.kind, Kind::EntryCorrected(_));
    let from = if reinstates {
        Position::ZERO
    } else {
        wrong.position
    };
    relied_upon(bench, field, record, wrong.position, from);
}

/// The correction of an entry that stands, if there is one.
pub fn corrected_by(record: &Record, position: Position) -> Option<Position> {
    let mut voided = BTreeSet::new();
    for entry in record.history().iter().rev() {
        if let Kind::EntryCorrected(correction) = &entry.event.kind
            && !voided.contains(&entry.position)
            && let Some(target) = target(record.history(), correction.target)
        {
            if target == position {
                return Some(entry.position);
            }
            voided.insert(target);
        }
    }
    None
}

/// Judges what stands of the subject once more, as if the correction had always
/// been known: what was admitted and would not have been rests on the entry.
fn relied_upon(
    bench: &mut Bench<'_>,
    field: &str,
    record: &Record,
    wrong: Position,
    from: Position,
) {
    let before = standing(record.history(), bench.register.tail());
    let mut history = record.history().clone();
    history.push_back(Arc::clone(bench.entry));
    let after = standing(&history, bench.entry.position);
    // What comes before `from` is judged as it was: only the rest can differ.
    let known: BTreeSet<(Position, &'static str)> = retried(bench.register, &before, from)
        .into_iter()
        .map(|(position, _, fault)| (position, fault.reason()))
        .collect();
    for (position, path, fault) in retried(bench.register, &after, from) {
        // What approvals and acts lack from now on is shown, not refused: an
        // approval that was wrong can be put right, and the acts that rested on
        // it are breaches as known from here.
        if position != wrong && matches!(fault.rule(), 4..=6) {
            continue;
        }
        if known.contains(&(position, fault.reason())) {
            continue;
        }
        if position == wrong {
            // The replacement itself is at fault.
            bench.fault(format_args!("replacement.{path}"), fault);
        } else {
            let (fault, relied_on_by) = (fault.to_string(), position);
            bench.fault(
                field,
                Fault::ReliedUpon {
                    position: wrong,
                    relied_on_by,
                    fault,
                },
            );
        }
    }
}

/// The faults of the entries from `from` on, each judged with those that stand
/// before it.
fn retried(
    register: &Register,
    standing: &[Standing],
    from: Position,
) -> Vec<(Position, String, Fault)> {
    let Some(first) = standing.first() else {
        return Vec::new();
    };
    let mut register = register.without(&first.entry.event.subject);
    let mut faults = Vec::new();
    for told in standing {
        if told.order >= from {
            let found = judge(&register, &told.entry, told.order);
            faults.extend(
                found
                    .into_iter()
                    .map(|(path, fault)| (told.order, path, fault)),
            );
        }
        register.stand(told.clone());
    }
    faults
}
