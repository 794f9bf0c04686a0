//! Why an append failed, and why a log accepts no more appends.

use std::error::Error as StdError;
use std::time::Duration;

use super::Position;

/// Why an append did not succeed.
#[derive(Debug, thiserror::Error)]
pub enum AppendError {
    /// The log does not end where the caller expected. Nothing was written.
    #[error("the log ends at position {actual}, not at {expected}: nothing was appended")]
    Conflict {
        expected: Position,
        actual: Position,
    },
    /// The disk is nearly full. Nothing was written. Both numbers are bytes.
    #[error(
        "the disk has {available} bytes left and an append needs {needed} in reserve: \
         nothing was appended; make space and try again"
    )]
    NoSpace { available: u64, needed: u64 },
    /// The batch, `first` to `last`, may or may not be durable. The appender has
    /// stopped.
    #[error(
        "it is not known whether positions {first} to {last} were made durable: \
         open the log again and look at its tail"
    )]
    OutcomeUnknown {
        first: Position,
        last: Position,
        source: Box<dyn StdError + Send + Sync>,
    },
    /// An earlier append ended without a known outcome. Nothing was written.
    #[error("the log takes no more appends until it is opened again: {reason}")]
    Stopped { reason: LogStopped },
}

/// Why a log takes no more appends. `after` and `at` are the last position that was
/// acknowledged.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LogStopped {
    /// An append failed half way.
    #[error("the append after position {after} ended without a known outcome: {what}")]
    OutcomeUnknown { after: Position, what: String },
    /// Making an append durable takes longer than a disk ever should.
    #[error("the append after position {after} has not come back for {waited:?}")]
    Stalled { after: Position, waited: Duration },
    /// The storage engine failed outside an append; it is not trusted with
    /// another write.
    #[error("the storage engine failed after position {after}: {what}")]
    Broken { after: Position, what: String },
    /// Everything acknowledged is durable, but the file that would prove a
    /// later loss could not be written.
    #[error("the durable mark of position {at} could not be written: {what}")]
    DurableMarkFailed { at: Position, what: String },
}
