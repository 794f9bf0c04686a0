//! The published language against the domain: accepted events, refused events, and
//! the stored form.

mod golden;
mod golden_slices;
mod json_form;
mod limits;
mod meanings;
mod own;
mod rejections;
mod stored;
mod summaries;

use minutebook::wire::json;
use minutebook::wire::proto;
use minutebook::wire::request::append_command;
use minutebook::wire::violation::FieldViolation;
use serde_json::{Value, json};

/// A request with these events, from proto3 JSON.
pub fn request(events: Vec<proto::Event>) -> proto::AppendRequest {
    proto::AppendRequest {
        request_id: "01890a5d-ac96-774b-bcce-b302099a8057".into(),
        events,
        recorded_by: "Register office".into(),
        ..Default::default()
    }
}

pub fn event(json: Value) -> proto::Event {
    json::from_value(json).expect("the test's own event is proto3 JSON")
}

/// The field violations of one event.
pub fn faults(json: Value) -> Vec<FieldViolation> {
    match append_command(&request(vec![event(json)])) {
        Ok(_) => vec![],
        Err(found) => found,
    }
}

/// The event of the golden file that holds `kind`.
pub fn sample(kind: &str) -> Value {
    golden::events()
        .into_iter()
        .chain(golden_slices::events())
        .find(|event| event.get(kind).is_some())
        .unwrap_or_else(|| panic!("no {kind} in the golden file"))
}

/// `base` with the field at `path` (`a.b.0.c`) set to `value`; null takes it out.
pub fn with(mut base: Value, path: &str, value: Value) -> Value {
    let mut at = &mut base;
    let mut parts = path.split('.').peekable();
    while let Some(part) = parts.next() {
        let last = parts.peek().is_none();
        at = match at {
            Value::Array(list) => {
                let index: usize = part.parse().expect("an index");
                &mut list[index]
            }
            Value::Object(object) => {
                if last && value.is_null() {
                    object.remove(part);
                    return base;
                }
                object.entry(part).or_insert_with(|| json!({}))
            }
            other => panic!("{part} of {other}"),
        };
    }
    *at = value;
    base
}
