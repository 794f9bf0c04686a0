//! The entries that a view showed once, and that were voided since.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::{CorrectedEntry, RegisterView};
use crate::effective_entries::{corrected_by, effective_entries};
use crate::event::Kind;
use crate::ids::{Position, SubjectId};

impl RegisterView {
    /// The entries of a subject that held by this day and were voided, in the order of
    /// their positions.
    pub fn voided(&self, id: &SubjectId) -> Vec<CorrectedEntry> {
        let Some(record) = self.register.record(id) else {
            return Vec::new();
        };
        if !record.corrects(0..record.count_known_by(self.known)) {
            return Vec::new();
        }
        let effective = effective_entries(record.history(), self.known).into_iter();
        let effective: BTreeSet<Position> = effective.map(|one| one.original_position).collect();
        let entries = record.history().iter().filter(|entry| {
            entry.position <= self.known
                && !matches!(entry.event.kind, Kind::EntryCorrected(_))
                && !effective.contains(&entry.position)
                && entry.effective_on().first_day() <= self.as_at
        });
        entries
            .filter_map(|entry| {
                let by = corrected_by(record.history(), entry.position, self.known)?;
                Some(CorrectedEntry {
                    entry: Arc::clone(entry),
                    correction: Arc::clone(record.entry(by)?),
                })
            })
            .collect()
    }
}
