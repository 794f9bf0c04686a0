//! Why the writer stopped.

use crate::log;
use minutebook_domain::ids::Position;

/// Why the writer accepts no more requests. It stays so until a restart.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WriterStopped {
    /// The server is stopping.
    #[error("the server is stopping")]
    Asked,
    #[error(transparent)]
    Log(#[from] log::LogStopped),
    /// The log does not end where the writer left it: something else writes to it.
    #[error("the log ends at position {actual}, and the writer left it at {expected}")]
    Diverged {
        expected: Position,
        actual: Position,
    },
    #[error("a fault in the program ended the writer")]
    Panicked,
}
