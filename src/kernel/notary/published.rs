//! The checkpoint that was published last, on disk.
//!
//! It is a promise to outsiders, so it is synced before it is published, and the log
//! is compared with it at every start.

use std::io;
use std::path::{Path, PathBuf};

use crate::audit::checkpoint::SignedCheckpoint;
use crate::audit::key::{KeyError, VerifierKey};
use crate::durable_file::{self, DurableFileError};

const WITNESSES: &str = "witness-keys";
const VERIFIER: &str = "verifier-key";

#[derive(Debug)]
pub struct CheckpointFile {
    path: PathBuf,
}

impl CheckpointFile {
    pub fn new(dir: &Path) -> Self {
        Self {
            path: dir.join("checkpoint"),
        }
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The checkpoint that was published last, if any.
    pub fn read(&self) -> io::Result<Option<SignedCheckpoint>> {
        let Some(text) = read_text(&self.path)? else {
            return Ok(None);
        };
        let parsed = SignedCheckpoint::parse(&text);
        parsed
            .map(Some)
            .map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error.to_string()))
    }

    /// The keys of every witness that this register ever used.
    pub fn witnesses(&self) -> io::Result<Vec<VerifierKey>> {
        let Some(text) = read_text(&self.path.with_file_name(WITNESSES))? else {
            return Ok(Vec::new());
        };
        let keys: Result<_, _> = text.lines().map(str::parse).collect();
        keys.map_err(|error: KeyError| {
            let what = format!("{WITNESSES}: {error}");
            io::Error::new(io::ErrorKind::InvalidData, what)
        })
    }

    /// Adds these keys to the stored keys of witnesses, durably.
    pub fn add_witnesses(&self, witnesses: &[VerifierKey]) -> io::Result<()> {
        let mut keys = self.witnesses()?;
        let before = keys.len();
        for key in witnesses {
            if !keys.contains(key) {
                keys.push(key.clone());
            }
        }
        if keys.len() == before {
            return Ok(());
        }
        let text: String = keys.iter().map(|key| format!("{key}\n")).collect();
        durable_file::replace(&self.path.with_file_name(WITNESSES), text.as_bytes())?;
        Ok(())
    }

    /// The key that verifies the checkpoints. It is public, and is kept beside
    /// the private key so that the log can be verified without that one.
    pub fn verifier(&self) -> io::Result<Option<VerifierKey>> {
        let Some(text) = read_text(&self.path.with_file_name(VERIFIER))? else {
            return Ok(None);
        };
        let key = text.trim_end().parse();
        key.map(Some).map_err(|error: KeyError| {
            let what = format!("{VERIFIER}: {error}");
            io::Error::new(io::ErrorKind::InvalidData, what)
        })
    }

    /// Stores the key that verifies the checkpoints, durably, if it is another.
    pub fn store_verifier(&self, key: &VerifierKey) -> io::Result<()> {
        if self
            .verifier()
            .is_ok_and(|stored| stored.as_ref() == Some(key))
        {
            return Ok(());
        }
        let path = self.path.with_file_name(VERIFIER);
        durable_file::replace(&path, format!("{key}\n").as_bytes())?;
        Ok(())
    }

    /// Stores a checkpoint durably, before it is published.
    pub fn store(&self, checkpoint: &SignedCheckpoint) -> Result<(), DurableFileError> {
        durable_file::replace(&self.path, checkpoint.note.to_string().as_bytes())
    }
}

/// The text of a file; `None` if there is none.
fn read_text(path: &Path) -> io::Result<Option<String>> {
    let bytes = match durable_file::read(path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    let text = String::from_utf8(bytes);
    text.map(Some)
        .map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))
}
