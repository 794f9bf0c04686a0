//! The durable mark: the last acknowledged position, kept outside the log.
//!
//! sled recovers silently. When its file is cut short it opens at an earlier
//! state and reports nothing, so the log alone cannot prove its own length. After
//! every acknowledged append the last position and the hash of its group are
//! written to the file `minutebook.witness`. At open, a log that ends before its
//! mark has lost entries, and is refused.
//!
//! The mark is written after the log was synced and is itself not synced: it
//! costs microseconds, not a second write to the disk. It is therefore a *lower
//! bound* on the acknowledged positions, and these consequences follow:
//!
//! - **Crash between sync and mark:** the mark is one append behind. The log is
//!   longer than the mark; it is accepted and the mark catches up.
//! - **Process killed:** the page cache survives, so the bound is exact.
//! - **Power cut:** the mark may be seconds old. It still shows every loss up to
//!   that moment; the log's own tail record covers the rest.
//! - **Torn write:** there are two slots, written in turn, each inside one disk
//!   sector and with its own hash. A slot with a wrong hash is ignored as long as
//!   the other is right.
//! - **Both slots damaged:** the acknowledged length is unknown. Refused, with the
//!   advice to delete the file once the log is known to be complete.
//! - **No mark:** no length is known to be acknowledged. Accepted: an operator
//!   accepts a loss on purpose by deleting the file.
//! - **The store was copied while in use:** the copy of the mark may be newer than
//!   the copy of the log. Refused, rightly: that copy lacks entries.
//! - **Another store's mark:** the hash of the group at its position differs.
//!   Refused.
//!
//! ```text
//! file: slot 0 at offset 0, slot 1 at offset 512
//! slot: offset  bytes  what
//!            0      8  "MBWITNS1"
//!            8      8  last acknowledged position, big-endian
//!           16     32  SHA-256 of the group that ends there (zeros before the first)
//!           48     32  SHA-256 over bytes 0 to 47
//! ```

use std::fs::{File, OpenOptions};
use std::io;
use std::os::unix::fs::FileExt;
use std::path::Path;

use sha2::{Digest, Sha256};

use super::super::Position;
use super::group::GroupHash;
use crate::durable_file;

const MAGIC: &[u8; 8] = b"MBWITNS1";

/// One disk sector: the unit that a power cut writes whole or not at all.
const SLOT_BYTES: usize = 512;

/// How many bytes of a slot are used.
const MARK_BYTES: usize = 80;

/// The last acknowledged position, and the hash of the group that ends there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct AcknowledgedTail {
    pub(super) last: Position,
    pub(super) hash: GroupHash,
}

impl AcknowledgedTail {
    /// The acknowledged tail of an empty log.
    pub(super) const NOTHING: AcknowledgedTail = AcknowledgedTail {
        last: Position::ZERO,
        hash: [0; 32],
    };

    fn to_bytes(self) -> [u8; MARK_BYTES] {
        let mut bytes = [0; MARK_BYTES];
        bytes[..8].copy_from_slice(MAGIC);
        bytes[8..16].copy_from_slice(&self.last.get().to_be_bytes());
        bytes[16..48].copy_from_slice(&self.hash);
        let check = Sha256::digest(&bytes[..48]);
        bytes[48..].copy_from_slice(&check);
        bytes
    }

    fn from_bytes(bytes: &[u8]) -> Option<AcknowledgedTail> {
        let bytes = bytes.first_chunk::<MARK_BYTES>()?;
        let mut last = [0; 8];
        last.copy_from_slice(&bytes[8..16]);
        let mut hash = [0; 32];
        hash.copy_from_slice(&bytes[16..48]);
        let tail = AcknowledgedTail {
            last: Position::new(u64::from_be_bytes(last)),
            hash,
        };
        (tail.to_bytes() == *bytes).then_some(tail)
    }
}

/// The content of the file of a durable mark.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum DurableMarkState {
    Absent,
    /// There is a file, and the hashes of both slots are wrong.
    Unreadable,
    /// At least this much was acknowledged.
    Acknowledged(AcknowledgedTail),
}

pub(super) fn read(path: &Path) -> io::Result<DurableMarkState> {
    let bytes = match durable_file::read(path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return Ok(DurableMarkState::Absent);
        }
        Err(error) => return Err(error),
    };
    let slots = [bytes.as_slice(), bytes.get(SLOT_BYTES..).unwrap_or(&[])];
    let newest = slots
        .into_iter()
        .filter_map(AcknowledgedTail::from_bytes)
        .max_by_key(|tail| tail.last);
    Ok(newest.map_or(DurableMarkState::Unreadable, DurableMarkState::Acknowledged))
}

/// The file of a durable mark, open for writing.
#[derive(Debug)]
pub(super) struct DurableMark {
    file: File,
    slot: usize,
}

impl DurableMark {
    /// Opens the file at `path`, or makes it, and writes `tail` into both slots.
    ///
    /// Synced, because it happens once: a store always has the mark of the state in
    /// which it was opened.
    pub(super) fn start(path: &Path, tail: AcknowledgedTail) -> io::Result<DurableMark> {
        let file = OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(false)
            .open(path)?;
        let mut mark = DurableMark { file, slot: 0 };
        mark.write(tail)?;
        mark.write(tail)?;
        mark.file.sync_all()?;
        Ok(mark)
    }

    /// Records that `tail` was acknowledged. Not synced; see the module.
    pub(super) fn write(&mut self, tail: AcknowledgedTail) -> io::Result<()> {
        let offset = (self.slot * SLOT_BYTES) as u64;
        self.file.write_all_at(&tail.to_bytes(), offset)?;
        self.slot = 1 - self.slot;
        Ok(())
    }
}
