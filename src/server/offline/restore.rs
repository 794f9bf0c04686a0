//! A store that is built from the records of an archive.
//!
//! It is built beside its place, in `.NAME.restoring`, and moved there when it is whole. So
//! a restore that is cut short leaves nothing that could be taken for the register.

use std::fs;
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use super::OfflineError;
use crate::engine;
use minutebook_kernel::audit::checkpoint::SignedCheckpoint;
use minutebook_kernel::audit::key::VerifierKey;
use minutebook_kernel::audit::merkle::{Frontier, Hash, leaf_hash};
use minutebook_kernel::durable_file;
use minutebook_kernel::log::{Appender, BATCH_BYTES_MAX, BATCH_RECORDS_MAX, Batch};
use minutebook_kernel::notary::key::KeyFiles;
use minutebook_kernel::notary::{self, CheckpointFile};

/// A store that is being restored. Dropped before it is finished, it is removed
/// again.
pub struct StoreRestore {
    /// The place of the whole store.
    data: PathBuf,
    /// The place where it is built.
    aside: PathBuf,
    /// `None` once the store is closed.
    appender: Option<Box<dyn Appender>>,
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
        let aside = aside(data).map_err(failed)?;
        if aside.exists() {
            // An earlier restore left it. One that is at work has its lock.
            drop(engine(&aside).hold()?);
            fs::remove_dir_all(&aside).map_err(|source| OfflineError::File {
                path: aside.clone(),
                source,
            })?;
        }
        let appender = engine(&aside).hold()?.open()?.appender;
        Ok(Self {
            data: data.to_owned(),
            aside,
            appender: Some(appender),
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
        if let Some(appender) = &mut self.appender {
            appender.append(&batch, appender.tail())?;
        }
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
        let dir = self.aside.join(notary::DIRECTORY);
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
        self.settle()
    }

    /// Completes a store that only answers questions: it gets a key of its own, which
    /// continues no checkpoint.
    pub fn finish_unsigned(mut self) -> Result<(), OfflineError> {
        self.flush()?;
        let dir = self.aside.join(notary::DIRECTORY);
        fs::create_dir_all(&dir).map_err(|source| OfflineError::File {
            path: dir.clone(),
            source,
        })?;
        KeyFiles::new(&dir, None).open(None)?;
        self.settle()
    }

    /// Moves the store to its place.
    fn settle(mut self) -> Result<(), OfflineError> {
        // The engine closes its files in its own time.
        self.appender = None;
        drop(engine(&self.aside).hold_existing()?);
        durable_file::rename(&self.aside, &self.data)
            .and_then(|()| durable_file::sync(durable_file::parent(&self.data)))
            .map_err(|error| OfflineError::File {
                path: self.data.clone(),
                source: error.into(),
            })?;
        self.is_finished = true;
        Ok(())
    }
}

impl Drop for StoreRestore {
    fn drop(&mut self) {
        if !self.is_finished {
            self.appender = None;
            let _ = fs::remove_dir_all(&self.aside);
        }
    }
}

/// The place where the store of `data` is built: on the same file system, so that it can
/// be moved.
fn aside(data: &Path) -> io::Result<PathBuf> {
    let name = data.file_name().ok_or_else(|| {
        io::Error::other("it has no name of its own: name a folder that does not exist yet")
    })?;
    let parent = durable_file::parent(data);
    fs::create_dir_all(parent)?;
    let device = |path: &Path| fs::metadata(path).map(|found| found.dev());
    if data.exists() && device(data)? != device(parent)? {
        let what = "it is a file system of its own: restore into a folder in it";
        return Err(io::Error::other(what));
    }
    let name = format!(".{}.restoring", name.to_string_lossy());
    Ok(parent.join(name))
}
