//! The statutes at the door: what they find wrong with an instrument, and whom a
//! policing body consults before it signs.

use std::collections::BTreeSet;

use super::event_check::EventCheck;
use crate::domain::event::{BodyKind, InstrumentKind, Terms};
use crate::domain::fault::Fault;
use crate::domain::ids::{BodyId, InstrumentId};
use crate::domain::statute;

/// Judges the parties and terms of an instrument by the statute it is made under.
pub(super) fn made_under(
    bench: &mut EventCheck<'_>,
    field: &str,
    kind: InstrumentKind,
    parties: &BTreeSet<BodyId>,
    terms: &Terms,
) {
    for (path, fault) in statute::made_under(bench.register, kind, parties, terms, bench.day) {
        bench.fault(format_args!("{field}{path}"), fault);
    }
}

/// Section 23A(6): a policing body consults its chief officer before it makes a
/// section 22A agreement, unless that officer is a party to it.
pub(super) fn consulted(
    bench: &mut EventCheck<'_>,
    instrument: &InstrumentId,
    signer: &BodyId,
    parties: &BTreeSet<BodyId>,
) {
    let Some((BodyKind::PolicingBody, force)) = statute::force_of(bench.register, signer) else {
        return;
    };
    let day = bench.day;
    let Some(chief) = statute::holder(bench.register, BodyKind::ChiefOfficer, &force, day) else {
        return;
    };
    let was_consulted = bench.dossier().is_some_and(|dossier| {
        dossier.consultations.values().any(|consultation| {
            consultation.instrument.as_ref() == Some(instrument)
                && consultation.consulted.contains(&chief)
                && consultation.day() <= day
        })
    });
    if !parties.contains(&chief) && !was_consulted {
        let (body, instrument) = (signer.clone(), instrument.clone());
        bench.fault(
            "body_id",
            Fault::ChiefNotConsulted {
                body,
                chief,
                instrument,
            },
        );
    }
}
