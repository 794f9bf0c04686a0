//! A record, and how many of them one read returns.

use bytes::Bytes;

use super::Position;

/// One record as it was appended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    pub position: Position,
    /// Exactly the bytes that were appended.
    ///
    /// They may share memory with the other records of their commit group:
    /// copy those that you keep for long.
    pub bytes: Bytes,
}

/// How much one read may return.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limit {
    /// The most records. Zero returns none.
    pub records: usize,
    /// The most bytes, summed over the records.
    ///
    /// The first record is returned whatever its length, so a reader that asks
    /// for at least one record always makes progress.
    pub bytes: usize,
}

impl Limit {
    /// A page for callers that have no reason to choose: 1,024 records, 1 MiB.
    pub const PAGE: Limit = Limit {
        records: 1_024,
        bytes: 1_048_576,
    };

    /// Whether a read that holds `records` and `bytes` may take one more record of
    /// `next` bytes.
    pub(super) fn admits(&self, records: usize, bytes: usize, next: usize) -> bool {
        records < self.records && (records == 0 || bytes.saturating_add(next) <= self.bytes)
    }
}
