//! The fold of a subject for a day and a knowledge other than the latest.

use std::sync::{Arc, PoisonError};

use super::{Refold, RegisterView};
use crate::date::PartialDate;
use crate::effective_entries::effective_entries;
use crate::fact::EffectiveEntry;
use crate::ids::SubjectId;
use crate::instrument::Instrument;
use crate::register::SubjectRecord;
use crate::signatories::required_signatories;
use crate::subject::Subject;
use crate::{subject_fold, work};

impl RegisterView {
    /// The state of a subject, with the bodies that its entries name.
    pub(super) fn fold_as_named(&self, id: &SubjectId, record: &SubjectRecord) -> Arc<Subject> {
        // Before the lock: the work may end here.
        work::step();
        if record.tail() <= self.known && record.settled_on() <= self.as_at {
            return Arc::clone(record.subject());
        }
        // Before the lock too: it may fold others.
        let reaches_back = self.is_bound_before_it_begins(id, record);
        let known = record.count_known_by(self.known);
        let mut refolded = self.refolded.lock().unwrap_or_else(PoisonError::into_inner);
        let subject = match refolded.get(id) {
            Some(refold) if refold.known == known => return Arc::clone(&refold.subject),
            // Entries are folded in the order of the log, so new ones are folded on top; but
            // a correction changes earlier entries.
            Some(refold)
                if refold.known < known
                    && refold.subject.founded_on().is_some()
                    && !record.corrects(refold.known..known) =>
            {
                let mut subject = Arc::clone(&refold.subject);
                let new = record.uncorrected_in(refold.known..known);
                for entry in new.filter(|entry| self.has_come(entry)) {
                    subject_fold::apply(Arc::make_mut(&mut subject), entry);
                }
                subject
            }
            Some(_) | None => {
                let mut entries = self.holding(record);
                let may_be_older = matches!(id, SubjectId::Collaboration(_) | SubjectId::Board(_));
                if may_be_older && (reaches_back || !entries.is_empty()) {
                    self.add_founding(record, &mut entries);
                }
                Arc::new(subject_fold::fold(id, entries))
            }
        };
        let refold = Refold {
            known,
            subject: Arc::clone(&subject),
        };
        refolded.insert(id.clone(), refold);
        subject
    }

    /// Adds the founding entry of a subject that is older than its beginning: a proposal to
    /// begin, an agreement that is signed before.
    fn add_founding(&self, record: &SubjectRecord, entries: &mut Vec<EffectiveEntry>) {
        let Some(first) = record.history().front() else {
            return;
        };
        let is_founding = |entry: &EffectiveEntry| entry.original_position == first.position;
        if entries.iter().any(is_founding) {
            return;
        }
        let known = effective_entries(record.history(), self.known);
        if let Some(founding) = known.into_iter().find(is_founding) {
            entries.insert(0, founding);
        }
    }

    /// Whether a collaboration that begins later has an agreement that has force on this
    /// day, since it is retrospective.
    fn is_bound_before_it_begins(&self, id: &SubjectId, record: &SubjectRecord) -> bool {
        let is_later = |on: PartialDate| on.first_day() > self.as_at;
        let reaches = |instrument: &Instrument| {
            let commences = instrument.drafted.terms.commences_on;
            commences.is_some_and(|on| !is_later(on))
        };
        let latest = record.subject();
        if latest.as_collaboration().is_none()
            || !latest.founded_on().is_some_and(is_later)
            || !latest.dossier.instruments.values().any(reaches)
        {
            return false;
        }
        self.with_later(id).is_some_and(|later| {
            let mut instruments = later.dossier.instruments.values();
            instruments.any(|instrument| {
                let required = required_signatories(id, &later, instrument, self.as_at);
                let force = instrument.force(&required, self.as_at);
                force.is_some_and(|force| force.is_retrospective && !is_later(force.on))
            })
        })
    }
}
