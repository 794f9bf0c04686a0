//! Bounded text: the characters that a recorder may write, and their limits.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use super::same_name;

/// Why a text is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TextError {
    /// Empty, or only blanks.
    #[error("required, and must not be blank")]
    Blank,
    #[error("at most {max} characters; this has {len}")]
    TooLong {
        /// In characters.
        len: usize,
        /// In characters.
        max: usize,
    },
    /// A control character (in a name, also a line break).
    #[error("control characters are not allowed here (found U+{code:04X})")]
    Control {
        /// The code point.
        code: u32,
    },
    #[error("a SHA-256 is written as 64 lower-case hexadecimal digits")]
    NotSha256,
}

fn checked(text: &str, max: usize, lines: bool) -> Result<(), TextError> {
    let len = text.chars().count();
    if len > max {
        return Err(TextError::TooLong { len, max });
    }
    match text
        .chars()
        .find(|c| c.is_control() && !(lines && matches!(c, '\n' | '\t')))
    {
        Some(found) => Err(TextError::Control { code: found.into() }),
        None => Ok(()),
    }
}

/// Which names count as the same.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum NameFold {
    /// Those with the same folded form ([`same_name`]).
    #[default]
    Folded,
    /// Those with the same letters, as before names were folded: offices and heads
    /// without regard to capitals, everything else with it.
    Letters,
}

/// One line of 1 to 200 characters, not blank.
///
/// `==` compares the text as it was written. [`Name::is_same`] compares names.
#[derive(Clone)]
pub struct Name {
    /// The text as it was written, and then its folded form, where that is not the text
    /// itself but for ASCII capitals.
    texts: Arc<str>,
    /// In bytes.
    written_len: u16,
    fold: NameFold,
}

impl Name {
    /// The most characters of a name.
    pub const LEN_MAX: usize = 200;

    pub fn new(text: &str) -> Result<Self, TextError> {
        Self::with_fold(text, NameFold::Folded)
    }

    pub fn with_fold(text: &str, fold: NameFold) -> Result<Self, TextError> {
        if text.trim().is_empty() {
            return Err(TextError::Blank);
        }
        checked(text, Self::LEN_MAX, false)?;
        let folded = match fold {
            NameFold::Folded => same_name::folded(text),
            NameFold::Letters => (!text.is_ascii()).then(|| text.to_lowercase()),
        };
        Ok(Self {
            // A name has at most 800 bytes.
            written_len: u16::try_from(text.len()).unwrap_or(u16::MAX),
            texts: match folded {
                Some(folded) => [text, folded.as_str()].concat().into(),
                None => text.into(),
            },
            fold,
        })
    }

    pub fn as_str(&self) -> &str {
        &self.texts[..self.written_len.into()]
    }

    /// Whether two names are of one office, head, seat and so on, however they are
    /// written.
    pub fn is_same(&self, other: &Self) -> bool {
        // A new alias is compared with every alias of its subject.
        self.folded().eq_ignore_ascii_case(other.folded())
    }

    /// The order of names in which those that are the same are equal.
    pub fn cmp_same(&self, other: &Self) -> Ordering {
        // Running totals compare names more often than anything else is done.
        let lower = |byte: u8| byte.to_ascii_lowercase();
        let (one, other) = (self.folded(), other.folded());
        one.bytes().map(lower).cmp(other.bytes().map(lower))
    }

    /// Like [`Self::is_same`], for seats, units, aliases and identifiers: read by
    /// letters, they differ by capitals too.
    pub fn is_same_item(&self, other: &Self) -> bool {
        match (self.fold, other.fold) {
            (NameFold::Letters, NameFold::Letters) => self == other,
            (NameFold::Folded, _) | (_, NameFold::Folded) => self.is_same(other),
        }
    }

