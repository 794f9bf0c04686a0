//! The embedded engine, with every call guarded: a panic is an error, and a write
//! that hangs is woken.

use std::fs;
use std::io;
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use super::super::{OpenError, Position, ReadError};
use super::durable_mark::AcknowledgedTail;
use super::flush_watchdog::FlushWatchdog;
use super::format::{FORMAT_KEY, HEAD_KEYS, Key, TAIL_KEY, TREE_FORMAT, key, tail_value};
use super::panic_guard::{EnginePanic, panic_guard};
use super::{place, storage_error};
use crate::durable_file;

/// How much the engine writes as one unit: its default, and so the size that is
/// tested most. Recorded in the store; it cannot change later.
pub(super) const SEGMENT_BYTES: usize = 512 * 1024;

/// The size that the engine's page cache aims at. The register answers from its own
/// memory, not from here, so more would gain little.
const CACHE_BYTES: u64 = 32 * 1024 * 1024;

/// How long to wait until the engine of this very process releases its file.
const RELEASE_LIMIT: Duration = Duration::from_secs(5);

/// A value of the tree, shared with the engine's page cache.
pub(super) type Value = ::sled::IVec;

/// The embedded engine, with every call guarded.
#[derive(Debug)]
pub(super) struct Database {
    /// `None` once it was closed or abandoned.
    db: Option<::sled::Db>,
    watch: FlushWatchdog,
}

impl Database {
    /// Makes the engine's files in `path`, with nothing but the head in them.
    pub(super) fn create(dir: &Path, path: &Path) -> Result<(), OpenError> {
        let database = Database::open(dir, path)?;
        let mut head = vec![
            (FORMAT_KEY, TREE_FORMAT.to_vec()),
            (TAIL_KEY, tail_value(AcknowledgedTail::NOTHING)),
        ];
        head.extend((2..HEAD_KEYS).map(|spacer| (key(Position::ZERO, spacer), Vec::new())));
        database
            .write(head)
            .map_err(|failure| failure.at_open(dir, path))
    }

    /// Opens the engine's files in `path`, of the store in `dir`.
    pub(super) fn open(dir: &Path, path: &Path) -> Result<Database, OpenError> {
        remove_unusable_snapshots(path).map_err(|e| storage_error("tidy", path, e))?;
        let config = ::sled::Config::new()
            .path(path)
            .segment_size(SEGMENT_BYTES)
            .cache_capacity(CACHE_BYTES)
            .flush_every_ms(None);
        let start = Instant::now();
        let mut again = true;
        loop {
            let failure = match panic_guard(|| config.open()) {
                Ok(Ok(db)) => {
                    let watched = db.clone();
                    let watch = FlushWatchdog::start(move || wake_engine(&watched))
                        .map_err(|e| storage_error("start a thread for", path, e))?;
                    return Ok(Database {
                        db: Some(db),
                        watch,
                    });
                }
                Ok(Err(error)) => EngineFailure::Engine(error),
                Err(panicked) => EngineFailure::Panicked(panicked),
            };
            // Recovery of a cut file can panic and yet leave the file in order:
            // this was seen where the cut took only padding. The result of a
            // second recovery is checked in full like any other.
            if matches!(failure, EngineFailure::Panicked(_)) && again {
                tracing::warn!(%failure, "recovery failed and is tried once more");
                again = false;
                continue;
            }
            if !failure.is_lock() {
                return Err(failure.at_open(dir, path));
            }
            // The store's own lock is held, so only threads of a store that this
            // process has just closed can still hold the engine's.
            if start.elapsed() > RELEASE_LIMIT {
                return Err(OpenError::Locked { place: place(dir) });
            }
            thread::sleep(Duration::from_millis(10));
        }
    }

    fn call<T>(
        &self,
        call: impl FnOnce(&::sled::Db) -> Result<T, ::sled::Error>,
    ) -> Result<T, EngineFailure> {
        let db = self.db.as_ref().ok_or(EngineFailure::Closed)?;
        match panic_guard(|| call(db)) {
            Ok(outcome) => outcome.map_err(EngineFailure::Engine),
            Err(panicked) => Err(EngineFailure::Panicked(panicked)),
        }
    }

    pub(super) fn get(&self, key: Key) -> Result<Option<Value>, EngineFailure> {
        self.call(|db| db.get(key))
    }

    /// The position in the last key before `key`.
    pub(super) fn before(&self, key: Key) -> Result<Option<Position>, EngineFailure> {
        let found = self.call(|db| db.range(..key).next_back().transpose())?;
        Ok(found.and_then(|(key, _)| {
            let number = key.first_chunk::<8>()?;
            Some(Position::new(u64::from_be_bytes(*number)))
        }))
    }

    pub(super) fn last_key(&self) -> Result<Option<Value>, EngineFailure> {
        let found = self.call(|db| db.iter().next_back().transpose())?;
        Ok(found.map(|(key, _)| key))
    }

    /// Writes `entries` as one atomic batch and hands them to the operating
    /// system. Not durable yet: see `Store::commit`.
    pub(super) fn write(&self, entries: Vec<(Key, Vec<u8>)>) -> Result<(), EngineFailure> {
        let last = entries.iter().map(|(key, _)| *key).max();
        let mut batch = ::sled::Batch::default();
        for (key, value) in entries {
            batch.insert(&key, value);
        }
        self.watch.guard(|| {
            self.call(|db| {
                db.apply_batch(batch)?;
                // The engine splits a full leaf at the next access. This access
                // leaves readers nothing to change, and the same flush covers the
                // split.
                if let Some(last) = last {
                    db.get(last)?;
                }
                db.flush()?;
                Ok(())
            })
        })
    }

