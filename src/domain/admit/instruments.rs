//! Rules for events about instruments.

use std::collections::BTreeSet;

use super::event_check::{EventCheck, missing};
use super::statute;
use crate::domain::approval::describe::listed;
use crate::domain::event::{
    AgreementSigned, ConsultationRecorded, InstrumentDrafted, InstrumentEnded, InstrumentKind,
    InstrumentRenewed, InstrumentReviewed, InstrumentSuperseded, InstrumentVaried, MouUpdated,
    Variation,
};
use crate::domain::fault::Fault;
use crate::domain::ids::{BodyId, InstrumentId};
use crate::domain::instrument::{InForce, Instrument};
use crate::domain::signatories::{
    bound_signatories, in_place_of, present_signatories, required_signatories, signatories,
};

/// Requires that the subject has the instrument, drafted by the day, and returns it.
pub(super) fn require_instrument<'a>(
    check: &mut EventCheck<'a>,
    field: &str,
    id: &InstrumentId,
) -> Option<&'a Instrument> {
    let subject = check.subject()?;
    let Some(instrument) = subject.dossier.instruments.get(id) else {
        let (instrument, of) = (id.clone(), check.id().clone());
        check.report(field, Fault::UnknownInstrument { instrument, of });
        return None;
    };
    check.require_not_before(field, "instrument", id, instrument.drafted.on());
    Some(instrument)
}

fn required(check: &EventCheck<'_>, instrument: &Instrument) -> BTreeSet<BodyId> {
    check
        .subject()
        .map(|subject| required_signatories(check.id(), subject, instrument, check.day))
        .unwrap_or_default()
}

/// The signatories, or those in their place on the day.
fn present(check: &EventCheck<'_>, instrument: &Instrument) -> BTreeSet<BodyId> {
    check
        .subject()
        .map(|subject| present_signatories(check.id(), subject, instrument, check.day))
        .unwrap_or_default()
}

pub(super) fn instrument_drafted(check: &mut EventCheck<'_>, event: &InstrumentDrafted) {
    let taken = check
        .dossier()
        .and_then(|d| d.instruments.get(&event.instrument));
    check.require_free("instrument_id", "instrument", &event.instrument, taken);
    check.require_bodies("party_ids", &event.parties);
    for (i, service) in event.services.iter().enumerate() {
        check.require_service(format_args!("service_ids[{i}]"), service);
    }
    let parties = signatories(check.id(), check.collaboration(), event, check.day);
    require_signatories(
        check,
        "terms.variation_party_ids",
        &event.instrument,
        &parties,
        &event.terms.variation_parties,
    );
    statute::check_statute(check, "", event.kind, &parties, &event.terms);
}

pub(super) fn consultation_recorded(check: &mut EventCheck<'_>, event: &ConsultationRecorded) {
    let taken = check
        .dossier()
        .and_then(|d| d.consultations.get(&event.consultation));
    check.require_free(
        "consultation_id",
        "consultation",
        &event.consultation,
        taken,
    );
    if let Some(id) = &event.instrument {
        require_instrument(check, "instrument_id", id);
    }
    check.require_bodies("consulted_ids", &event.consulted);
}

pub(super) fn agreement_signed(check: &mut EventCheck<'_>, event: &AgreementSigned) {
    let Some(instrument) = require_instrument(check, "instrument_id", &event.instrument) else {
        check.require_body("body_id", &event.body);
        return;
    };
    require_not_over(check, "instrument_id", &event.instrument, instrument);
    if !check.require_body("body_id", &event.body) {
        return;
    }
    let required = required(check, instrument);
    let present = present(check, instrument);
    if !present.contains(&event.body) {
        let (body, instrument) = (event.body.clone(), event.instrument.clone());
        let signatories = listed(&present);
        check.report(
            "body_id",
            Fault::NotASignatory {
                body,
                instrument,
                signatories,
            },
        );
        return;
    }
    // Its predecessor's signature is its own.
    let signed = || {
        let collaboration = check.collaboration();
        let mut signed = instrument.signatures.iter();
        let signed = signed.find(|(body, _)| {
            **body == event.body
                || collaboration.is_some_and(|c| c.is_heir(&event.body, body, check.day))
        });
        signed.map(|(_, signed)| signed)
    };
    if !required.contains(&event.body) || instrument.signatures.contains_key(&event.body) {
        let Some(before) = signed() else {
            return;
        };
        let (body, instrument) = (event.body.clone(), event.instrument.clone());
        let (on, position) = (before.on(), before.position());
        check.report(
            "body_id",
            Fault::AlreadySigned {
                body,
                instrument,
                on,
                position,
            },
        );
    } else if instrument.drafted.kind == InstrumentKind::Section22aAgreement {
        statute::require_consultation(check, &event.instrument, &event.body, &present);
    }
}

pub(super) fn mou_updated(check: &mut EventCheck<'_>, event: &MouUpdated) {
    check_variation(check, &event.variation, true);
}

pub(super) fn instrument_varied(check: &mut EventCheck<'_>, event: &InstrumentVaried) {
    check_variation(check, &event.variation, false);
}

