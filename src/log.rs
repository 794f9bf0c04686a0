//! The log: ordered opaque bytes, and nothing else.
//!
//! Everything the register knows is folded from here, so this is the one place
//! that has to survive a power cut. It is kept ignorant on purpose: it knows
//! positions, batches and durability, and no events, no time and no rules.
//! That ignorance is what lets one test suite run against every engine
//! ([`memory`], [`sled`]) and lets a replicated engine take their place later.
//!
//! Three promises, which every engine keeps:
//!
//! 1. **`Ok` means durable.** [`Appender::append`] returns `Ok` only when every
//!    record of the batch survives power loss. Anything less is an error that
//!    says how much is known.
//! 2. **One order.** Positions are 1, 2, 3 … without a gap. There is one
//!    [`Appender`]; it takes `&mut self` and cannot be cloned.
//! 3. **Never silently less.** Bytes that were acknowledged are read back
//!    identical, or reading them is an error. An engine that cannot read what
//!    it once acknowledged refuses; it never answers with a shorter log.

use std::error::Error as StdError;
use std::fmt;
use std::time::Duration;

use bytes::Bytes;

pub mod memory;
pub mod sled;

/// The longest record, in bytes.
pub const RECORD_BYTES_MAX: usize = 65_535;

/// The most records in one batch.
pub const BATCH_RECORDS_MAX: usize = 4_096;

/// The most bytes in one batch, summed over its records.
pub const BATCH_BYTES_MAX: usize = 1_048_576;

/// The place of one record in the log: 1 for the first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Position(u64);

impl Position {
    /// Nothing yet: the tail of an empty log. No record has this position.
    pub const ZERO: Position = Position(0);

    /// The position with this number.
    pub const fn new(number: u64) -> Position {
        Position(number)
    }

    /// The number, for the wire and for arithmetic.
    pub const fn get(self) -> u64 {
        self.0
    }

    /// The position directly after this one.
    ///
    /// Saturates at `u64::MAX`, which no log reaches.
    pub const fn next(self) -> Position {
        self.plus(1)
    }

    /// The position `count` places after this one.
    pub const fn plus(self, count: u64) -> Position {
        Position(self.0.saturating_add(count))
    }
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// One commit group: records that become durable together or not at all.
///
/// A `Batch` that exists keeps every limit, so engines never check them again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Batch {
    records: Vec<Vec<u8>>,
}

impl Batch {
    /// Takes `records` in the order in which they shall be appended.
    pub fn new(records: Vec<Vec<u8>>) -> Result<Batch, BatchError> {
        if records.is_empty() {
            return Err(BatchError::Empty);
        }
        if records.len() > BATCH_RECORDS_MAX {
            return Err(BatchError::TooManyRecords {
                count: records.len(),
                max: BATCH_RECORDS_MAX,
            });
        }
        let mut bytes = 0;
        for (index, record) in records.iter().enumerate() {
            if record.is_empty() {
                return Err(BatchError::RecordEmpty { index });
            }
            if record.len() > RECORD_BYTES_MAX {
                return Err(BatchError::RecordTooLong {
                    index,
                    len: record.len(),
                    max: RECORD_BYTES_MAX,
                });
            }
            bytes += record.len();
        }
        if bytes > BATCH_BYTES_MAX {
            return Err(BatchError::TooManyBytes {
                bytes,
                max: BATCH_BYTES_MAX,
            });
        }
        Ok(Batch { records })
    }

    /// The records, in order. Never empty.
    pub fn records(&self) -> &[Vec<u8>] {
        &self.records
    }

    /// How many positions this batch takes.
    pub fn count(&self) -> u64 {
        self.records.len() as u64
    }
}

/// Why bytes cannot be one [`Batch`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BatchError {
    /// There was nothing to append.
    #[error("a batch needs at least one record")]
    Empty,
    /// A record without bytes says nothing, and is refused.
    #[error("record {index} of the batch has no bytes")]
    RecordEmpty {
        /// Which record, counted from 0.
        index: usize,
    },
    /// One record is longer than [`RECORD_BYTES_MAX`].
    #[error("record {index} of the batch has {len} bytes; the longest allowed is {max}")]
    RecordTooLong {
        /// Which record, counted from 0.
        index: usize,
        /// How long it is, in bytes.
        len: usize,
        /// How long it may be.
        max: usize,
    },
    /// More than [`BATCH_RECORDS_MAX`] records.
    #[error("the batch has {count} records; the most allowed is {max}: append it in parts")]
    TooManyRecords {
        /// How many there are.
        count: usize,
        /// How many there may be.
        max: usize,
    },
    /// More than [`BATCH_BYTES_MAX`] bytes.
    #[error("the batch has {bytes} bytes; the most allowed is {max}: append it in parts")]
    TooManyBytes {
        /// How many there are.
        bytes: usize,
        /// How many there may be.
        max: usize,
    },
}

/// One record as it was appended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// Where it stands.
    pub position: Position,
    /// Exactly the bytes that were appended.
    ///
    /// They may share memory with the other records of their commit group:
    /// copy what is to be kept for long.
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
    /// for at least one record always gets on.
    pub bytes: usize,
}

impl Limit {
    /// A page for those who have no reason to choose: 1,024 records, 1 MiB.
    pub const PAGE: Limit = Limit {
        records: 1_024,
        bytes: 1_048_576,
    };

