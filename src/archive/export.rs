//! An export: records of the log, put into an archive.

use std::collections::BTreeSet;

use super::contents::{Contents, Damaged, ExpectedFile};
use super::folder::{self, FileError, Folder};
use crate::audit::checkpoint::{Checkpoint, CheckpointError, SignedCheckpoint};
use crate::audit::key::VerifierKey;
use crate::audit::merkle::Hash;
use crate::durable_file::UnsyncedFile;
use crate::wire::entry::{EntryDecodeError, message};

/// How many files are written before they are synced.
const UNSYNCED_MAX: usize = 64;

/// An export under way.
#[derive(Debug)]
pub struct Export {
    folder: Folder,
    /// What the export before ended with.
    before: Option<Checkpoint>,
    contents: Contents,
    unsynced: Vec<UnsyncedFile>,
    written: BTreeSet<String>,
    /// What is put in place of files of the export before, at the end.
    staged: BTreeSet<String>,
}

/// Why an export does not go on. What was there before is there still, with its
/// checkpoint; the next export goes on from there.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// A file cannot be read or written.
    #[error(transparent)]
    File(#[from] FileError),
    /// There is something else in the folder.
    #[error(
        "{0} is not empty, and not an archive: name an empty folder, or one that was exported to before"
    )]
    Foreign(String),
    /// The checkpoint that is there is none.
    #[error(
        "the checkpoint in the folder cannot be read: {0}; check the folder with audit verify, or export to an empty one"
    )]
    Checkpoint(CheckpointError),
    /// What is there cannot be added to.
    #[error(
        "what was exported before is damaged: {0}; check the folder with audit verify, or export to an empty one"
    )]
    Damaged(String),
    /// The folder is of another log, or of one that has lost entries since.
    #[error(
        "the folder has {has} entries of {origin}, and the log is another: {why}; export to an \
         empty folder, and keep this one: it may be the only proof"
    )]
    OtherLog {
        /// How many entries the folder has.
        has: u64,
        /// Which log they are of.
        origin: String,
        /// How it can be told.
        why: String,
    },
    /// A record that is not an entry.
    #[error("entry {position} cannot be read: {source}")]
    Record {
        /// Its position.
        position: u64,
        /// Why.
        source: EntryDecodeError,
    },
    /// What came does not make up what the checkpoint says.
    #[error(
        "the {size} entries that were sent have not the root of the checkpoint: the log was altered, \
         or not sent whole; nothing of it counts"
    )]
    Root {
        /// How many were sent.
        size: u64,
    },
}

impl Export {
    /// Begins, or goes on where the last export ended.
    pub fn open(folder: Folder) -> Result<Self, ExportError> {
        let before = before(&folder)?.map(|signed| signed.checkpoint);
        let contents = match &before {
            Some(checkpoint) => resumed(&folder, checkpoint)?,
            None if is_ours(&folder)? => Contents::default(),
            None => return Err(ExportError::Foreign(folder.path().display().to_string())),
        };
        Ok(Self {
            folder,
            before,
            contents,
            unsynced: Vec::new(),
            written: BTreeSet::new(),
            staged: BTreeSet::new(),
        })
    }

    /// How many entries are in the folder.
    pub const fn size(&self) -> u64 {
        self.contents.size()
    }

    /// The root of those.
    pub fn root(&self) -> Hash {
        self.contents.tree().root()
    }

    /// Demands that a log goes on from what is in the folder: that it has the same
    /// name, and no fewer entries. That it begins with the same entries is seen when
    /// it ends.
    pub fn follows(&self, checkpoint: &Checkpoint) -> Result<(), ExportError> {
        let Some(before) = &self.before else {
            return Ok(());
        };
        let why = if checkpoint.origin != before.origin {
            format!("it is called {}", checkpoint.origin)
        } else if checkpoint.size < before.size {
            format!("it has {} entries", checkpoint.size)
        } else {
            return Ok(());
        };
        Err(ExportError::OtherLog {
            has: before.size,
            origin: before.origin.clone(),
            why,
        })
    }

    /// Puts in the next record.
    pub fn push(&mut self, record: &[u8]) -> Result<(), ExportError> {
        let position = self.contents.size() + 1;
        let entry = message(record).map_err(|source| ExportError::Record { position, source })?;
        for made in self.contents.push(record, &entry) {
            self.write(&made)?;
        }
        Ok(())
    }

