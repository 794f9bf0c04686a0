//! Who signs checkpoints: a key in a file, or a program that has the key.

use std::io;

use super::PublishError;
use super::key_command::{KeyCommand, KeyCommandError};
use crate::audit::checkpoint::{Checkpoint, SignedCheckpoint};
use crate::audit::key::{SigningKey, VerifierKey};
use crate::audit::merkle::Hash;
use crate::audit::note::Note;

/// The signer of a register's checkpoints.
#[derive(Debug, Clone)]
pub enum CheckpointSigner {
    Key(SigningKey),
    Command(KeyCommand),
}

impl CheckpointSigner {
    /// The key by which its signatures are verified.
    pub fn verifier(&self) -> VerifierKey {
        match self {
            Self::Key(key) => key.verifier(),
            Self::Command(command) => command.verifier().clone(),
        }
    }

    /// Signs a note. A program may take its time: blocks.
    pub fn sign(&self, note: &mut Note) -> Result<(), KeyCommandError> {
        match self {
            Self::Key(key) => {
                note.sign(key);
                Ok(())
            }
            Self::Command(command) => command.sign(note),
        }
    }

    /// Signs a checkpoint. Blocks, where a program has the key.
    pub fn checkpoint(&self, size: u64, root: Hash) -> Result<SignedCheckpoint, KeyCommandError> {
        let checkpoint = Checkpoint {
            origin: self.verifier().name().to_owned(),
            size,
            root,
            extensions: Vec::new(),
        };
        let mut note = Note::new(checkpoint.to_string());
        self.sign(&mut note)?;
        Ok(SignedCheckpoint { checkpoint, note })
    }

    /// The same; a program does it beside the calls.
    pub(super) async fn checkpoint_aside(
        &self,
        size: u64,
        root: Hash,
    ) -> Result<SignedCheckpoint, PublishError> {
        match self {
            Self::Key(_) => Ok(self.checkpoint(size, root)?),
            Self::Command(_) => {
                let signer = self.clone();
                let signed = tokio::task::spawn_blocking(move || signer.checkpoint(size, root));
                Ok(signed.await.map_err(io::Error::other)??)
            }
        }
    }
}
