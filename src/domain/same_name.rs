//! Which names are the same, and which texts hide what they say.
//!
//! Two names are the same if a reader cannot tell them apart, or tells them apart only
//! by capitals or typography. So a name is compared by its *folded* form: compatibility
//! forms are resolved (NFKC), capitals and white space are folded, characters that show
//! nothing are left out, punctuation and letters that look like ASCII count as ASCII.
//! The stored text stays as it was written.

use caseless::Caseless;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;
use unicode_properties::{GeneralCategory, UnicodeGeneralCategory};
use unicode_security::mixed_script::AugmentedScriptSet;
use unicode_security::{GeneralSecurityProfile, MixedScript, skeleton};

/// Braille without dots: a symbol, and looks like a blank.
const BRAILLE_BLANK: char = '\u{2800}';

/// The place of an object that is not in the text. Many programs show nothing for it.
const OBJECT: char = '\u{FFFC}';

/// How a name hides what it says.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum HiddenText {
    /// It looks empty.
    #[error("nothing in it is visible")]
    Invisible,
    /// It looks as if the character were not there.
    #[error("U+{code:04X} is invisible")]
    Ignorable {
        /// The code point.
        code: u32,
    },
    /// A character that reorders what readers see.
    #[error("U+{code:04X} changes the direction of the text around it")]
    Direction {
        /// The code point.
        code: u32,
    },
    /// A code point without a meaning that everybody shares.
    #[error("U+{code:04X} is not a character that every reader sees alike")]
    Unassigned {
        /// The code point.
        code: u32,
    },
    /// A letter or mark outside everyday writing, such as a phonetic one.
    #[error("{found:?} (U+{code:04X}) is not in everyday use in any language")]
    Uncommon {
        /// The letter or mark.
        found: char,
        /// The code point.
        code: u32,
    },
    /// Letters of several scripts, or of one script that all look like those of
    /// another.
    #[error("{found:?} (U+{code:04X}) looks like a letter of another script")]
    LookAlike {
        /// The letter.
        found: char,
        /// The code point.
        code: u32,
    },
}

/// The folded form of a name; `None` if it is `text` itself but for ASCII capitals.
pub fn folded(text: &str) -> Option<String> {
    if is_plain(text) {
        return None;
    }
    let latin = reads_as_latin(text);
    let visible = text.chars().filter(|c| !is_ignorable(*c));
    let like_ascii = visible.flat_map(|c| AsciiLike::of(c, latin));
    let composed: String = like_ascii.nfkc().default_case_fold().nfkc().collect();
    let folded: String = composed
        .chars()
        .flat_map(|c| AsciiLike::of(c, latin))
        .default_case_fold()
        .collect();
    // A dot above is part of i and j.
    let folded = folded.replace("i\u{307}", "i").replace("j\u{307}", "j");
    let words: Vec<&str> = folded.split(is_blank).filter(|w| !w.is_empty()).collect();
    if words.is_empty() {
        // Only names that were recorded before such names were refused.
        return Some(text.to_owned());
    }
    Some(words.join(" "))
}

/// Requires that a name shows what it says.
pub fn check_name(text: &str) -> Result<(), HiddenText> {
    if text.is_ascii() {
        return Ok(());
    }
    if is_invisible(text) {
        return Err(HiddenText::Invisible);
    }
    check_directions(text)?;
    let mut before = None;
    for c in text.chars() {
        let code = u32::from(c);
        let category = c.general_category();
        if is_ignorable(c) || matches!(c, BRAILLE_BLANK | OBJECT | '\u{2028}' | '\u{2029}') {
            return Err(HiddenText::Ignorable { code });
        }
        if is_unshared(category) {
            return Err(HiddenText::Unassigned { code });
        }
        // A mark on top of itself is not seen.
        if is_combining_mark(c) && before == Some(c) {
            return Err(HiddenText::Ignorable { code });
        }
        before = Some(c);
    }
    let composed: String = text.nfkc().collect();
    let letter = |c: char| c.is_alphabetic() || is_combining_mark(c);
    let mut letters = composed.chars().filter(|c| !c.is_ascii() && letter(*c));
    if let Some(found) = letters.find(|c| !c.identifier_allowed()) {
        let code = found.into();
        return Err(HiddenText::Uncommon { found, code });
    }
    match look_alike(&composed) {
        Some(found) => Err(HiddenText::LookAlike {
            found,
            code: found.into(),
        }),
        None => Ok(()),
    }
}

