//! The log, the published checkpoint and the key of a store, held against each other.
//!
//! A signature vouches for a log in the name of the register. None is made before it is
//! known that the log begins with the entries that were signed, and that the key is the
//! one that signed them or follows from it.

use std::path::Path;

use super::OfflineError;
use crate::archive::check::{Replaced, signing_key};
use crate::audit::checkpoint::SignedCheckpoint;
use crate::audit::key::{SigningKey, VerifierKey};
use crate::audit::merkle::{Frontier, Hash, empty_root, leaf_hash};
use crate::audit::replacement::{self, KeyReplacement};
use crate::log::Record;
use crate::notary::CheckpointFile;
use crate::notary::key::KeyFiles;
use crate::wire::entry::message;
use crate::wire::proto;

/// The leaf hash of a record, and the replacement of the key in it.
pub(super) struct Examined {
    leaf: Hash,
    replacement: Option<KeyReplacement>,
}

/// Hashes a record, and reads the replacement of the key in it, if it holds one.
pub(super) fn examine(record: &Record) -> Examined {
    let event = message(&record.bytes).ok().and_then(|entry| entry.event);
    let replacement = match event.and_then(|event| event.kind) {
        Some(proto::event::Kind::CheckpointKeyReplaced(event)) => {
            replacement::read(&event.statement).ok()
        }
        Some(_) | None => None,
    };
    Examined {
        leaf: leaf_hash(&record.bytes),
        replacement,
    }
}

/// A log as it is read, and the checkpoint that was published of it.
pub(super) struct SigningIdentity {
    tree: Frontier,
    replaced: Vec<Replaced>,
    published: Option<SignedCheckpoint>,
    /// The root at the size of that checkpoint, once the log is as long.
    root_at_published: Option<Hash>,
}

impl SigningIdentity {
    /// Begins with the published checkpoint in the notary's directory.
    pub fn read(dir: &Path) -> Result<Self, OfflineError> {
        let file = CheckpointFile::new(dir);
        let published = file.read().map_err(|source| OfflineError::File {
            path: file.path().to_owned(),
            source,
        })?;
        let is_empty = published.as_ref().is_some_and(|s| s.checkpoint.size == 0);
        Ok(Self {
            tree: Frontier::new(),
            replaced: Vec::new(),
            published,
            root_at_published: is_empty.then(empty_root),
        })
    }

    /// Adds the next record of the log.
    pub fn push(&mut self, examined: Examined) {
        let Examined { leaf, replacement } = examined;
        let last = self.replaced.last().map(|replaced| &replaced.new);
        if let Some(replacement) = replacement
            && replacement.size == self.tree.size()
            && replacement.root == self.tree.root()
            && last.is_none_or(|last| *last == replacement.old)
        {
            self.replaced.push(Replaced {
                position: replacement.size + 1,
                old: replacement.old,
                new: replacement.new,
            });
        }
        self.tree.push(leaf);
        let published = self.published.as_ref();
        if published.is_some_and(|signed| signed.checkpoint.size == self.tree.size()) {
            self.root_at_published = Some(self.tree.root());
        }
    }

    pub fn tree(&self) -> &Frontier {
        &self.tree
    }

    /// The key that signs the log now. One is made only for a log without entries and
    /// without a checkpoint: a new key could not replace the one that others trust.
    pub fn signing_key(&self, files: &KeyFiles) -> Result<SigningKey, OfflineError> {
        let Some(key) = files.read()? else {
            return match &self.published {
                Some(signed) => Err(OfflineError::NoKey {
                    origin: signed.checkpoint.origin.clone(),
                }),
                None if self.tree.size() > 0 => Err(OfflineError::NoKeyForEntries),
                None => Ok(files.open(None)?),
            };
        };
        let key = match self.named_now() {
            Some(named) if key.verifier() != *named => {
                // A replacement is recorded before the file of the key is replaced.
                let prepared = files.prepared()?.filter(|next| next.verifier() == *named);
                prepared.ok_or_else(|| OfflineError::OtherKey {
                    key: key.verifier().to_string(),
                    why: format!("the log names {named} as the key of its checkpoints"),
                })?
            }
            Some(_) | None => key,
        };
        self.require_signed_by(&key)?;
        Ok(key)
    }

    /// The key that the entries name as the one that signs now.
    fn named_now(&self) -> Option<&VerifierKey> {
        self.replaced.last().map(|replaced| &replaced.new)
    }

    /// Requires that the log begins with the published checkpoint, and that this key or
    /// one that it follows signed that.
    fn require_signed_by(&self, key: &SigningKey) -> Result<(), OfflineError> {
        let Some(signed) = &self.published else {
            return Ok(());
        };
        let (size, origin) = (signed.checkpoint.size, &signed.checkpoint.origin);
        if key.name() != origin {
            return Err(OfflineError::NoKey {
                origin: origin.clone(),
            });
        }
        let verifier = key.verifier();
        let signer = signing_key(&self.replaced, size).unwrap_or(&verifier);
        signed
            .note
            .verify(signer)
            .map_err(|error| OfflineError::OtherKey {
                key: verifier.to_string(),
                why: error.to_string(),
            })?;
        let other = |what: String| Err(OfflineError::OtherLog { what });
        match self.root_at_published {
            Some(root) if root == signed.checkpoint.root => Ok(()),
            Some(_) => other(format!(
                "its first {size} entries have another root than was signed"
            )),
            None => other(format!(
                "it was signed with {size} entries, and the log has {}",
                self.tree.size()
            )),
        }
    }
}
