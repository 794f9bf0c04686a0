//! Text broken into lines.

use super::typeface::{Typeface, Weight};

/// Text of one weight, to be broken with that before and after it.
#[derive(Debug, Clone)]
pub struct Run<'a> {
    /// Fit to be shown.
    pub text: &'a str,
    pub weight: Weight,
}

/// How a text may be broken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Breaking {
    /// Between words.
    Words,
    /// Nowhere, unless it is wider than its column.
    Nowhere,
}

/// A line of text.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct TextLine {
    pub segments: Vec<Segment>,
    /// Without the space at its end.
    pub width: f32,
}

/// The part of a line that is of one run.
#[derive(Debug, Clone, PartialEq)]
pub struct Segment {
    /// The run, by its place.
    pub run: usize,
    /// From the beginning of the line.
    pub x: f32,
    pub width: f32,
    pub text: String,
}

struct Character {
    c: char,
    run: usize,
    advance: f32,
}

/// Breaks runs into lines of a width, at a size. There is one line at least.
pub fn break_lines(
    typeface: &Typeface,
    runs: &[Run],
    size: f32,
    width: f32,
    breaking: Breaking,
) -> Vec<TextLine> {
    let characters: Vec<Character> = runs
        .iter()
        .enumerate()
        .flat_map(|(run, Run { text, weight })| {
            text.chars().map(move |c| Character {
                c,
                run,
                advance: typeface.glyph(*weight, c).advance * size,
            })
        })
        .collect();
    let mut lines = Vec::new();
    let mut rest = characters.as_slice();
    loop {
        let end = line_end(rest, width, breaking);
        let (line, after) = rest.split_at(end.min(rest.len()));
        lines.push(text_line(line));
        rest = after;
        if rest.is_empty() {
            return lines;
        }
    }
}

/// The number of characters of the first line, the space or line feed at its end
/// included.
fn line_end(characters: &[Character], width: f32, breaking: Breaking) -> usize {
    let mut used = 0.0;
    let mut last_break = None;
    for (index, character) in characters.iter().enumerate() {
        if character.c == '\n' {
            return index + 1;
        }
        let is_space = character.c == ' ';
        // A space at the end of a line may be beyond its edge.
        if !is_space && used + character.advance > width + 0.01 && index > 0 {
            // A mark above a letter has no width: it never comes here, and stays with it.
            return last_break.unwrap_or(index);
        }
        used += character.advance;
        let next = characters.get(index + 1).map(|next| next.c);
        if breaking == Breaking::Words && may_break_after(character.c, next) {
            last_break = Some(index + 1);
        }
    }
    characters.len()
}

/// Whether a line may end between two characters.
fn may_break_after(c: char, next: Option<char>) -> bool {
    match c {
        ' ' => next != Some(' '),
        '-' | '/' | '\u{2013}' | '\u{2014}' => next.is_some_and(char::is_alphabetic),
        _ => false,
    }
}

fn text_line(characters: &[Character]) -> TextLine {
    let mut line = TextLine::default();
    let mut x = 0.0;
    for character in characters {
        if character.c == '\n' {
            continue;
        }
        let is_same_run = line
            .segments
            .last()
            .is_some_and(|segment| segment.run == character.run);
        if !is_same_run {
            line.segments.push(Segment {
                run: character.run,
                x,
                width: 0.0,
                text: String::new(),
            });
        }
        if let Some(segment) = line.segments.last_mut() {
            segment.text.push(character.c);
            segment.width += character.advance;
        }
        x += character.advance;
        if character.c != ' ' {
            line.width = x;
        }
    }
    line
}

/// The width of the widest part that is not broken.
pub fn unbroken_width(
    typeface: &Typeface,
    text: &str,
    weight: Weight,
    size: f32,
    breaking: Breaking,
) -> f32 {
    let parts: Vec<&str> = match breaking {
        Breaking::Words => text.split([' ', '\n']).collect(),
        Breaking::Nowhere => text.split('\n').collect(),
    };
    widest(typeface, &parts, weight, size)
}

/// The width of a text that has all the room it wants.
pub fn full_width(typeface: &Typeface, text: &str, weight: Weight, size: f32) -> f32 {
    let lines: Vec<&str> = text.split('\n').collect();
    widest(typeface, &lines, weight, size)
}

fn widest(typeface: &Typeface, parts: &[&str], weight: Weight, size: f32) -> f32 {
    let widths = parts.iter().map(|part| typeface.width(weight, part) * size);
    widths.fold(0.0, f32::max)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str, width: f32) -> Vec<String> {
        let typeface = Typeface::new().unwrap();
        let run = Run {
            text,
            weight: Weight::Regular,
        };
        let lines = break_lines(&typeface, &[run], 10.0, width, Breaking::Words);
        for line in &lines {
            assert!(line.width <= width + 0.02, "{line:?}");
        }
        lines
            .into_iter()
            .map(|line| line.segments.into_iter().map(|s| s.text).collect())
            .collect()
    }

    #[test]
    fn words_stay_whole_where_they_fit() {
        assert_eq!(lines("one two three", 40.0), ["one two ", "three"]);
        assert_eq!(lines("one\n\ntwo", 40.0), ["one", "", "two"]);
        assert_eq!(lines("", 40.0), [""]);
        assert_eq!(lines("Devon-Cornwall", 45.0), ["Devon-", "Cornwall"]);
    }

    #[test]
    fn a_word_that_no_line_can_hold_is_broken_and_nothing_is_lost() {
        let word = "x".repeat(200);
        let lines = lines(&word, 60.0);
        assert!(lines.len() > 10, "{lines:?}");
        assert_eq!(lines.concat(), word);
    }

    #[test]
    fn segments_follow_one_another() {
        let typeface = Typeface::new().unwrap();
        let runs = [
            Run {
                text: "Agreed (",
                weight: Weight::Regular,
            },
            Run {
                text: "entry\u{a0}35",
                weight: Weight::Bold,
            },
            Run {
                text: ").",
                weight: Weight::Regular,
            },
        ];
        let lines = break_lines(&typeface, &runs, 10.0, 500.0, Breaking::Words);
        let [line] = lines.as_slice() else {
            panic!("one line: {lines:?}")
        };
        let [first, second, third] = line.segments.as_slice() else {
            panic!("three segments: {line:?}")
        };
        assert!((first.width - second.x).abs() < 0.01);
        assert!((third.x + third.width - line.width).abs() < 0.01);
        // "(entry 35)." is one word: it moves to the next line as a whole.
        let lines = break_lines(&typeface, &runs, 10.0, 60.0, Breaking::Words);
        assert_eq!(lines.len(), 2);
        assert_eq!(lines[1].segments[0].text, "(");
    }
}
