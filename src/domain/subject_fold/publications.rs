//! The fold of events about the publication of instruments.

use super::with;
use crate::event::{InstrumentPublished, InstrumentWithheld};
use crate::fact::Fact;
use crate::subject::Subject;

pub(super) fn instrument_published(subject: &mut Subject, fact: Fact<InstrumentPublished>) {
    let id = fact.instrument.clone();
    with(&mut subject.dossier.instruments, &id, |instrument| {
        instrument.published.insert(fact);
    });
}

pub(super) fn instrument_withheld(subject: &mut Subject, fact: Fact<InstrumentWithheld>) {
    let id = fact.instrument.clone();
    with(&mut subject.dossier.instruments, &id, |instrument| {
        instrument.withheld.insert(fact);
    });
}
