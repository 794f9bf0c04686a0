//! Why an append failed.

use jiff::Timestamp;

use super::stopped::WriterStopped;
use crate::clock::ClockFault;
use crate::projection::EntryReadError;
use minutebook_domain::admit::{Finding, RevisionMismatch};
use minutebook_domain::ids::{Position, RequestId};
use minutebook_wire::violation::FieldViolation;

/// Why an append failed. Nothing of the request was recorded, except that after
/// [`AppendFailure::OutcomeUnknown`] it may have been.
#[derive(Debug, thiserror::Error)]
pub enum AppendFailure {
    #[error("the request cannot be read")]
    Invalid(Vec<FieldViolation>),
    #[error("subjects are not at the revisions expected")]
    Stale(Vec<RevisionMismatch>),
    #[error("rules are broken")]
    Rules(Vec<Finding>),
    /// The request takes more work to judge than a request may.
    #[error("the request takes too much work to judge")]
    TooCostly,
    /// The request id was used for other content.
    #[error("request {request} was recorded at position {first} with other content")]
    Reused {
        request: RequestId,
        /// The first entry of the earlier request.
        first: Position,
        recorded_at: Timestamp,
    },
    #[error("too many requests wait to be recorded")]
    Overloaded,
    /// An earlier request of the same sequence was refused, or another recorder sent
    /// it at the same time, and this request may depend on it.
    #[error("an earlier request of the stream was sent twice at once")]
    Overtaken,
    /// The disk is nearly full. The writer goes on.
    #[error("the disk has {available} bytes left, and {needed} must stay free")]
    NoSpace { available: u64, needed: u64 },
    /// The clock is wrong. The writer goes on once it is right.
    #[error(transparent)]
    Clock(ClockFault),
    #[error("it is not known whether request {request} was recorded")]
    OutcomeUnknown { request: RequestId },
    #[error(transparent)]
    Stopped(WriterStopped),
    /// The request was recorded before, and its entries cannot be read.
    #[error(transparent)]
    Unreadable(#[from] EntryReadError),
}
