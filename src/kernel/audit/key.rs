//! Keys that sign and verify notes: C2SP signed-note, Ed25519, and the timestamped
//! cosignatures of C2SP tlog-cosignature.
//!
//! A key has a name, and its id is the first four bytes of
//! SHA-256(name, "\n", algorithm, public key).

use std::fmt;
use std::str::FromStr;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::Signer;
use hmac::Mac as _;
use sha2::{Digest, Sha256};

use super::derived_secret::DerivedSecret;

const SECRET: &str = "PRIVATE+KEY+";

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Algorithm {
    /// The text of a note: `0x01`.
    Ed25519,
    /// A checkpoint and the time of the signature, by a witness: `0x04`.
    Cosignature,
}

impl Algorithm {
    const fn byte(self) -> u8 {
        match self {
            Self::Ed25519 => 1,
            Self::Cosignature => 4,
        }
    }

    const fn of(byte: u8) -> Option<Self> {
        match byte {
            1 => Some(Self::Ed25519),
            4 => Some(Self::Cosignature),
            _ => None,
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    #[error("a key is written name+hash+base64")]
    Form,
    #[error("a key's name is one word of 1 to 200 characters, without spaces and without '+'")]
    Name,
    #[error("the key is of an unknown algorithm")]
    Algorithm,
    /// The key is damaged, or belongs to another name.
    #[error("the key's hash does not fit its name and bytes: it was mistyped or altered")]
    Hash,
    #[error("these are not the bytes of a key")]
    Bytes,
}

/// Whether a key can have this name: not empty, no space, no plus sign.
fn is_name(name: &str) -> bool {
    let fits = |c: char| !c.is_whitespace() && !c.is_control() && c != '+';
    (1..=200).contains(&name.len()) && name.chars().all(fits)
}

fn id(name: &str, algorithm: Algorithm, public: &[u8]) -> [u8; 4] {
    let hash = Sha256::new()
        .chain_update(name)
        .chain_update([b'\n', algorithm.byte()])
        .chain_update(public)
        .finalize();
    [hash[0], hash[1], hash[2], hash[3]]
}

fn hex(id: [u8; 4]) -> String {
    format!("{:08x}", u32::from_be_bytes(id))
}

/// Splits `name+hash+base64(algorithm, bytes)`.
fn parts(text: &str) -> Result<(&str, &str, Algorithm, [u8; 32]), KeyError> {
    let (name, rest) = text.split_once('+').ok_or(KeyError::Form)?;
    let (hash, data) = rest.split_once('+').ok_or(KeyError::Form)?;
    if !is_name(name) {
        return Err(KeyError::Name);
    }
    let bytes = STANDARD.decode(data).map_err(|_| KeyError::Form)?;
    let (algorithm, bytes) = bytes.split_first().ok_or(KeyError::Bytes)?;
    let algorithm = Algorithm::of(*algorithm).ok_or(KeyError::Algorithm)?;
    let bytes = bytes.try_into().map_err(|_| KeyError::Bytes)?;
    Ok((name, hash, algorithm, bytes))
}

/// A key that verifies signatures. It can be published.
#[derive(Clone, PartialEq, Eq)]
pub struct VerifierKey {
    name: String,
    algorithm: Algorithm,
    key: ed25519_dalek::VerifyingKey,
}

impl VerifierKey {
    /// The key of a register, from its name and its Ed25519 public key.
    pub fn new(name: &str, public: [u8; 32]) -> Result<Self, KeyError> {
        if !is_name(name) {
            return Err(KeyError::Name);
        }
        let key = ed25519_dalek::VerifyingKey::from_bytes(&public).map_err(|_| KeyError::Bytes)?;
        Ok(Self {
            name: name.to_owned(),
            algorithm: Algorithm::Ed25519,
            key,
        })
    }

    pub fn name(&self) -> &str {
        &self.name
    }

    pub const fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// The id, with which its signatures begin.
    pub fn id(&self) -> [u8; 4] {
        id(&self.name, self.algorithm, self.key.as_bytes())
    }

    pub fn public_key_bytes(&self) -> &[u8; 32] {
        self.key.as_bytes()
    }

    /// Whether it signed these bytes.
    pub(super) fn has_signed(&self, message: &[u8], signature: &[u8; 64]) -> bool {
        let signature = ed25519_dalek::Signature::from_bytes(signature);
        self.key.verify_strict(message, &signature).is_ok()
    }
}

impl fmt::Display for VerifierKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut bytes = vec![self.algorithm.byte()];
        bytes.extend_from_slice(self.key.as_bytes());
        let (hash, data) = (hex(self.id()), STANDARD.encode(bytes));
        write!(f, "{}+{hash}+{data}", self.name)
    }
}

