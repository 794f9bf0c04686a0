//! The changes from one state of a subject to another.
//!
//! The comparison knows no view. It walks the published messages by their descriptors,
//! so a field that a view gains is compared from then on. Two tables supply what
//! descriptors cannot: `items` has the key of each list item, `table` the derived
//! fields. Tests check that both are complete.

mod format;
mod item_identities;
mod items;
mod json;
mod raw;
mod table;

use std::collections::{BTreeMap, BTreeSet};

use prost::{Message, Name};
use prost_reflect::{
    DynamicMessage, FieldDescriptor, Kind, MessageDescriptor, ReflectMessage, Value,
};

use self::raw::{RawFields, decoded};
use minutebook_domain::work;
use minutebook_wire::proto::{Change, SubjectState, descriptors};

/// A state, ready to be compared.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Comparable(Vec<u8>);

impl Comparable {
    /// `None` where the view does not show the subject.
    pub fn new(state: Option<&SubjectState>) -> Self {
        Self(state.map(Message::encode_to_vec).unwrap_or_default())
    }

    /// The changes to a later state. The result is empty if and only if both states are
    /// equal, except for fields that count days from or to the day of the view.
    pub fn changes_to(&self, after: &Self) -> Vec<Change> {
        let state = SubjectState::full_name();
        let Some(state) = descriptors().get_message_by_name(&state) else {
            return Vec::new();
        };
        let mut found = ChangeCollector::default();
        found.message(&ChangePath::default(), &state, &self.0, &after.0);
        found.changes
    }
}

/// The place of a change, for programs and in words.
#[derive(Debug, Clone, Default)]
struct ChangePath {
    path: String,
    words: String,
    /// The keys of the items around it. Together with `field` they stay the same where
    /// another list holds the same item.
    keys: Vec<String>,
    field: String,
}

impl ChangePath {
    fn field(&self, field: &FieldDescriptor) -> Self {
        let mut place = self.with(&format::label(field), field.name());
        field.name().clone_into(&mut place.field);
        place
    }

    fn item(&self, field: &FieldDescriptor, key: &str, name: &str) -> Self {
        let words = match (format::singular(field), name) {
            (singular, "") => singular,
            (singular, name) if singular.is_empty() => name.to_owned(),
            (singular, name) => format!("{singular} {name}"),
        };
        let mut place = self.with(&words, &format!("{}[{key}]", field.name()));
        place.keys.push(key.to_owned());
        place.field.clear();
        place
    }

    fn with(&self, words: &str, path: &str) -> Self {
        let joined = |before: &str, between: &str, after: &str| {
            if before.is_empty() || after.is_empty() {
                format!("{before}{after}")
            } else {
                format!("{before}{between}{after}")
            }
        };
        Self {
            path: joined(&self.path, ".", path),
            words: joined(&self.words, ", ", words),
            keys: self.keys.clone(),
            field: self.field.clone(),
        }
    }
}

/// One side of a change: in words, and in JSON.
#[derive(Default)]
struct Rendered {
    words: String,
    json: String,
}

/// The changes found so far, with the keys that identify repeated ones.
#[derive(Default)]
struct ChangeCollector {
    changes: Vec<Change>,
    reported: BTreeSet<(Vec<String>, String, String, String)>,
    /// The number of enclosing fields that are derived from others.
    repeating: usize,
}

impl ChangeCollector {
    /// Compares two messages; an absent message is an empty one.
    fn message(
        &mut self,
        at: &ChangePath,
        descriptor: &MessageDescriptor,
        before: &[u8],
        after: &[u8],
    ) {
        if before == after {
            return;
        }
        work::step();
        let (before, after) = (
            RawFields::read(descriptor, before),
            RawFields::read(descriptor, after),
        );
        let plain = (!before.is_plainly(&after))
            .then(|| (before.plain(descriptor), after.plain(descriptor)));
        for field in descriptor.fields() {
            let repeats = table::repeats(format::short_name(descriptor.full_name()), field.name());
            self.repeating += usize::from(repeats);
            match field.kind() {
                Kind::Message(inner) => {
                    let number = field.number();
                    let (before, after) = (before.messages(number), after.messages(number));
                    if field.is_list() {
                        self.list(at, &field, &inner, before, after);
                    } else {
                        let (before, after) = (before.first(), after.first());
                        self.single_message(&at.field(&field), &field, &inner, before, after);
                    }
                }
                _ => {
                    if let Some((before, after)) = &plain {
                        self.plain(at, &field, before, after);
                    }
                }
            }
            self.repeating -= usize::from(repeats);
        }
    }

    /// A field that holds one message, or none.
    fn single_message(
        &mut self,
        at: &ChangePath,
        field: &FieldDescriptor,
        descriptor: &MessageDescriptor,
        before: Option<&&[u8]>,
        after: Option<&&[u8]>,
    ) {
        if before == after {
            return;
        }
        let name = format::short_name(descriptor.full_name());
        let is_both = before.is_some() && after.is_some();
        if (is_both || table::is_opened(name)) && !table::is_leaf(name) {
            let (before, after) = (before.copied(), after.copied());
            self.message(
                at,
                descriptor,
                before.unwrap_or_default(),
                after.unwrap_or_default(),
            );
            return;
        }
        let read = |side: Option<&&[u8]>| side.map(|bytes| decoded(descriptor, bytes));
        self.value(at, field, read(before).as_ref(), read(after).as_ref());
    }

