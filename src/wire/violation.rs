//! The faults of a message, field by field.
//!
//! A recorder who makes ten faults gets ten sentences: reading does not stop at the
//! first. A [`MessageReader`] walks through a message, knows the path of the
//! current field, and keeps a sentence for each rule that is broken.

use minutebook_domain::currency::Currency;
use minutebook_domain::ids::SubjectId;
use minutebook_domain::text::{Name, NameFold};

/// One fault: the field, the rule that it breaks, and the remedy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldViolation {
    /// The field, as a path of proto names: `events[2].agreement_signed.body_id`.
    pub field: String,
    /// The rule, and how to keep it.
    pub description: String,
}

impl std::fmt::Display for FieldViolation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.field, self.description)
    }
}

/// The most faults that are listed; the rest are only counted.
pub const LISTED_MAX: usize = 100;

#[derive(Debug, Default)]
pub struct MessageReader {
    path: String,
    found: Vec<FieldViolation>,
    unlisted: usize,
    /// The event that is being read.
    pub(crate) event: EventContext,
    pub(crate) source: MessageSource,
}

/// The origin of a message: rules of form that came later do not hold for what was
/// recorded before them.
#[derive(Debug, Default)]
pub(crate) enum MessageSource {
    /// A caller sends it now.
    #[default]
    Request,
    /// The log holds it.
    Log {
        fold: NameFold,
        /// The names that were read; `None` where nobody asks for them.
        names: Option<Vec<Name>>,
    },
}

/// The fields of an event that the rules for its kind depend on.
#[derive(Debug, Clone, Default)]
pub(crate) struct EventContext {
    /// `None` where the subject cannot be read.
    pub subject: Option<SubjectId>,
    pub names_actor: bool,
    pub is_breach: bool,
    /// The currency of its amounts.
    pub currency: Currency,
    /// Whether an amount that is not 0 was read.
    pub has_amounts: bool,
    /// Whether there is a field for an amount.
    pub takes_amounts: bool,
}

impl MessageReader {
    pub fn new() -> Self {
        Self::default()
    }

    /// Reads an entry of the log.
    pub(crate) fn of_log(fold: NameFold) -> Self {
        let names = None;
        Self {
            source: MessageSource::Log { fold, names },
            ..Self::default()
        }
    }

    /// Reads an entry of the log, and keeps the names in it.
    pub(crate) fn with_names() -> Self {
        let (fold, names) = (NameFold::Folded, Some(Vec::new()));
        Self {
            source: MessageSource::Log { fold, names },
            ..Self::default()
        }
    }

    /// The names that were read.
    pub(crate) fn take_names(&mut self) -> Vec<Name> {
        match &mut self.source {
            MessageSource::Log { names, .. } => names.take().unwrap_or_default(),
            MessageSource::Request => Vec::new(),
        }
    }

    /// Reads `field` of the current message with `read`.
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

    /// Notes a fault in the current field.
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

    /// Notes a fault in `field` of the current message.
    pub fn fault_in(&mut self, field: &str, description: impl Into<String>) {
        self.at(field, |r| r.fault(description));
    }

    pub fn fault_count(&self) -> usize {
        self.found.len() + self.unlisted
    }

    /// The value that was read, or all faults.
    ///
    /// A value that could not be read has left a fault behind. A value with a
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
