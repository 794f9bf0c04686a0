//! What is wrong with a message, field by field, all of it at once.
//!
//! A recorder who sends ten faults learns of ten: nothing here stops at the
//! first. A [`Reader`] walks a message, knows the path it is on, and keeps a
//! sentence for every field that breaks a rule of the published language.

use crate::domain::ids::SubjectId;

/// One fault: which field, which rule, and the way out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldViolation {
    /// The field, as a path of proto names: `events[2].agreement_signed.body_id`.
    pub field: String,
    /// The rule it breaks, and what would keep it.
    pub description: String,
}

impl std::fmt::Display for FieldViolation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.field, self.description)
    }
}

/// How many faults are listed; the rest are counted.
pub const LISTED_MAX: usize = 100;

/// A walk through a message.
#[derive(Debug, Default)]
pub struct MessageReader {
    path: String,
    found: Vec<FieldViolation>,
    unlisted: usize,
    /// What the event being read says about itself.
    pub(crate) event: EventContext,
}

/// What the rules for a kind need to know of the event around it.
#[derive(Debug, Clone, Default)]
pub(crate) struct EventContext {
    /// Its subject, where that can be read.
    pub subject: Option<SubjectId>,
    /// Whether it says who acted.
    pub names_actor: bool,
    /// Whether it rests on an acknowledged breach.
    pub is_breach: bool,
}

impl MessageReader {
    /// At the start of a message.
    pub fn new() -> Self {
        Self::default()
    }

    /// Reads `field` of the present message with `read`.
    pub fn at<T>(&mut self, field: &str, read: impl FnOnce(&mut Self) -> T) -> T {
        let here = self.path.len();
        if here > 0 {
            self.path.push('.');
        }
        self.path.push_str(field);
        let result = read(self);
        self.path.truncate(here);
        result
    }

    /// Reads item `index` of the list `field` with `read`.
    pub fn at_item<T>(
        &mut self,
        field: &str,
        index: usize,
        read: impl FnOnce(&mut Self) -> T,
    ) -> T {
        self.at(&format!("{field}[{index}]"), read)
    }

    /// Notes a fault in the field the reader stands on.
    pub fn fault(&mut self, description: impl Into<String>) {
        if self.found.len() < LISTED_MAX {
            self.found.push(FieldViolation {
                field: self.path.clone(),
                description: description.into(),
            });
        } else {
            self.unlisted += 1;
        }
    }

    /// Notes a fault in `field` of the present message.
    pub fn fault_in(&mut self, field: &str, description: impl Into<String>) {
        self.at(field, |r| r.fault(description));
    }

    /// How many faults there are so far.
    pub fn fault_count(&self) -> usize {
        self.found.len() + self.unlisted
    }

    /// What was read, or everything that is wrong with it.
    ///
    /// A value that could not be read has left a fault behind; a value with a
    /// fault is never returned.
    pub fn finish<T>(mut self, value: Option<T>) -> Result<T, Vec<FieldViolation>> {
        if self.unlisted > 0 {
            self.found.push(FieldViolation {
                field: self.path,
                description: format!(
                    "{} more faults are not listed; mend these first",
                    self.unlisted
                ),
            });
        }
        match value {
            Some(value) if self.found.is_empty() => Ok(value),
            _ => Err(self.found),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_names_its_path() {
        let mut reader = MessageReader::new();
        reader.at_item("events", 2, |r| {
            r.at("agreement_signed", |r| r.fault_in("body_id", "missing"));
        });
        reader.fault_in("request_id", "missing");
        let found = reader.finish(Some(())).unwrap_err();
        assert_eq!(found[0].field, "events[2].agreement_signed.body_id");
        assert_eq!(found[1].to_string(), "request_id: missing");
    }

    #[test]
    fn the_list_is_bounded_and_says_so() {
        let mut reader = MessageReader::new();
        for _ in 0..LISTED_MAX + 7 {
            reader.fault_in("x", "wrong");
        }
        let found = reader.finish::<()>(None).unwrap_err();
        assert_eq!(found.len(), LISTED_MAX + 1);
        assert!(
            found[LISTED_MAX]
                .description
                .starts_with("7 more faults are not listed")
        );
    }
}
