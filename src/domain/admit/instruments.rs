//! Rules for events about instruments.

use std::collections::BTreeSet;

use super::ends::{End, check_end};
use super::event_check::{EventCheck, missing};
use super::instrument_checks::{
    must_agree, present, report_over, require_instrument, require_not_over, require_signatories,
    required,
};
use super::statute;
use crate::accession;
use crate::approval::describe::listed;
use crate::approval::rule_set;
use crate::collaboration::MandateScope;
use crate::date::PartialDate;
use crate::event::{
    Actor, AgreementSigned, ConsultationRecorded, InstrumentDrafted, InstrumentEnded,
    InstrumentKind, InstrumentReviewed, InstrumentVaried, MouUpdated, Terms, Variation,
};
use crate::fact::{EffectiveOrder, Fact};
use crate::fault::Fault;
use crate::ids::{BodyId, InstrumentId};
use crate::instrument::{InForce, Instrument};
use crate::signatories::{bound_signatories, signatories};

pub(super) use super::renewals::instrument_renewed;
pub(super) use super::replacements::instrument_superseded;

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
    for (i, option) in event.terms.extensions.iter().enumerate() {
        let field = format!("terms.extensions[{i}].holder_ids");
        require_signatories(check, &field, &event.instrument, &parties, &option.holders);
    }
    require_signatories(
        check,
        "terms.variation_party_ids",
        &event.instrument,
        &parties,
        &event.terms.variation_parties,
    );
    require_signatories(
        check,
        "terms.accession_party_ids",
        &event.instrument,
        &parties,
        &event.terms.accession_parties,
    );
    require_order(check, "terms.expires_on", &event.terms);
    statute::check_statute(check, "", event, &parties, &event.terms);
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

/// Requires that terms do not end before they begin, whatever the days.
fn require_order(check: &mut EventCheck<'_>, field: &str, terms: &Terms) {
    let Some((commences_on, expires_on)) = terms.commences_on.zip(terms.expires_on) else {
        return;
    };
    if !commences_on.is_by(expires_on).may_be() {
        let fault = Fault::TermEndsFirst {
            commences_on,
            expires_on,
        };
        check.report(field, fault);
    }
}

pub(super) fn agreement_signed(check: &mut EventCheck<'_>, event: &AgreementSigned) {
    let Some(instrument) = require_instrument(check, "instrument_id", &event.instrument) else {
        if let Some(body) = &event.body {
            check.require_body("body_id", body);
        }
        return;
    };
    require_not_over(check, "instrument_id", &event.instrument, instrument);
    if let Some(body) = &event.body {
        if !check.require_body("body_id", body) {
            return;
        }
        check_signature(check, "body_id", event, instrument, body);
    }
    for (i, body) in event.also.iter().enumerate() {
        let field = format!("also_body_ids[{i}]");
        if check.require_body(&field, body) {
            check_signature(check, &field, event, instrument, body);
        }
    }
    if let Some(body) = event.on_behalf_by.as_ref().and_then(Actor::body) {
        check.require_body("on_behalf_by.body_id", body);
    }
    let present = present(check, instrument);
    require_signatories(
        check,
        "agreed_by_ids",
        &event.instrument,
        &present,
        &event.agreed_by,
    );
    if !event.also.is_empty()
        && let Some(context) = check.context()
        && let Some(rules) = rule_set(
            context.lookup,
            context.id,
            context.subject,
            check.effective_order(),
        )
    {
        let fault = Fault::SignaturesOneByOne {
            instrument: event.instrument.clone(),
            rule_set: rules.set.rule_set.clone(),
        };
        check.report("also_body_ids", fault);
    }
}

/// Checks the signature of one body.
fn check_signature(
    check: &mut EventCheck<'_>,
    field: &str,
    event: &AgreementSigned,
    instrument: &Instrument,
    body: &BodyId,
) {
    let required = required(check, instrument);
    let present = present(check, instrument);
    let is_open = instrument.drafted.signatories_unknown;
    // A deed of accession may be signed before the day of the accession.
    let at = EffectiveOrder::end_of(check.day);
    let accedes = accession::after(instrument, body, at);
    if !present.contains(body) && !is_open && accedes.is_none() {
        let fault = Fault::NotASignatory {
            body: body.clone(),
            instrument: event.instrument.clone(),
            signatories: listed(&present),
        };
        check.report(field, fault);
        return;
    }
    // Its predecessor's signature is its own.
    let collaboration = check.collaboration();
    let mut signatures = instrument.signatures.iter();
    let signed = signatures.find(|(signatory, _)| {
        *signatory == body || collaboration.is_some_and(|c| c.is_heir(body, signatory, check.day))
    });
    let by_then = instrument.last_signature_by(body, at);
    let signed = signed.map(|(_, first)| by_then.unwrap_or(first));
    // One that left and joined again signs again, in whatever order that is recorded.
    let joined_again = |signed: &Fact<AgreementSigned>| {
        collaboration.is_some_and(|c| match signed.effective_order() {
            order if order > at => c.left_before(body, order) > Some(at),
            order => {
                (c.is_party(body, check.day) || accedes.is_some())
                    && c.left_before(body, at) > Some(order)
            }
        })
    };
    if let Some(before) = signed.filter(|signed| !joined_again(signed)) {
        let fault = Fault::AlreadySigned {
            body: body.clone(),
            instrument: event.instrument.clone(),
            on: before.on(),
            position: before.position(),
        };
        check.report(field, fault);
    } else if let Some(until) = term_over(check, instrument) {
        let (body, on) = (body.clone(), check.on);
        let instrument = event.instrument.clone();
        let fault = Fault::SignedAfterTerm {
            body,
            instrument,
            on,
            until,
        };
        check.report(field, fault);
    } else if instrument.drafted.kind == InstrumentKind::Section22aAgreement
        && (required.contains(body) || present.contains(body))
    {
        statute::require_consultation(check, field, &event.instrument, body, &present);
    }
}

