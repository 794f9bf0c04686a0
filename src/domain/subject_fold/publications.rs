//! The fold of events about the publication of instruments.

use super::with;
use crate::domain::event::{InstrumentPublished, InstrumentWithheld};
use crate::domain::fact::Fact;
use crate::domain::subject::Subject;

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
