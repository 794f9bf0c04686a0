//! The witness: what the log has promised, kept outside the log.
//!
//! sled recovers silently. When its file is cut short it opens at an earlier
//! state and says nothing, so the log cannot be the only witness of its own
//! length. After every acknowledged append the last position and the hash of
//! its group are written here. At open, a log that ends before the witness has
//! lost entries, and is refused.
//!
//! The witness is written after the log was synced and is itself not synced:
//! it costs microseconds, not a second trip to the disk. It is therefore a
//! *lower bound* on what was promised, and everything follows from that:
//!
//! - **Crash between sync and witness:** the witness is one append behind. The
//!   log is longer than promised; it is accepted and the witness catches up.
//! - **Process killed:** the page cache survives, so the bound is exact.
//! - **Power cut:** the witness may be seconds old. It still catches every
//!   loss up to that moment; the log's own tail record covers the rest.
//! - **Torn write:** there are two slots, written in turn, each inside one disk
//!   sector and with its own hash. A slot that does not check out is ignored
//!   as long as the other does.
//! - **Both slots damaged:** nobody knows what was promised. Refused, with the
//!   advice to delete the file once the log is known to be complete.
//! - **No witness:** nothing is known to be promised. Accepted: this is the
//!   door through which an operator accepts a loss on purpose, by deleting it.
//! - **The store was copied while in use:** the copy of the witness may be
//!   newer than the copy of the log. Refused, rightly: that copy lacks entries.
//! - **Another store's witness:** the hash of the group at the witnessed
//!   position differs. Refused.
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

const MAGIC: &[u8; 8] = b"MBWITNS1";

/// One disk sector: the unit that a power cut writes whole or not at all.
const SLOT_BYTES: usize = 512;

/// How much of a slot is used.
const PROMISE_BYTES: usize = 80;

/// The last thing that was acknowledged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct AcknowledgedTail {
    pub(super) last: Position,
    pub(super) hash: GroupHash,
}

impl AcknowledgedTail {
    /// What an empty log promises.
    pub(super) const NOTHING: AcknowledgedTail = AcknowledgedTail {
        last: Position::ZERO,
        hash: [0; 32],
    };

    fn to_bytes(self) -> [u8; PROMISE_BYTES] {
        let mut bytes = [0; PROMISE_BYTES];
        bytes[..8].copy_from_slice(MAGIC);
        bytes[8..16].copy_from_slice(&self.last.get().to_be_bytes());
        bytes[16..48].copy_from_slice(&self.hash);
        let check = Sha256::digest(&bytes[..48]);
        bytes[48..].copy_from_slice(&check);
        bytes
    }

    fn from_bytes(bytes: &[u8]) -> Option<AcknowledgedTail> {
        let bytes = bytes.first_chunk::<PROMISE_BYTES>()?;
        let mut last = [0; 8];
        last.copy_from_slice(&bytes[8..16]);
        let mut hash = [0; 32];
        hash.copy_from_slice(&bytes[16..48]);
        let promise = AcknowledgedTail {
            last: Position::new(u64::from_be_bytes(last)),
            hash,
        };
        (promise.to_bytes() == *bytes).then_some(promise)
    }
}

/// What a witness file says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum DurableMarkState {
    /// There is no file.
    Absent,
    /// There is a file, and neither slot checks out.
    Unreadable,
    /// At least this much was acknowledged.
    Promised(AcknowledgedTail),
}

/// Reads the witness at `path`.
pub(super) fn read(path: &Path) -> io::Result<DurableMarkState> {
    let bytes = match std::fs::read(path) {
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
        .max_by_key(|promise| promise.last);
    Ok(newest.map_or(DurableMarkState::Unreadable, DurableMarkState::Promised))
}

/// The witness file, open for writing.
#[derive(Debug)]
pub(super) struct DurableMark {
    file: File,
    slot: usize,
}

impl DurableMark {
    /// Opens the witness at `path`, or starts one, and writes `promise` into
    /// both slots.
    ///
    /// Synced, because it happens once: a store is never without the witness
    /// of the state in which it was opened.
    pub(super) fn start(path: &Path, promise: AcknowledgedTail) -> io::Result<DurableMark> {
        let file = OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(false)
            .open(path)?;
        let mut witness = DurableMark { file, slot: 0 };
        witness.write(promise)?;
        witness.write(promise)?;
        witness.file.sync_all()?;
        Ok(witness)
    }

    /// Records that `promise` was made. Not synced; see the module.
    pub(super) fn write(&mut self, promise: AcknowledgedTail) -> io::Result<()> {
        let offset = (self.slot * SLOT_BYTES) as u64;
        self.file.write_all_at(&promise.to_bytes(), offset)?;
        self.slot = 1 - self.slot;
        Ok(())
    }
}
