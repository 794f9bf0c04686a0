//! A store that is built from the records of an archive.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::OfflineError;
use crate::audit::checkpoint::SignedCheckpoint;
use crate::audit::key::VerifierKey;
use crate::audit::merkle::{Frontier, Hash, leaf_hash};
use crate::log::{Appender, BATCH_BYTES_MAX, BATCH_RECORDS_MAX, Batch};
use crate::notary::{self, CheckpointFile};
use crate::server::engine;

/// A store that is being restored. Dropped before it is finished, it is removed
/// again.
pub struct StoreRestore {
    data: PathBuf,
    appender: Box<dyn Appender>,
    tree: Frontier,
    records: Vec<Vec<u8>>,
    bytes: usize,
    is_finished: bool,
}

impl StoreRestore {
    /// Makes a store in an empty or missing directory.
    pub fn open(data: &Path) -> Result<Self, OfflineError> {
        let failed = |source| OfflineError::File {
            path: data.to_owned(),
            source,
        };
        match fs::read_dir(data) {
            Ok(mut entries) => {
                if entries.next().is_some() {
                    return Err(OfflineError::NotEmpty(data.to_owned()));
                }
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(failed(error)),
        }
        let appender = engine(data).hold()?.open()?.appender;
        Ok(Self {
            data: data.to_owned(),
            appender,
            tree: Frontier::new(),
            records: Vec::new(),
            bytes: 0,
            is_finished: false,
        })
    }

    /// Restores the next record.
    pub fn push(&mut self, record: &[u8]) -> Result<(), OfflineError> {
        if self.records.len() >= BATCH_RECORDS_MAX.min(1_000)
            || self.bytes + record.len() > BATCH_BYTES_MAX
        {
            self.flush()?;
        }
        self.tree.push(leaf_hash(record));
        self.bytes += record.len();
        self.records.push(record.to_vec());
        Ok(())
    }

    fn flush(&mut self) -> Result<(), OfflineError> {
        if self.records.is_empty() {
            return Ok(());
        }
        self.bytes = 0;
        let records = std::mem::take(&mut self.records);
        let batch = Batch::new(records).expect("records of a log, within the limits of a batch");
        let tail = self.appender.tail();
        self.appender.append(&batch, tail)?;
        Ok(())
    }

    /// How many records were restored, and their root.
    pub fn head(&self) -> (u64, Hash) {
        (self.tree.size(), self.tree.root())
    }

    /// Completes the store, which continues from the checkpoint; `key` verifies it.
    pub fn finish(
        mut self,
        signed: &SignedCheckpoint,
        key: &VerifierKey,
        witnesses: &[VerifierKey],
    ) -> Result<(), OfflineError> {
        self.flush()?;
        let dir = self.data.join(notary::DIRECTORY);
        let store_checkpoint = || -> io::Result<()> {
            fs::create_dir_all(&dir)?;
            let published = CheckpointFile::new(&dir);
            published.add_witnesses(witnesses)?;
            published.store_verifier(key)?;
            published.store(signed)?;
            Ok(())
        };
        store_checkpoint().map_err(|source| OfflineError::File {
            path: dir.clone(),
            source,
        })?;
        self.is_finished = true;
        Ok(())
    }
}

impl Drop for StoreRestore {
    fn drop(&mut self) {
        if !self.is_finished {
            let _ = fs::remove_dir_all(&self.data);
        }
    }
}