    /// Leaves the engine as it is, without any further write.
    ///
    /// An engine that failed may write, panic or hang when it is dropped. Nothing
    /// unacknowledged was promised, so nothing is tidied up; recovery is the
    /// ordinary path. Its files stay locked for as long as the process lives.
    pub(super) fn abandon(&mut self) {
        std::mem::forget(self.db.take());
        self.watch.end(false);
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        let Some(db) = self.db.take() else {
            return;
        };
        self.watch.end(true);
        if let Err(panicked) = panic_guard(|| drop(db)) {
            tracing::error!(%panicked, "the storage engine could not be closed");
        }
    }
}

/// The beginning of the name of each snapshot of the engine.
const SNAPSHOT: &str = "snap.";

/// How much longer than the engine's file a snapshot of it may be.
const SNAPSHOT_SLACK: u64 = 16 << 20;

/// Removes snapshots that the engine had not finished when it was killed, and those
/// that are not whole any more.
///
/// The engine takes such a file for its newest snapshot, finds it damaged and refuses
/// to open. Without it, the engine reads its whole file, which holds everything that a
/// snapshot does; and what it finds there is checked in full by every open.
fn remove_unusable_snapshots(path: &Path) -> io::Result<()> {
    remove_snapshots(path, |snapshot| {
        let is_draft = snapshot.extension().is_some_and(|e| e == "generating");
        // One that cannot be read now is left: the engine reports the error.
        // One that is no file, or longer than the engine's own file, is none of the engine's.
        let is_torn = || {
            let len = fs::metadata(path.join("db")).map_or(0, |found| found.len());
            let most = len.saturating_add(SNAPSHOT_SLACK);
            let found = fs::symlink_metadata(snapshot);
            found.is_ok_and(|found| !found.is_file() || found.len() > most)
                || durable_file::read_up_to(snapshot, most)
                    .is_ok_and(|bytes| !is_whole_snapshot(&bytes))
        };
        if is_draft {
            return true;
        }
        let is_torn = is_torn();
        if is_torn {
            tracing::warn!(
                snapshot = %snapshot.display(),
                "a snapshot of the storage engine is damaged, and is made again"
            );
        }
        is_torn
    })
}

/// Removes the snapshots that `is_unusable` names.
pub(super) fn remove_snapshots(path: &Path, is_unusable: impl Fn(&Path) -> bool) -> io::Result<()> {
    for entry in fs::read_dir(path)? {
        let entry = entry?;
        let is_snapshot = entry.file_name().to_string_lossy().starts_with(SNAPSHOT);
        if is_snapshot && is_unusable(&entry.path()) {
            fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}

/// Whether a snapshot is as the engine wrote it: its content, the length of that
/// (8 bytes), and the CRC-32 of the content (4 bytes, little-endian).
fn is_whole_snapshot(bytes: &[u8]) -> bool {
    let Some((rest, crc)) = bytes.split_last_chunk::<4>() else {
        return false;
    };
    match rest.split_last_chunk::<8>() {
        Some((content, _)) if !content.is_empty() => {
            crc32fast::hash(content) == u32::from_le_bytes(*crc)
        }
        Some(_) | None => false,
    }
}

/// Makes the engine look at the errors of its threads, and wake its waiting writer.
fn wake_engine(db: &::sled::Db) {
    match panic_guard(|| db.flush()) {
        Ok(Ok(_)) => {}
        Ok(Err(error)) => tracing::error!(%error, "a write to the log was stuck"),
        Err(panicked) => tracing::error!(%panicked, "a write to the log is stuck"),
    }
}

/// A failure inside the engine.
#[derive(Debug, thiserror::Error)]
pub(super) enum EngineFailure {
    #[error(transparent)]
    Engine(::sled::Error),
    #[error(transparent)]
    Panicked(EnginePanic),
    #[error("the storage engine is closed")]
    Closed,
}

impl EngineFailure {
    /// Whether the engine could not get its own lock.
    fn is_lock(&self) -> bool {
        // The engine gives this error no kind of its own.
        matches!(self, EngineFailure::Engine(::sled::Error::Io(error))
            if error.to_string().contains("could not acquire lock"))
    }

    /// Whether the engine may be called, and dropped, after this.
    pub(super) fn is_harmless(&self) -> bool {
        !matches!(self, EngineFailure::Panicked(_))
    }

    /// The operating system's error, if it was one. A file that ends too early is
    /// not: it is damage.
    fn into_io(self) -> Result<io::Error, String> {
        match self {
            EngineFailure::Engine(::sled::Error::Io(error))
                if error.kind() != io::ErrorKind::UnexpectedEof =>
            {
                Ok(error)
            }
            other => Err(other.to_string()),
        }
    }

    pub(super) fn at_open(self, dir: &Path, path: &Path) -> OpenError {
        match self.into_io() {
            Ok(source) => storage_error("open", path, source),
            Err(what) => OpenError::Damaged {
                place: place(dir),
                what,
            },
        }
    }

    pub(super) fn at_read(self, position: Position) -> ReadError {
        match self.into_io() {
            Ok(source) => ReadError::Storage {
                position,
                source: source.into(),
            },
            Err(what) => ReadError::Damaged { position, what },
        }
    }
}
