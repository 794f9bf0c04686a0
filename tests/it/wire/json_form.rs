//! The JSON form of the books: reading, writing and reading again gives the same.

use std::collections::BTreeSet;

use minutebook::wire::json;
use minutebook::wire::proto::{Book, Event, descriptors};
use prost::{Message, Name};
use prost_reflect::DynamicMessage;
use serde_json::Value;

use super::{golden, golden_slices};
use crate::program::{books, councils, walkthrough};

/// The kind of an event: the name of its `oneof` field.
fn kind(event: &Event) -> String {
    let descriptor = descriptors().get_message_by_name(&Event::full_name());
    let event = DynamicMessage::decode(descriptor.unwrap(), &event.encode_to_vec()[..]).unwrap();
    let mut kinds = event
        .fields()
        .filter(|(field, _)| field.containing_oneof().is_some());
    kinds.next().unwrap().0.name().to_owned()
}

#[test]
fn every_event_of_the_books_is_the_same_after_json_and_bytes() {
    let mut kinds = BTreeSet::new();
    let mut appends = 0;
    for path in books().into_iter().chain([councils(), walkthrough()]) {
        let text = std::fs::read_to_string(&path).unwrap();
        let book: Book = json::from_str(&text).unwrap();
        for append in &book.appends {
            let line = json::to_string(append);
            let again = json::from_str(&line).unwrap();
            assert_eq!(*append, again);
            assert_eq!(json::to_string(&again), line);
            let value: Value = serde_json::from_str(&line).unwrap();
            assert_eq!(json::to_value(append), value);
            assert_eq!(json::from_value(value).as_ref().ok(), Some(append));
            kinds.extend(append.events.iter().map(kind));
            appends += 1;
        }
        assert_eq!(
            json::from_str::<Book>(&json::to_string_pretty(&book)).unwrap(),
            book
        );
    }
    assert!(appends > 100, "{appends}");
    assert!(kinds.len() > 40, "{}: {kinds:?}", kinds.len());
}

#[test]
fn every_kind_of_event_is_written_as_it_was_given() {
    let mut kinds = BTreeSet::new();
    for given in golden::events().into_iter().chain(golden_slices::events()) {
        let event: Event = json::from_value(given.clone()).unwrap();
        kinds.insert(kind(&event));
        assert_eq!(json::to_value(&event), given);
        let line = json::to_string(&event);
        assert_eq!(json::from_str::<Event>(&line).unwrap(), event);
    }
    let descriptor = descriptors()
        .get_message_by_name(&Event::full_name())
        .unwrap();
    let oneof = descriptor.oneofs().next().unwrap();
    let all: BTreeSet<_> = oneof
        .fields()
        .map(|field| field.name().to_owned())
        .collect();
    let missing: Vec<_> = all.difference(&kinds).collect();
    // The register itself records this one: `own.rs`.
    assert_eq!(missing, ["checkpoint_key_replaced"]);
}
