//! Names that try to do something, on every page that shows them: the book of fiction, with
//! each of its names and texts made hostile.

use serde_json::Value;

use super::script::Script;
use crate::program::{register, walkthrough};

/// The fields that people write as they like.
const TEXTS: &[&str] = &[
    "agenda",
    "area",
    "basis",
    "cadence",
    "category",
    "conditions",
    "conflictDeclared",
    "delegation",
    "findings",
    "head",
    "legalBasis",
    "name",
    "note",
    "office",
    "place",
    "purpose",
    "rating",
    "reason",
    "reasons",
    "recordedBy",
    "summary",
    "title",
];

/// Reads from right to left; a name has the letters of one script.
const LEFTWARD: &str = "שירות כלבים";

/// Has no place to break.
const UNBROKEN: &str = "Staffordshire";

const ENDS: [&str; 5] = [
    "</title></script><script>alert(1)</script><img src=x onerror=alert(2)>",
    "\"'><svg onload=alert(3)>&lt;b&gt;`${alert(4)}`{{5}}' autofocus onfocus=alert(6) x='",
    LEFTWARD,
    "javascript:alert(7)//https://example.org/?q=1&amp;r=2",
    UNBROKEN,
];

/// A name, followed by something hostile. The same name is always followed by the same, as
/// budgets name their heads.
fn hostile(name: &str) -> String {
    let sum: usize = name.bytes().map(usize::from).sum();
    match ENDS[sum % ENDS.len()] {
        LEFTWARD => format!("{LEFTWARD} {sum}"),
        UNBROKEN => {
            let long = format!("{name} {}", UNBROKEN.repeat(16));
            long.chars().take(200).collect()
        }
        end => format!("{name} {end}"),
    }
}

fn spoil(field: &str, value: &mut Value) {
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                spoil(name, value);
            }
        }
        Value::Array(values) => {
            for value in values {
                spoil(field, value);
            }
        }
        Value::String(text) if TEXTS.contains(&field) && !text.starts_with("UNDERSPEND_BASIS") => {
            *text = hostile(text);
        }
        _ => {}
    }
}

#[test]
fn a_hostile_name_does_nothing_in_a_browser() {
    let Some(script) = Script::on_demand("hostile.mjs") else {
        return;
    };
    let (serving, data) = register();
    let text = std::fs::read_to_string(walkthrough()).expect("the book");
    let mut book: Value = serde_json::from_str(&text).expect("JSON");
    spoil("", &mut book["appends"]);
    let path = data.path().join("hostile.json");
    std::fs::write(&path, book.to_string()).expect("written");
    serving.record(&[path]);
    script.passes(&[&serving.url]);
}
