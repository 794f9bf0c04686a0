//! A batch: the unit of an append, within its limits.

/// The longest record, in bytes.
pub const RECORD_BYTES_MAX: usize = 65_535;

/// The most records in one batch.
pub const BATCH_RECORDS_MAX: usize = 4_096;

/// The most bytes in one batch, summed over its records.
pub const BATCH_BYTES_MAX: usize = 1_048_576;

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

    pub fn count(&self) -> u64 {
        self.records.len() as u64
    }
}

/// Why records cannot be one [`Batch`]. Indexes count from 0, lengths are in bytes.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BatchError {
    #[error("a batch needs at least one record")]
    Empty,
    #[error("record {index} of the batch has no bytes")]
    RecordEmpty { index: usize },
    #[error("record {index} of the batch has {len} bytes; the longest allowed is {max}")]
    RecordTooLong {
        index: usize,
        len: usize,
        max: usize,
    },
    #[error("the batch has {count} records; the most allowed is {max}: append it in parts")]
    TooManyRecords { count: usize, max: usize },
    #[error("the batch has {bytes} bytes; the most allowed is {max}: append it in parts")]
    TooManyBytes { bytes: usize, max: usize },
}
