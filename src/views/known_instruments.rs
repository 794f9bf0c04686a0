//! The instruments of a subject on the day of a view, with those that are retrospective:
//! they had force on that day by signatures or renewals that came after it.

use std::borrow::Cow;
use std::collections::BTreeSet;

use minutebook_domain::ids::{BodyId, SubjectId};
use minutebook_domain::instrument::{InForce, Instrument};
use minutebook_domain::register_view::RegisterView;
use minutebook_domain::signatories::required_signatories;
use minutebook_domain::subject::Subject;

/// An instrument, and the bodies that must sign it.
pub(super) struct KnownInstrument<'a> {
    pub instrument: Cow<'a, Instrument>,
    pub required: BTreeSet<BodyId>,
}

impl KnownInstrument<'_> {
    pub fn standing(&self, register_view: &RegisterView) -> InForce {
        let day = register_view.as_at();
        self.instrument.standing(&self.required, day)
    }

    pub fn is_in_force(&self, register_view: &RegisterView) -> bool {
        matches!(self.standing(register_view), InForce::Since(_))
    }
}

/// The instruments, by id.
pub(super) fn list<'a>(
    register_view: &RegisterView,
    id: &SubjectId,
    subject: &'a Subject,
) -> Vec<KnownInstrument<'a>> {
    let day = register_view.as_at();
    let of_day = subject.dossier.instruments.values();
    let mut known: Vec<KnownInstrument<'a>> = of_day
        .map(|instrument| KnownInstrument {
            instrument: Cow::Borrowed(instrument),
            required: required_signatories(id, subject, instrument, day),
        })
        .collect();
    let Some(later) = register_view.with_later(id) else {
        return known;
    };
    for instrument in later.dossier.instruments.values() {
        let required = required_signatories(id, &later, instrument, day);
        let force = instrument.force(&required, day);
        let has_force = force.is_some_and(|force| force.on.first_day() <= day);
        let is_late = force.is_some_and(|force| force.is_retrospective);
        if !has_force || !(is_late || instrument.is_renewed_back_to(day)) {
            continue;
        }
        let instrument = KnownInstrument {
            instrument: Cow::Owned(instrument.clone()),
            required,
        };
        let is_same = |other: &KnownInstrument<'_>| {
            other.instrument.drafted.instrument == instrument.instrument.drafted.instrument
        };
        match known.iter().position(is_same) {
            Some(index) => known[index] = instrument,
            None => known.push(instrument),
        }
    }
    known
}
