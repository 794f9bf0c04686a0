//! The seal of a pack: a signed checkpoint, and each entry that the pack names with the proof
//! that it is in the tree of that checkpoint.

use minutebook_wire::entry;
use minutebook_wire::proto::{Entry, GetCheckpointResponse, GetInclusionProofResponse};

/// A signed checkpoint and the entries that are quoted from its log.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PackSeal {
    /// The C2SP signed note, byte for byte.
    pub checkpoint: String,
    /// The key that the register names as its own. To know who signed, compare it with the
    /// key that you were given.
    pub verifier_key: String,
    pub witness_keys: Vec<String>,
    /// By position.
    pub quotes: Vec<QuotedEntry>,
}

/// An entry and its proof.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QuotedEntry {
    pub position: u64,
    /// Its stored bytes; empty where the maker of the pack may not read it.
    pub record: Vec<u8>,
    /// SHA-256 over the byte 0x00 and the stored bytes.
    pub leaf_hash: Vec<u8>,
    /// The Merkle audit path, from the leaf up.
    pub proof: Vec<Vec<u8>>,
}

impl PackSeal {
    /// A checkpoint without entries.
    pub fn of(answer: GetCheckpointResponse) -> Self {
        Self {
            checkpoint: answer.checkpoint,
            verifier_key: answer.verifier_key,
            witness_keys: answer.witness_keys,
            quotes: Vec::new(),
        }
    }

    pub fn quote(&self, position: u64) -> Option<&QuotedEntry> {
        let found = self
            .quotes
            .binary_search_by_key(&position, |quote| quote.position);
        found.ok().and_then(|index| self.quotes.get(index))
    }

    /// The name of the register, the number of entries and their root, as the checkpoint
    /// says them; none if it is no checkpoint.
    pub fn lines(&self) -> Option<(&str, u64, &str)> {
        let mut lines = self.checkpoint.lines();
        let origin = lines.next()?;
        let size = lines.next()?.parse().ok()?;
        Some((origin, size, lines.next()?))
    }
}

impl From<GetInclusionProofResponse> for QuotedEntry {
    fn from(answer: GetInclusionProofResponse) -> Self {
        Self {
            position: answer.leaf_index.saturating_add(1),
            record: answer.record,
            leaf_hash: answer.leaf_hash,
            proof: answer.hashes,
        }
    }
}

impl QuotedEntry {
    /// The entry; none where it is withheld, or a later version wrote it.
    pub fn entry(&self) -> Option<Entry> {
        entry::message(&self.record).ok()
    }
}
