//! Entries that a caller may not read: their places in the log, which everybody may prove.

use crate::audit::merkle::leaf_hash;
use crate::log::Record;
use crate::wire::proto::{ReadHistoryResponse, WithheldEntry};

/// The place and the hash of an entry that the caller may not read.
pub fn withheld(record: &Record) -> ReadHistoryResponse {
    let entry = WithheldEntry {
        position: record.position.get(),
        leaf_hash: leaf_hash(&record.bytes).as_bytes().to_vec(),
    };
    ReadHistoryResponse {
        withheld: Some(entry),
        ..ReadHistoryResponse::default()
    }
}
