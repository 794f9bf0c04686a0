//! Rule 3: the statutes, and the consultation before a policing body signs.

use std::collections::BTreeSet;

use super::event_check::EventCheck;
use crate::event::{BodyKind, InstrumentDrafted, Terms};
use crate::fault::Fault;
use crate::ids::{BodyId, InstrumentId};
use crate::statute;

/// Checks the parties and terms of an instrument by the statute it is made under.
pub(super) fn check_statute(
    check: &mut EventCheck<'_>,
    field: &str,
    drafted: &InstrumentDrafted,
    parties: &BTreeSet<BodyId>,
    terms: &Terms,
) {
    let (register, id, day) = (check.register, check.id(), check.day);
    for (path, fault) in statute::statute_faults(register, id, drafted, parties, terms, day) {
        check.report(format_args!("{field}{path}"), fault);
    }
}

/// Requires that a policing body has consulted its chief officer before it makes a
/// section 22A agreement, unless that officer is a party to it (s.23A(6)).
pub(super) fn require_consultation(
    check: &mut EventCheck<'_>,
    field: &str,
    instrument: &InstrumentId,
    signatory: &BodyId,
    parties: &BTreeSet<BodyId>,
) {
    let day = check.day;
    let forces = statute::forces_of(check.register, signatory, BodyKind::PolicingBody, day);
    for force in forces {
        if let Some(chief) = statute::holder(check.register, BodyKind::ChiefOfficer, &force, day) {
            require_consultation_of(check, field, instrument, signatory, chief, parties);
        }
    }
}

fn require_consultation_of(
    check: &mut EventCheck<'_>,
    field: &str,
    instrument: &InstrumentId,
    signatory: &BodyId,
    chief: BodyId,
    parties: &BTreeSet<BodyId>,
) {
    let day = check.day;
    let was_consulted = check.dossier().is_some_and(|dossier| {
        dossier.consultations.values().any(|consultation| {
            consultation.instrument.as_ref() == Some(instrument)
                && consultation.consulted.contains(&chief)
                && consultation.day() <= day
        })
    });
    if !parties.contains(&chief) && !was_consulted {
        let (body, instrument) = (signatory.clone(), instrument.clone());
        check.report(
            field,
            Fault::ChiefNotConsulted {
                body,
                chief,
                instrument,
            },
        );
    }
}
