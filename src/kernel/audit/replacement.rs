//! The replacement of a key: a statement that the old key and the new one sign. Where the
//! old key is lost, only the new one signs, and the statement says so.
//!
//! The statement is a checkpoint of the log just before the entry that holds it, with
//! two more lines. So it is bound to a register and to a position in it, and any tool
//! that reads checkpoints can read it.

use crate::audit::checkpoint::{Checkpoint, SignedCheckpoint};
use crate::audit::key::{SigningKey, VerifierKey};
use crate::audit::merkle::Hash;

const REPLACED: &str = "minutebook-key-replaced ";
const LOST: &str = "minutebook-key-lost ";
const KEY: &str = "minutebook-key ";

/// A replacement whose signatures were checked.
#[derive(Debug, Clone)]
pub struct KeyReplacement {
    /// The key that signed before.
    pub old: VerifierKey,
    /// The key that signs from that entry on.
    pub new: VerifierKey,
    /// How many entries the log had at the replacement.
    pub size: u64,
    pub root: Hash,
    /// Whether the old key was lost, and did not sign: who trusts the old key cannot
    /// trust the new one for it.
    pub is_lost: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReplacementError {
    #[error("the statement is not a signed checkpoint: {0}")]
    Malformed(String),
    #[error("the statement does not name the old key and the new one")]
    Keys,
    #[error("the statement is not signed by {key}: {why}")]
    Unsigned { key: String, why: String },
}

/// The statement that replaces the old key by the new one, to be signed by both.
pub fn unsigned(old: &VerifierKey, new: &VerifierKey, size: u64, root: Hash) -> Checkpoint {
    Checkpoint {
        origin: old.name().to_owned(),
        size,
        root,
        extensions: vec![format!("{REPLACED}{old}"), format!("{KEY}{new}")],
    }
}

/// The statement that the old key is lost and the new one signs from now on, to be signed by
/// the new one.
pub fn unsigned_lost(old: &VerifierKey, new: &VerifierKey, size: u64, root: Hash) -> Checkpoint {
    Checkpoint {
        origin: new.name().to_owned(),
        size,
        root,
        extensions: vec![format!("{LOST}{old}"), format!("{KEY}{new}")],
    }
}

/// The statement that replaces the old key by the new one, signed by both.
pub fn statement(old: &SigningKey, new: &SigningKey, size: u64, root: Hash) -> String {
    let mut note = unsigned(&old.verifier(), &new.verifier(), size, root).sign(old);
    note.sign(new);
    note.to_string()
}

/// The statement that the old key is lost and the new one signs from now on, signed by
/// the new one.
pub fn lost_statement(old: &VerifierKey, new: &SigningKey, size: u64, root: Hash) -> String {
    unsigned_lost(old, &new.verifier(), size, root)
        .sign(new)
        .to_string()
}

/// Reads a statement, and checks that both keys signed it, or only the new one where the
/// old one is lost.
pub fn read(statement: &str) -> Result<KeyReplacement, ReplacementError> {
    let signed = SignedCheckpoint::parse(statement)
        .map_err(|error| ReplacementError::Malformed(error.to_string()))?;
    let checkpoint = &signed.checkpoint;
    let [old, new] = checkpoint.extensions.as_slice() else {
        return Err(ReplacementError::Keys);
    };
    let key = |line: &str, prefix: &str| -> Option<VerifierKey> {
        let key: VerifierKey = line.strip_prefix(prefix)?.parse().ok()?;
        (key.name() == checkpoint.origin).then_some(key)
    };
    let is_lost = old.starts_with(LOST);
    let prefix = if is_lost { LOST } else { REPLACED };
    let (Some(old), Some(new)) = (key(old, prefix), key(new, KEY)) else {
        return Err(ReplacementError::Keys);
    };
    for key in [&old, &new].into_iter().skip(usize::from(is_lost)) {
        signed
            .note
            .verify(key)
            .map_err(|error| ReplacementError::Unsigned {
                key: key.to_string(),
                why: error.to_string(),
            })?;
    }
    Ok(KeyReplacement {
        old,
        new,
        size: checkpoint.size,
        root: checkpoint.root,
        is_lost,
    })
}
