//! Which entries are wanted.

use std::collections::BTreeSet;

use crate::domain::entry::Entry;
use crate::domain::event::Kind;
use crate::domain::ids::SubjectId;
use crate::wire::proto::EntryFilter;
use crate::wire::violation::FieldViolation;

/// How many subjects, and how many kinds, a filter may name.
const NAMED_MAX: usize = 100;

/// Which entries are wanted; an empty set wants them all.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Only of these subjects.
    pub subjects: BTreeSet<SubjectId>,
    kinds: BTreeSet<&'static str>,
}

impl Filter {
    /// Wants all entries of one subject.
    pub fn of(subject: SubjectId) -> Self {
        Self {
            subjects: [subject].into(),
            kinds: BTreeSet::new(),
        }
    }

    /// Reads a filter, or says everything that is wrong with it.
    pub fn read(message: Option<EntryFilter>) -> Result<Self, Vec<FieldViolation>> {
        let EntryFilter { subjects, kinds } = message.unwrap_or_default();
        let mut filter = Self::default();
        let mut found = Vec::new();
        for (field, count) in [("subjects", subjects.len()), ("kinds", kinds.len())] {
            if count > NAMED_MAX {
                found.push(FieldViolation {
                    field: format!("filter.{field}"),
                    description: format!(
                        "at most {NAMED_MAX} can be named, and these are {count}: ask in parts"
                    ),
                });
            }
        }
        if !found.is_empty() {
            return Err(found);
        }
        for (index, subject) in subjects.iter().enumerate() {
            match subject.parse() {
                Ok(subject) => {
                    filter.subjects.insert(subject);
                }
                Err(error) => found.push(FieldViolation {
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
                None => found.push(FieldViolation {
                    field: format!("filter.kinds[{index}]"),
                    description: format!(
                        "{kind:?} is no kind of event: kinds are the field names of Event.kind, \
                         such as agreement_signed"
                    ),
                }),
            }
        }
        if found.is_empty() {
            Ok(filter)
        } else {
            Err(found)
        }
    }

    /// Whether this entry is wanted.
    pub fn wants(&self, entry: &Entry) -> bool {
        (self.subjects.is_empty() || self.subjects.contains(&entry.event.subject))
            && (self.kinds.is_empty() || self.kinds.contains(entry.event.kind.name()))
    }
}
