//! The keys that signed for a log, in order, as its entries name them.

use crate::audit::checkpoint::SignedCheckpoint;
use crate::audit::key::VerifierKey;
use crate::audit::merkle::Hash;
use crate::audit::replacement::{self, ReplacementError};

/// The replacements of a log's key. Each statement is signed, and each replaces the key
/// that the one before it named.
#[derive(Debug, Clone, Default)]
pub struct KeyChain {
    keys: Vec<VerifierKey>,
    stated: Vec<StatedRoot>,
}

/// The log before a replacement, as its statement names it.
#[derive(Debug, Clone, Copy)]
pub struct StatedRoot {
    pub size: u64,
    pub root: Hash,
}

#[derive(Debug, thiserror::Error)]
pub enum KeyChainError {
    #[error(
        "the log has a replacement of its key that is not signed as it must be ({0}): the log was \
         altered; restore it from an export with `minutebook audit restore`"
    )]
    Statement(#[from] ReplacementError),
    #[error(
        "the log replaces {old}, and its key was {key} at that entry: the log was altered; restore \
         it from an export with `minutebook audit restore`"
    )]
    Broken { old: String, key: String },
}

impl KeyChain {
    /// Checks the statements of a log's replacements, in order.
    pub fn of<'a>(statements: impl IntoIterator<Item = &'a str>) -> Result<Self, KeyChainError> {
        let mut chain = Self::default();
        for statement in statements {
            let replaced = replacement::read(statement)?;
            match chain.keys.last() {
                None => chain.keys.push(replaced.old),
                Some(key) if *key == replaced.old => {}
                Some(key) => {
                    return Err(KeyChainError::Broken {
                        old: replaced.old.to_string(),
                        key: key.to_string(),
                    });
                }
            }
            chain.keys.push(replaced.new);
            chain.stated.push(StatedRoot {
                size: replaced.size,
                root: replaced.root,
            });
        }
        Ok(chain)
    }

    /// The key that the log names last; `None` if it names none.
    pub fn last(&self) -> Option<&VerifierKey> {
        self.keys.last()
    }

    /// The roots that the log must have had at the replacements, by their statements.
    pub fn stated_roots(&self) -> &[StatedRoot] {
        &self.stated
    }

    /// Whether this key, or an earlier one of the log, signed a checkpoint.
    pub fn has_signed(&self, key: &VerifierKey, signed: &SignedCheckpoint) -> bool {
        let keys = self.keys.iter().chain([key]);
        keys.into_iter()
            .any(|key| key.name() == signed.checkpoint.origin && signed.note.verify(key).is_ok())
    }
}
