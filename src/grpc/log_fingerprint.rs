//! Which log an answer is of.
//!
//! A position alone does not say so: after a restore from an older archive, or where
//! another store was put in place, the same numbers are other entries. So whatever a
//! caller can come back with (a page token, the place in a subscription) carries a
//! [`Fingerprint`]: of the name of the register, and of the root of its entries up to
//! that position.

use std::sync::Arc;

use sha2::{Digest, Sha256};
use tonic::Status;

use super::status;
use minutebook_domain::ids::Position;
use minutebook_kernel::audit::merkle::{Frontier, leaf_hash};
use minutebook_kernel::blocking::run_blocking;
use minutebook_kernel::log::{self, Limit, Reader};
use minutebook_kernel::notary::Notary;
use minutebook_kernel::notary::tree::TreeError;

/// How many bytes of the hash are kept: nobody finds another log with the same ones.
pub const FINGERPRINT_BYTES: usize = 16;

/// The fingerprint of a log up to a position.
pub type Fingerprint = [u8; FINGERPRINT_BYTES];

/// Entries that are hashed one by one rather than looked up as a whole tree.
const STEPS_MAX: u64 = 512;

/// The identity of the log that a server serves. Clones share it.
#[derive(Clone)]
pub struct LogIdentity {
    notary: Notary,
    reader: Arc<dyn Reader>,
}

impl LogIdentity {
    pub const fn new(notary: Notary, reader: Arc<dyn Reader>) -> Self {
        Self { notary, reader }
    }

    /// The fingerprint of the log up to a position; `None` if the log is shorter. May
    /// wait for the disk.
    pub fn fingerprint(&self, position: Position) -> Result<Option<Fingerprint>, TreeError> {
        self.trail().fingerprint(position)
    }

    /// A trail that begins before the first entry.
    pub fn trail(&self) -> Trail {
        Trail {
            identity: self.clone(),
            tree: Frontier::new(),
        }
    }

    /// Requires that this is the log that had a fingerprint at a position.
    pub async fn require(&self, position: Position, expected: Fingerprint) -> Result<(), Status> {
        let identity = self.clone();
        let found = run_blocking(move || identity.fingerprint(position)).await;
        let found = found.map_err(|_| status::internal())?;
        match found.map_err(|error| status::tree_error(&error))? {
            Some(found) if found == expected => Ok(()),
            Some(_) | None => Err(status::other_log(position)),
        }
    }
}

/// The fingerprints of one position after the other, each from the one before.
pub struct Trail {
    identity: LogIdentity,
    tree: Frontier,
}

impl Trail {
    /// The fingerprint of the log up to a position; `None` if the log is shorter. May
    /// wait for the disk.
    pub fn fingerprint(&mut self, position: Position) -> Result<Option<Fingerprint>, TreeError> {
        let LogIdentity { notary, reader } = &self.identity;
        let size = position.get();
        if size > reader.tail().get() {
            return Ok(None);
        }
        let tree = notary.tree();
        let hashed = tree.size().min(size);
        if self.tree.size() > size || hashed.saturating_sub(self.tree.size()) > STEPS_MAX {
            self.tree = tree.frontier(hashed)?;
        }
        if self.tree.size() < hashed {
            for leaf in tree.leaves(self.tree.size(), hashed)? {
                self.tree.push(leaf);
            }
        }
        // The tree follows the log, and can be some entries behind.
        while self.tree.size() < size {
            let next = log::Position::new(self.tree.size() + 1);
            let records = reader.read(next, Limit::PAGE)?;
            if records.is_empty() {
                return Ok(None);
            }
            let left = size - self.tree.size();
            for record in records
                .iter()
                .take(usize::try_from(left).unwrap_or(usize::MAX))
            {
                self.tree.push(leaf_hash(&record.bytes));
            }
        }
        let hash = Sha256::new()
            .chain_update("minutebook log fingerprint 1\0")
            .chain_update(notary.origin())
            .chain_update([0])
            .chain_update(size.to_be_bytes())
            .chain_update(self.tree.root().as_bytes())
            .finalize();
        let mut fingerprint = Fingerprint::default();
        fingerprint.copy_from_slice(&hash[..FINGERPRINT_BYTES]);
        Ok(Some(fingerprint))
    }
}
