//! Agreements that no longer have the parties that the law requires, since a party left
//! (Police Act 1996 s.22A, Policing and Crime Act 2017 ss.2 and 3). A withdrawal is a
//! fact, so the fault is shown and not refused.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::fact::EffectiveEntry;
use crate::domain::fault::Fault;
use crate::domain::ids::{BodyId, SubjectId};
use crate::domain::instrument::{InForce, Instrument};
use crate::domain::register_view::RegisterView;
use crate::domain::signatories::{bound_signatories, present_signatories, required_signatories};
use crate::domain::statute::statute_faults;
use crate::domain::subject::Subject;
use crate::wire::proto::FaultView;
use crate::wire::reply;

/// The faults of every instrument in force, by instrument and in the order of the
/// withdrawals.
pub(super) fn faults(
    register_view: &RegisterView,
    id: &SubjectId,
    subject: &Subject,
) -> Vec<FaultView> {
    let instruments = subject.dossier.instruments.values();
    let faults = instruments.flat_map(|instrument| broken(register_view, id, subject, instrument));
    faults.map(|(_, fault)| fault).collect()
}

/// The faults of one instrument, each with the withdrawal since which it has it.
///
/// Its parties are checked after each joining and leaving. A fault that a later joining
/// mends is no fault; one that returns dates from the withdrawal that caused it again.
pub(super) fn broken<'a>(
    register_view: &RegisterView,
    id: &SubjectId,
    subject: &'a Subject,
    instrument: &Instrument,
) -> Vec<(&'a EffectiveEntry, FaultView)> {
    let day = register_view.as_at();
    let Some(collaboration) = subject.as_collaboration() else {
        return Vec::new();
    };
    let signatories = required_signatories(id, subject, instrument, day);
    let in_force = matches!(instrument.standing(&signatories, day), InForce::Since(_));
    if !in_force || collaboration.ended(day).is_some() {
        return Vec::new();
    }
    let lacking = |parties: &BTreeSet<BodyId>| {
        let (kind, terms) = (instrument.drafted.kind, instrument.terms(day));
        statute_faults(register_view, id, kind, parties, terms, day)
    };
    let required = present_signatories(id, subject, instrument, day);
    let mut parties = required.clone();
    let mut since: BTreeMap<(String, &'static str), (&BodyId, &EffectiveEntry)> = BTreeMap::new();
    let mut lacks = Vec::new();
    let mut left = None;
    // Faults that it had with all its parties are not caused by a withdrawal.
    let mut from_the_start = None;
    for ((order, body), came) in collaboration.moves(day) {
        if !came && let Some(effective) = subject.dossier.acts.get(&order) {
            left = Some((body, effective));
        }
        // Those in the place of a body that is no more stay for it.
        let remaining = bound_signatories(id, subject, instrument, order, day);
        if remaining == parties {
            continue;
        }
        parties = remaining;
        lacks = lacking(&parties);
        let known = from_the_start.get_or_insert_with(|| reasons(&lacking(&required)));
        lacks.retain(|(field, fault)| !known.contains(&(field.clone(), fault.reason())));
        let now = reasons(&lacks);
        since.retain(|key, _| now.contains(key));
        if let Some(left) = left {
            for key in now {
                since.entry(key).or_insert(left);
            }
        }
    }
    let mut found: Vec<(&EffectiveEntry, FaultView)> = lacks
        .into_iter()
        .filter_map(|(field, fault)| {
            let (body, effective) = since.get(&(field, fault.reason()))?;
            let view = FaultView {
                reason: fault.reason().to_owned(),
                what: in_words(body, &fault),
                since_on: Some(reply::date(effective.entry.effective_on())),
                position: effective.entry.position.get(),
            };
            Some((*effective, view))
        })
        .collect();
    found.sort_by_cached_key(|(effective, _)| effective.effective_order());
    found
}

/// The fault as a fault of the agreement: a party may leave, and the agreement is then
/// to be varied.
fn in_words(left: &BodyId, fault: &Fault) -> String {
    match fault {
        Fault::ProvisionPartyMissing {
            provision,
            missing,
            section,
        } => format!(
            "since {left} left: its {provision} provision lacks {missing} (Police Act 1996 \
             {section}), and is to be varied or removed"
        ),
        fault => format!("since {left} left: {fault}"),
    }
}

/// The identity of a fault. Its sentence changes as more parties leave.
fn reasons(faults: &[(String, Fault)]) -> BTreeSet<(String, &'static str)> {
    let reasons = faults
        .iter()
        .map(|(field, fault)| (field.clone(), fault.reason()));
    reasons.collect()
}