/// Requires that no character reorders what readers see.
pub fn check_directions(text: &str) -> Result<(), HiddenText> {
    let found = text.chars().find(|c| {
        matches!(c, '\u{61C}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
    });
    match found {
        Some(found) => Err(HiddenText::Direction { code: found.into() }),
        None => Ok(()),
    }
}

/// Whether a text looks empty.
pub fn is_invisible(text: &str) -> bool {
    text.chars().all(|c| is_blank(c) || is_ignorable(c))
}

/// Whether the folded form is the text but for capitals: letters, digits and plain
/// punctuation of ASCII, with single spaces between them.
fn is_plain(text: &str) -> bool {
    let bytes = text.as_bytes();
    let is_space = |byte: Option<&u8>| byte == Some(&b' ');
    text.is_ascii()
        && !is_space(bytes.first())
        && !is_space(bytes.last())
        && !bytes.windows(2).any(|pair| pair == b"  ")
        && !bytes
            .iter()
            .any(|byte| matches!(byte, b'"' | b'`') || byte.is_ascii_control())
}

fn is_blank(c: char) -> bool {
    c.is_whitespace() || c == BRAILLE_BLANK
}

/// Whether a character shows nothing: the default-ignorable code points, which have no
/// skeleton, and format characters.
fn is_ignorable(c: char) -> bool {
    !c.is_ascii()
        && (c.general_category() == GeneralCategory::Format
            || skeleton(c.encode_utf8(&mut [0; 4])).next().is_none())
}

const fn is_unshared(category: GeneralCategory) -> bool {
    matches!(
        category,
        GeneralCategory::Unassigned | GeneralCategory::PrivateUse | GeneralCategory::Surrogate
    )
}

/// Whether letters that look like ASCII count as ASCII: not in a name of another
/// script, which would lose its capitals and small letters.
fn reads_as_latin(text: &str) -> bool {
    let has_ascii = text.chars().any(|c| c.is_ascii_alphabetic());
    has_ascii || is_latin(text.resolve_script_set()) || letters_all_look_ascii(text)
}

fn is_latin(scripts: AugmentedScriptSet) -> bool {
    scripts.base.contains_script(unicode_script::Script::Latin)
}

fn letters_all_look_ascii(text: &str) -> bool {
    let mut letters = text.chars().filter(|c| c.is_alphabetic()).peekable();
    letters.peek().is_some() && letters.all(|c| c.is_ascii() || ascii_letter(c).is_some())
}

/// The first letter that is not what it looks like: in a text of several scripts, one
/// that is not Latin; in a text of one other script, one of letters that all look Latin.
fn look_alike(text: &str) -> Option<char> {
    let is_latin_letter = |c: char| is_latin(AugmentedScriptSet::for_char(c));
    let mut foreign = text
        .chars()
        .filter(|c| c.is_alphabetic() && !is_latin_letter(*c));
    let is_mixed = !text.is_single_script();
    let poses = is_mixed || (!text.is_ascii() && letters_all_look_ascii(text));
    let first = foreign.next();
    let any = || {
        is_mixed
            .then(|| text.chars().find(|c| !c.is_ascii()))
            .flatten()
    };
    poses.then(|| first.or_else(any)).flatten()
}

/// The ASCII letter that a letter of another alphabet looks like.
fn ascii_letter(c: char) -> Option<char> {
    let mut looks = skeleton(c.encode_utf8(&mut [0; 4]))
        .collect::<Vec<char>>()
        .into_iter();
    let (first, second, third) = (looks.next()?, looks.next(), looks.next());
    match (first, second, third) {
        // The skeleton of capital I is l.
        ('l', None, _) if c.is_uppercase() => Some('I'),
        ('r', Some('n'), None) => Some('m'),
        (letter, None, _) if letter.is_ascii_alphabetic() => Some(letter),
        _ => None,
    }
}

/// The ASCII character that a line or bar is drawn like: the tables of look-alikes take
/// these for letters.
const fn drawn_like(c: char) -> Option<char> {
    match c {
        '\u{2500}' | '\u{2501}' | '\u{2504}' | '\u{2505}' | '\u{2508}' | '\u{2509}'
        | '\u{254C}' | '\u{254D}' | '\u{23AF}' | '\u{2E3A}' | '\u{2E3B}' => Some('-'),
        '\u{2502}'
        | '\u{2503}'
        | '\u{2223}'
        | '\u{2758}'..='\u{275A}'
        | '\u{23B8}'
        | '\u{23B9}'
        | '\u{23D0}'
        | '\u{FFE8}' => Some('|'),
        '\u{2550}' => Some('='),
        '\u{275B}' | '\u{275C}' | '\u{275F}' => Some('\''),
        _ => None,
    }
}

/// The ASCII characters that a character looks like, or the character.
enum AsciiLike {
    One(std::iter::Once<char>),
    More(std::vec::IntoIter<char>),
}

impl AsciiLike {
    fn of(c: char, latin: bool) -> Self {
        let one = |c| Self::One(std::iter::once(c));
        if c.is_ascii() && c.is_alphanumeric() {
            return one(c);
        }
        // Its meaning comes before its looks: a styled 0 is no O.
        let meaning: Vec<char> = c.nfkc().collect();
        if !c.is_ascii() && meaning.iter().all(char::is_ascii_alphanumeric) {
            return Self::More(meaning.into_iter());
        }
        if let Some(like) = drawn_like(c) {
            return one(like);
        }
        if c.is_alphanumeric() && c.general_category() != GeneralCategory::ModifierLetter {
            return match latin {
                true => one(ascii_letter(c).unwrap_or(c)),
                false => one(c),
            };
        }
        if is_blank(c) || is_combining_mark(c) {
            return one(c);
        }
        if c.general_category() == GeneralCategory::DashPunctuation {
            return one('-');
        }
        let looks: Vec<char> = skeleton(c.encode_utf8(&mut [0; 4])).collect();
        let is_punctuation = |c: &char| !c.is_alphanumeric() && !is_blank(*c);
        if looks.iter().all(is_punctuation) {
            Self::More(looks.into_iter())
        } else {
            one(c)
        }
    }
}

impl Iterator for AsciiLike {
    type Item = char;

    fn next(&mut self) -> Option<char> {
        match self {
            Self::One(one) => one.next(),
            Self::More(more) => more.next(),
        }
    }
}
