//! Answers as JSON: the published message itself, in proto3 JSON.
//!
//! Programs that read JSON know the published language, so nothing is renamed,
//! rounded or left out on the way. Invisible characters are written as escapes, because
//! a person may read the text in a terminal.

use prost::Name;

use super::invisible::escape_in_json;
use minutebook_wire::json;

/// Over several lines.
pub fn render(message: &impl Name) -> String {
    escape_in_json(json::to_string_pretty(message))
}

/// On one line, for answers that are a stream.
pub fn render_line(message: &impl Name) -> String {
    escape_in_json(json::to_string(message))
}
