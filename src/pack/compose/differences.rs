//! Where documents contradict each other: those that were noted since the last meeting.

use std::collections::BTreeSet;

use minutebook_paper::section::Section;
use minutebook_present::reports::differences;

use super::{PackComposer, new_page};

impl PackComposer<'_> {
    pub fn differences(&self) -> Option<Section> {
        let new_entries: BTreeSet<u64> = self.bringers().iter().map(|one| one.position).collect();
        let (mut new, mut known) = (Vec::new(), 0_usize);
        for subject in self.subjects() {
            let answer = self.get(&self.plan().differences(&subject));
            for difference in answer
                .map(|one| one.differences.as_slice())
                .unwrap_or_default()
            {
                match new_entries.contains(&difference.position) {
                    true => new.push(difference.clone()),
                    false => known += 1,
                }
            }
        }
        if new.is_empty() {
            return None;
        }
        let mut section = new_page("New differences between documents");
        section.report(&differences::list(&new));
        if known > 0 {
            section.sentence(format!(
                "{known} more were known before: minutebook show differences."
            ));
        }
        Some(section)
    }
}
