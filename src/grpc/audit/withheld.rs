//! Entries that a caller may not read: their places in the log, which everybody may prove.

use std::sync::Arc;

use crate::wire::proto::{Entry, ReadHistoryResponse, WithheldEntry};
use minutebook_domain as domain;
use minutebook_domain::ids::Position;
use minutebook_domain::register::{Register, SubjectRecord};
use minutebook_kernel::audit::merkle::leaf_hash;
use minutebook_kernel::log::Record;

/// The entry of a stored one, and the record of its subject, in the register that a caller may
/// read; `None` if it is withheld.
pub fn readable<'a>(
    register: &'a Register,
    stored: &Entry,
) -> Option<(&'a SubjectRecord, &'a Arc<domain::entry::Entry>)> {
    let subject = stored.event.as_ref()?.subject.parse().ok()?;
    let record = register.record(&subject)?;
    Some((record, record.entry(Position::new(stored.position))?))
}

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
