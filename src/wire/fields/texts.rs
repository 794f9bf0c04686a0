//! Names, texts, remarks, links, digests.

use super::{ITEMS_MAX, each, keep_or_fault, no_repeats};
use crate::domain::text::{Name, Sha256, Text, TextError};
use crate::wire::violation::MessageReader;

fn text_fault(error: &TextError, form: &str) -> String {
    let remedy = match error {
        TextError::Blank => "fill it in",
        TextError::TooLong { .. } => "shorten it, or point to a document instead",
        TextError::Control { .. } => "leave it out",
        TextError::NotSha256 => "write the digest as sha256sum prints it, or leave it out",
    };
    match error {
        TextError::NotSha256 => format!("{error}: {remedy}"),
        TextError::Blank | TextError::TooLong { .. } | TextError::Control { .. } => {
            format!("{form}: {error}: {remedy}")
        }
    }
}

pub(crate) fn name(r: &mut MessageReader, field: &str, v: &str) -> Option<Name> {
    let name = Name::new(v).map_err(|e| text_fault(&e, "a name, on one line"));
    keep_or_fault(r, field, name)
}

pub(crate) fn optional_name(r: &mut MessageReader, field: &str, v: &str) -> Option<Option<Name>> {
    if v.is_empty() {
        return Some(None);
    }
    name(r, field, v).map(Some)
}

/// May be empty.
pub(crate) fn text(r: &mut MessageReader, field: &str, v: &str) -> Option<Text> {
    let text = Text::new(v).map_err(|e| text_fault(&e, "a text"));
    keep_or_fault(r, field, text)
}

/// May not be blank.
pub(crate) fn required_text(r: &mut MessageReader, field: &str, v: &str) -> Option<Text> {
    let text = Text::required(v).map_err(|e| text_fault(&e, "a text"));
    keep_or_fault(r, field, text)
}

/// At most 200 characters; may be empty.
pub(crate) fn remark(r: &mut MessageReader, field: &str, v: &str) -> Option<Text> {
    let text = Text::bounded(v, 200).map_err(|e| text_fault(&e, "a remark"));
    keep_or_fault(r, field, text)
}

/// At most 2,000 characters; may be empty.
pub(crate) fn uri(r: &mut MessageReader, field: &str, v: &str) -> Option<Text> {
    let text = Text::bounded(v, 2_000).map_err(|e| text_fault(&e, "a link"));
    keep_or_fault(r, field, text)
}

pub(crate) fn sha256(r: &mut MessageReader, field: &str, v: &str) -> Option<Option<Sha256>> {
    if v.is_empty() {
        return Some(None);
    }
    let digest = Sha256::from_hex(v).map_err(|e| text_fault(&e, "a digest"));
    keep_or_fault(r, field, digest).map(Some)
}

/// Refuses repeats.
pub(crate) fn names(r: &mut MessageReader, field: &str, v: &[String]) -> Option<Vec<Name>> {
    let items = each(r, field, v, ITEMS_MAX, |r, item| {
        Name::new(item)
            .map_err(|e| r.fault(text_fault(&e, "a name")))
            .ok()
    });
    no_repeats(
        r,
        field,
        items,
        |name| name.as_str().to_owned(),
        "this name",
    )
}
