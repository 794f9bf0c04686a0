//! Signed notes: a text and its signatures, as C2SP signed-note specifies.
//!
//! ```text
//! text, each line ended
//! (an empty line)
//! — name base64(key id, signature)
//! ```

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::key::{Algorithm, SigningKey, VerifierKey};

/// The most bytes a note may have.
pub const NOTE_BYTES_MAX: usize = 64 * 1024;

/// The most signatures a note may have.
pub const SIGNATURES_MAX: usize = 64;

const DASH: &str = "\u{2014} ";

/// A signature on a note, and the key that made it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signature {
    pub name: String,
    pub key: [u8; 4],
    /// The signature itself, in the form of the key's algorithm.
    pub bytes: Vec<u8>,
}

impl fmt::Display for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bytes = [&self.key[..], &self.bytes].concat();
        write!(f, "{DASH}{} {}", self.name, STANDARD.encode(bytes))
    }
}

impl Signature {
    /// Reads the line of a signature, without its line end.
    pub fn parse(line: &str) -> Result<Self, NoteError> {
        let malformed = || NoteError::Signature(line.chars().take(80).collect());
        let (name, data) = line
            .strip_prefix(DASH)
            .and_then(|line| line.split_once(' '))
            .ok_or_else(malformed)?;
        if name.is_empty() || name.contains('+') || name.chars().any(char::is_whitespace) {
            return Err(malformed());
        }
        let bytes = STANDARD.decode(data).map_err(|_| malformed())?;
        let (key, bytes) = bytes.split_at_checked(4).ok_or_else(malformed)?;
        if bytes.is_empty() {
            return Err(malformed());
        }
        Ok(Self {
            name: name.to_owned(),
            key: [key[0], key[1], key[2], key[3]],
            bytes: bytes.to_vec(),
        })
    }
}

/// A text and its signatures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    text: String,
    signatures: Vec<Signature>,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoteError {
    #[error("a note has at most {NOTE_BYTES_MAX} bytes and {SIGNATURES_MAX} signatures")]
    TooLong,
    /// It has a control character.
    #[error("a note has no control characters besides the ends of its lines")]
    Control,
    /// There are no signatures after the text.
    #[error("a note is a text, an empty line, and at least one signature, each line ended")]
    Form,
    /// A line is not a signature.
    #[error("not a signature: {0:?}")]
    Signature(String),
}

/// Why a key did not sign a note.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unverified {
    /// The note has no signature by that key.
    #[error("it has no signature by that key")]
    Missing,
    /// The signature by that key is not of this text.
    #[error("the signature by that key is not of this text")]
    Wrong,
}

impl Note {
    /// A text without signatures. It must end with a line end.
    pub fn new(text: String) -> Self {
        Self {
            text,
            signatures: Vec::new(),
        }
    }

    /// Reads a note strictly: only text that `Display` would write again byte for byte.
    pub fn parse(note: &str) -> Result<Self, NoteError> {
        if note.len() > NOTE_BYTES_MAX {
            return Err(NoteError::TooLong);
        }
        if note.chars().any(|c| c != '\n' && c.is_control()) {
            return Err(NoteError::Control);
        }
        let (text, rest) = note.rsplit_once("\n\n").ok_or(NoteError::Form)?;
        let lines = rest.strip_suffix('\n').ok_or(NoteError::Form)?;
        let signatures: Vec<Signature> = lines
            .split('\n')
            .map(Signature::parse)
            .collect::<Result<_, _>>()?;
        if signatures.len() > SIGNATURES_MAX {
            return Err(NoteError::TooLong);
        }
        Ok(Self {
            text: format!("{text}\n"),
            signatures,
        })
    }

    pub fn text(&self) -> &str {
        &self.text
    }

    pub fn signatures(&self) -> &[Signature] {
        &self.signatures
    }

    pub fn sign(&mut self, key: &SigningKey) {
        debug_assert_eq!(key.algorithm(), Algorithm::Ed25519);
        self.add(Signature {
            name: key.name().to_owned(),
            key: key.verifier().id(),
            bytes: key.signature(self.text.as_bytes()).to_vec(),
        });
    }

    /// Adds a signature; replaces one by the same key.
    pub fn add(&mut self, signature: Signature) {
        self.signatures
            .retain(|other| !other.is_by_key_of(&signature));
        self.signatures.push(signature);
    }

    /// The signature by a key, **not verified**.
    pub fn signature_by(&self, key: &VerifierKey) -> Option<&Signature> {
        let id = key.id();
        self.signatures
            .iter()
            .find(|signature| signature.name == key.name() && signature.key == id)
    }

    /// Checks that a key signed this text.
    pub fn verify(&self, key: &VerifierKey) -> Result<(), Unverified> {
        if key.algorithm() == Algorithm::Cosignature {
            return super::cosignature::verify(self, key).map(|_| ());
        }
        let signature = self.signature_by(key).ok_or(Unverified::Missing)?;
        let bytes = signature.bytes.as_slice().try_into();
        let bytes: &[u8; 64] = bytes.map_err(|_| Unverified::Wrong)?;
        if key.has_signed(self.text.as_bytes(), bytes) {
            Ok(())
        } else {
            Err(Unverified::Wrong)
        }
    }
}

impl Signature {
    fn is_by_key_of(&self, other: &Self) -> bool {
        self.name == other.name && self.key == other.key
    }
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.text)?;
        self.signatures
            .iter()
            .try_for_each(|signature| writeln!(f, "{signature}"))
    }
}
