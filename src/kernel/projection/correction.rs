//! The corrections of entries.

use std::collections::BTreeMap;
use std::sync::Arc;

use imbl::Vector;

use minutebook_domain::effective_entries::CorrectionTargets;
use minutebook_domain::entry::Entry;
use minutebook_domain::event::Kind;
use minutebook_domain::ids::Position;

/// Corrected entries of a subject, each with the entry that corrects it.
pub type Corrections = BTreeMap<Position, Position>;

/// The corrections in a subject's history that apply. A later correction of an entry
/// replaces an earlier one, and a correction that is itself corrected has no effect.
pub fn corrections(history: &Vector<Arc<Entry>>) -> Corrections {
    let mut corrected = Corrections::new();
    let targets = CorrectionTargets::new(history);
    for entry in history.iter().rev() {
        if let Kind::EntryCorrected(correction) = &entry.event.kind
            && !corrected.contains_key(&entry.position)
            && let Some(position) = targets.position(correction.target)
        {
            corrected.entry(position).or_insert(entry.position);
        }
    }
    corrected
}
