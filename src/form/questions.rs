//! The question that a form asks for each field.
//!
//! A field that is not here is asked for by the first words of its comment, with the rest
//! as help. A required field comes first, and any other under "More".

use prost_reflect::{FieldDescriptor, OneofDescriptor};

use minutebook_wire::published::{comment_of, comment_of_oneof, is_required, is_required_oneof};

use crate::own_questions::{OWN, OwnQuestion};
use crate::words;

/// A question about one field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldQuestion {
    pub label: String,
    pub hint: String,
    pub is_required: bool,
    /// Whether it is asked at once, and not under "More".
    pub is_main: bool,
}

/// The row of a field; the name is that of the message and the field.
fn row(message: &str, name: &str) -> Option<&'static OwnQuestion> {
    let full = format!("{message}.{name}");
    OWN.iter().find(|row| row.field == full)
}

pub fn question(field: &FieldDescriptor) -> FieldQuestion {
    let message = field.parent_message();
    let is_required = is_required(field);
    written(
        row(message.name(), field.name()),
        field.name(),
        comment_of(field),
        is_required,
    )
}

pub fn question_of_oneof(oneof: &OneofDescriptor) -> FieldQuestion {
    let message = oneof.parent_message();
    let is_required = is_required_oneof(oneof);
    written(
        row(message.name(), oneof.name()),
        oneof.name(),
        comment_of_oneof(oneof),
        is_required,
    )
}

fn written(
    row: Option<&OwnQuestion>,
    name: &str,
    comment: &str,
    is_required: bool,
) -> FieldQuestion {
    let label = match row.map_or("", |row| row.label) {
        "" => words::label(name, comment),
        label => label.to_owned(),
    };
    let hint = match row.and_then(|row| row.hint) {
        Some(hint) => hint.to_owned(),
        None => words::hint(&words::label(name, comment), comment),
    };
    FieldQuestion {
        label,
        hint,
        is_required,
        is_main: row.and_then(|row| row.is_main).unwrap_or(is_required),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use minutebook_wire::proto::descriptors;

    #[test]
    fn every_row_is_of_a_field_that_is_published() {
        for row in OWN {
            let (message, field) = row.field.split_once('.').unwrap();
            let mut messages = descriptors().all_messages();
            let found = messages.find(|found| found.name() == message);
            let found = found.unwrap_or_else(|| panic!("there is no message {message}"));
            let has_field = found.get_field_by_name(field).is_some();
            let has_choice = found.oneofs().any(|oneof| oneof.name() == field);
            assert!(has_field || has_choice, "{}", row.field);
            let twice = OWN.iter().filter(|other| other.field == row.field);
            assert_eq!(twice.count(), 1, "{}", row.field);
        }
    }

    #[test]
    fn no_question_speaks_of_fields() {
        for message in descriptors().all_messages() {
            if message.parent_file().name() != "minutebook/v1/event.proto" {
                continue;
            }
            for field in message.fields() {
                let asked = question(&field);
                for text in [&asked.label, &asked.hint] {
                    let is_of_message = text.contains('`') || text.contains("_id");
                    assert!(!is_of_message, "{}: {text}", field.full_name());
                }
                assert!(!asked.label.is_empty(), "{}", field.full_name());
            }
        }
    }
}