    /// Whether a read that holds `records` and `bytes` may take `next` more
    /// bytes as one more record.
    fn admits(&self, records: usize, bytes: usize, next: usize) -> bool {
        records < self.records && (records == 0 || bytes.saturating_add(next) <= self.bytes)
    }
}

/// The one writer of a log.
pub trait Appender: Send {
    /// The position of the last acknowledged record, [`Position::ZERO`] before
    /// the first.
    fn tail(&self) -> Position;

    /// Appends `batch` directly after `expected_tail`; returns the position of
    /// its last record.
    ///
    /// `Ok` means that every record survives power loss.
    /// [`AppendError::Conflict`] and [`AppendError::NoSpace`] mean that
    /// nothing was written and that the appender goes on.
    /// [`AppendError::OutcomeUnknown`] means exactly that: the batch may
    /// appear, whole, when the log is opened again, or never. Do not retry:
    /// the appender has stopped, and every later call is
    /// [`AppendError::Stopped`].
    fn append(&mut self, batch: &Batch, expected_tail: Position) -> Result<Position, AppendError>;
}

/// A view of the durable part of a log, for any number of threads.
pub trait Reader: Send + Sync {
    /// The position of the last **durable** record.
    ///
    /// Never shows a record that power loss could still take back, and never
    /// goes down.
    fn tail(&self) -> Position;

    /// Reads upwards: `from`, `from + 1`, … up to the tail or `limit`.
    ///
    /// Empty when `from` is past the tail. [`Position::ZERO`] reads from the
    /// first record.
    fn read(&self, from: Position, limit: Limit) -> Result<Vec<Record>, ReadError>;

    /// Reads downwards: `from`, `from - 1`, … down to 1 or `limit`.
    ///
    /// Starts at the tail when `from` is past it. Empty for
    /// [`Position::ZERO`].
    fn read_back(&self, from: Position, limit: Limit) -> Result<Vec<Record>, ReadError>;

    /// Why nothing can be appended any more, or `None` while all is well.
    ///
    /// This is what a health check asks. A log that has stopped still answers
    /// reads of what was acknowledged, with the records or with an error; open
    /// it again as soon as possible.
    fn stopped(&self) -> Option<LogStopped>;
}

/// Why an append did not succeed.
#[derive(Debug, thiserror::Error)]
pub enum AppendError {
    /// The log does not end where the caller thought. Nothing was written.
    #[error("the log ends at position {actual}, not at {expected}: nothing was appended")]
    Conflict {
        /// Where the caller thought the log ends.
        expected: Position,
        /// Where it ends.
        actual: Position,
    },
    /// The disk is nearly full. Nothing was written.
    #[error(
        "the disk has {available} bytes left and an append needs {needed} in reserve: \
         nothing was appended; make space and try again"
    )]
    NoSpace {
        /// Bytes that the file system still offers.
        available: u64,
        /// Bytes that must be free before anything is written.
        needed: u64,
    },
    /// The batch may or may not be durable. The appender has stopped.
    #[error(
        "it is not known whether positions {first} to {last} were made durable: \
         open the log again and look at its tail"
    )]
    OutcomeUnknown {
        /// The first position of the batch, should it turn out durable.
        first: Position,
        /// The last position of the batch, should it turn out durable.
        last: Position,
        /// What failed.
        source: Box<dyn StdError + Send + Sync>,
    },
    /// An earlier append ended without a known outcome. Nothing was written.
    #[error("the log takes no more appends until it is opened again: {reason}")]
    Stopped {
        /// What stopped it.
        reason: LogStopped,
    },
}

/// Why a log takes no more appends.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LogStopped {
    /// An append failed half way.
    #[error("the append after position {after} ended without a known outcome: {what}")]
    OutcomeUnknown {
        /// The last position that was acknowledged.
        after: Position,
        /// What failed.
        what: String,
    },
    /// Making an append durable takes longer than a disk ever should.
    #[error("the append after position {after} has not come back for {waited:?}")]
    Stalled {
        /// The last position that was acknowledged.
        after: Position,
        /// How long the append has been waiting.
        waited: Duration,
    },
    /// The storage engine failed outside an append; it is not trusted with
    /// another write.
    #[error("the storage engine failed after position {after}: {what}")]
    Broken {
        /// The last position that was acknowledged.
        after: Position,
        /// What failed.
        what: String,
    },
    /// Everything acknowledged is durable, but the file that would prove a
    /// later loss could not be written.
    #[error("the witness of position {at} could not be written: {what}")]
    Unwitnessed {
        /// The last position that was acknowledged.
        at: Position,
        /// What failed.
        what: String,
    },
}

/// Why a read did not succeed.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// What is stored is not what was appended.
    #[error(
        "the log is damaged at position {position}: {what}; \
         restore it from a backup, or rebuild it from an export with `minutebook audit restore`"
    )]
    Damaged {
        /// The first position that cannot be trusted.
        position: Position,
        /// What is wrong there.
        what: String,
    },
    /// The disk would not answer.
    #[error("position {position} cannot be read from disk")]
    Io {
        /// The position that was being read.
        position: Position,
        /// What the operating system said.
        source: std::io::Error,
    },
}
