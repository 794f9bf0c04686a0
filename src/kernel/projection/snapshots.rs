//! The folder of snapshots: read at a start, and extended while the server serves.
//!
//! A snapshot covers a fixed number of entries and is written once; the next one
//! begins where it ends. Nothing here is synced: a file that a power cut tore is found
//! by its authentication code and not used.

use std::fs::{self, File};
use std::io::{self, BufWriter};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;

use super::replay::ReplayError;
use super::snapshot::{Snapshot, SnapshotBuilder, SnapshotError};
use crate::audit::derived_secret::DerivedSecret;
use crate::audit::merkle::Hash;
use crate::durable_file;
use crate::log::{self, Limit, ReadError, Reader, Record};
use minutebook_domain::ids::Position;

/// The folder of snapshots, in the directory of a store.
const DIRECTORY: &str = "snapshots";

/// The extension of a snapshot's file name.
const EXTENSION: &str = "snapshot";

/// Free disk space, in bytes, below which no snapshot is written: the log needs it.
const ROOM_BYTES: u64 = 128 * 1024 * 1024;

/// The most bytes of a snapshot that is read: as many as the longest entries take.
const BYTES_MAX: u64 = 4 << 30;

#[derive(Debug, Clone)]
pub struct Snapshots {
    dir: PathBuf,
    /// How many entries a snapshot has.
    every: u64,
}