    fn write(&mut self, made: &ExpectedFile) -> Result<(), ExportError> {
        // What was exported before has to count until this export does.
        let file = if self.before.is_some() && self.folder.has(&made.file) {
            self.staged.insert(made.file.clone());
            self.folder.stage(&made.file, &made.bytes)?
        } else {
            self.folder.write(&made.file, &made.bytes)?
        };
        self.written.insert(made.file.clone());
        self.unsynced.push(file);
        if self.unsynced.len() >= UNSYNCED_MAX {
            self.sync()?;
        }
        Ok(())
    }

    fn sync(&mut self) -> Result<(), ExportError> {
        for file in self.unsynced.drain(..) {
            file.sync().map_err(FileError::from)?;
        }
        Ok(())
    }

    /// Ends: writes what is not full, and then the checkpoint, with which all of it
    /// counts. The key is the one that signed it; the witnesses' are of those who
    /// signed it too.
    pub fn finish(
        mut self,
        signed: &SignedCheckpoint,
        key: &str,
        witnesses: &[String],
    ) -> Result<(), ExportError> {
        let size = self.contents.size();
        let checkpoint = &signed.checkpoint;
        if checkpoint.size != size || checkpoint.root != self.contents.tree().root() {
            return Err(ExportError::Root { size });
        }
        for made in self.contents.rest() {
            self.write(&made)?;
        }
        self.write_text(folder::README, super::INSTRUCTIONS)?;
        self.write_text(folder::VERIFIER_KEY, &format!("{key}\n"))?;
        let mut expected = Contents::files(size);
        if !witnesses.is_empty() {
            let keys: String = witnesses.iter().map(|key| format!("{key}\n")).collect();
            self.write_text(folder::WITNESS_KEYS, &keys)?;
        } else if self.folder.read(folder::WITNESS_KEYS)?.is_some() {
            self.write_text(folder::WITNESS_KEYS, "")?;
        }
        let note = signed.note.to_string();
        let file = self.folder.stage(folder::CHECKPOINT, note.as_bytes())?;
        self.unsynced.push(file);
        self.sync()?;
        for file in &self.staged {
            self.folder.settle(file)?;
        }
        self.folder.sync_folders(self.written.iter())?;
        self.folder.settle(folder::CHECKPOINT)?;
        let checkpoint = folder::CHECKPOINT.to_owned();
        self.folder.sync_folders([&checkpoint].into_iter())?;
        expected.insert(checkpoint);
        self.folder.tidy(&expected)?;
        Ok(())
    }

    fn write_text(&mut self, file: &str, text: &str) -> Result<(), ExportError> {
        self.write(&ExpectedFile {
            file: file.to_owned(),
            bytes: text.as_bytes().to_vec(),
        })
    }
}

/// The checkpoint of the export before, if there was one.
pub fn before(folder: &Folder) -> Result<Option<SignedCheckpoint>, ExportError> {
    let Some(bytes) = folder.read(folder::CHECKPOINT)? else {
        return Ok(None);
    };
    let text = String::from_utf8_lossy(&bytes);
    let signed = SignedCheckpoint::parse(&text).map_err(ExportError::Checkpoint)?;
    Ok(Some(signed))
}

fn resumed(folder: &Folder, checkpoint: &Checkpoint) -> Result<Contents, ExportError> {
    let contents = Contents::resume(folder, checkpoint.size)
        .map_err(|error: Damaged| ExportError::Damaged(error.to_string()))?;
    if contents.tree().root() == checkpoint.root {
        Ok(contents)
    } else {
        let what = "the tiles do not have the root of the checkpoint".to_owned();
        Err(ExportError::Damaged(what))
    }
}

/// Whether the folder is empty, or holds what an export left that did not end.
fn is_ours(folder: &Folder) -> Result<bool, ExportError> {
    if !folder.path().exists() {
        return Ok(true);
    }
    for file in folder.files()? {
        let is_ours = match file.as_str() {
            // These come last, and the power may go before the checkpoint does.
            folder::README => holds(folder, &file, |text| {
                super::instructions().any(|whole| whole.starts_with(text))
            })?,
            folder::VERIFIER_KEY | folder::WITNESS_KEYS => holds(folder, &file, |text| {
                text.lines().all(|key| key.parse::<VerifierKey>().is_ok())
            })?,
            _ => {
                file.starts_with("tile/")
                    || file.starts_with("entries/")
                    || folder::is_staged(&file)
            }
        };
        if !is_ours {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Whether a file has a text of some sort.
fn holds(folder: &Folder, file: &str, is: impl Fn(&str) -> bool) -> Result<bool, ExportError> {
    let bytes = folder.read(file)?.unwrap_or_default();
    Ok(str::from_utf8(&bytes).is_ok_and(is))
}
