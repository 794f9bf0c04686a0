//! Why a read failed.

use std::error::Error as StdError;

use super::Position;

#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The stored bytes are not those that were appended. `position` is the first
    /// that cannot be trusted.
    #[error(
        "the log is damaged at position {position}: {what}; \
         restore it from a backup, or rebuild it from an export with `minutebook audit restore`"
    )]
    Damaged { position: Position, what: String },
    /// The storage did not answer. The record may be sound.
    #[error("position {position} cannot be read from storage")]
    Storage {
        position: Position,
        source: Box<dyn StdError + Send + Sync>,
    },
}
