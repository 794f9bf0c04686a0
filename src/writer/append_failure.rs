//! Why an append was not done, as far as it is known.

use jiff::Timestamp;

use super::stopped::WriterStopped;
use crate::domain::admit::{Finding, RevisionMismatch};
use crate::domain::ids::{Position, RequestId};
use crate::projection::EntryReadError;
use crate::wire::violation::FieldViolation;

/// Why an append was not done. Except where it says that this is unknown,
/// nothing of the request was recorded.
#[derive(Debug, thiserror::Error)]
pub enum AppendFailure {
    /// The request cannot be read.
    #[error("the request cannot be read")]
    Invalid(Vec<FieldViolation>),
    /// Subjects are not where the recorder took them to be.
    #[error("subjects are not at the revisions expected")]
    Stale(Vec<RevisionMismatch>),
    /// Rules are broken.
    #[error("rules are broken")]
    Rules(Vec<Finding>),
    /// The request id was used for something else.
    #[error("request {request} was recorded at position {first} with other content")]
    Reused {
        /// The request id.
        request: RequestId,
        /// The first entry it was used for.
        first: Position,
        /// When that was recorded.
        recorded_at: Timestamp,
    },
    /// More waits than is taken on.
    #[error("too many requests wait to be recorded")]
    Overloaded,
    /// Another recorder sent a request of the same line at the same time, and this
    /// one comes after that.
    #[error("a request before it was sent by two at once")]
    Overtaken,
    /// The disk is nearly full. It was not recorded, and the writer goes on.
    #[error("the disk has {available} bytes left, and {needed} must stay free")]
    NoSpace {
        /// Bytes that are left.
        available: u64,
        /// Bytes that must stay free.
        needed: u64,
    },
    /// Whether the request was recorded is not known.
    #[error("it is not known whether request {request} was recorded")]
    OutcomeUnknown {
        /// The request.
        request: RequestId,
    },
    /// The writer takes nothing more.
    #[error(transparent)]
    Stopped(WriterStopped),
    /// The request was recorded before, and what was recorded cannot be read.
    #[error(transparent)]
    Unreadable(#[from] EntryReadError),
}
