//! One commit group as bytes, format 1.
//!
//! A group is the records of one [`Batch`], stored as one value so that they
//! are written, checked and read as one. All numbers are big-endian.
//!
//! ```text
//! offset  bytes  what
//!      0      1  tag: 1
//!      1      4  count: how many records, 1 to 4,096
//!      5      4  body length in bytes
//!      9     32  SHA-256 over: the position of the first record (8 bytes),
//!                then bytes 0 to 8 of this header, then the body
//!     41      …  body: for every record its length (2 bytes), then its bytes
//! ```
//!
//! The position is hashed and not stored, because it is the key. A group that is
//! found under another key is therefore as wrong as one with a flipped bit.

use std::ops::Range;

use bytes::Bytes;
use sha2::{Digest, Sha256};

use super::super::{BATCH_BYTES_MAX, BATCH_RECORDS_MAX, Batch, Position, RECORD_BYTES_MAX, Record};

/// The first byte of a group in format 1.
const TAG: u8 = 1;

/// Offset of the body.
const HEADER_BYTES: usize = 41;

/// The most records that a group of format 1 may state.
///
/// Part of the format, and so independent of the limits of a batch today: a change
/// of those must not make old groups unreadable.
const RECORDS_MAX: usize = 4_096;

/// The longest body that a group of format 1 may state, in bytes.
const BODY_BYTES_MAX: usize = 1_048_576 + 2 * RECORDS_MAX;

// Each allowed batch must fit into a group.
const _: () = assert!(BATCH_RECORDS_MAX <= RECORDS_MAX);
const _: () = assert!(BATCH_BYTES_MAX + 2 * BATCH_RECORDS_MAX <= BODY_BYTES_MAX);
const _: () = assert!(RECORD_BYTES_MAX <= u16::MAX as usize);

/// The SHA-256 of a group.
pub(super) type GroupHash = [u8; 32];

/// A group that was read, and whose hash is right.
#[derive(Debug)]
pub(super) struct StoredGroup {
    first: Position,
    bytes: Bytes,
    records: Vec<Range<usize>>,
    hash: GroupHash,
}

impl StoredGroup {
    pub(super) fn first(&self) -> Position {
        self.first
    }

    pub(super) fn last(&self) -> Position {
        Position::new(self.first.get() + self.records.len() as u64 - 1)
    }

    pub(super) fn hash(&self) -> GroupHash {
        self.hash
    }

    /// The record at `position`, if it is in this group.
    pub(super) fn record(&self, position: Position) -> Option<Record> {
        let index = position.get().checked_sub(self.first.get())?;
        let range = self.records.get(usize::try_from(index).ok()?)?;
        Some(Record {
            position,
            bytes: self.bytes.slice(range.clone()),
        })
    }

    pub(super) fn records(&self) -> impl Iterator<Item = Record> {
        let first = self.first;
        (0..).zip(&self.records).map(move |(index, range)| Record {
            position: first.plus(index),
            bytes: self.bytes.slice(range.clone()),
        })
    }
}

/// The value of a group that starts at `first`, and its hash.
#[expect(
    clippy::cast_possible_truncation,
    reason = "the assertions above bound every length"
)]
pub(super) fn encode(first: Position, batch: &Batch) -> (Vec<u8>, GroupHash) {
    let body_len: usize = batch.records().iter().map(|r| 2 + r.len()).sum();
    let mut value = Vec::with_capacity(HEADER_BYTES + body_len);
    value.push(TAG);
    value.extend_from_slice(&(batch.records().len() as u32).to_be_bytes());
    value.extend_from_slice(&(body_len as u32).to_be_bytes());
    value.extend_from_slice(&[0; 32]);
    for record in batch.records() {
        value.extend_from_slice(&(record.len() as u16).to_be_bytes());
        value.extend_from_slice(record);
    }
    let hash = hash(first, &value[..9], &value[HEADER_BYTES..]);
    value[9..HEADER_BYTES].copy_from_slice(&hash);
    (value, hash)
}

/// The length of the whole value, as its first piece states it.
pub(super) fn value_len(start: &[u8]) -> Result<usize, String> {
    let Some(header) = start.first_chunk::<HEADER_BYTES>() else {
        return Err(format!(
            "the group has {} bytes, fewer than its header",
            start.len()
        ));
    };
    if header[0] != TAG {
        return Err(format!(
            "the group has format tag {}, and only {TAG} is known",
            header[0]
        ));
    }
    let count = u32_at(header, 1);
    let body_len = u32_at(header, 5);
    if count == 0 || count > RECORDS_MAX || body_len > BODY_BYTES_MAX {
        return Err(format!(
            "the group says it has {count} records in {body_len} bytes, which cannot be"
        ));
    }
    Ok(HEADER_BYTES + body_len)
}

/// How many records a value states. Its length was checked before.
pub(super) fn count(value: &[u8]) -> u64 {
    u32_at(value, 1) as u64
}

/// Reads and checks the value that was found under `first`.
pub(super) fn decode(first: Position, value: Vec<u8>) -> Result<StoredGroup, String> {
    let len = value_len(&value)?;
    if value.len() != len {
        return Err(format!(
            "the group has {} bytes and says it has {len}",
            value.len()
        ));
    }
    let hash = hash(first, &value[..9], &value[HEADER_BYTES..]);
    if value[9..HEADER_BYTES] != hash {
        return Err("the bytes of the group do not match its SHA-256".to_owned());
    }
    let count = u32_at(&value, 1);
    let mut records = Vec::with_capacity(count);
    let mut at = HEADER_BYTES;
    while let Some(len) = value.get(at..).and_then(|rest| rest.first_chunk::<2>()) {
        let start = at + 2;
        let end = start + usize::from(u16::from_be_bytes(*len));
        if end > value.len() {
            break;
        }
        records.push(start..end);
        at = end;
    }
    if at != value.len() || records.len() != count {
        return Err(format!(
            "the group says it has {count} records and holds {}",
            records.len()
        ));
    }
    Ok(StoredGroup {
        first,
        bytes: Bytes::from(value),
        records,
        hash,
    })
}

fn hash(first: Position, header: &[u8], body: &[u8]) -> GroupHash {
    Sha256::new()
        .chain_update(first.get().to_be_bytes())
        .chain_update(header)
        .chain_update(body)
        .finalize()
        .into()
}

/// The number at `at`; callers have checked that the header is there.
fn u32_at(bytes: &[u8], at: usize) -> usize {
    let mut number = [0; 4];
    number.copy_from_slice(&bytes[at..at + 4]);
    u32::from_be_bytes(number) as usize
}
