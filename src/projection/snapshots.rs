//! The folder of snapshots: read at a start, and kept up while the server serves.
//!
//! A snapshot covers so many entries and is written once: what was written stays as
//! it is, and the next one begins where it ends. Nothing here is synced: whatever a
//! power cut leaves is either whole or not used.

use std::fs::{self, File};
use std::io::{self, BufWriter};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;

use super::replay::ReplayError;
use super::snapshot::{Snapshot, SnapshotBuilder, SnapshotError};
use crate::domain::ids::Position;
use crate::log::{self, Limit, ReadError, Reader, Record};

/// Where snapshots are, in the directory of a store.
const DIRECTORY: &str = "snapshots";

/// How a snapshot's name ends.
const EXTENSION: &str = "snapshot";

/// Free disk space below which no snapshot is written: what is left is for the log.
const ROOM_BYTES: u64 = 128 * 1024 * 1024;

/// The folder.
#[derive(Debug, Clone)]
pub struct Snapshots {
    dir: PathBuf,
    /// How many entries a snapshot has.
    every: u64,
}

/// Why a snapshot was not made.
#[derive(Debug, thiserror::Error)]
pub enum SnapshotWriteError {
    /// The log would not be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// It holds what this program cannot read.
    #[error(transparent)]
    Replay(#[from] ReplayError),
    /// The folder would not be written.
    #[error("the folder of snapshots {dir}", dir = dir.display())]
    Write {
        /// The folder.
        dir: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
}

impl Snapshots {
    /// The snapshots of the store in a directory, each of so many entries.
    pub fn of(data: &Path, every: u64) -> Self {
        Self {
            dir: data.join(DIRECTORY),
            every: every.max(1),
        }
    }

    /// Reads the snapshots, from the first position on, as far as they follow one
    /// another; several at once. None of them has been held against the log yet.
    pub fn read(&self) -> Vec<Snapshot> {
        let names = self.names();
        let (next, read) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
        let readers = thread::available_parallelism().map_or(1, |all| all.get().clamp(1, 8));
        thread::scope(|scope| {
            for _ in 0..readers.min(names.len()) {
                scope.spawn(|| {
                    while let Some(path) = names.get(next.fetch_add(1, Ordering::Relaxed)) {
                        if let Some(snapshot) = read_one(path) {
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

    /// Keeps those that end as the log does at their last position, up to the first
    /// that does not; removes the files of all others.
    pub fn retain_matching_log(
        &self,
        mut snapshots: Vec<Snapshot>,
        record: impl Fn(log::Position) -> Result<Record, ReadError>,
    ) -> Vec<Snapshot> {
        let is_of_it = |snapshot: &&Snapshot| {
            let record = record(log::Position::new(snapshot.last().get()));
            record.is_ok_and(|record| snapshot.ends_with(&record))
        };
        let count = snapshots.iter().take_while(is_of_it).count();
        if let Some(other) = snapshots.get(count) {
            let path = self.path(other.first());
            tracing::warn!(path = %path.display(), reason = %SnapshotError::OtherLog, "a snapshot is not used");
        }
        snapshots.truncate(count);
        let kept: Vec<PathBuf> = snapshots.iter().map(|one| self.path(one.first())).collect();
        for path in self.names() {
            if !kept.contains(&path) {
                // What cannot be removed is not used next time either.
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

    /// Makes the snapshots that the log has entries for and that are not there,
    /// after `kept`; returns the position that they reach. `goes_on` is asked
    /// between them.
    pub fn keep_up(
        &self,
        reader: &dyn Reader,
        mut kept: Position,
        mut goes_on: impl FnMut() -> bool,
    ) -> Result<Position, SnapshotWriteError> {
        while reader.tail().get() - kept.get() >= self.every && goes_on() {
            let write = |source| SnapshotWriteError::Write {
                dir: self.dir.clone(),
                source,
            };
            fs::create_dir_all(&self.dir).map_err(write)?;
            if fs2::available_space(&self.dir).map_err(write)? < ROOM_BYTES {
                return Ok(kept);
            }
            let first = kept.next();
            let draft = self.build(reader, first)?;
            self.write(first, draft).map_err(write)?;
            kept = Position::new(kept.get() + self.every);
            tracing::debug!(%first, last = %kept, "a snapshot was kept");
        }
        Ok(kept)
    }

    /// The snapshot that begins at a position, of what the log has there.
    fn build(
        &self,
        reader: &dyn Reader,
        first: Position,
    ) -> Result<SnapshotBuilder, SnapshotWriteError> {
        let mut draft = SnapshotBuilder::default();
        while draft.count() < self.every {
            let from = log::Position::new(first.get() + draft.count());
            let left = usize::try_from(self.every - draft.count()).unwrap_or(usize::MAX);
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
                draft.add(&record).map_err(|source| ReplayError::Stored {
                    position: Position::new(record.position.get()),
                    source,
                })?;
            }
        }
        Ok(draft)
    }

    fn write(&self, first: Position, snapshot: SnapshotBuilder) -> io::Result<()> {
        let path = self.path(first);
        let draft = path.with_extension("draft");
        let written = File::create(&draft)
            .and_then(|file| snapshot.write(BufWriter::new(file)))
            .and_then(|()| fs::rename(&draft, &path));
        if written.is_err() {
            let _ = fs::remove_file(&draft);
        }
        written
    }

    fn path(&self, first: Position) -> PathBuf {
        self.dir.join(format!("{:020}.{EXTENSION}", first.get()))
    }

    /// The files, drafts that were never finished among them.
    fn names(&self) -> Vec<PathBuf> {
        let entries = fs::read_dir(&self.dir).into_iter().flatten().flatten();
        let mut names: Vec<PathBuf> = entries.map(|entry| entry.path()).collect();
        names.sort();
        names
    }
}

fn read_one(path: &Path) -> Option<Snapshot> {
    if path
        .extension()
        .is_none_or(|extension| extension != EXTENSION)
    {
        return None;
    }
    let bytes = match fs::read(path) {
        Ok(bytes) => bytes,
        Err(error) => {
            tracing::warn!(path = %path.display(), %error, "a snapshot cannot be read");
            return None;
        }
    };
    match Snapshot::read(bytes) {
        Ok(snapshot) => Some(snapshot),
        Err(reason) => {
            tracing::warn!(path = %path.display(), %reason, "a snapshot is not used");
            None
        }
    }
}
