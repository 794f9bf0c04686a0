//! Rules for events about instruments.

use std::collections::BTreeSet;

use super::event_check::{EventCheck, missing};
use super::statute;
use crate::domain::approval::describe::listed;
use crate::domain::approval::successor_on;
use crate::domain::event::{
    AgreementSigned, ConsultationRecorded, InstrumentDrafted, InstrumentEnded, InstrumentKind,
    InstrumentRenewed, InstrumentReviewed, InstrumentSuperseded, InstrumentVaried, MouUpdated,
    Variation,
};
use crate::domain::fault::Fault;
use crate::domain::ids::{BodyId, InstrumentId};
use crate::domain::instrument::{InForce, Instrument, required_signatories, signatories};

/// Demands that the subject has the instrument, drafted by then, and gives it.
pub(super) fn known<'a>(
    bench: &mut EventCheck<'a>,
    field: &str,
    id: &InstrumentId,
) -> Option<&'a Instrument> {
    let subject = bench.subject()?;
    let Some(instrument) = subject.dossier.instruments.get(id) else {
        let (instrument, of) = (id.clone(), bench.id().clone());
        bench.fault(field, Fault::UnknownInstrument { instrument, of });
        return None;
    };
    bench.not_before(field, "instrument", id, instrument.drafted.on());
    Some(instrument)
}

fn required(bench: &EventCheck<'_>, instrument: &Instrument) -> BTreeSet<BodyId> {
    bench
        .subject()
        .map(|subject| required_signatories(bench.id(), &subject.kind, instrument))
        .unwrap_or_default()
}

pub(super) fn instrument_drafted(bench: &mut EventCheck<'_>, what: &InstrumentDrafted) {
    let taken = bench
        .dossier()
        .and_then(|d| d.instruments.get(&what.instrument));
    bench.free("instrument_id", "instrument", &what.instrument, taken);
    bench.bodies("party_ids", &what.parties);
    for (i, service) in what.services.iter().enumerate() {
        bench.service(format_args!("service_ids[{i}]"), service);
    }
    let parties = signatories(bench.id(), bench.collaboration(), what, bench.day);
    among(
        bench,
        "terms.variation_party_ids",
        &what.instrument,
        &parties,
        &what.terms.variation_parties,
    );
    statute::made_under(bench, "", what.kind, &parties, &what.terms);
}

pub(super) fn consultation_recorded(bench: &mut EventCheck<'_>, what: &ConsultationRecorded) {
    let taken = bench
        .dossier()
        .and_then(|d| d.consultations.get(&what.consultation));
    bench.free("consultation_id", "consultation", &what.consultation, taken);
    if let Some(id) = &what.instrument {
        known(bench, "instrument_id", id);
    }
    bench.bodies("consulted_ids", &what.consulted);
}

pub(super) fn agreement_signed(bench: &mut EventCheck<'_>, what: &AgreementSigned) {
    let Some(instrument) = known(bench, "instrument_id", &what.instrument) else {
        bench.body("body_id", &what.body);
        return;
    };
    not_over(bench, "instrument_id", &what.instrument, instrument);
    if !bench.body("body_id", &what.body) {
        return;
    }
    let required = required(bench, instrument);
    if !required.contains(&what.body) {
        let (body, instrument) = (what.body.clone(), what.instrument.clone());
        let signatories = listed(&required);
        bench.fault(
            "body_id",
            Fault::NotASignatory {
                body,
                instrument,
                signatories,
            },
        );
        return;
    }
    if let Some(before) = instrument.signatures.get(&what.body) {
        let (body, instrument) = (what.body.clone(), what.instrument.clone());
        let (on, position) = (before.on(), before.position());
        bench.fault(
            "body_id",
            Fault::AlreadySigned {
                body,
                instrument,
                on,
                position,
            },
        );
    } else if instrument.drafted.kind == InstrumentKind::Section22aAgreement {
        statute::consulted(bench, &what.instrument, &what.body, &required);
    }
}

pub(super) fn mou_updated(bench: &mut EventCheck<'_>, what: &MouUpdated) {
    variation(bench, &what.variation, true);
}

pub(super) fn instrument_varied(bench: &mut EventCheck<'_>, what: &InstrumentVaried) {
    variation(bench, &what.variation, false);
}

