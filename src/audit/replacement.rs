//! The replacement of a key: what the old key says of the new one.
//!
//! The statement is a checkpoint of the log just before the entry that holds it,
//! with two lines more, signed by both keys. So it is bound to a register and to
//! a place in it, and any tool that reads checkpoints reads it.

use crate::audit::checkpoint::{Checkpoint, SignedCheckpoint};
use crate::audit::key::{SigningKey, VerifierKey};
use crate::audit::merkle::Hash;

const REPLACED: &str = "minutebook-key-replaced ";
const KEY: &str = "minutebook-key ";

/// A replacement that checks out.
#[derive(Debug, Clone)]
pub struct Replacement {
    /// The key that signed until then.
    pub old: VerifierKey,
    /// The key that signs from there on.
    pub new: VerifierKey,
    /// How many entries came before.
    pub size: u64,
    /// The root of those.
    pub root: Hash,
}

/// Why a statement replaces no key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReplacementError {
    /// It is no signed checkpoint.
    #[error("the statement is no signed checkpoint: {0}")]
    Malformed(String),
    /// It does not name the keys.
    #[error("the statement does not name the old key and the new one")]
    Keys,
    /// One of them did not sign it.
    #[error("the statement is not signed by {key}: {why}")]
    Unsigned {
        /// The key.
        key: String,
        /// Why.
        why: String,
    },
}

/// What the old key states of the new one, signed by both.
pub fn statement(old: &SigningKey, new: &SigningKey, size: u64, root: Hash) -> String {
    let checkpoint = Checkpoint {
        origin: old.name().to_owned(),
        size,
        root,
        extensions: vec![
            format!("{REPLACED}{}", old.verifier()),
            format!("{KEY}{}", new.verifier()),
        ],
    };
    let mut note = checkpoint.sign(old);
    note.sign(new);
    note.to_string()
}

/// Reads a statement, and checks that both keys signed it.
pub fn read(statement: &str) -> Result<Replacement, ReplacementError> {
    let signed = SignedCheckpoint::parse(statement)
        .map_err(|error| ReplacementError::Malformed(error.to_string()))?;
    let checkpoint = &signed.checkpoint;
    let [old, new] = checkpoint.extensions.as_slice() else {
        return Err(ReplacementError::Keys);
    };
    let key = |line: &str, what: &str| -> Option<VerifierKey> {
        let key: VerifierKey = line.strip_prefix(what)?.parse().ok()?;
        (key.name() == checkpoint.origin).then_some(key)
    };
    let (Some(old), Some(new)) = (key(old, REPLACED), key(new, KEY)) else {
        return Err(ReplacementError::Keys);
    };
    for key in [&old, &new] {
        signed
            .note
            .verify(key)
            .map_err(|error| ReplacementError::Unsigned {
                key: key.to_string(),
                why: error.to_string(),
            })?;
    }
    Ok(Replacement {
        old,
        new,
        size: checkpoint.size,
        root: checkpoint.root,
    })
}
