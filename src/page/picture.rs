//! Pictures, drawn as SVG on the server: each with a sentence that says what it shows.
//!
//! A picture is drawn twice, for a wide and for a narrow screen, and the style shows one.
//! So its letters are never scaled. Letters in SVG do not wrap: names that do not fit
//! stand above what they name. Colour alone says nothing.

mod axis;
pub mod bars;
pub mod flows;
pub mod network;
pub mod steps;
pub mod timeline;
pub mod waterfall;
pub mod years;

use maud::{Markup, html};

/// The width of the wide drawing, in pixels.
pub const WIDE: i32 = 680;

/// The width of the narrow drawing.
pub const NARROW: i32 = 328;

/// The height of a letter.
pub const LETTER: i32 = 16;

/// A drawing of a width, with its height.
#[derive(Debug, Clone)]
pub struct SvgDrawing {
    pub width: i32,
    pub height: i32,
    pub shapes: Markup,
}

impl SvgDrawing {
    fn svg(&self, class: &str, sentence: &str) -> Markup {
        let view = format!("0 0 {} {}", self.width, self.height);
        html! {
            svg class=(class) role="img" aria-label=(sentence) width=(self.width)
                height=(self.height) viewBox=(view) xmlns="http://www.w3.org/2000/svg" {
                (self.shapes)
            }
        }
    }
}

/// A picture in both widths under its sentence. `legend` may be empty.
pub fn figure(sentence: &str, legend: &Markup, draw: impl Fn(i32) -> SvgDrawing) -> Markup {
    html! {
        figure.picture {
            figcaption { strong { (sentence) } }
            (legend)
            (draw(WIDE).svg("wide", sentence))
            (draw(NARROW).svg("narrow", sentence))
        }
    }
}

/// The names of what is drawn, each beside its colour.
pub fn legend(names: &[(&str, String)]) -> Markup {
    html! {
        ul.legend {
            @for (class, name) in names {
                li {
                    svg width="16" height="16" viewBox="0 0 16 16" aria-hidden="true" {
                        rect class=(class) x="1" y="1" width="14" height="14" {}
                    }
                    " " (name)
                }
            }
        }
    }
}

/// The width that a text takes at most: measured with the widest common font.
pub fn text_width(text: &str) -> i32 {
    let letters = i32::try_from(text.chars().count()).unwrap_or(i32::MAX / 16);
    letters.saturating_mul(LETTER) * 62 / 100
}

/// A text in at most two lines, cut where it does not fit.
pub fn two_lines(text: &str, width: i32) -> Vec<String> {
    wrapped(text, width, 2)
}

/// A text in at most so many lines, the last cut where it does not fit.
pub fn wrapped(text: &str, width: i32, lines: usize) -> Vec<String> {
    if text_width(text) <= width || lines < 2 {
        return vec![fitting(text, width)];
    }
    let words: Vec<&str> = text.split(' ').collect();
    let fits = |count: &usize| text_width(&words[..*count].join(" ")) <= width;
    match (1..words.len()).rev().find(fits) {
        Some(count) => {
            let mut wrapped_lines = vec![words[..count].join(" ")];
            wrapped_lines.extend(wrapped(&words[count..].join(" "), width, lines - 1));
            wrapped_lines
        }
        None => vec![fitting(text, width)],
    }
}

/// A text cut so that it fits, with an ellipsis.
pub fn fitting(text: &str, width: i32) -> String {
    if text_width(text) <= width {
        return text.to_owned();
    }
    let letters = usize::try_from(width * 100 / (LETTER * 62)).unwrap_or(0);
    let mut cut: String = text.chars().take(letters.saturating_sub(1)).collect();
    cut.push('…');
    cut
}

/// `part` of `whole` on a scale of `length`, rounded; 0 where there is no whole.
pub fn scaled(part: i64, whole: i64, length: i32) -> i32 {
    if whole <= 0 {
        return 0;
    }
    let exact = i128::from(part) * i128::from(length) / i128::from(whole);
    i32::try_from(exact).unwrap_or(length)
}

/// A round step that divides `max` into two to five parts: 1, 2 or 5 times a power of ten.
pub fn round_step(max: i64) -> i64 {
    let mut power = 1_i64;
    while power <= max / 10 {
        power *= 10;
    }
    let steps = [power, 2 * power, 5 * power];
    let fits = |step: &&i64| max / **step <= 5;
    steps.iter().find(fits).copied().unwrap_or(10 * power)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scale_has_round_steps() {
        assert_eq!(round_step(982_577_900), 200_000_000);
        assert_eq!(round_step(90), 20);
        assert_eq!(round_step(0), 1);
        assert_eq!(scaled(1, 3, 300), 100);
        assert_eq!(scaled(1, 0, 300), 0);
    }

    #[test]
    fn a_long_name_is_cut_to_its_place() {
        assert_eq!(fitting("abcdefgh", 50), "abcd…");
        assert_eq!(fitting("abc", 50), "abc");
        assert_eq!(two_lines("ab cd ef gh", 50), ["ab cd", "ef gh"]);
        assert_eq!(two_lines("abcdefgh ij", 50), ["abcd…"]);
        assert_eq!(wrapped("ab cd ef gh", 25, 3), ["ab", "cd", "e…"]);
    }
}
