//! Checkpoints: how many entries a log has and what their root is, as C2SP
//! tlog-checkpoint has them.
//!
//! ```text
//! origin
//! size, in decimal
//! root, in base64
//! extension lines, if any
//! ```

use std::fmt;

use super::key::SigningKey;
use super::merkle::Hash;
use super::note::{Note, NoteError};

/// A checkpoint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    /// Which log.
    pub origin: String,
    /// How many entries.
    pub size: u64,
    /// Their root.
    pub root: Hash,
    /// Lines with a meaning of their own.
    pub extensions: Vec<String>,
}

/// Why something is no checkpoint.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CheckpointError {
    /// No note.
    #[error(transparent)]
    Note(#[from] NoteError),
    /// A line is missing, empty or not ended.
    #[error("a checkpoint is an origin, a size and a root, each on a line")]
    Form,
    /// Not a size.
    #[error("the size of a checkpoint is a number in decimal without leading zeros")]
    Size,
    /// Not a root.
    #[error("the root of a checkpoint is 32 bytes in base64")]
    Root,
}

impl Checkpoint {
    /// Reads the text strictly: what is read is written again byte for byte.
    pub fn parse(text: &str) -> Result<Self, CheckpointError> {
        let text = text.strip_suffix('\n').ok_or(CheckpointError::Form)?;
        let mut lines = text.split('\n');
        let mut line = || lines.next().filter(|line| !line.is_empty());
        let (origin, size, root) = line()
            .and_then(|origin| Some((origin, line()?, line()?)))
            .ok_or(CheckpointError::Form)?;
        let parsed: u64 = size.parse().map_err(|_| CheckpointError::Size)?;
        if parsed.to_string() != size {
            return Err(CheckpointError::Size);
        }
        let extensions: Vec<String> = lines.map(ToOwned::to_owned).collect();
        if extensions.iter().any(String::is_empty) {
            return Err(CheckpointError::Form);
        }
        Ok(Self {
            origin: origin.to_owned(),
            size: parsed,
            root: root.parse().map_err(|_| CheckpointError::Root)?,
            extensions,
        })
    }

    /// The checkpoint as a note that a key signed.
    pub fn sign(&self, key: &SigningKey) -> Note {
        let mut note = Note::new(self.to_string());
        note.sign(key);
        note
    }
}

impl fmt::Display for Checkpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}\n{}\n{}", self.origin, self.size, self.root)?;
        self.extensions
            .iter()
            .try_for_each(|line| writeln!(f, "{line}"))
    }
}

/// A checkpoint, and the note that signs it. Read, and not yet verified.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedCheckpoint {
    /// What it says.
    pub checkpoint: Checkpoint,
    /// How it was signed.
    pub note: Note,
}

impl SignedCheckpoint {
    /// Reads a signed checkpoint.
    pub fn parse(text: &str) -> Result<Self, CheckpointError> {
        let note = Note::parse(text)?;
        let checkpoint = Checkpoint::parse(note.text())?;
        Ok(Self { checkpoint, note })
    }
}
