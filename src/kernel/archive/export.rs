//! An export: writes records of the log into an archive.

use std::collections::BTreeSet;

use super::contents::{Contents, Damaged, ExpectedFile};
use super::folder::{FileError, Folder};
use super::names::{self, is_content_of, is_of_archive, is_top_of_archive, unstaged};
use crate::audit::checkpoint::{Checkpoint, CheckpointError, SignedCheckpoint};
use crate::audit::key::VerifierKey;
use crate::audit::merkle::Hash;
use crate::audit::tile::Tile;
use crate::durable_file::UnsyncedFile;
use minutebook_wire::entry::{EntryDecodeError, message};

/// How many files are written before they are synced.
const UNSYNCED_MAX: usize = 64;

/// An export in progress.
#[derive(Debug)]
pub struct Export {
    folder: Folder,
    /// The checkpoint of the earlier export.
    earlier: Option<Checkpoint>,
    contents: Contents,
    unsynced: Vec<UnsyncedFile>,
    written: BTreeSet<String>,
    /// Staged files that replace files of the earlier export at the end.
    staged: BTreeSet<String>,
}

/// Why an export failed. The earlier export is still there, with its checkpoint, and
/// the next export continues after it.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    #[error(transparent)]
    File(#[from] FileError),
    /// The folder has files that are not of an archive.
    #[error("{0} is not empty, and not an archive: name an empty folder, or an archive")]
    Foreign(String),
    /// A file has the name of one of the archive, and another content.
    #[error(
        "{0} is in the folder, and is not what an export writes there; it was not touched: move it \
         away, or export to an empty folder"
    )]
    ForeignFile(String),
    /// The checkpoint in the folder cannot be read.
    #[error(
        "the checkpoint in the folder cannot be read: {0}; check the folder with audit verify, or export to an empty one"
    )]
    Checkpoint(CheckpointError),
    /// The earlier export is damaged.
    #[error(
        "the earlier export is damaged: {0}; check the folder with audit verify, or export to an empty one"
    )]
    Damaged(String),
    /// The folder is of another log, or of one that has lost entries since.
    #[error(
        "the folder has {has} entries of {origin}, and the log is another: {why}; export to an \
         empty folder, and keep this one: it may be the only proof"
    )]
    OtherLog {
        has: u64,
        origin: String,
        why: String,
    },
    #[error("entry {position} cannot be read: {source}")]
    Record {
        position: u64,
        source: EntryDecodeError,
    },
    /// The records do not have the root of the checkpoint.
    #[error(
        "the {size} entries that were sent do not have the root of the checkpoint: the log was altered, \
         or not sent whole; nothing of it counts"
    )]
    Root { size: u64 },
}

impl Export {
    /// Begins an archive, or continues after the last export.
    pub fn open(folder: Folder) -> Result<Self, ExportError> {
        let earlier = earlier_checkpoint(&folder)?.map(|signed| signed.checkpoint);
        let contents = match &earlier {
            Some(checkpoint) => resume(&folder, checkpoint)?,
            None => {
                require_no_foreign_file(&folder)?;
                Contents::default()
            }
        };
        Ok(Self {
            folder,
            earlier,
            contents,
            unsynced: Vec::new(),
            written: BTreeSet::new(),
            staged: BTreeSet::new(),
        })
    }

    pub const fn size(&self) -> u64 {
        self.contents.size()
    }

    pub fn root(&self) -> Hash {
        self.contents.tree().root()
    }

    /// Requires that a log continues the earlier export: that it has the same name,
    /// and no fewer entries. [`finish`](Self::finish) checks that it begins with the
    /// same entries.
    pub fn require_continues(&self, checkpoint: &Checkpoint) -> Result<(), ExportError> {
        let Some(earlier) = &self.earlier else {
            return Ok(());
        };
        let why = if checkpoint.origin != earlier.origin {
            format!("it is called {}", checkpoint.origin)
        } else if checkpoint.size < earlier.size {
            format!("it has {} entries", checkpoint.size)
        } else {
            return Ok(());
        };
        Err(ExportError::OtherLog {
            has: earlier.size,
            origin: earlier.origin.clone(),
            why,
        })
    }

    pub fn push(&mut self, record: &[u8]) -> Result<(), ExportError> {
        let position = self.contents.size() + 1;
        let entry = message(record).map_err(|source| ExportError::Record { position, source })?;
        for made in self.contents.push(record, &entry) {
            self.write(&made)?;
        }
        Ok(())
    }

