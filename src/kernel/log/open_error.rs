//! Why a log cannot be opened, and the remedy.
//!
//! An operator who starts a server meets these first, so each sentence ends in a
//! remedy. A refusal is final for the moment and does no harm: the next try
//! answers the same, and nothing has been served.

use std::error::Error as StdError;

use super::Position;

/// Why a log cannot be opened. `place` is where the log is: see
/// [`Engine::place`](super::Engine::place).
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// There is no log, and the caller did not want one to be made.
    #[error(
        "there is no store in {place}: serve makes one, and --data names the directory of another"
    )]
    Missing { place: String },
    /// Another process, or this one, has it open.
    #[error("{place} is in use by another process: stop that one first")]
    Locked { place: String },
    /// The place has something else in it, which was not touched.
    #[error(
        "{place} holds {found:?} and is not a Minutebook log: \
         name an empty place, or one that does not exist yet"
    )]
    NotAStore { place: String, found: String },
    /// The log was written in a format that this program does not know.
    #[error(
        "{place} has log format {found}, and this program knows format {known}: \
         use the program version that wrote it, or a later one"
    )]
    UnknownFormat {
        place: String,
        found: u32,
        known: u32,
    },
    /// The stored bytes are not those that were appended.
    #[error(
        "the log in {place} is damaged: {what}; keep a copy of it, then restore it \
         from a backup or rebuild it from an export with `minutebook audit restore`"
    )]
    Damaged { place: String, what: String },
    /// The log ends at `have`, before `promised`, which was acknowledged.
    #[error(
        "the log in {place} ends at position {have}, but position {promised} was acknowledged: \
         entries are lost; keep a copy of it, then restore it from a backup or \
         rebuild it from an export with `minutebook audit restore`"
    )]
    LostEntries {
        place: String,
        have: Position,
        promised: Position,
    },
    /// The storage did not do as it was asked: a disk or a network failed, or a
    /// permission is missing.
    #[error("cannot {step}: {remedy}")]
    Storage {
        /// The step that failed: "open" and the path of a file, for example.
        step: String,
        remedy: &'static str,
        source: Box<dyn StdError + Send + Sync>,
    },
}

impl OpenError {
    /// Whether the log was read, and found to be wrong. Every other error says only
    /// that it could not be read.
    pub const fn is_finding(&self) -> bool {
        match self {
            Self::Damaged { .. } | Self::LostEntries { .. } => true,
            Self::Missing { .. }
            | Self::Locked { .. }
            | Self::NotAStore { .. }
            | Self::UnknownFormat { .. }
            | Self::Storage { .. } => false,
        }
    }
}
