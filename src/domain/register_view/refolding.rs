//! The fold of a subject for a day and a knowledge other than the latest.

use std::sync::{Arc, PoisonError};

use super::{Refold, RegisterView};
use crate::domain::ids::SubjectId;
use crate::domain::register::SubjectRecord;
use crate::domain::subject::Subject;
use crate::domain::{subject_fold, work};

impl RegisterView {
    /// The state of a subject, with the bodies that its entries name.
    pub(super) fn fold_as_named(&self, id: &SubjectId, record: &SubjectRecord) -> Arc<Subject> {
        // Before the lock: the work may end here.
        work::step();
        if record.tail() <= self.known && record.settled_on() <= self.as_at {
            return Arc::clone(record.subject());
        }
        let known = record.count_known_by(self.known);
        let mut refolded = self.refolded.lock().unwrap_or_else(PoisonError::into_inner);
        let subject = match refolded.get(id) {
            Some(refold) if refold.known == known => return Arc::clone(&refold.subject),
            // Entries are folded in the order of the log, so new ones are folded on top; but
            // a correction changes earlier entries.
            Some(refold) if refold.known < known && !record.corrects(refold.known..known) => {
                let mut subject = Arc::clone(&refold.subject);
                let new = record.uncorrected_in(refold.known..known);
                for entry in new.filter(|entry| self.has_come(entry)) {
                    subject_fold::apply(Arc::make_mut(&mut subject), entry);
                }
                subject
            }
            Some(_) | None => Arc::new(subject_fold::fold(id, self.holding(record))),
        };
        let refold = Refold {
            known,
            subject: Arc::clone(&subject),
        };
        refolded.insert(id.clone(), refold);
        subject
    }
}
