//! The key and the name of each item of a list.
//!
//! Items are matched by key, so that an item added in the middle is one change and does
//! not change all items after it. Every message that a state has in a list is in this
//! table; a test checks it.

use prost_reflect::{DynamicMessage, FieldDescriptor, Kind, ReflectMessage, Value};

use super::item_identities::{ItemIdentity, KNOWN};
use super::{format, table};

/// The largest number of characters of a key or a name.
const WORDS_MAX: usize = 60;

/// The key of an item; `None` for one whose key is its number.
pub(super) fn key(item: &DynamicMessage) -> Option<String> {
    let known = known_for(item)?;
    let parts = known
        .by
        .iter()
        .map(|fields| values_of(item, fields, key_part).join("/"));
    let key = parts.into_iter().find(|key| !key.is_empty());
    match key {
        Some(key) => Some(within_brackets(&key)),
        // The budget that has no id is the main one.
        None if known.message == "BudgetView" => Some("main".to_owned()),
        // A cost of no service is that of the whole, and a limit of no body is for each.
        None if known.message == "SharedCostView" => Some("whole".to_owned()),
        None if known.message == "ShareLimitView" => Some("each".to_owned()),
        None => None,
    }
}

/// The name, for people, of the item with this key.
pub(super) fn display_name(item: &DynamicMessage, key: &str) -> String {
    let Some(known) = known_for(item) else {
        return key.to_owned();
    };
    let (kind, names): (Vec<&str>, Vec<&str>) = known
        .called
        .iter()
        .copied()
        .partition(|field| *field == "kind");
    let is_quoted = !names.iter().any(|field| field.ends_with("name"));
    let name = format::cut(
        &values_of(item, &names, format::value).join(", "),
        WORDS_MAX,
    );
    let name = match name.as_str() {
        "" if known.by.contains(&["position"].as_slice()) && is_number(key) => {
            format!("of entry {key}")
        }
        "" => key.to_owned(),
        name if is_quoted => format!("\u{201c}{name}\u{201d}"),
        _ => name,
    };
    let mut words = values_of(item, &kind, format::value);
    words.push(name);
    words.join(" ")
}

/// Whether a field of an item belongs to its key or its name.
pub(super) fn names(item: &DynamicMessage, field: &FieldDescriptor) -> bool {
    let is_leaf = match field.kind() {
        Kind::Message(of) => table::is_leaf(format::short_name(of.full_name())),
        _ => true,
    };
    is_leaf
        && known_for(item).is_some_and(|known| {
            let mut all = known.by.iter().copied().flatten().chain(known.called);
            all.any(|path| path.split('.').next() == Some(field.name()))
        })
}

/// Whether an item only repeats an item of another list: a line of the decision log
/// without a decision repeats the proposal.
pub(super) fn repeats(item: &DynamicMessage) -> bool {
    let descriptor = item.descriptor();
    let decision = descriptor.get_field_by_name("decision_id");
    format::short_name(descriptor.full_name()) == "DecisionView"
        && decision.is_some_and(|decision| !item.has_field(&decision))
}

/// A part of a key as programs read it.
fn key_part(field: &FieldDescriptor, value: &Value) -> String {
    match value {
        Value::U64(number) => number.to_string(),
        value => format::value(field, value),
    }
}

fn is_number(key: &str) -> bool {
    key.bytes().all(|byte| byte.is_ascii_digit())
}

/// A key that is safe in a path.
pub(super) fn within_brackets(key: &str) -> String {
    let key = format::cut(key, WORDS_MAX);
    key.replace('[', "(").replace(']', ")")
}

fn known_for(item: &DynamicMessage) -> Option<&'static ItemIdentity> {
    let descriptor = item.descriptor();
    let name = format::short_name(descriptor.full_name());
    let found = KNOWN.binary_search_by(|known| known.message.cmp(name));
    KNOWN.get(found.ok()?)
}

/// The values of these fields as text, without empty ones.
fn values_of(item: &DynamicMessage, fields: &[&str], format: Format) -> Vec<String> {
    let values = fields
        .iter()
        .filter_map(|path| value_at(item, path, format));
    values.collect()
}

type Format = fn(&FieldDescriptor, &Value) -> String;

fn value_at(item: &DynamicMessage, path: &str, format: Format) -> Option<String> {
    let (name, rest) = path
        .split_once('.')
        .map_or((path, None), |(name, rest)| (name, Some(rest)));
    let field = item.descriptor().get_field_by_name(name)?;
    if !item.has_field(&field) {
        return None;
    }
    match (&*item.get_field(&field), rest) {
        (Value::Message(inner), Some(rest)) => value_at(inner, rest, format),
        (value, _) => Some(format(&field, value)),
    }
}

#[cfg(test)]
mod tests;
