//! Checks about instruments that several rules share.

use std::collections::BTreeSet;

use super::event_check::{EventCheck, missing};
use crate::accession;
use crate::approval::describe::listed;
use crate::certainty::Certainty;
use crate::date::PartialDate;
use crate::event::{InstrumentKind, PartyJoined};
use crate::fact::EffectiveOrder;
use crate::fault::Fault;
use crate::ids::{BodyId, InstrumentId};
use crate::instrument::{InForce, Instrument};
use crate::signatories::{
    bound_signatories, in_place_of, present_signatories, required_signatories,
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

pub(super) fn required(check: &EventCheck<'_>, instrument: &Instrument) -> BTreeSet<BodyId> {
    check
        .subject()
        .map(|subject| required_signatories(check.id(), subject, instrument, check.day))
        .unwrap_or_default()
}

/// The signatories, or those in their place on the day.
pub(super) fn present(check: &EventCheck<'_>, instrument: &Instrument) -> BTreeSet<BodyId> {
    check
        .subject()
        .map(|subject| present_signatories(check.id(), subject, instrument, check.day))
        .unwrap_or_default()
}

/// The bodies that made an instrument, or joined by it, or those in their place.
pub(super) fn makers(check: &EventCheck<'_>, instrument: &Instrument) -> BTreeSet<BodyId> {
    let mut makers = present(check, instrument);
    makers.extend(required(check, instrument));
    makers
}

/// The bodies that must agree to a change of an instrument. A body that has left is not
/// asked; one that is no more is not either, and its heirs are.
pub(super) fn must_agree(check: &EventCheck<'_>, instrument: &Instrument) -> BTreeSet<BodyId> {
    let Some(subject) = check.subject() else {
        return BTreeSet::new();
    };
    let at = check.effective_order();
    let mut must_agree = bound_signatories(check.id(), subject, instrument, at, check.day);
    // The terms of an emergency-services agreement cannot name fewer (Policing and
    // Crime Act 2017 s.4(8)).
    let named = &instrument.terms(check.day).variation_parties;
    let kind = instrument.drafted.kind;
    if !named.is_empty() && kind != InstrumentKind::EmergencyServicesAgreement {
        let named = named.iter().cloned().collect();
        let named = in_place_of(subject, &named, check.day);
        must_agree.retain(|body| named.contains(body));
    }
    // A body that accedes on this day may agree, and need not.
    let required = required(check, instrument);
    let accedes = |body: &BodyId| {
        let joined = instrument.accession(body, EffectiveOrder::end_of(check.day));
        joined.is_some_and(|joined| joined.day() == check.day) && !required.contains(body)
    };
    must_agree.retain(|body| !accedes(body));
    must_agree
}

/// Requires that those whom the instrument names agree to an accession.
pub(super) fn check_accession(
    check: &mut EventCheck<'_>,
    event: &PartyJoined,
    instrument: &Instrument,
) {
    let Some(subject) = check.subject() else {
        return;
    };
    let id = &instrument.drafted.instrument;
    let present = present(check, instrument);
    require_signatories(check, "agreed_by_ids", id, &present, &event.agreed_by);
    let names_them = !instrument.terms(check.day).accession_parties.is_empty();
    if !names_them || check.says_succession_again() {
        return;
    }
    let mut awaited =
        accession::must_agree(check.id(), subject, instrument, &event.body, check.day);
    let variations = instrument.variations.by(check.day);
    for variation in variations.filter(|variation| variation.day() == check.day) {
        awaited.retain(|body| !variation.agreed_by.contains(body));
    }
    if missing(&awaited, &event.agreed_by).next().is_some() {
        let fault = Fault::AccessionNotAgreed {
            body: event.body.clone(),
            instrument: id.clone(),
            missing: listed(missing(&awaited, &event.agreed_by)),
        };
        check.report("agreed_by_ids", fault);
    }
}

/// Requires that the instrument was neither ended nor superseded by the day.
pub(super) fn require_not_over(
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
    report_over(check, field, id, over, on);
}

/// Requires that the term of an instrument runs on some day of the date.
pub(super) fn require_not_expired(
    check: &mut EventCheck<'_>,
    field: &str,
    id: &InstrumentId,
    instrument: &Instrument,
) {
    let Some(subject) = check.subject() else {
        return;
    };
    let expired = |day| {
        let required = required_signatories(check.id(), subject, instrument, day);
        match instrument.standing(&required, day) {
            InForce::Expired(on) => Some(on),
            _ => None,
        }
    };
    let is_expired = check.on.holds(|day| expired(day).is_some());
    if let (Certainty::Certain, Some(on)) = (is_expired, expired(check.day))
        && !check.says_succession_again()
    {
        report_over(check, field, id, "over", on);
    }
}

pub(super) fn report_over(
    check: &mut EventCheck<'_>,
    field: &str,
    id: &InstrumentId,
    over: &'static str,
    on: PartialDate,
) {
    let instrument = id.clone();
    check.report(
        field,
        Fault::InstrumentOver {
            instrument,
            over,
            on,
        },
    );
}

/// Requires that each body is one of those that must sign.
pub(super) fn require_signatories(
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
