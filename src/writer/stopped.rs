//! Why the writer takes nothing more.

use crate::domain::ids::Position;
use crate::log;

/// Why the writer takes nothing more. None of these passes before a restart.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WriterStopped {
    /// It was asked to: the server is stopping.
    #[error("the server is stopping")]
    Asked,
    /// The log failed.
    #[error(transparent)]
    Log(#[from] log::LogStopped),
    /// The log does not end where the writer left it: somebody else writes to it.
    #[error("the log ends at position {actual}, and the writer left it at {expected}")]
    Diverged {
        /// Where the writer left it.
        expected: Position,
        /// Where it ends.
        actual: Position,
    },
    /// A fault in this program.
    #[error("a fault in the program ended the writer")]
    Panicked,
}