/// One way an instrument changes: it is in force, and those that must have agreed.
fn variation(bench: &mut EventCheck<'_>, what: &Variation, of_mou: bool) {
    for (i, service) in what.services_added.iter().enumerate() {
        bench.service(format_args!("variation.services_added_ids[{i}]"), service);
    }
    let id = &what.instrument;
    let Some(instrument) = known(bench, "variation.instrument_id", id) else {
        return;
    };
    let kind = instrument.drafted.kind;
    let is_mou = kind == InstrumentKind::MemorandumOfUnderstanding;
    if is_mou != of_mou {
        let use_event = if is_mou {
            "mou_updated"
        } else {
            "instrument_varied"
        };
        let instrument = id.clone();
        bench.fault(
            "variation.instrument_id",
            Fault::WrongVariationEvent {
                instrument,
                use_event,
            },
        );
    }
    let required = required(bench, instrument);
    if instrument.drafted.day() <= bench.day {
        in_force(bench, "variation.instrument_id", id, instrument, &required);
    }
    among(
        bench,
        "variation.agreed_by_ids",
        id,
        &required,
        &what.agreed_by,
    );
    // Policing and Crime Act 2017 s.4(8): there the terms cannot name fewer.
    let named = &instrument.terms(bench.day).variation_parties;
    let mut must_agree = if named.is_empty() || kind == InstrumentKind::EmergencyServicesAgreement {
        required.clone()
    } else {
        named.iter().cloned().collect()
    };
    // Who has left has no say any more, unless another stands in its place.
    if let Some(collaboration) = bench.collaboration() {
        must_agree.retain(|body| {
            instrument.binds(body, collaboration, bench.effective_order())
                || collaboration.is_party(&successor_on(bench.register, body, bench.day), bench.day)
        });
    }
    if missing(&must_agree, &what.agreed_by).next().is_some() {
        let missing = listed(missing(&must_agree, &what.agreed_by));
        let fault = Fault::VariationNotAgreed {
            instrument: id.clone(),
            missing,
        };
        bench.fault("variation.agreed_by_ids", fault);
    }
    if let Some(terms) = &what.terms {
        let field = "variation.terms.variation_party_ids";
        among(bench, field, id, &required, &terms.variation_parties);
        statute::made_under(bench, "variation.", kind, &required, terms);
    }
}

pub(super) fn instrument_renewed(bench: &mut EventCheck<'_>, what: &InstrumentRenewed) {
    let Some(instrument) = known(bench, "instrument_id", &what.instrument) else {
        return;
    };
    not_over(bench, "instrument_id", &what.instrument, instrument);
    if let Some(expires_on) = instrument.expires_on(bench.day)
        && what.expires_on.first_day() <= expires_on.first_day()
    {
        let instrument = what.instrument.clone();
        bench.fault(
            "expires_on",
            Fault::RenewalNotLater {
                instrument,
                expires_on,
            },
        );
    }
}

pub(super) fn instrument_superseded(bench: &mut EventCheck<'_>, what: &InstrumentSuperseded) {
    known(bench, "by_instrument_id", &what.by);
    if let Some(instrument) = known(bench, "instrument_id", &what.instrument) {
        not_over(bench, "instrument_id", &what.instrument, instrument);
    }
}

pub(super) fn instrument_ended(bench: &mut EventCheck<'_>, what: &InstrumentEnded) {
    if let Some(instrument) = known(bench, "instrument_id", &what.instrument) {
        not_over(bench, "instrument_id", &what.instrument, instrument);
    }
}

pub(super) fn instrument_reviewed(bench: &mut EventCheck<'_>, what: &InstrumentReviewed) {
    known(bench, "instrument_id", &what.instrument);
}

/// Demands that the instrument was neither ended nor superseded by the day.
fn not_over(bench: &mut EventCheck<'_>, field: &str, id: &InstrumentId, instrument: &Instrument) {
    let over = match (
        instrument.ended.at(bench.day),
        instrument.superseded.at(bench.day),
    ) {
        (Some(ended), _) => ("ended", ended.on()),
        (None, Some(superseded)) => ("superseded", superseded.on()),
        (None, None) => return,
    };
    let (over, on) = over;
    bench.fault(
        field,
        Fault::InstrumentOver {
            instrument: id.clone(),
            over,
            on,
        },
    );
}

/// Demands that the instrument is in force on the day.
fn in_force(
    bench: &mut EventCheck<'_>,
    field: &str,
    id: &InstrumentId,
    instrument: &Instrument,
    required: &BTreeSet<BodyId>,
) {
    let awaited = match instrument.standing(required, bench.day) {
        InForce::Since(_) => return,
        InForce::Ended(_) | InForce::Superseded(_) => {
            not_over(bench, field, id, instrument);
            return;
        }
        InForce::Expired(on) => {
            let fault = Fault::InstrumentOver {
                instrument: id.clone(),
                over: "expired",
                on,
            };
            bench.fault(field, fault);
            return;
        }
        InForce::From(on) => format!("its commencement on {on}"),
        InForce::AwaitingSignature => {
            let signed_by_then = |body: &&BodyId| {
                instrument
                    .signatures
                    .get(*body)
                    .is_some_and(|signed| signed.day() <= bench.day)
            };
            listed(required.iter().filter(|body| !signed_by_then(body)))
        }
    };
    bench.fault(
        field,
        Fault::NotInForce {
            instrument: id.clone(),
            on: bench.on,
            awaited,
        },
    );
}

/// Demands that each of these is among those that must sign.
fn among(
    bench: &mut EventCheck<'_>,
    field: &str,
    id: &InstrumentId,
    required: &BTreeSet<BodyId>,
    bodies: &[BodyId],
) {
    for (i, body) in bodies.iter().enumerate() {
        if !required.contains(body) {
            let (body, instrument) = (body.clone(), id.clone());
            let signatories = listed(required);
            let fault = Fault::NotASignatory {
                body,
                instrument,
                signatories,
            };
            bench.fault(format_args!("{field}[{i}]"), fault);
        }
    }
}
