//! The published descriptors, as people are shown them: the kinds of events, and the
//! comments that explain each field.
//!
//! A skeleton on the command line and a form on a page are both drawn from these, so
//! neither can drift from the protocol.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use prost_reflect::{EnumValueDescriptor, FieldDescriptor, FileDescriptor, OneofDescriptor};

use crate::proto::descriptors;

/// A kind of event that a recorder may send.
#[derive(Debug, Clone)]
pub struct EventKind {
    /// `virement_made`.
    pub name: String,
    /// In a sentence: `Budget is moved between heads.`
    pub about: String,
    /// The field of `Event` that holds it.
    pub field: FieldDescriptor,
}

/// Every kind of event that a recorder may send, in the order of the protocol.
pub fn event_kinds() -> &'static [EventKind] {
    static KINDS: LazyLock<Vec<EventKind>> = LazyLock::new(|| {
        let Some(event) = descriptors().get_message_by_name("minutebook.v1.Event") else {
            return Vec::new();
        };
        let fields = event
            .fields()
            .filter(|field| field.containing_oneof().is_some());
        fields
            // The register records it by itself.
            .filter(|field| field.name() != "checkpoint_key_replaced")
            .map(|field| EventKind {
                name: field.name().to_owned(),
                about: comment_of(&field).to_owned(),
                field,
            })
            .collect()
    });
    &KINDS
}

/// The comment of a field, on one line.
pub fn comment_of(field: &FieldDescriptor) -> &'static str {
    comment(&field.parent_file(), field.path())
}

/// The comment of alternatives that exclude each other.
pub fn comment_of_oneof(oneof: &OneofDescriptor) -> &'static str {
    comment(&oneof.parent_message().parent_file(), oneof.path())
}

/// The comment of a value of an enumeration.
pub fn comment_of_value(value: &EnumValueDescriptor) -> &'static str {
    comment(&value.parent_enum().parent_file(), value.path())
}

/// The comments of a file by the path of the thing that they explain.
fn comment(file: &FileDescriptor, path: &[i32]) -> &'static str {
    type Comments = BTreeMap<String, BTreeMap<Vec<i32>, String>>;
    static COMMENTS: LazyLock<Comments> = LazyLock::new(|| {
        let mut comments = Comments::new();
        for file in descriptors().files() {
            let Some(info) = &file.file_descriptor_proto().source_code_info else {
                continue;
            };
            let of_file = comments.entry(file.name().to_owned()).or_default();
            for location in &info.location {
                let words: Vec<&str> = location.leading_comments().split_whitespace().collect();
                of_file.insert(location.path.clone(), words.join(" "));
            }
        }
        comments
    });
    let of_file = COMMENTS.get(file.name());
    of_file
        .and_then(|of_file| of_file.get(path))
        .map_or("", String::as_str)
}

/// Whether a field is required, by its comment; and the day of the event, which is always
/// worth stating.
pub fn is_required(field: &FieldDescriptor) -> bool {
    let about = comment_of(field);
    let lower = about.to_lowercase();
    let is_conditional = lower.contains("required if") || lower.contains("required where");
    (lower.contains("required") && !is_conditional)
        || lower.contains("at least one")
        || (field.name() == "amount_pence" && !lower.contains("default"))
        || field.full_name() == "minutebook.v1.Event.effective_on"
}

/// Whether one of some alternatives is required, by their comment.
pub fn is_required_oneof(oneof: &OneofDescriptor) -> bool {
    comment_of_oneof(oneof).to_lowercase().contains("required")
}