    fn write(&mut self, made: &ExpectedFile) -> Result<(), ExportError> {
        let is_there = self.folder.has(&made.file)?;
        if is_there && !self.may_replace(made)? {
            return Err(ExportError::ForeignFile(made.file.clone()));
        }
        // The earlier export must verify until this one is complete.
        let file = if self.earlier.is_some() && is_there {
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

    /// Whether a file that is there may be replaced: it is of the earlier export, or
    /// has nothing that the new one does not have. Texts were read before.
    fn may_replace(&self, made: &ExpectedFile) -> Result<bool, ExportError> {
        let file = &made.file;
        let earlier = self.earlier.as_ref();
        if names::TEXTS.contains(&file.as_str())
            || earlier.is_some_and(|earlier| is_content_of(earlier.size, file))
        {
            return Ok(true);
        }
        let found = self.folder.read(file)?.unwrap_or_default();
        Ok(is_remnant(&found, &made.bytes))
    }

    /// Whether a file that the archive does not need is of an earlier export, whole or
    /// interrupted. A foreign file is none of these, whatever its name.
    fn is_leftover(&self, size: u64, file: &str) -> Result<bool, FileError> {
        if unstaged(file).is_some() {
            return Ok(true);
        }
        if names::TEXTS.contains(&file) || is_content_of(size, file) {
            return Ok(false);
        }
        if let Some(earlier) = &self.earlier
            && is_content_of(earlier.size, file)
        {
            return Ok(true);
        }
        let grown = file.parse().ok().and_then(|part: Tile| part.grown_to(size));
        let Some(grown) = grown else {
            return Ok(false);
        };
        let part = self.folder.read(file)?.unwrap_or_default();
        let whole = self.folder.read(&grown.to_string())?.unwrap_or_default();
        Ok(is_remnant(&part, &whole))
    }

    fn sync(&mut self) -> Result<(), ExportError> {
        for file in self.unsynced.drain(..) {
            file.sync().map_err(FileError::from)?;
        }
        Ok(())
    }

    /// Completes the export: writes the files that are not full, and the checkpoint
    /// last, which makes all of it valid. `key` signed it, and so did the keys in
    /// `witnesses`.
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
        self.write_text(names::README, super::INSTRUCTIONS)?;
        self.write_text(names::VERIFIER_KEY, &format!("{key}\n"))?;
        if !witnesses.is_empty() {
            let keys: String = witnesses.iter().map(|key| format!("{key}\n")).collect();
            self.write_text(names::WITNESS_KEYS, &keys)?;
        } else if self.folder.read(names::WITNESS_KEYS)?.is_some() {
            self.write_text(names::WITNESS_KEYS, "")?;
        }
        let note = signed.note.to_string();
        let file = self.folder.stage(names::CHECKPOINT, note.as_bytes())?;
        self.unsynced.push(file);
        self.sync()?;
        for file in &self.staged {
            self.folder.settle(file)?;
        }
        self.folder.sync_folders(self.written.iter())?;
        self.folder.settle(names::CHECKPOINT)?;
        let checkpoint = names::CHECKPOINT.to_owned();
        self.folder.sync_folders([&checkpoint].into_iter())?;
        self.folder.tidy(|file| self.is_leftover(size, file))?;
        Ok(())
    }

    fn write_text(&mut self, file: &str, text: &str) -> Result<(), ExportError> {
        self.write(&ExpectedFile {
            file: file.to_owned(),
            bytes: text.as_bytes().to_vec(),
        })
    }
}

/// The checkpoint of the earlier export, if there was one.
pub fn earlier_checkpoint(folder: &Folder) -> Result<Option<SignedCheckpoint>, ExportError> {
    let Some(bytes) = folder.read(names::CHECKPOINT)? else {
        return Ok(None);
    };
    let text = String::from_utf8_lossy(&bytes);
    let signed = SignedCheckpoint::parse(&text).map_err(ExportError::Checkpoint)?;
    Ok(Some(signed))
}

fn resume(folder: &Folder, checkpoint: &Checkpoint) -> Result<Contents, ExportError> {
    let contents = Contents::resume(folder, checkpoint.size).map_err(|error| match error {
        Damaged::File(error) => ExportError::File(error),
        Damaged::Missing(_) | Damaged::Tree => ExportError::Damaged(error.to_string()),
    })?;
    if contents.tree().root() == checkpoint.root {
        Ok(contents)
    } else {
        let what = "the tiles do not have the root of the checkpoint".to_owned();
        Err(ExportError::Damaged(what))
    }
}

/// Requires that the folder is empty, or has only files of an interrupted export.
fn require_no_foreign_file(folder: &Folder) -> Result<(), ExportError> {
    let foreign = || ExportError::Foreign(folder.path().display().to_string());
    // A folder of something else can be large: its files are not listed.
    let top = folder.top()?;
    if !top.iter().all(|(name, _)| is_top_of_archive(name)) {
        return Err(foreign());
    }
    for file in folder.files()? {
        folder.has(&file)?;
        let is_own = match file.as_str() {
            // These are written last, and a power cut can come before the checkpoint.
            names::README => text_satisfies(folder, &file, |text| {
                super::instructions().any(|whole| whole.starts_with(text))
            })?,
            names::VERIFIER_KEY | names::WITNESS_KEYS => text_satisfies(folder, &file, |text| {
                text.lines().all(|key| key.parse::<VerifierKey>().is_ok())
            })?,
            _ => is_of_archive(&file) || unstaged(&file).is_some(),
        };
        if !is_own {
            return Err(foreign());
        }
    }
    Ok(())
}

/// Whether a file has nothing but the beginning of what it should have. A power cut
/// leaves zeros where bytes were not yet written.
fn is_remnant(found: &[u8], expected: &[u8]) -> bool {
    let same = found
        .iter()
        .zip(expected)
        .take_while(|(is, to_be)| is == to_be);
    let rest = found.get(same.count()..).unwrap_or_default();
    found.len() <= expected.len() && rest.iter().all(|byte| *byte == 0)
}

/// Whether a file is text that satisfies `is`.
fn text_satisfies(
    folder: &Folder,
    file: &str,
    is: impl Fn(&str) -> bool,
) -> Result<bool, ExportError> {
    let bytes = folder.read(file)?.unwrap_or_default();
    Ok(str::from_utf8(&bytes).is_ok_and(is))
}
