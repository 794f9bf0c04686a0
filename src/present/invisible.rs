//! Characters that a reader cannot see, and that change what the others look like.
//!
//! Anyone who may record may write names, and a name reaches terminals, spreadsheets
//! and log lines. Escapes can move a cursor or change colours, marks can turn the
//! reading direction or hide inside a word.

/// Code points that are shown as nothing: Unicode's `Default_Ignorable_Code_Point`,
/// first and last of each range. Tag characters and variation selectors are among them.
const IGNORABLE: &[(char, char)] = &[
    ('\u{ad}', '\u{ad}'),
    ('\u{34f}', '\u{34f}'),
    ('\u{61c}', '\u{61c}'),
    ('\u{115f}', '\u{1160}'),
    ('\u{17b4}', '\u{17b5}'),
    ('\u{180b}', '\u{180f}'),
    ('\u{200b}', '\u{200f}'),
    ('\u{202a}', '\u{202e}'),
    ('\u{2060}', '\u{206f}'),
    ('\u{3164}', '\u{3164}'),
    ('\u{fe00}', '\u{fe0f}'),
    ('\u{feff}', '\u{feff}'),
    ('\u{ffa0}', '\u{ffa0}'),
    ('\u{fff0}', '\u{fffb}'),
    ('\u{1bca0}', '\u{1bca3}'),
    ('\u{1d173}', '\u{1d17a}'),
    ('\u{e0000}', '\u{e0fff}'),
];

/// Whether a character is invisible, or steers what shows it: controls, line and
/// paragraph separators, marks of direction, and all that is shown as nothing. A line
/// feed is a control too.
pub fn is_invisible(c: char) -> bool {
    if c.is_ascii() {
        return c.is_ascii_control();
    }
    c.is_control()
        || matches!(c, '\u{2028}' | '\u{2029}')
        || IGNORABLE
            .iter()
            .any(|(first, last)| (*first..=*last).contains(&c))
}

/// `text` without what could move a terminal's cursor, change its colours, turn its
/// reading direction or hide: each such character is shown as a replacement character.
/// Line feeds stay.
pub fn sanitise_for_terminal(text: &str) -> String {
    let is_unsafe = |c: char| c != '\n' && is_invisible(c);
    if !text.contains(is_unsafe) {
        return text.to_owned();
    }
    let replacement = |c| match c {
        '\t' => ' ',
        c if is_unsafe(c) => char::REPLACEMENT_CHARACTER,
        c => c,
    };
    text.replace("\r\n", "\n")
        .chars()
        .map(replacement)
        .collect()
}

/// A JSON text in which such characters are written as escapes: it means the same.
pub fn escape_in_json(text: String) -> String {
    // Outside of strings JSON has no character beyond ASCII, and in them no control
    // below a space.
    let is_unsafe = |c: char| !c.is_ascii_control() && is_invisible(c) || c == '\u{7f}';
    if !text.contains(is_unsafe) {
        return text;
    }
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        if is_unsafe(c) {
            for unit in c.encode_utf16(&mut [0; 2]) {
                escaped.push_str(&format!("\\u{unit:04x}"));
            }
        } else {
            escaped.push(c);
        }
    }
    escaped
}

/// The same on one line: a line break, too, is shown as a replacement character. So
/// nothing that somebody else wrote looks like a line of the program's own.
pub fn sanitise_line(text: &str) -> String {
    sanitise_for_terminal(text).replace('\n', "\u{FFFD}")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One of every kind that is defused, and the letters around them.
    const DANGEROUS: &str = "a\u{1b}[2J\u{9b}2J\u{7f}\u{85}\u{2028}\u{2029}\u{61c}\u{200b}\u{200d}\
        \u{200e}\u{202e}\u{2066}\u{2060}\u{feff}\u{ad}\u{e0041}\u{fe0f}\u{3164}b";

    #[test]
    fn nothing_invisible_reaches_a_terminal() {
        let shown = sanitise_for_terminal(DANGEROUS);
        assert_eq!(shown.replace(char::REPLACEMENT_CHARACTER, ""), "a[2J2Jb");
        assert_eq!(shown.matches(char::REPLACEMENT_CHARACTER).count(), 18);
        let plain = "Leicestershire’s – £1 · naïve\nŁódź 東京";
        assert_eq!(sanitise_for_terminal(plain), plain);
        assert_eq!(sanitise_for_terminal("a\tb\r\nc\rd"), "a b\nc\u{fffd}d");
        assert_eq!(
            sanitise_line("a\nNothing is wrong"),
            "a\u{fffd}Nothing is wrong"
        );
    }

    #[test]
    fn json_means_the_same_and_shows_nothing_invisible() {
        let text = serde_json::to_string(DANGEROUS).unwrap();
        let escaped = escape_in_json(text.clone());
        assert!(!escaped.contains(is_invisible), "{escaped}");
        assert!(escaped.contains("\\udb40\\udc41"), "{escaped}");
        let (one, other): (String, String) = (
            serde_json::from_str(&text).unwrap(),
            serde_json::from_str(&escaped).unwrap(),
        );
        assert_eq!(one, other);
        let pretty = "{\n  \"a\": \"£\"\n}".to_owned();
        assert_eq!(escape_in_json(pretty.clone()), pretty);
    }
}