#[derive(Debug, thiserror::Error)]
pub enum SnapshotWriteError {
    #[error(transparent)]
    Read(#[from] ReadError),
    /// The log has an entry that this program cannot read.
    #[error(transparent)]
    Replay(#[from] ReplayError),
    #[error("the folder of snapshots {dir}", dir = dir.display())]
    Write { dir: PathBuf, source: io::Error },
}

impl Snapshots {
    /// The snapshots of the store in `data`, each of `every` entries.
    pub fn of(data: &Path, every: u64) -> Self {
        Self {
            dir: data.join(DIRECTORY),
            every: every.max(1),
        }
    }

    /// Reads the consecutive snapshots from the first position on, several at once.
    /// **Not yet compared with the log.**
    pub fn read(&self, secret: &DerivedSecret) -> Vec<Snapshot> {
        let names = self.names();
        let (next, read) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
        let readers = thread::available_parallelism().map_or(1, |all| all.get().clamp(1, 8));
        thread::scope(|scope| {
            for _ in 0..readers.min(names.len()) {
                scope.spawn(|| {
                    while let Some(path) = names.get(next.fetch_add(1, Ordering::Relaxed)) {
                        if let Some(snapshot) = read_one(path, secret) {
                            let mut read = read.lock().unwrap_or_else(PoisonError::into_inner);
                            read.push(snapshot);
                        }
                    }
                });
            }
        });
        let mut read = read.into_inner().unwrap_or_else(PoisonError::into_inner);
        read.sort_by_key(Snapshot::first);
        let mut tail = Position::ZERO;
        let follows = |snapshot: &Snapshot| {
            let follows = snapshot.first() == tail.next();
            tail = snapshot.last();
            follows
        };
        let count = read.iter().map(follows).take_while(|follows| *follows);
        let count = count.count();
        read.truncate(count);
        read
    }

    /// Retains the snapshots whose last entry is that of the log, up to the first where
    /// it is not; removes the files of all others.
    pub fn retain_matching_log(
        &self,
        mut snapshots: Vec<Snapshot>,
        record: impl Fn(log::Position) -> Result<Record, ReadError>,
    ) -> Vec<Snapshot> {
        let matches_log = |snapshot: &&Snapshot| {
            let record = record(log::Position::new(snapshot.last().get()));
            record.is_ok_and(|record| snapshot.ends_with(&record))
        };
        let count = snapshots.iter().take_while(matches_log).count();
        if let Some(other) = snapshots.get(count) {
            let path = self.path(other.first());
            tracing::warn!(path = %path.display(), reason = %SnapshotError::OtherLog, "a snapshot is not used");
        }
        snapshots.truncate(count);
        let retained: Vec<PathBuf> = snapshots
            .iter()
            .map(|snapshot| self.path(snapshot.first()))
            .collect();
        for path in self.names() {
            if !retained.contains(&path) {
                // A file that cannot be removed will not be used next time either.
                let _ = fs::remove_file(path);
            }
        }
        snapshots
    }

    /// Removes every snapshot: the next start reads the whole log.
    pub fn discard(&self) {
        for path in self.names() {
            if let Err(error) = fs::remove_file(&path) {
                tracing::warn!(path = %path.display(), %error, "a snapshot cannot be removed");
            }
        }
    }

    /// Writes the snapshots that are missing after `covered`, as far as the log has
    /// enough entries; returns the last position covered. `root_at` returns the Merkle
    /// root of the log up to a position; without one, the snapshot is written later.
    /// `goes_on` is called before each; it returns false to stop.
    pub fn write_missing(
        &self,
        reader: &dyn Reader,
        secret: &DerivedSecret,
        root_at: impl Fn(Position) -> Option<Hash>,
        mut covered: Position,
        mut goes_on: impl FnMut() -> bool,
    ) -> Result<Position, SnapshotWriteError> {
        while reader.tail().get() - covered.get() >= self.every && goes_on() {
            let write = |source| SnapshotWriteError::Write {
                dir: self.dir.clone(),
                source,
            };
            fs::create_dir_all(&self.dir).map_err(write)?;
            if fs2::available_space(&self.dir).map_err(write)? < ROOM_BYTES {
                return Ok(covered);
            }
            let first = covered.next();
            let last = Position::new(covered.get() + self.every);
            let Some(root) = root_at(last) else {
                return Ok(covered);
            };
            let snapshot = self.build(reader, first)?;
            self.write(first, snapshot, root, secret).map_err(write)?;
            covered = last;
            tracing::debug!(%first, last = %covered, "a snapshot was written");
        }
        Ok(covered)
    }

    /// Builds the snapshot of the log that begins at a position.
    fn build(
        &self,
        reader: &dyn Reader,
        first: Position,
    ) -> Result<SnapshotBuilder, SnapshotWriteError> {
        let mut snapshot = SnapshotBuilder::default();
        while snapshot.count() < self.every {
            let from = log::Position::new(first.get() + snapshot.count());
            let left = usize::try_from(self.every - snapshot.count()).unwrap_or(usize::MAX);
            let limit = Limit {
                records: left.min(Limit::PAGE.records),
                ..Limit::PAGE
            };
            let page = reader.read(from, limit)?;
            if page.is_empty() {
                return Err(SnapshotWriteError::Read(ReadError::Damaged {
                    position: from,
                    what: "it is missing, and the log goes on after it".to_owned(),
                }));
            }
            for record in page {
                snapshot
                    .add(&record)
                    .map_err(|source| ReplayError::Stored {
                        position: Position::new(record.position.get()),
                        source,
                    })?;
            }
        }
        Ok(snapshot)
    }

    fn write(
        &self,
        first: Position,
        snapshot: SnapshotBuilder,
        root: Hash,
        secret: &DerivedSecret,
    ) -> io::Result<()> {
        let path = self.path(first);
        let draft = path.with_extension("draft");
        let written = File::create(&draft)
            .and_then(|file| snapshot.write(root, secret, BufWriter::new(file)))
            .and_then(|()| fs::rename(&draft, &path));
        if written.is_err() {
            let _ = fs::remove_file(&draft);
        }
        written
    }

    fn path(&self, first: Position) -> PathBuf {
        self.dir.join(format!("{:020}.{EXTENSION}", first.get()))
    }

    /// All files in the folder, including unfinished ones.
    fn names(&self) -> Vec<PathBuf> {
        let entries = fs::read_dir(&self.dir).into_iter().flatten().flatten();
        let mut names: Vec<PathBuf> = entries.map(|entry| entry.path()).collect();
        names.sort();
        names
    }
}

fn read_one(path: &Path, secret: &DerivedSecret) -> Option<Snapshot> {
    if path
        .extension()
        .is_none_or(|extension| extension != EXTENSION)
    {
        return None;
    }
    let bytes = match durable_file::read_up_to(path, BYTES_MAX) {
        Ok(bytes) => bytes,
        Err(error) => {
            tracing::warn!(path = %path.display(), %error, "a snapshot cannot be read");
            return None;
        }
    };
    match Snapshot::read(bytes, secret) {
        Ok(snapshot) => Some(snapshot),
        Err(reason) => {
            tracing::warn!(path = %path.display(), %reason, "a snapshot is not used");
            None
        }
    }
}