    /// Two values that differ.
    fn value(
        &mut self,
        at: &ChangePath,
        field: &FieldDescriptor,
        before: Option<&DynamicMessage>,
        after: Option<&DynamicMessage>,
    ) {
        if let (Some(before), Some(after)) = (before, after) {
            let mut renamed = Vec::new();
            if names_only(before, after, &mut renamed) {
                for (id, before, after) in renamed {
                    self.renamed(at, &id, before, after);
                }
                return;
            }
        }
        let side = |message: Option<&DynamicMessage>| {
            message.map_or_else(Rendered::default, |message| Rendered {
                words: format::message_text(message),
                json: json::text(&field.kind(), &Value::Message(message.clone())),
            })
        };
        self.change(at, side(before), side(after));
    }

    /// A new name for an id. It is reported once, however often the id occurs.
    fn renamed(&mut self, at: &ChangePath, id: &str, before: String, after: String) {
        let place = ChangePath {
            path: format!("{}.name", at.path),
            words: format!("name of {id}, wherever it is named"),
            keys: vec![id.to_owned()],
            field: "name".to_owned(),
        };
        let side = |name: String| Rendered {
            json: serde_json::Value::from(name.as_str()).to_string(),
            words: name,
        };
        self.change(&place, side(before), side(after));
    }

    /// A field that holds no message.
    fn plain(
        &mut self,
        at: &ChangePath,
        field: &FieldDescriptor,
        before: &DynamicMessage,
        after: &DynamicMessage,
    ) {
        let (old, new) = (before.get_field(field), after.get_field(field));
        let is_present =
            |side: &DynamicMessage| !field.supports_presence() || side.has_field(field);
        if (old == new && is_present(before) == is_present(after))
            || table::is_measure(field.name())
        {
            return;
        }
        if let (Value::List(old), Value::List(new)) = (&*old, &*new) {
            self.plain_list(at, field, old, new);
            return;
        }
        let side = |value: &Value, is_present: bool| {
            let is_nothing = match value {
                Value::String(text) => text.is_empty(),
                Value::EnumNumber(number) => *number == 0,
                _ => false,
            };
            if is_nothing || !is_present {
                return Rendered::default();
            }
            Rendered {
                words: format::value(field, value),
                json: json::text(&field.kind(), value),
            }
        };
        let (before, after) = (
            side(&old, is_present(before)),
            side(&new, is_present(after)),
        );
        self.change(&at.field(field), before, after);
    }

    /// A list of texts, numbers or choices: the values removed and added.
    fn plain_list(
        &mut self,
        at: &ChangePath,
        field: &FieldDescriptor,
        old: &[Value],
        new: &[Value],
    ) {
        let all = |values: &[Value]| -> Vec<(String, String)> {
            let mut count = BTreeMap::<String, usize>::new();
            let values = values.iter().map(|value| {
                let key = items::within_brackets(&format::value(field, value));
                (numbered(&mut count, key), json::text(&field.kind(), value))
            });
            values.collect()
        };
        let (old, new) = (all(old), all(new));
        let before = self.changes.len();
        let side = |key: &String, json: &String| Rendered {
            words: key.clone(),
            json: json.clone(),
        };
        for (key, json) in old.iter().filter(|item| !new.contains(item)) {
            self.change(
                &at.item(field, key, ""),
                side(key, json),
                Rendered::default(),
            );
        }
        for (key, json) in new.iter().filter(|item| !old.contains(item)) {
            self.change(
                &at.item(field, key, ""),
                Rendered::default(),
                side(key, json),
            );
        }
        if self.changes.len() == before {
            let keys = |list: Vec<(String, String)>| list.into_iter().map(|(key, _)| key).collect();
            self.order(at, field, keys(old), keys(new));
        }
    }

