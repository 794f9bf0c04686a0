//! Bounded text: the characters that a recorder may write, and their limits.

use std::fmt;
use std::sync::Arc;

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

/// One line of 1 to 200 characters, not blank.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Name(Arc<str>);

impl Name {
    /// The most characters of a name.
    pub const LEN_MAX: usize = 200;

    pub fn new(text: &str) -> Result<Self, TextError> {
        if text.trim().is_empty() {
            return Err(TextError::Blank);
        }
        checked(text, Self::LEN_MAX, false)?;
        Ok(Self(text.into()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl fmt::Debug for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&*self.0, f)
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
