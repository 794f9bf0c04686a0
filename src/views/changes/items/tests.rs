//! The table has every message that a state has in a list.

use std::collections::BTreeSet;

use prost_reflect::MessageDescriptor;

use super::*;
use minutebook_wire::proto::descriptors;

fn listed(of: &MessageDescriptor, seen: &mut BTreeSet<String>, found: &mut BTreeSet<String>) {
    if !seen.insert(of.full_name().to_owned()) {
        return;
    }
    for field in of.fields() {
        if let Kind::Message(inner) = field.kind() {
            if field.is_list() {
                found.insert(format::short_name(inner.full_name()).to_owned());
            }
            listed(&inner, seen, found);
        }
    }
}

#[test]
fn every_message_in_a_list_of_a_state_is_in_the_table_and_has_its_fields() {
    let state = descriptors()
        .get_message_by_name("minutebook.v1.SubjectState")
        .unwrap();
    let mut found = BTreeSet::new();
    listed(&state, &mut BTreeSet::new(), &mut found);
    let known: BTreeSet<String> = KNOWN.iter().map(|known| known.message.to_owned()).collect();
    assert_eq!(found, known);
    assert!(KNOWN.is_sorted_by_key(|known| known.message));
    for known in KNOWN {
        let name = match known.message.starts_with("google.") {
            true => known.message.to_owned(),
            false => format!("minutebook.v1.{}", known.message),
        };
        for path in known.by.iter().copied().flatten().chain(known.called) {
            let mut message = descriptors().get_message_by_name(&name).unwrap();
            for part in path.split('.') {
                let field = message.get_field_by_name(part);
                let field = field.unwrap_or_else(|| panic!("{name}: {path}"));
                if let Kind::Message(inner) = field.kind() {
                    message = inner;
                }
            }
        }
    }
}
