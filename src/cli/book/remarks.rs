//! Remarks in a book that a person writes.
//!
//! JSON has none. A line that begins with `//` is one: no text of JSON can begin a line, as
//! none holds a line break. Where a book has remarks, a comma may also be left before a
//! bracket that closes. Both are replaced by blanks, so that every fault keeps its place.

use std::borrow::Cow;

/// The text without its remarks.
pub fn without_remarks(text: &str) -> Cow<'_, str> {
    let is_remark = |line: &str| line.trim_start().starts_with("//");
    if !text.lines().any(is_remark) {
        return Cow::Borrowed(text);
    }
    let mut plain = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        if is_remark(line) {
            // A blank for each byte: places are counted in bytes.
            plain.extend(line.bytes().map(|byte| match byte {
                b'\n' | b'\r' => char::from(byte),
                _ => ' ',
            }));
        } else {
            plain.push_str(line);
        }
    }
    Cow::Owned(without_last_commas(&plain))
}

/// Replaces commas before a closing bracket.
fn without_last_commas(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let (mut is_within, mut is_escaped) = (false, false);
    for (at, c) in text.char_indices() {
        let is_last_comma =
            c == ',' && !is_within && text[at + 1..].trim_start().starts_with(['}', ']']);
        plain.push(if is_last_comma { ' ' } else { c });
        match c {
            _ if is_escaped => is_escaped = false,
            '\\' if is_within => is_escaped = true,
            '"' => is_within = !is_within,
            _ => {}
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn remarks_and_last_commas_become_blanks() {
        let text = "{\n  // é: a \"remark\r\n  \"a\": \"// no, ]\\\",}\",\n  // \"b\": 1,\n}";
        let plain = without_remarks(text);
        assert_eq!(plain.len(), text.len());
        let value: serde_json::Value = serde_json::from_str(&plain).unwrap();
        assert_eq!(value, serde_json::json!({ "a": "// no, ]\",}" }));
        for same in ["{\"a\": 1,}", "{\"a\": \"x // y\"}", ""] {
            assert!(matches!(without_remarks(same), Cow::Borrowed(found) if found == same));
        }
    }
}
