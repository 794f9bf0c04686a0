//! An open store: where it ends, what may be read, and whether it still runs.
//!
//! The appender and all readers share one. It assembles groups from their pieces
//! and checks them, at open and at every later read alike. A store that cannot go
//! on gives its reason here.

use std::fs::File;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::super::{LogStopped, OpenError, Position, ReadError};
use super::database::{Database, EngineFailure, Value};
use super::directory::{Directory, refuse_blobs};
use super::durable_mark::{AcknowledgedTail, DurableMark, DurableMarkState};
use super::format::{FORMAT_KEY, Key, TAIL_KEY, TREE_FORMAT, key, pieces};
use super::group::{self, StoredGroup};
use super::{place, storage_error};
use crate::durable_file;

/// How long an append may take before the log counts as stalled.
const STALL_LIMIT: Duration = Duration::from_secs(30);

/// Where an append is, and whether there will be another.
#[derive(Debug, Default)]
struct Progress {
    since: Option<Instant>,
    stop: Option<LogStopped>,
}

/// The open store.
#[derive(Debug)]
pub(super) struct Store {
    database: Database,
    /// The engine's file, held open to sync it.
    file: File,
    /// The last acknowledged position. Everything up to it may be read.
    durable: AtomicU64,
    progress: Mutex<Progress>,
    /// Dropped last: it holds the lock.
    directory: Directory,
}

impl Store {
    pub(super) fn open(directory: Directory) -> Result<Store, OpenError> {
        let path = directory.engine_file();
        let store = Store::open_unsynced(directory)?;
        // Bytes that a killed process had written but not yet synced are visible now.
        // They must be durable before anyone reads them.
        store
            .file
            .sync_data()
            .map_err(|e| storage_error("sync", &path, e))?;
        durable_file::sync(store.directory.engine())?;
        let blobs = refuse_blobs(&store.directory.overflow_dir())?;
        blobs.map_err(|what| store.damaged(what))?;
        Ok(store)
    }

    /// Opens a store without making durable what is in it: for a copy.
    pub(super) fn open_unsynced(directory: Directory) -> Result<Store, OpenError> {
        let path = directory.engine_file();
        let database = Database::open(directory.path(), directory.engine())?;
        let file = File::open(&path).map_err(|e| storage_error("open", &path, e))?;
        Ok(Store {
            database,
            file,
            durable: AtomicU64::new(0),
            progress: Mutex::default(),
            directory,
        })
    }

    pub(super) fn directory(&self) -> &Directory {
        &self.directory
    }

    /// The last position that may be read.
    pub(super) fn durable(&self) -> Position {
        Position::new(self.durable.load(Ordering::Acquire))
    }

    /// Lets readers see everything up to `last`, which is durable.
    pub(super) fn acknowledge(&self, last: Position) {
        self.durable.store(last.get(), Ordering::Release);
    }

    /// Opens a checked store for use: marks its tail as durable, then shows it to
    /// readers.
    pub(super) fn publish(&self, tail: AcknowledgedTail) -> Result<DurableMark, OpenError> {
        let mark = self.directory.create_durable_mark(tail)?;
        self.acknowledge(tail.last);
        Ok(mark)
    }

    /// Writes `entries` atomically and makes them durable. After an error it is
    /// unknown whether they are on disk.
    pub(super) fn commit(&self, entries: Vec<(Key, Vec<u8>)>) -> Result<(), CommitError> {
        self.database.write(entries).map_err(CommitError::Engine)?;
        // The engine's own flush does not survive a power cut. This does.
        self.file.sync_data().map_err(CommitError::Sync)?;
        self.refuse_blobs().map_err(CommitError::Blobs)
    }

    /// Fails if the engine put anything outside its file.
    fn refuse_blobs(&self) -> Result<(), String> {
        match refuse_blobs(&self.directory.overflow_dir()) {
            Ok(found) => found,
            Err(error) => Err(error.to_string()),
        }
    }

    fn progress(&self) -> MutexGuard<'_, Progress> {
        // Only plain assignments happen under this lock.
        self.progress.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes that an append is under way, or no longer is, for [`Store::stopped`].
    pub(super) fn set_under_way(&self, append: bool) {
        self.progress().since = append.then(Instant::now);
    }

    /// Stops the store; the first reason is the one that is kept.
    pub(super) fn stop(&self, reason: LogStopped) {
        let mut progress = self.progress();
        if progress.stop.is_none() {
            tracing::error!(%reason, "the log takes no more appends");
            progress.stop = Some(reason);
        }
    }

    /// Why nothing can be appended any more.
    pub(super) fn stopped(&self) -> Option<LogStopped> {
        let progress = self.progress();
        if progress.stop.is_some() {
            return progress.stop.clone();
        }
        let waited = progress.since?.elapsed();
        (waited > STALL_LIMIT).then(|| LogStopped::Stalled {
            after: self.durable(),
            waited,
        })
    }

    /// A value of the tree. An engine that panics, in a read or in a write, is
    /// not used for writing again.
    fn get(&self, key: Key) -> Result<Option<Value>, EngineFailure> {
        let outcome = self.database.get(key);
        self.stop_if_broken(&outcome);
        outcome
    }

