//! References to entries, as a view understands them.

use super::RegisterView;
use crate::effective_entries::corrected_position;
use crate::event::Target;
use crate::fact::EffectiveEntry;
use crate::ids::SubjectId;

impl RegisterView {
    /// Whether a reference of the subject means this entry.
    pub fn is_named(&self, id: &SubjectId, target: Target, effective: &EffectiveEntry) -> bool {
        if let Target::Event(event) = target
            && effective.entry.event.event_id == Some(event)
        {
            return true;
        }
        let record = self.register.record(id);
        let position = record.and_then(|record| corrected_position(record.history(), target));
        position.is_some_and(|position| {
            position == effective.original_position || position == effective.entry.position
        })
    }
}
