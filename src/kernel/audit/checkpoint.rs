//! Checkpoints: the number of entries of a log and their root, as C2SP
//! tlog-checkpoint specifies.
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

/// A statement that the log `origin` has `size` entries with this root.
///
/// # Examples
///
/// ```
/// use minutebook_kernel::audit::checkpoint::{Checkpoint, SignedCheckpoint};
/// use minutebook_kernel::audit::key::SigningKey;
/// use minutebook_kernel::audit::merkle::empty_root;
///
/// // A real key is made from 32 random bytes.
/// let key = SigningKey::new("example.org/register", [7; 32])?;
/// let checkpoint = Checkpoint {
///     origin: key.name().to_owned(),
///     size: 0,
///     root: empty_root(),
///     extensions: Vec::new(),
/// };
/// let note = checkpoint.sign(&key).to_string();
///
/// // Another party reads the text, and verifies it with the public key.
/// let signed = SignedCheckpoint::parse(&note)?;
/// signed.note.verify(&key.verifier())?;
/// assert_eq!(signed.checkpoint, checkpoint);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    pub origin: String,
    pub size: u64,
    pub root: Hash,
    /// Further lines, whose meaning the origin defines.
    pub extensions: Vec<String>,
}

/// Why a text is not a checkpoint.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CheckpointError {
    #[error(transparent)]
    Note(#[from] NoteError),
    /// A line is missing, empty or without a line end.
    #[error("a checkpoint is an origin, a size and a root, each on a line")]
    Form,
    #[error("the size of a checkpoint is a number in decimal without leading zeros")]
    Size,
    #[error("the root of a checkpoint is 32 bytes in base64")]
    Root,
}

impl Checkpoint {
    /// Reads the text strictly: only text that `Display` would write again byte for
    /// byte.
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

    /// Signs the checkpoint as a note.
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

/// A checkpoint and the note that signs it, read and **not yet verified**.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedCheckpoint {
    pub checkpoint: Checkpoint,
    pub note: Note,
}

impl SignedCheckpoint {
    pub fn parse(text: &str) -> Result<Self, CheckpointError> {
        let note = Note::parse(text)?;
        let checkpoint = Checkpoint::parse(note.text())?;
        Ok(Self { checkpoint, note })
    }
}
