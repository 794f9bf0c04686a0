//! Recorded texts, made fit to be shown.
//!
//! Anyone who may record may write any character. Neither a page nor a workbook may be
//! steered by one, and none may vanish.

use minutebook_present::invisible::sanitise_for_terminal;
use unicode_normalization::UnicodeNormalization;

/// `text` composed, with a replacement character for each that is invisible, that steers
/// its surroundings, or that has no meaning that everybody shares. Line feeds stay.
pub fn visible(text: &str) -> String {
    let text = sanitise_for_terminal(text);
    let replacement = |c| {
        if is_meaningless(c) {
            char::REPLACEMENT_CHARACTER
        } else {
            c
        }
    };
    text.nfc().map(replacement).collect()
}

/// The same on one line.
pub fn visible_line(text: &str) -> String {
    let text = visible(text);
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Code points of private use, and those that will never be characters. Archives of PDF
/// forbid the former, XML some of the latter.
fn is_meaningless(c: char) -> bool {
    let point = u32::from(c);
    matches!(point, 0xe000..=0xf8ff | 0xf_0000.. | 0xfdd0..=0xfdef) || point & 0xfffe == 0xfffe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_vanishes_and_nothing_steers() {
        assert_eq!(
            visible("a\0b\u{202e}c\u{e000}d\u{ffff}e\u{10fffd}f"),
            "a\u{fffd}b\u{fffd}c\u{fffd}d\u{fffd}e\u{fffd}f"
        );
        assert_eq!(visible("Łódź £1\n東京"), "Łódź £1\n東京");
        assert_eq!(visible("e\u{301}"), "é");
        assert_eq!(visible_line(" a\n b\tc "), "a b c");
    }
}
