//! The filter of a history or a subscription.

use std::collections::BTreeSet;

use crate::wire::proto::EntryFilter;
use crate::wire::violation::FieldViolation;
use minutebook_domain::entry::Entry;
use minutebook_domain::event::Kind;
use minutebook_domain::ids::SubjectId;

/// The most subjects, and the most kinds, that a filter may name.
const NAMED_MAX: usize = 100;

/// An empty set lets all entries through.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    pub subjects: BTreeSet<SubjectId>,
    kinds: BTreeSet<&'static str>,
}

impl Filter {
    /// All entries of one subject.
    pub fn only(subject: SubjectId) -> Self {
        Self {
            subjects: [subject].into(),
            kinds: BTreeSet::new(),
        }
    }

    /// Returns every fault of the filter, not only the first.
    pub fn read(message: Option<EntryFilter>) -> Result<Self, Vec<FieldViolation>> {
        let EntryFilter { subjects, kinds } = message.unwrap_or_default();
        let mut filter = Self::default();
        let mut faults = Vec::new();
        for (field, count) in [("subjects", subjects.len()), ("kinds", kinds.len())] {
            if count > NAMED_MAX {
                faults.push(FieldViolation {
                    field: format!("filter.{field}"),
                    description: format!(
                        "the filter names {count}, and {NAMED_MAX} is the most: ask in parts"
                    ),
                });
            }
        }
        if !faults.is_empty() {
            return Err(faults);
        }
        for (index, subject) in subjects.iter().enumerate() {
            match subject.parse() {
                Ok(subject) => {
                    filter.subjects.insert(subject);
                }
                Err(error) => faults.push(FieldViolation {
                    field: format!("filter.subjects[{index}]"),
                    description: format!("{error}"),
                }),
            }
        }
        for (index, kind) in kinds.iter().enumerate() {
            match Kind::NAMES.iter().find(|name| *name == kind) {
                Some(name) => {
                    filter.kinds.insert(name);
                }
                None => faults.push(FieldViolation {
                    field: format!("filter.kinds[{index}]"),
                    description: format!(
                        "{kind:?} is not a kind of event: kinds are the field names of Event.kind, \
                         such as agreement_signed"
                    ),
                }),
            }
        }
        if faults.is_empty() {
            Ok(filter)
        } else {
            Err(faults)
        }
    }

    /// Whether it lets all entries through.
    pub fn wants_all(&self) -> bool {
        self.subjects.is_empty() && self.kinds.is_empty()
    }

    pub fn wants(&self, entry: &Entry) -> bool {
        (self.subjects.is_empty() || self.subjects.contains(&entry.event.subject))
            && (self.kinds.is_empty() || self.kinds.contains(entry.event.kind.name()))
    }
}