    /// A list of messages, matched by their keys.
    fn list(
        &mut self,
        at: &ChangePath,
        field: &FieldDescriptor,
        descriptor: &MessageDescriptor,
        mut before: &[&[u8]],
        mut after: &[&[u8]],
    ) {
        let same = before.iter().zip(after).take_while(|(a, b)| a == b).count();
        (before, after) = (&before[same..], &after[same..]);
        while let (Some((a, others)), Some((b, rest))) = (before.split_last(), after.split_last()) {
            if a != b {
                break;
            }
            (before, after) = (others, rest);
        }
        if before.is_empty() && after.is_empty() {
            return;
        }
        let others = self.changes.len();
        let (old, new) = (
            Items::read(descriptor, before, same),
            Items::read(descriptor, after, same),
        );
        let is_leaf = table::is_leaf(format::short_name(descriptor.full_name()));
        let place = |key: &str, item: &DynamicMessage| {
            let name = match is_leaf {
                // The value has the name, so the place need not repeat it.
                true => String::new(),
                false => items::display_name(item, key),
            };
            at.item(field, key, &name)
        };
        for (key, item, _) in old.0.iter().filter(|(key, ..)| new.get(key).is_none()) {
            let repeats = usize::from(items::repeats(item));
            self.repeating += repeats;
            self.value(&place(key, item), field, Some(item), None);
            self.repeating -= repeats;
        }
        for (key, item, bytes) in &new.0 {
            let repeats = usize::from(items::repeats(item));
            self.repeating += repeats;
            match old.get(key) {
                None => self.value(&place(key, item), field, None, Some(item)),
                Some((_, was, _)) if is_leaf && was != item => {
                    self.value(&place(key, item), field, Some(was), Some(item));
                }
                Some((.., was)) => self.message(&place(key, item), descriptor, was, bytes),
            }
            self.repeating -= repeats;
        }
        if self.changes.len() == others {
            let keys = |items: Items<'_>| items.0.into_iter().map(|(key, ..)| key).collect();
            self.order(at, field, keys(old), keys(new));
        }
    }

    /// The same items in another order, reported where nothing else about them changed.
    fn order(
        &mut self,
        at: &ChangePath,
        field: &FieldDescriptor,
        old: Vec<String>,
        new: Vec<String>,
    ) {
        if old == new {
            return;
        }
        let mut place = at.field(field);
        let name = match format::label(field) {
            label if label.is_empty() => field.name().to_owned(),
            _ => place.words.clone(),
        };
        place.words = format!("order of {name}");
        let side = |keys: Vec<String>| Rendered {
            words: format::cut(&keys.join(", "), 300),
            json: serde_json::Value::from(keys).to_string(),
        };
        self.change(&place, side(old), side(new));
    }

    fn change(&mut self, at: &ChangePath, mut before: Rendered, mut after: Rendered) {
        if before.words == after.words {
            // The words are cut or leave out the difference, so show it in JSON.
            let differ = format::excerpts_from_difference(&before.json, &after.json);
            (before.words, after.words) = differ;
        }
        let key = (
            at.keys.clone(),
            at.field.clone(),
            before.json.clone(),
            after.json.clone(),
        );
        let is_new = self.reported.insert(key);
        self.changes.push(Change {
            path: at.path.clone(),
            what: at.words.clone(),
            before: before.words,
            after: after.words,
            before_json: before.json,
            after_json: after.json,
            repeats: self.repeating > 0 || !is_new,
        });
    }
}

/// Items of a list, each with its key.
struct Items<'a>(Vec<(String, DynamicMessage, &'a [u8])>);

impl<'a> Items<'a> {
    /// Reads items; `first` is the index of the first in its list.
    fn read(descriptor: &MessageDescriptor, items: &[&'a [u8]], first: usize) -> Self {
        let mut count = BTreeMap::new();
        let items = items.iter().enumerate().map(|(index, bytes)| {
            let item = decoded(descriptor, bytes);
            let key = match items::key(&item) {
                Some(key) => numbered(&mut count, key),
                None => (first + index).to_string(),
            };
            (key, item, *bytes)
        });
        Self(items.collect())
    }

    fn get(&self, key: &str) -> Option<&(String, DynamicMessage, &'a [u8])> {
        self.0.iter().find(|(known, ..)| known == key)
    }
}

/// A repeated key gets a number.
fn numbered(count: &mut BTreeMap<String, usize>, key: String) -> String {
    let count = count.entry(key.clone()).or_default();
    *count += 1;
    match *count {
        1 => key,
        count => format!("{key}#{count}"),
    }
}

/// Whether two values differ only in names beside ids. Adds each such id, with both
/// names, to `renamed`.
fn names_only(
    before: &DynamicMessage,
    after: &DynamicMessage,
    renamed: &mut Vec<(String, String, String)>,
) -> bool {
    const NAMED: [(&str, &str); 4] = [
        ("minutebook.v1.BoardRef", "board_id"),
        ("minutebook.v1.BodyRef", "body_id"),
        ("minutebook.v1.CollaborationRef", "collaboration_id"),
        ("minutebook.v1.ServiceRef", "service_id"),
    ];
    let descriptor = before.descriptor();
    let id = NAMED
        .iter()
        .find(|(name, _)| *name == descriptor.full_name());
    descriptor.fields().all(|field| {
        let (old, new) = (before.get_field(&field), after.get_field(&field));
        if old == new {
            return before.has_field(&field) == after.has_field(&field);
        }
        match (&*old, &*new, id) {
            (Value::Message(old), Value::Message(new), _) => names_only(old, new, renamed),
            (Value::String(old), Value::String(new), Some((_, id))) if field.name() == "name" => {
                let id = before.get_field_by_name(id);
                let id = id.and_then(|id| id.as_str().map(str::to_owned));
                renamed.push((id.unwrap_or_default(), old.clone(), new.clone()));
                true
            }
            _ => false,
        }
    })
}