    /// Like [`Self::cmp_same`], for seats, units, aliases and identifiers.
    pub fn cmp_same_item(&self, other: &Self) -> Ordering {
        match (self.fold, other.fold) {
            (NameFold::Letters, NameFold::Letters) => self.cmp(other),
            (NameFold::Folded, _) | (_, NameFold::Folded) => self.cmp_same(other),
        }
    }

    /// The folded form, but for ASCII capitals.
    pub fn folded(&self) -> &str {
        match &self.texts[self.written_len.into()..] {
            "" => &self.texts,
            folded => folded,
        }
    }
}

impl PartialEq for Name {
    fn eq(&self, other: &Self) -> bool {
        self.as_str() == other.as_str()
    }
}

impl Eq for Name {}

impl PartialOrd for Name {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Name {
    fn cmp(&self, other: &Self) -> Ordering {
        self.as_str().cmp(other.as_str())
    }
}

impl Hash for Name {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.as_str().hash(state);
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Debug for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.as_str(), f)
    }
}

/// Up to 4,000 characters on any number of lines. It may be empty.
#[derive(Clone, Default, PartialEq, Eq, Hash)]
pub struct Text(Option<Arc<str>>);

impl Text {
    /// The most characters of a text.
    pub const LEN_MAX: usize = 4_000;

    pub fn new(text: &str) -> Result<Self, TextError> {
        Self::bounded(text, Self::LEN_MAX)
    }

    /// A text of at most `max` characters.
    pub fn bounded(text: &str, max: usize) -> Result<Self, TextError> {
        checked(text, max, true)?;
        Ok(Self((!text.is_empty()).then(|| text.into())))
    }

    /// A text that is not blank.
    pub fn required(text: &str) -> Result<Self, TextError> {
        if text.trim().is_empty() {
            Err(TextError::Blank)
        } else {
            Self::new(text)
        }
    }

    pub fn as_str(&self) -> &str {
        self.0.as_deref().unwrap_or("")
    }

    pub const fn is_empty(&self) -> bool {
        self.0.is_none()
    }
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.as_str(), f)
    }
}

/// The SHA-256 of a document.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Sha256([u8; 32]);

impl Sha256 {
    /// Reads 64 lower-case hexadecimal digits.
    pub fn from_hex(text: &str) -> Result<Self, TextError> {
        if text.len() != 64 {
            return Err(TextError::NotSha256);
        }
        let mut bytes = [0; 32];
        for (byte, pair) in bytes.iter_mut().zip(text.as_bytes().chunks_exact(2)) {
            let digit = |b: u8| match b {
                b'0'..=b'9' => Ok(b - b'0'),
                b'a'..=b'f' => Ok(b - b'a' + 10),
                _ => Err(TextError::NotSha256),
            };
            *byte = digit(pair[0])? << 4 | digit(pair[1])?;
        }
        Ok(Self(bytes))
    }
}

impl fmt::Display for Sha256 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Sha256 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_texts_keep_their_bounds() {
        assert_eq!(Name::new(" "), Err(TextError::Blank));
        assert!(Name::new(&"é".repeat(200)).is_ok());
        assert_eq!(
            Name::new(&"é".repeat(201)),
            Err(TextError::TooLong { len: 201, max: 200 })
        );
        assert_eq!(Name::new("a\nb"), Err(TextError::Control { code: 10 }));
        assert!(Text::new("a\nb").is_ok());
        assert_eq!(Text::new("a\u{7}b"), Err(TextError::Control { code: 7 }));
        assert_eq!(Text::required(""), Err(TextError::Blank));
        assert!(Text::new("").unwrap().is_empty());
    }

    #[test]
    fn a_hash_reads_back_as_it_prints() {
        let hex = "0123456789abcdef".repeat(4);
        assert_eq!(Sha256::from_hex(&hex).unwrap().to_string(), hex);
        assert!(Sha256::from_hex(&hex.to_uppercase()).is_err());
        assert!(Sha256::from_hex("ab").is_err());
    }
}
