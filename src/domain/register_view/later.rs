//! Entries that a view knows, and that hold only after its day.

use std::sync::Arc;

use super::RegisterView;
use crate::effective_entries::effective_entries;
use crate::ids::SubjectId;
use crate::instrument::Instrument;
use crate::subject::Subject;
use crate::subject_fold;

impl RegisterView {
    /// The state of a subject in which the known entries that hold only after this day are
    /// folded too. `None` if there are no such entries, or if none of its instruments states
    /// the day of its commencement, or from which a renewal has effect: no other instrument
    /// can be retrospective.
    pub fn with_later(&self, id: &SubjectId) -> Option<Arc<Subject>> {
        let record = self.register.record(id)?;
        if record.settled_on() <= self.as_at {
            return None;
        }
        let mut instruments = record.subject().dossier.instruments.values();
        let all_known = record.tail() <= self.known;
        let reaches_back = |instrument: &Instrument| {
            let mut renewals = instrument.renewals.iter();
            instrument.drafted.terms.commences_on.is_some()
                || renewals.any(|renewal| renewal.with_effect_from.is_some())
        };
        if all_known && !instruments.any(reaches_back) {
            return None;
        }
        let subject = if all_known {
            Arc::clone(record.subject())
        } else {
            let entries = effective_entries(record.history(), self.known);
            Arc::new(subject_fold::fold(id, entries))
        };
        Some(subject.follow(id, self.successions()))
    }
}
