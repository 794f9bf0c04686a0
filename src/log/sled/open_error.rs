//! Why a store cannot be opened, and what to do about it.
//!
//! Opening is where an operator meets trouble, so each of these sentences ends
//! in a remedy. A refusal is final for the moment and harmless for ever: it is
//! the same at the next try, and nothing has been served.

use std::io;
use std::path::{Path, PathBuf};

use super::super::Position;

/// Why a store cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// Another process, or this one, has it open.
    #[error(
        "{dir} is in use by another process: stop that one first",
        dir = dir.display()
    )]
    Locked {
        /// The directory.
        dir: PathBuf,
    },
    /// The directory is not empty and is not a store. Nothing was touched.
    #[error(
        "{dir} holds {found:?} and is not a Minutebook log: \
         name an empty directory, or one that does not exist yet",
        dir = dir.display()
    )]
    NotAStore {
        /// The directory.
        dir: PathBuf,
        /// Something that is in it.
        found: String,
    },
    /// The store was written in a format that this program does not know.
    #[error(
        "{dir} has log format {found}, and this program knows format {known}: \
         use the program version that wrote it, or a later one",
        dir = dir.display()
    )]
    UnknownFormat {
        /// The directory.
        dir: PathBuf,
        /// The format it has.
        found: u32,
        /// The format that is known.
        known: u32,
    },
    /// What is stored is not what was appended.
    #[error(
        "the log in {dir} is damaged: {what}; keep a copy of the directory, then restore it \
         from a backup or rebuild it from an export with `minutebook audit restore`",
        dir = dir.display()
    )]
    Damaged {
        /// The directory.
        dir: PathBuf,
        /// What is wrong.
        what: String,
    },
    /// The log ends before something that was acknowledged.
    #[error(
        "the log in {dir} ends at position {have}, but position {promised} was acknowledged: \
         entries are lost; keep a copy of the directory, then restore it from a backup or \
         rebuild it from an export with `minutebook audit restore`",
        dir = dir.display()
    )]
    LostEntries {
        /// The directory.
        dir: PathBuf,
        /// Where the log ends.
        have: Position,
        /// A position that was acknowledged.
        promised: Position,
    },
    /// The disk would not do as it was told.
    #[error("cannot {doing} {path}: check that the disk works and that the file may be accessed", path = path.display())]
    Io {
        /// What was tried.
        doing: &'static str,
        /// On which file.
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
}

impl OpenError {
    /// The error of an operation on one file.
    pub(super) fn io(doing: &'static str, path: &Path, source: io::Error) -> OpenError {
        OpenError::Io {
            doing,
            path: path.to_owned(),
            source,
        }
    }
}