/// The last day of a term that was over by the day, where it has force only from the last
/// signature: then it never has any.
fn term_over(check: &EventCheck<'_>, instrument: &Instrument) -> Option<PartialDate> {
    let until = instrument.expires_on(check.on.last_day())?;
    let commences = instrument.drafted.terms.commences_on;
    let is_by_signature = commences.is_none_or(|on| !on.is_by(until).may_be());
    let is_accession = !required(check, instrument)
        .iter()
        .any(|body| !instrument.signatures.contains_key(body));
    (is_by_signature && !is_accession && !check.on.is_by(until).may_be()).then_some(until)
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
    let must_agree = must_agree(check, instrument);
    if missing(&must_agree, &variation.agreed_by).next().is_some() {
        let missing = listed(missing(&must_agree, &variation.agreed_by));
        let fault = Fault::VariationNotAgreed {
            instrument: id.clone(),
            missing,
        };
        check.report("variation.agreed_by_ids", fault);
    }
    if let Some(terms) = &variation.terms {
        require_order(check, "variation.terms.expires_on", terms);
        let field = "variation.terms.variation_party_ids";
        require_signatories(check, field, id, &present, &terms.variation_parties);
        let field = "variation.terms.accession_party_ids";
        require_signatories(check, field, id, &present, &terms.accession_parties);
        for (i, option) in terms.extensions.iter().enumerate() {
            let field = format!("variation.terms.extensions[{i}].holder_ids");
            require_signatories(check, &field, id, &present, &option.holders);
        }
        statute::check_statute(check, "variation.", &instrument.drafted, &present, terms);
    }
}

pub(super) fn instrument_ended(check: &mut EventCheck<'_>, event: &InstrumentEnded) {
    let Some(instrument) = require_instrument(check, "instrument_id", &event.instrument) else {
        return;
    };
    if is_over(check, instrument) {
        require_not_over(check, "instrument_id", &event.instrument, instrument);
        return;
    }
    let Some(subject) = check.subject() else {
        return;
    };
    // After the end of the collaboration it only says again what that said, and a draft
    // binds nobody.
    let required = required(check, instrument);
    let collaboration = check.collaboration();
    let ended = collaboration.filter(|c| c.ended(check.day).is_some());
    let ended = ended.is_some_and(|c| !c.is_survived_by(&event.instrument, check.day));
    let standing = instrument.standing(&required, check.day);
    if ended || standing == InForce::AwaitingSignature {
        return;
    }
    if let Some(collaboration) = check.collaboration()
        && event.cause.is_by_choice()
    {
        let scope = MandateScope::Instrument(&event.instrument, instrument);
        super::notices::require_no_mandate(check, collaboration, "cause", scope);
    }
    let at = check.effective_order();
    let end = End {
        cause: event.cause,
        basis: &event.basis,
        parties: bound_signatories(check.id(), subject, instrument, at, check.day),
        instrument: Some(&event.instrument),
    };
    check_end(check, &end);
}

/// Whether it was ended or superseded by the day.
fn is_over(check: &EventCheck<'_>, instrument: &Instrument) -> bool {
    instrument.ended.at(check.day).is_some() || instrument.superseded.at(check.day).is_some()
}

pub(super) fn instrument_reviewed(check: &mut EventCheck<'_>, event: &InstrumentReviewed) {
    require_instrument(check, "instrument_id", &event.instrument);
}

/// Requires that the instrument is in force on the day.
fn require_in_force(
    check: &mut EventCheck<'_>,
    field: &str,
    id: &InstrumentId,
    instrument: &Instrument,
    required: &BTreeSet<BodyId>,
) {
    let standing = match instrument.standing(required, check.day) {
        // On the last day of its collaboration it is in force.
        InForce::EndedWith(on) if on == check.on && on.is_full() => {
            instrument.standing_alone(required, check.day)
        }
        standing => standing,
    };
    let awaited = match standing {
        InForce::Since(_) => return,
        InForce::EndedWith(on) => {
            report_over(check, field, id, "ended with its collaboration", on);
            return;
        }
        InForce::Ended(_) | InForce::Superseded(_) => {
            require_not_over(check, field, id, instrument);
            return;
        }
        InForce::Expired(on) => {
            report_over(check, field, id, "expired", on);
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
