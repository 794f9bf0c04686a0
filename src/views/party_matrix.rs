//! What the law asks of an agreement and it no longer has, since a party left:
//! that happened, so it is shown and not refused (Police Act 1996 s.22A,
//! Policing and Crime Act 2017 ss.2 and 3).

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::approval::successor_on;
use crate::domain::collaboration::Collaboration;
use crate::domain::fact::{EffectiveEntry, EffectiveOrder};
use crate::domain::ids::{BodyId, InstrumentId, SubjectId};
use crate::domain::instrument::{InForce, Instrument};
use crate::domain::register_view::RegisterView;
use crate::domain::signatories::{is_bound, required_signatories};
use crate::domain::statute::made_under;
use crate::domain::subject::Subject;
use crate::wire::proto::FaultView;
use crate::wire::reply;

/// A fault, the instrument it is in, and the withdrawal that brought it about.
pub(super) struct BrokenInstrument<'a> {
    pub instrument: &'a InstrumentId,
    pub by: &'a EffectiveEntry,
    pub view: FaultView,
}

/// The faults of every instrument in force, by instrument and in the order of
/// the withdrawals.
pub(super) fn faults<'a>(
    outlook: &RegisterView,
    id: &SubjectId,
    of: &'a Subject,
) -> Vec<BrokenInstrument<'a>> {
    let instruments = of.dossier.instruments.iter();
    instruments
        .flat_map(|(instrument_id, instrument)| {
            broken(outlook, id, of, instrument)
                .into_iter()
                .map(move |(by, view)| BrokenInstrument {
                    instrument: instrument_id,
                    by,
                    view,
                })
        })
        .collect()
}

/// The faults of one instrument, each with the withdrawal since which it has it.
///
/// Its parties are looked at after each coming and going. A fault that a later
/// coming mends is none; one that came back is since the withdrawal that brought
/// it back.
pub(super) fn broken<'a>(
    outlook: &RegisterView,
    id: &SubjectId,
    of: &'a Subject,
    instrument: &Instrument,
) -> Vec<(&'a EffectiveEntry, FaultView)> {
    let day = outlook.as_at();
    let Some(collaboration) = of.as_collaboration() else {
        return Vec::new();
    };
    let required = required_signatories(id, &of.kind, instrument);
    let in_force = matches!(instrument.standing(&required, day), InForce::Since(_));
    if !in_force || collaboration.ended(day).is_some() {
        return Vec::new();
    }
    let lacking = |parties: &BTreeSet<BodyId>| {
        let (kind, terms) = (instrument.drafted.kind, instrument.terms(day));
        made_under(outlook, kind, parties, terms, day)
    };
    let mut parties = required.clone();
    let mut since: BTreeMap<(String, &'static str), (&BodyId, &EffectiveEntry)> = BTreeMap::new();
    let mut lacks = Vec::new();
    let mut left = None;
    // What it lacked with all its parties is not for their leaving to explain.
    let mut from_the_start = None;
    for ((place, body), came) in collaboration.moves(day) {
        if !came && let Some(told) = of.dossier.acts.get(&place) {
            left = Some((body, told));
        }
        let remaining = remaining(outlook, collaboration, instrument, &required, place);
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
            let (body, told) = since.get(&(field, fault.reason()))?;
            let view = FaultView {
                reason: fault.reason().to_owned(),
                what: format!("since {body} left: {fault}"),
                since_on: Some(reply::date(told.entry.effective_on())),
                position: told.entry.position.get(),
            };
            Some((*told, view))
        })
        .collect();
    found.sort_by_key(|(told, _)| told.effective_order());
    found
}

/// The signatories that are still bound at a place. One that was followed by a
/// party stays: its successor stands where it stood.
fn remaining(
    outlook: &RegisterView,
    collaboration: &Collaboration,
    instrument: &Instrument,
    required: &BTreeSet<BodyId>,
    at: EffectiveOrder,
) -> BTreeSet<BodyId> {
    let stays = |body: &&BodyId| {
        let successor = || successor_on(outlook, body, at.day);
        let is_party = |body: &BodyId| {
            let last = collaboration.last_move(body, at);
            last.is_some_and(|last| last.joined)
        };
        is_bound(instrument, body, collaboration, at) || is_party(&successor())
    };
    required.iter().filter(stays).cloned().collect()
}

/// Faults by where and what they are: their words change as more parties leave.
fn reasons(faults: &[(String, crate::domain::fault::Fault)]) -> BTreeSet<(String, &'static str)> {
    let reasons = faults
        .iter()
        .map(|(field, fault)| (field.clone(), fault.reason()));
    reasons.collect()
}