/// Checks a variation: the instrument is in force, and every body whose agreement is
/// needed has agreed.
fn check_variation(check: &mut EventCheck<'_>, variation: &Variation, of_mou: bool) {
    for (i, service) in variation.services_added.iter().enumerate() {
        check.require_service(format_args!("variation.services_added_ids[{i}]"), service);
    }
    let id = &variation.instrument;
    let Some(instrument) = require_instrument(check, "variation.instrument_id", id) else {
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
        check.report(
            "variation.instrument_id",
            Fault::WrongVariationEvent {
                instrument,
                use_event,
            },
        );
    }
    let required = required(check, instrument);
    if instrument.drafted.day() <= check.day {
        require_in_force(check, "variation.instrument_id", id, instrument, &required);
    }
    let present = present(check, instrument);
    require_signatories(
        check,
        "variation.agreed_by_ids",
        id,
        &present,
        &variation.agreed_by,
    );
    // The terms of an emergency-services agreement cannot name fewer (Policing and
    // Crime Act 2017 s.4(8)).
    let named = &instrument.terms(check.day).variation_parties;
    let is_named = !named.is_empty() && kind != InstrumentKind::EmergencyServicesAgreement;
    // A body that has left is not asked; one that is no more is not either, and its heirs
    // are.
    let mut must_agree = BTreeSet::new();
    if let Some(subject) = check.subject() {
        let at = check.effective_order();
        must_agree = bound_signatories(check.id(), subject, instrument, at, check.day);
        if is_named {
            let named = named.iter().cloned().collect();
            let named = in_place_of(subject, &named, check.day);
            must_agree.retain(|body| named.contains(body));
        }
    }
    if missing(&must_agree, &variation.agreed_by).next().is_some() {
        let missing = listed(missing(&must_agree, &variation.agreed_by));
        let fault = Fault::VariationNotAgreed {
            instrument: id.clone(),
            missing,
        };
        check.report("variation.agreed_by_ids", fault);
    }
    if let Some(terms) = &variation.terms {
        let field = "variation.terms.variation_party_ids";
        require_signatories(check, field, id, &present, &terms.variation_parties);
        statute::check_statute(check, "variation.", kind, &present, terms);
    }
}

pub(super) fn instrument_renewed(check: &mut EventCheck<'_>, event: &InstrumentRenewed) {
    let Some(instrument) = require_instrument(check, "instrument_id", &event.instrument) else {
        return;
    };
    require_not_over(check, "instrument_id", &event.instrument, instrument);
    if let Some(expires_on) = instrument.expires_on(check.day)
        && event.expires_on.first_day() <= expires_on.first_day()
    {
        let instrument = event.instrument.clone();
        check.report(
            "expires_on",
            Fault::RenewalNotLater {
                instrument,
                expires_on,
            },
        );
    }
}

pub(super) fn instrument_superseded(check: &mut EventCheck<'_>, event: &InstrumentSuperseded) {
    require_instrument(check, "by_instrument_id", &event.by);
    if let Some(instrument) = require_instrument(check, "instrument_id", &event.instrument) {
        require_not_over(check, "instrument_id", &event.instrument, instrument);
    }
}

pub(super) fn instrument_ended(check: &mut EventCheck<'_>, event: &InstrumentEnded) {
    if let Some(instrument) = require_instrument(check, "instrument_id", &event.instrument) {
        require_not_over(check, "instrument_id", &event.instrument, instrument);
    }
}

pub(super) fn instrument_reviewed(check: &mut EventCheck<'_>, event: &InstrumentReviewed) {
    require_instrument(check, "instrument_id", &event.instrument);
}

/// Requires that the instrument was neither ended nor superseded by the day.
fn require_not_over(
    check: &mut EventCheck<'_>,
    field: &str,
    id: &InstrumentId,
    instrument: &Instrument,
) {
    let over = match (
        instrument.ended.at(check.day),
        instrument.superseded.at(check.day),
    ) {
        (Some(ended), _) => ("ended", ended.on()),
        (None, Some(superseded)) => ("superseded", superseded.on()),
        (None, None) => return,
    };
    let (over, on) = over;
    check.report(
        field,
        Fault::InstrumentOver {
            instrument: id.clone(),
            over,
            on,
        },
    );
}

/// Requires that the instrument is in force on the day.
fn require_in_force(
    check: &mut EventCheck<'_>,
    field: &str,
    id: &InstrumentId,
    instrument: &Instrument,
    required: &BTreeSet<BodyId>,
) {
    let awaited = match instrument.standing(required, check.day) {
        InForce::Since(_) => return,
        InForce::Ended(_) | InForce::Superseded(_) => {
            require_not_over(check, field, id, instrument);
            return;
        }
        InForce::Expired(on) => {
            let fault = Fault::InstrumentOver {
                instrument: id.clone(),
                over: "expired",
                on,
            };
            check.report(field, fault);
            return;
        }
        InForce::From(on) => format!("its commencement on {on}"),
        InForce::AwaitingSignature => {
            let signed_by_then = |body: &&BodyId| {
                instrument
                    .signatures
                    .get(*body)
                    .is_some_and(|signed| signed.day() <= check.day)
            };
            listed(required.iter().filter(|body| !signed_by_then(body)))
        }
    };
    check.report(
        field,
        Fault::NotInForce {
            instrument: id.clone(),
            on: check.on,
            awaited,
        },
    );
}

/// Requires that each body is one of those that must sign.
fn require_signatories(
    check: &mut EventCheck<'_>,
    field: &str,
    id: &InstrumentId,
    required: &BTreeSet<BodyId>,
    bodies: &[BodyId],
) {
    for (i, body) in bodies.iter().enumerate() {
        let field = format!("{field}[{i}]");
        // A body that is no more agrees to nothing: the fault names its successor.
        if check.require_body(&field, body) && !required.contains(body) {
            let (body, instrument) = (body.clone(), id.clone());
            let signatories = listed(required);
            let fault = Fault::NotASignatory {
                body,
                instrument,
                signatories,
            };
            check.report(field, fault);
        }
    }
}
