//! Names, texts, remarks, links, digests.

use super::{ITEMS_MAX, each, keep_or_fault, no_repeats};
use crate::violation::{MessageReader, MessageSource};
use minutebook_domain::same_name::{HiddenText, check_directions, check_name, is_invisible};
use minutebook_domain::text::{Name, NameFold, Sha256, Text, TextError};

/// The schemes of links: where documents are, and what they are called.
const LINK_SCHEMES: [&str; 7] = ["https", "http", "ftp", "file", "mailto", "urn", "doi"];

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

fn hidden_fault(hidden: &HiddenText, form: &str) -> String {
    let remedy = match hidden {
        HiddenText::Invisible => "fill it in",
        HiddenText::Ignorable { .. }
        | HiddenText::Direction { .. }
        | HiddenText::Unassigned { .. } => "leave it out",
        HiddenText::Uncommon { .. } => "write the letter that is meant",
        HiddenText::LookAlike { .. } => "write the whole in the letters of one script",
    };
    format!("{form}: {hidden}: {remedy}")
}

fn read_name(r: &mut MessageReader, v: &str, form: &str) -> Result<Name, String> {
    let fold = match &r.source {
        MessageSource::Request => NameFold::Folded,
        MessageSource::Log { fold, .. } => *fold,
    };
    let name = Name::with_fold(v, fold).map_err(|e| text_fault(&e, form))?;
    match &mut r.source {
        MessageSource::Request => check_name(v).map_err(|e| hidden_fault(&e, form))?,
        MessageSource::Log { names, .. } => names.iter_mut().for_each(|n| n.push(name.clone())),
    }
    Ok(name)
}

/// Reads a text; in a request it may not change the direction of what readers see.
fn read_text(
    r: &MessageReader,
    v: &str,
    form: &str,
    text: Result<Text, TextError>,
) -> Result<Text, String> {
    let text = text.map_err(|e| text_fault(&e, form))?;
    match r.source {
        MessageSource::Request => check_directions(v).map_err(|e| hidden_fault(&e, form))?,
        MessageSource::Log { .. } => {}
    }
    Ok(text)
}

pub(crate) fn name(r: &mut MessageReader, field: &str, v: &str) -> Option<Name> {
    let name = read_name(r, v, "a name, on one line");
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
    let text = read_text(r, v, "a text", Text::new(v));
    keep_or_fault(r, field, text)
}

/// May not be blank.
pub(crate) fn required_text(r: &mut MessageReader, field: &str, v: &str) -> Option<Text> {
    let text = match r.source {
        MessageSource::Request if is_invisible(v) => Err(TextError::Blank),
        MessageSource::Request | MessageSource::Log { .. } => Text::required(v),
    };
    let text = read_text(r, v, "a text", text);
    keep_or_fault(r, field, text)
}

/// At most 200 characters; may be empty.
pub(crate) fn remark(r: &mut MessageReader, field: &str, v: &str) -> Option<Text> {
    let text = read_text(r, v, "a remark", Text::bounded(v, 200));
    keep_or_fault(r, field, text)
}

/// At most 2,000 characters; may be empty.
pub(crate) fn uri(r: &mut MessageReader, field: &str, v: &str) -> Option<Text> {
    let mut text = read_text(r, v, "a link", Text::bounded(v, 2_000));
    if matches!(r.source, MessageSource::Request) {
        text = text.and_then(|text| check_link(v).map(|()| text));
    }
    keep_or_fault(r, field, text)
}

/// Requires that a link is on one line, and that a browser which follows it runs nothing.
fn check_link(link: &str) -> Result<(), String> {
    if link.contains(|c: char| c.is_whitespace() || c.is_control()) {
        return Err("a link has no blanks and no line breaks: write %20 for a blank".to_owned());
    }
    let scheme = link.split_once(':').map(|(scheme, _)| scheme);
    let is_scheme = |text: &&str| {
        text.chars()
            .all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c))
            && text.starts_with(|c: char| c.is_ascii_alphabetic())
    };
    match scheme.filter(is_scheme) {
        None => Ok(()),
        Some(scheme) if LINK_SCHEMES.contains(&scheme.to_ascii_lowercase().as_str()) => Ok(()),
        Some(scheme) => Err(format!(
            "a link begins with one of {}, and this one with {scheme}:",
            LINK_SCHEMES.map(|scheme| format!("{scheme}:")).join(", ")
        )),
    }
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
        read_name(r, item, "a name").map_err(|e| r.fault(e)).ok()
    });
    let is_request = matches!(r.source, MessageSource::Request);
    let key = |name: &Name| name_key(name, is_request);
    no_repeats(r, field, items, key, "this name")
}

/// The text by which the repeats of a name are found: what is recorded already was
/// compared by letters.
pub(crate) fn name_key(name: &Name, is_request: bool) -> String {
    if is_request {
        name.folded().to_ascii_lowercase()
    } else {
        name.to_string()
    }
}
