//! Texts as a terminal counts them: their width, and their lines in a given room.

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

/// A word that is shaped like an id is kept whole up to this many characters: a subject
/// with the longest id, or a hash.
const ID_CHARS_MAX: usize = 100;

/// How many columns of a terminal a text on one line takes.
pub fn width(text: &str) -> usize {
    text.width()
}

/// The width of the widest line of a text.
pub fn widest_line(text: &str) -> usize {
    text.split('\n').map(width).max().unwrap_or(0)
}

/// The words of a text. A space that joins what is on either side of it is none between
/// words.
pub fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split([' ', '\n']).filter(|word| !word.is_empty())
}

/// Whether a word would be misread or could not be copied if it were broken over two
/// lines: ids, amounts, dates, hashes, addresses.
pub fn is_whole(word: &str) -> bool {
    let has_mark = |c: char| c.is_ascii_digit() || matches!(c, '-' | '/' | '_');
    is_address(word) || (word.contains(has_mark) && word.chars().count() <= ID_CHARS_MAX)
}

/// Whether a word is an address, which is broken where it has no room on a line: it may be
/// of any length.
fn is_address(word: &str) -> bool {
    word.contains("://")
}

/// The lines of a text in a room of `room` columns, broken between words. A word that
/// has no room is alone on its line: broken if it may be, or else longer than the room.
pub fn wrap(text: &str, room: usize) -> Vec<String> {
    wrap_hanging(text, room, room)
}

/// The same, where the first line has another room than those after it.
pub fn wrap_hanging(text: &str, first: usize, after: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for paragraph in text.split('\n') {
        let mut line = String::new();
        let mut used = 0;
        for word in words(paragraph) {
            let room = if lines.is_empty() { first } else { after };
            let len = width(word);
            if used > 0 && used + 1 + len <= room {
                line.push(' ');
                line.push_str(word);
                used += 1 + len;
                continue;
            }
            if used > 0 {
                lines.push(std::mem::take(&mut line));
            }
            let room = if lines.is_empty() { first } else { after };
            let mut pieces = match len > room && (is_address(word) || !is_whole(word)) {
                true => pieces(word, room, after),
                false => vec![word.to_owned()],
            };
            line = pieces.pop().unwrap_or_default();
            lines.append(&mut pieces);
            used = width(&line);
        }
        lines.push(line);
    }
    lines
}

/// A word in pieces, the first of at most `first` columns, never within what a reader sees
/// as one character.
fn pieces(word: &str, first: usize, after: usize) -> Vec<String> {
    let mut pieces = Vec::new();
    let mut piece = String::new();
    for character in word.graphemes(true) {
        let room = if pieces.is_empty() { first } else { after };
        if !piece.is_empty() && width(&piece) + width(character) > room {
            // An address is broken after a stroke, where it has one late enough.
            let stroke = piece.rfind('/').map_or(0, |at| at + 1);
            let end = if stroke * 2 > piece.len() {
                stroke
            } else {
                piece.len()
            };
            let rest = piece.split_off(end);
            pieces.push(std::mem::replace(&mut piece, rest));
        }
        piece.push_str(character);
    }
    pieces.push(piece);
    pieces
}

/// A text with spaces after it, or before it, up to a width.
pub fn padded(text: &str, to: usize, is_figure: bool) -> String {
    let spaces = " ".repeat(to.saturating_sub(width(text)));
    if is_figure {
        spaces + text
    } else {
        text.to_owned() + &spaces
    }
}

/// Lines under the first set in by `by` columns.
pub fn hanging(text: &str, room: usize, by: usize) -> Vec<String> {
    let lines = wrap_hanging(text, room, room.saturating_sub(by).max(1));
    let lines = lines.into_iter().enumerate();
    lines
        .map(|(index, line)| match index {
            0 => line,
            _ if line.is_empty() => line,
            _ => " ".repeat(by) + &line,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_broken_between_words() {
        assert_eq!(
            wrap("one two three four five", 9),
            ["one two", "three", "four five"]
        );
        assert_eq!(wrap("one\ntwo", 9), ["one", "two"]);
        assert_eq!(hanging("one two three", 8, 2), ["one two", "  three"]);
    }

    #[test]
    fn only_a_word_that_means_the_same_in_pieces_is_broken() {
        assert_eq!(wrap("abcdefgh", 3), ["abc", "def", "gh"]);
        for whole in [
            "strategic-alliance-summit",
            "£6,129,328",
            "2018-03-14",
            "bodies/leicestershire",
        ] {
            assert_eq!(wrap(&format!("a {whole} b"), 3), ["a", whole, "b"]);
        }
        // A name of nothing but signs is no id.
        assert!(wrap(&"x-".repeat(100), 60).len() > 1);
    }

    #[test]
    fn a_width_is_that_on_the_screen() {
        assert_eq!(width("東京"), 4);
        assert_eq!(width("e\u{301}"), 1);
        assert_eq!(wrap("東京都千代田区", 5), ["東京", "都千", "代田", "区"]);
        // An accent stays with its letter.
        assert_eq!(
            wrap(&"e\u{301}".repeat(3), 2),
            ["e\u{301}e\u{301}", "e\u{301}"]
        );
        assert_eq!(padded("東京", 6, true), "  東京");
        assert_eq!(padded("東京", 6, false), "東京  ");
    }
}
