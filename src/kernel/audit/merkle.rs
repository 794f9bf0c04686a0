//! The Merkle tree hash of RFC 6962 §2.1 with SHA-256.

use std::fmt;
use std::str::FromStr;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Hash([u8; 32]);

impl Hash {
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&STANDARD.encode(self.0))
    }
}

impl fmt::Debug for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a hash is 32 bytes in base64")]
pub struct HashError;

impl FromStr for Hash {
    type Err = HashError;

    fn from_str(text: &str) -> Result<Self, HashError> {
        let bytes = STANDARD.decode(text).map_err(|_| HashError)?;
        bytes.try_into().map(Self).map_err(|_| HashError)
    }
}

pub fn leaf_hash(entry: &[u8]) -> Hash {
    Hash(
        Sha256::new()
            .chain_update([0])
            .chain_update(entry)
            .finalize()
            .into(),
    )
}

/// The hash of two subtrees.
pub fn node_hash(left: &Hash, right: &Hash) -> Hash {
    let hash = Sha256::new()
        .chain_update([1])
        .chain_update(left.0)
        .chain_update(right.0);
    Hash(hash.finalize().into())
}

/// The root of a tree without entries.
pub fn empty_root() -> Hash {
    Hash(Sha256::digest([]).into())
}

/// A store of the hashes of complete subtrees.
pub trait Subtrees {
    type Error;

    /// The hash of the complete subtree over 2^`level` entries that is the
    /// `index`th of its level, counted from 0.
    fn subtree(&self, level: u8, index: u64) -> Result<Hash, Self::Error>;
}

/// The right edge of a tree: enough to add entries and to know the root, in 32 bytes a
/// level.
///
/// # Examples
///
/// ```
/// use minutebook_kernel::audit::merkle::{Frontier, empty_root, leaf_hash, node_hash};
///
/// let mut tree = Frontier::new();
/// assert_eq!(tree.root(), empty_root());
/// for entry in [b"one".as_slice(), b"two", b"three"] {
///     tree.push(leaf_hash(entry));
/// }
/// let first_two = node_hash(&leaf_hash(b"one"), &leaf_hash(b"two"));
/// assert_eq!(tree.size(), 3);
/// assert_eq!(tree.root(), node_hash(&first_two, &leaf_hash(b"three")));
/// ```
#[derive(Debug, Clone, Default)]
pub struct Frontier {
    size: u64,
    /// The complete subtrees, the largest first.
    edge: Vec<Hash>,
}

impl Frontier {
    /// A tree without entries.
    pub fn new() -> Self {
        Self::default()
    }

    /// Reads the right edge of a tree from its complete subtrees.
    pub fn of<S: Subtrees>(size: u64, subtrees: &S) -> Result<Self, S::Error> {
        let mut edge = Vec::new();
        let mut start = 0;
        for level in (0..64_u8).rev().filter(|level| size >> level & 1 == 1) {
            edge.push(subtrees.subtree(level, start >> level)?);
            start += 1 << level;
        }
        Ok(Self { size, edge })
    }

    pub const fn size(&self) -> u64 {
        self.size
    }

    /// Adds an entry's hash.
    pub fn push(&mut self, leaf: Hash) {
        self.push_with(leaf, &mut |_, _, _| {});
    }

    /// Adds an entry's hash, and shows every complete subtree that it finishes,
    /// itself first: level, number, hash.
    pub fn push_with(&mut self, leaf: Hash, finished: &mut impl FnMut(u8, u64, Hash)) {
        let mut hash = leaf;
        let (mut level, mut index) = (0, self.size);
        finished(level, index, hash);
        while index & 1 == 1 {
            let Some(left) = self.edge.pop() else { break };
            hash = node_hash(&left, &hash);
            level += 1;
            index >>= 1;
            finished(level, index, hash);
        }
        self.edge.push(hash);
        self.size += 1;
    }

    pub fn root(&self) -> Hash {
        let mut edge = self.edge.iter().rev();
        match edge.next() {
            Some(last) => edge.fold(*last, |right, left| node_hash(left, &right)),
            None => empty_root(),
        }
    }
}
