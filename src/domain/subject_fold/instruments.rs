//! The fold of events about instruments.

use std::sync::Arc;

use super::notices::{add_exit, leaves};
use super::with;
use crate::event::{
    AgreementSigned, ConsultationRecorded, InstrumentDrafted, InstrumentEnded, InstrumentRenewed,
    InstrumentReviewed, InstrumentSuperseded, InstrumentVaried, MouUpdated, Variation,
};
use crate::fact::{EffectiveEntry, Fact};
use crate::instrument::Instrument;
use crate::subject::Subject;

pub(super) fn instrument_drafted(subject: &mut Subject, fact: Fact<InstrumentDrafted>) {
    let id = fact.instrument.clone();
    let mut instrument = Instrument::new(fact);
    // An instrument that is recorded after the end of its collaboration, and dated before.
    if let Some(collaboration) = subject.as_collaboration() {
        for ended in collaboration.ended.iter() {
            if !ended.surviving.contains(&id) {
                instrument.ended_with.insert(ended.clone());
            }
        }
    }
    // A direction that was recorded before the instrument.
    if let Some(collaboration) = subject.as_collaboration() {
        for direction in collaboration.directions.values() {
            if direction.instrument.as_ref() == Some(&id) {
                instrument.directed.insert(direction.clone());
            }
        }
    }
    // A notice that was recorded before the instrument.
    if let Some(collaboration) = subject.as_collaboration() {
        for notice in collaboration.notices.values() {
            if leaves(&notice.given, &instrument) {
                add_exit(&mut instrument, &notice.given);
                for revoked in notice.revoked.iter() {
                    with(&mut instrument.exits, &notice.given.notice, |exit| {
                        exit.revoked.insert(revoked.clone());
                    });
                }
            }
        }
    }
    subject.dossier.instruments.insert(id, instrument);
}

pub(super) fn consultation_recorded(subject: &mut Subject, fact: Fact<ConsultationRecorded>) {
    subject
        .dossier
        .consultations
        .insert(fact.consultation.clone(), fact);
}

pub(super) fn agreement_signed(subject: &mut Subject, fact: Fact<AgreementSigned>) {
    let id = fact.instrument.clone();
    with(&mut subject.dossier.instruments, &id, |instrument| {
        for body in fact.bodies() {
            let other = match instrument.signatures.get(body) {
                // An earlier signature may be recorded after a later one.
                Some(first) if first.effective_order() < fact.effective_order() => {
                    Some(fact.clone())
                }
                Some(_) | None => instrument.signatures.insert(body.clone(), fact.clone()),
            };
            if let Some(other) = other {
                instrument.signed_again.insert(other);
            }
        }
        if fact.others.is_some() {
            instrument.others_signed.insert(fact.clone());
        }
    });
}

pub(super) fn mou_updated(subject: &mut Subject, fact: Fact<MouUpdated>) {
    vary(subject, &fact.variation, &fact.source);
}

pub(super) fn instrument_varied(subject: &mut Subject, fact: Fact<InstrumentVaried>) {
    vary(subject, &fact.variation, &fact.source);
}

pub(super) fn instrument_renewed(subject: &mut Subject, fact: Fact<InstrumentRenewed>) {
    let id = fact.instrument.clone();
    with(&mut subject.dossier.instruments, &id, |instrument| {
        instrument.renewals.insert(fact);
    });
}

pub(super) fn instrument_superseded(subject: &mut Subject, fact: Fact<InstrumentSuperseded>) {
    let id = fact.instrument.clone();
    with(&mut subject.dossier.instruments, &id, |instrument| {
        instrument.superseded.insert(fact);
    });
}

pub(super) fn instrument_ended(subject: &mut Subject, fact: Fact<InstrumentEnded>) {
    let id = fact.instrument.clone();
    with(&mut subject.dossier.instruments, &id, |instrument| {
        instrument.ended.insert(fact);
    });
}

pub(super) fn instrument_reviewed(subject: &mut Subject, fact: Fact<InstrumentReviewed>) {
    let id = fact.instrument.clone();
    with(&mut subject.dossier.instruments, &id, |instrument| {
        instrument.reviews.insert(fact);
    });
}

/// A variation counts alike, whether of a memorandum or of another instrument.
fn vary(subject: &mut Subject, variation: &Variation, source: &EffectiveEntry) {
    let instruments = &mut subject.dossier.instruments;
    with(instruments, &variation.instrument, |instrument| {
        let fact = Fact::new(source.clone(), Arc::new(variation.clone()));
        instrument.variations.insert(fact);
    });
}