impl fmt::Debug for VerifierKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for VerifierKey {
    type Err = KeyError;

    fn from_str(text: &str) -> Result<Self, KeyError> {
        let (name, hash, algorithm, bytes) = parts(text)?;
        let key = ed25519_dalek::VerifyingKey::from_bytes(&bytes).map_err(|_| KeyError::Bytes)?;
        let key = Self {
            name: name.to_owned(),
            algorithm,
            key,
        };
        if hex(key.id()) == hash {
            Ok(key)
        } else {
            Err(KeyError::Hash)
        }
    }
}

/// A key that signs. Only [`SigningKey::to_text`] writes its secret.
#[derive(Clone)]
pub struct SigningKey {
    name: String,
    algorithm: Algorithm,
    key: ed25519_dalek::SigningKey,
}

impl SigningKey {
    /// The key of a register, from its name and 32 random bytes.
    pub fn new(name: &str, seed: [u8; 32]) -> Result<Self, KeyError> {
        Self::of(name, Algorithm::Ed25519, seed)
    }

    pub fn witness(name: &str, seed: [u8; 32]) -> Result<Self, KeyError> {
        Self::of(name, Algorithm::Cosignature, seed)
    }

    pub fn of(name: &str, algorithm: Algorithm, seed: [u8; 32]) -> Result<Self, KeyError> {
        if !is_name(name) {
            return Err(KeyError::Name);
        }
        Ok(Self {
            name: name.to_owned(),
            algorithm,
            key: ed25519_dalek::SigningKey::from_bytes(&seed),
        })
    }

    pub fn name(&self) -> &str {
        &self.name
    }

    pub const fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// The key that verifies what this one signs.
    pub fn verifier(&self) -> VerifierKey {
        VerifierKey {
            name: self.name.clone(),
            algorithm: self.algorithm,
            key: self.key.verifying_key(),
        }
    }

    /// The key as text, with its secret.
    pub fn to_text(&self) -> String {
        let mut bytes = vec![self.algorithm.byte()];
        bytes.extend_from_slice(self.key.as_bytes());
        let (hash, data) = (hex(self.verifier().id()), STANDARD.encode(bytes));
        format!("{SECRET}{}+{hash}+{data}", self.name)
    }

    /// A secret for one purpose, which reveals nothing of the key: HMAC-SHA256 of the
    /// purpose under the secret.
    pub fn derive_secret(&self, purpose: &str) -> DerivedSecret {
        let key = DerivedSecret::new(self.key.to_bytes());
        let secret = key.mac().chain_update(purpose).finalize();
        DerivedSecret::new(secret.into_bytes().into())
    }

    pub(super) fn signature(&self, message: &[u8]) -> [u8; 64] {
        self.key.sign(message).to_bytes()
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SigningKey({})", self.verifier())
    }
}

impl FromStr for SigningKey {
    type Err = KeyError;

    fn from_str(text: &str) -> Result<Self, KeyError> {
        let text = text.strip_prefix(SECRET).ok_or(KeyError::Form)?;
        let (name, hash, algorithm, seed) = parts(text)?;
        let key = Self::of(name, algorithm, seed)?;
        if hex(key.verifier().id()) == hash {
            Ok(key)
        } else {
            Err(KeyError::Hash)
        }
    }
}