    fn stop_if_broken<T>(&self, outcome: &Result<T, EngineFailure>) {
        if let Err(failure) = outcome
            && !failure.is_harmless()
        {
            self.stop(LogStopped::Broken {
                after: self.durable(),
                what: failure.to_string(),
            });
        }
    }

    /// The group that starts at `first`; `None` if none starts there.
    fn group(&self, first: Position) -> Result<Option<StoredGroup>, ReadError> {
        let Some(value) = self.value(first)? else {
            return Ok(None);
        };
        let group = group::decode(first, value);
        group.map(Some).map_err(|what| ReadError::Damaged {
            position: first,
            what,
        })
    }

    /// The value of the group that starts at `first`, not yet checked but for its
    /// length; `None` if none starts there.
    pub(super) fn value(&self, first: Position) -> Result<Option<Vec<u8>>, ReadError> {
        let damaged = |what| ReadError::Damaged {
            position: first,
            what,
        };
        let Some(start) = self.get(key(first, 0)).map_err(|f| f.at_read(first))? else {
            return Ok(None);
        };
        let len = group::value_len(&start).map_err(damaged)?;
        let mut value = Vec::with_capacity(len);
        value.extend_from_slice(&start);
        for piece in 1..pieces(len) {
            match self.get(key(first, piece)).map_err(|f| f.at_read(first))? {
                Some(bytes) => value.extend_from_slice(&bytes),
                None => return Err(damaged(format!("piece {piece} of the group is missing"))),
            }
        }
        Ok(Some(value))
    }

    /// The group that holds `position`, which has been acknowledged.
    pub(super) fn group_around(&self, position: Position) -> Result<StoredGroup, ReadError> {
        // A page of a reader mostly starts where a group does.
        if let Some(group) = self.group(position)? {
            return Ok(group);
        }
        let first = self.database.before(key(position, 0));
        self.stop_if_broken(&first);
        let first = first
            .map_err(|f| f.at_read(position))?
            .filter(|first| *first > Position::ZERO);
        let group = match first {
            Some(first) => self.group(first)?,
            None => None,
        };
        group
            .filter(|group| position <= group.last())
            .ok_or_else(|| ReadError::Damaged {
                position,
                what: "no group holds it".to_owned(),
            })
    }

    /// The tail that was acknowledged, by the durable mark.
    pub(super) fn acknowledged_tail(&self) -> Result<AcknowledgedTail, OpenError> {
        match self.directory.durable_mark() {
            DurableMarkState::Acknowledged(tail) => Ok(tail),
            DurableMarkState::Absent => Ok(AcknowledgedTail::NOTHING),
            DurableMarkState::Unreadable => Err(self.damaged(
                "minutebook.witness is unreadable, so it is unknown how much was acknowledged \
                 (if you know that the log is complete, delete that file and open again)",
            )),
        }
    }

    /// Checks the format of the tree and returns its tail record.
    pub(super) fn stored_tail(&self) -> Result<AcknowledgedTail, OpenError> {
        let read = |key| {
            self.get(key)
                .map_err(|f| f.at_open(self.directory.path(), &self.directory.engine_file()))
        };
        if read(FORMAT_KEY)?.as_deref() != Some(TREE_FORMAT) {
            return Err(self.damaged("the engine's file does not hold a log of format 1"));
        }
        let value = read(TAIL_KEY)?;
        let value = value
            .as_deref()
            .and_then(|value| <&[u8; 40]>::try_from(value).ok())
            .ok_or_else(|| self.damaged("the tail record is missing or has the wrong length"))?;
        let mut last = [0; 8];
        last.copy_from_slice(&value[..8]);
        let mut hash = [0; 32];
        hash.copy_from_slice(&value[8..]);
        Ok(AcknowledgedTail {
            last: Position::new(u64::from_be_bytes(last)),
            hash,
        })
    }

    /// A key past the end means that something before it is gone.
    pub(super) fn refuse_strays(
        &self,
        tail: AcknowledgedTail,
        last_key: Key,
    ) -> Result<(), OpenError> {
        let end = self.database.last_key();
        self.stop_if_broken(&end);
        let end =
            end.map_err(|f| f.at_open(self.directory.path(), &self.directory.engine_file()))?;
        if end.as_deref() == Some(last_key.as_slice()) {
            return Ok(());
        }
        Err(self.damaged(format!(
            "position {} is missing, and there is something after it",
            tail.last.next()
        )))
    }

    pub(super) fn damaged(&self, what: impl Into<String>) -> OpenError {
        OpenError::Damaged {
            place: place(self.directory.path()),
            what: what.into(),
        }
    }

    pub(super) fn damaged_read(&self, error: ReadError) -> OpenError {
        match error {
            ReadError::Damaged { position, what } => {
                self.damaged(format!("at position {position}, {what}"))
            }
            ReadError::Storage { source, .. } => {
                storage_error("read", &self.directory.engine_file(), source)
            }
        }
    }
}

impl Drop for Store {
    fn drop(&mut self) {
        if self.progress().stop.is_some() {
            self.database.abandon();
        }
    }
}

/// Why a commit has no known outcome.
#[derive(Debug, thiserror::Error)]
pub(super) enum CommitError {
    #[error("the storage engine could not write: {0}")]
    Engine(#[source] EngineFailure),
    #[error("the file could not be synced: {0}")]
    Sync(#[source] std::io::Error),
    #[error("{0}")]
    Blobs(String),
}
