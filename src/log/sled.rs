//! The log on disk, kept by the embedded engine sled 0.34.7.
//!
//! This file is the only one that names the engine. What it relies on was
//! measured, and what the engine does not do is done here:
//!
//! - **Durability.** The engine's `flush` ends in `sync_file_range`, which does
//!   not survive a power cut. Every append therefore ends in `flush` *and*
//!   `File::sync_data` on the engine's file. The engine's background flusher,
//!   which only logs what goes wrong, is off.
//! - **No values outside the file.** Pages above a quarter of a segment go to
//!   files of their own, which the engine never syncs. A leaf holds at most 17
//!   values, so values are cut into pieces that 18 of fit into a quarter of a
//!   segment; that the directory for such files is empty is checked before
//!   every acknowledgement.
//! - **Loss is found.** The engine recovers silently to an earlier state. The
//!   tail record inside the engine, the `witness` beside it and a full check of
//!   every group at open find that, and the store is refused.
//! - **Panics are errors.** Every call goes through the `shield`.
//! - **Memory is bounded.** The engine's page cache trims itself only once every
//!   64 accesses to each of 256 shards, so what it holds is bounded by 16,384
//!   times the bytes newly touched per access: small pieces, read one by one,
//!   keep that near 64 MiB; iterators, which touch a page once, do not.
//!
//! # Format 1
//!
//! The engine's default tree. A key is 10 bytes: the position of the first
//! record of a commit group (8 bytes, big-endian), then the number of the piece
//! (2 bytes, big-endian, from 0).
//!
//! ```text
//! key            value
//! 0, 0           "minutebook log 1": the format of everything in the tree
//! 0, 1           the tail: last position (8 bytes, big-endian), then the
//!                SHA-256 of the last group (32 bytes; zeros before the first)
//! 0, 2 … 0, 8    empty; see `HEAD_KEYS`
//! p, 0 … p, n    the group whose first record is at p (see `group`), cut into
//!                pieces of 4,096 bytes, the last one shorter
//! ```
//!
//! A group and the tail that follows it are written as one atomic batch.

mod directory;
mod group;
mod shield;
mod witness;

use std::error::Error as StdError;
use std::fs::{self, File};
use std::io;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use self::directory::{Directory, io_error, sync_dir};
use self::group::Group;
use self::shield::{Panicked, shielded};
use self::witness::{Promise, Testimony, Witness};
use super::{AppendError, Batch, Limit, Position, ReadError, Record, Stop};

/// How much the engine writes as one unit: its default, and so the size that
/// everyone else tests. Recorded in the store; it cannot change later.
const SEGMENT_BYTES: usize = 512 * 1024;

/// What the engine's page cache aims at. Reads of the register come from
/// memory, not from here, so there is little to gain from more.
const CACHE_BYTES: u64 = 32 * 1024 * 1024;

/// The longest value in the tree.
const PIECE_BYTES: usize = 4_096;

// 18 pieces, their keys and the page around them stay inside the file.
const _: () = assert!(18 * (PIECE_BYTES + 32) + 512 < SEGMENT_BYTES / 4);

/// How many keys stand before the first group.
///
/// The tail is rewritten with every append. The engine splits a leaf of 17 keys
/// after the ninth, so nine keys at the front end up in a leaf of their own and
/// the tail is never rewritten together with a page full of groups.
const HEAD_KEYS: u16 = 9;

/// The value that says what the tree holds.
const TREE_FORMAT: &[u8] = b"minutebook log 1";

/// Free disk space that must be there before an append starts.
///
/// Running out half way through a write stops the log, so it is refused while
/// it can still be refused cleanly. Covers the largest batch several times.
const RESERVE_BYTES: u64 = 16 * 1024 * 1024;

/// How long an append may take before the log counts as stalled.
const STALL_LIMIT: Duration = Duration::from_secs(30);

/// How long to wait for the engine of this very process to let go of its file.
const RELEASE_LIMIT: Duration = Duration::from_secs(5);

/// Why a store cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// Another process, or this one, has it open.
    #[error("{dir} is in use by another process: stop that one first", dir = dir.display())]
    Locked {
        /// The directory.
        dir: PathBuf,
    },
    /// The directory is not empty and is not a store. Nothing was touched.
    #[error(
        "{dir} holds {found:?} and is not a Minutebook log: \
         name an empty directory, or one that does not exist yet",
        dir = dir.display()
    )]
    NotAStore {
        /// The directory.
        dir: PathBuf,
        /// Something that is in it.
        found: String,
    },
    /// The store was written in a format that this program does not know.
    #[error(
        "{dir} has log format {found}, and this program knows format {known}: \
         use the program version that wrote it, or a later one",
        dir = dir.display()
    )]
    UnknownFormat {
        /// The directory.
        dir: PathBuf,
        /// The format it has.
        found: u32,
        /// The format that is known.
        known: u32,
    },
    /// What is stored is not what was appended.
    #[error(
        "the log in {dir} is damaged: {what}; keep a copy of the directory, then restore it \
         from a backup or rebuild it from an export",
        dir = dir.display()
    )]
    Damaged {
        /// The directory.
        dir: PathBuf,
        /// What is wrong.
        what: String,
    },
    /// The log ends before something that was acknowledged.
    #[error(
        "the log in {dir} ends at position {have}, but position {promised} was acknowledged: \
         entries are lost; keep a copy of the directory, then restore it from a backup or \
         rebuild it from an export",
        dir = dir.display()
    )]
    LostEntries {
        /// The directory.
        dir: PathBuf,
        /// Where the log ends.
        have: Position,
        /// A position that was acknowledged.
        promised: Position,
    },
    /// The disk would not do as it was told.
    #[error("cannot {doing} {path}: check that the disk works and that the file may be accessed", path = path.display())]
    Io {
        /// What was tried.
        doing: &'static str,
        /// On which file.
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
}

/// Opens the log in `dir`; makes one when `dir` is missing or empty.
///
/// Every group is read and checked before this returns: a damaged store is
/// refused, never served. See [`replay`] to use that reading.
pub fn open(dir: &Path) -> Result<(SledAppender, SledReader), OpenError> {
    match replay(dir, |_| {
        ControlFlow::<std::convert::Infallible>::Continue(())
    }) {
        Ok(ControlFlow::Continue(opened)) => Ok(opened),
        Ok(ControlFlow::Break(never)) => match never {},
        Err(error) => Err(error),
    }
}

/// Opens the log in `dir` as [`open`] does, and hands every record to `visit`,
/// in order, in the one pass that checks them.
///
/// The records before the end of the log have been checked when `visit` sees
/// them; that none is missing at the end is known only when this returns. Throw
/// away what was folded if it returns an error. `visit` breaks to give up; its
/// reason comes back, and the store is closed again.
pub fn replay<B>(
    dir: &Path,
    mut visit: impl FnMut(Record) -> ControlFlow<B>,
) -> Result<ControlFlow<B, (SledAppender, SledReader)>, OpenError> {
    let directory = Directory::hold(dir, create)?;
    let store = Store::open(directory)?;
    let dir = store.directory.path();
    let tail = match store.scan(&mut visit)? {
        ControlFlow::Continue(tail) => tail,
        ControlFlow::Break(reason) => return Ok(ControlFlow::Break(reason)),
    };
    tracing::debug!(dir = %dir.display(), tail = %tail.last, "every group of the log was checked");
    let witness = store.directory.witness(tail)?;
    store.durable.store(tail.last.get(), Ordering::Release);
    let store = Arc::new(store);
    Ok(ControlFlow::Continue((
        SledAppender {
            store: store.clone(),
            witness,
        },
        SledReader { store },
    )))
}

/// Makes the engine's files in `dir`, with nothing but the head in them.
fn create(dir: &Path) -> Result<(), OpenError> {
    let db = open_engine(dir, dir)?;
    let made = shielded(|| {
        db.insert(key(Position::ZERO, 0), TREE_FORMAT)?;
        db.insert(key(Position::ZERO, 1), tail_value(Promise::NOTHING))?;
        for spacer in 2..HEAD_KEYS {
            db.insert(key(Position::ZERO, spacer), &[])?;
        }
        db.flush()?;
        drop(db);
        Ok(())
    });
    made.map_err(Failure::Panicked)
        .and_then(|made: Result<(), ::sled::Error>| made.map_err(Failure::Engine))
        .map_err(|failure| failure.at_open(dir, &dir.join("db")))
}

/// Opens the engine's files in `engine`, of the store in `dir`.
fn open_engine(dir: &Path, engine: &Path) -> Result<::sled::Db, OpenError> {
    let config = ::sled::Config::new()
        .path(engine)
        .segment_size(SEGMENT_BYTES)
        .cache_capacity(CACHE_BYTES)
        .flush_every_ms(None);
    let start = Instant::now();
    loop {
        let failure = match shielded(|| config.open()) {
            Ok(Ok(db)) => return Ok(db),
            Ok(Err(error)) => Failure::Engine(error),
            Err(panicked) => Failure::Panicked(panicked),
        };
        // The store's own lock is held, so nobody but threads of a store that
        // this process has just closed can still hold the engine's.
        if failure.is_lock() {
            if start.elapsed() < RELEASE_LIMIT {
                thread::sleep(Duration::from_millis(10));
                continue;
            }
            return Err(OpenError::Locked {
                dir: dir.to_owned(),
            });
        }
        return Err(failure.at_open(dir, &engine.join("db")));
    }
}

/// A key of the tree.
fn key(first: Position, piece: u16) -> [u8; 10] {
    let mut key = [0; 10];
    key[..8].copy_from_slice(&first.get().to_be_bytes());
    key[8..].copy_from_slice(&piece.to_be_bytes());
    key
}

/// The position that a key starts with.
fn key_position(key: &[u8]) -> Option<Position> {
    let number = key.first_chunk::<8>()?;
    Some(Position::new(u64::from_be_bytes(*number)))
}

fn tail_value(tail: Promise) -> Vec<u8> {
    let mut value = tail.last.get().to_be_bytes().to_vec();
    value.extend_from_slice(&tail.hash);
    value
}

/// What went wrong inside the engine.
#[derive(Debug)]
enum Failure {
    Engine(::sled::Error),
    Panicked(Panicked),
}

impl Failure {
    /// Whether the engine could not get its own lock.
    fn is_lock(&self) -> bool {
        // The engine gives this error no kind of its own.
        matches!(self, Failure::Engine(::sled::Error::Io(error))
            if error.to_string().contains("could not acquire lock"))
    }

    /// The operating system's error, if that is what it was. A file that ends
    /// too early is not: it is damage.
    fn into_io(self) -> Result<io::Error, String> {
        match self {
            Failure::Engine(::sled::Error::Io(error))
                if error.kind() != io::ErrorKind::UnexpectedEof =>
            {
                Ok(error)
            }
            Failure::Engine(error) => Err(error.to_string()),
            Failure::Panicked(panicked) => Err(panicked.to_string()),
        }
    }

    fn at_open(self, dir: &Path, file: &Path) -> OpenError {
        match self.into_io() {
            Ok(source) => io_error("open", file, source),
            Err(what) => OpenError::Damaged {
                dir: dir.to_owned(),
                what,
            },
        }
    }

    fn at_read(self, position: Position) -> ReadError {
        match self.into_io() {
            Ok(source) => ReadError::Io { position, source },
            Err(what) => ReadError::Damaged { position, what },
        }
    }
}

/// Where an append is, and whether there will be another.
#[derive(Debug, Default)]
struct Progress {
    since: Option<Instant>,
    stop: Option<Stop>,
}

/// The open store, shared by the appender and its readers.
#[derive(Debug)]
struct Store {
    /// `None` only while the store is dropped.
    db: Option<::sled::Db>,
    /// The engine's file, held open: this is what is synced.
    file: File,
    /// The last acknowledged position. Everything up to it may be read.
    durable: AtomicU64,
    progress: Mutex<Progress>,
    /// Dropped last: it holds the lock.
    directory: Directory,
}

impl Store {
    fn open(directory: Directory) -> Result<Store, OpenError> {
        let path = directory.engine_file();
        let db = open_engine(directory.path(), &directory.engine())?;
        let file = File::open(&path).map_err(|e| io_error("open", &path, e))?;
        // What a killed process had written but not yet synced is visible now.
        // It must be durable before anyone is told of it.
        file.sync_data().map_err(|e| io_error("sync", &path, e))?;
        sync_dir(&directory.engine())?;
        let store = Store {
            db: Some(db),
            file,
            durable: AtomicU64::new(0),
            progress: Mutex::default(),
            directory,
        };
        store.refuse_blobs().map_err(|what| store.damaged(what))?;
        Ok(store)
    }

    fn damaged(&self, what: impl Into<String>) -> OpenError {
        OpenError::Damaged {
            dir: self.directory.path().to_owned(),
            what: what.into(),
        }
    }

    /// Calls the engine; a panic stops the store and is an error.
    fn engine<T>(
        &self,
        call: impl FnOnce(&::sled::Db) -> Result<T, ::sled::Error>,
    ) -> Result<T, Failure> {
        let Some(db) = &self.db else {
            return Err(Failure::Engine(::sled::Error::Unsupported(
                "the store is closed".to_owned(),
            )));
        };
        match shielded(|| call(db)) {
            Ok(outcome) => outcome.map_err(Failure::Engine),
            Err(panicked) => {
                self.stop(Stop::OutcomeUnknown {
                    after: self.durable(),
                    what: panicked.to_string(),
                });
                Err(Failure::Panicked(panicked))
            }
        }
    }

    fn durable(&self) -> Position {
        Position::new(self.durable.load(Ordering::Acquire))
    }

    fn progress(&self) -> MutexGuard<'_, Progress> {
        // Only plain assignments happen under this lock.
        self.progress.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Stops the store; the first reason is the one that is kept.
    fn stop(&self, reason: Stop) {
        let mut progress = self.progress();
        if progress.stop.is_none() {
            tracing::error!(%reason, "the log takes no more appends");
            progress.stop = Some(reason);
        }
    }

    fn stopped(&self) -> Option<Stop> {
        let progress = self.progress();
        if progress.stop.is_some() {
            return progress.stop.clone();
        }
        let waited = progress.since?.elapsed();
        (waited > STALL_LIMIT).then(|| Stop::Stalled {
            after: self.durable(),
            waited,
        })
    }

    /// Fails if the engine put anything outside its file.
    fn refuse_blobs(&self) -> Result<(), String> {
        let path = self.directory.blobs();
        match fs::read_dir(&path).map(|mut entries| entries.next()) {
            Ok(None) => Ok(()),
            Ok(Some(_)) => Err(format!(
                "{} is not empty, and what is in it is never synced",
                path.display()
            )),
            Err(error) => Err(format!("{} cannot be read: {error}", path.display())),
        }
    }

    /// The value under one key.
    fn piece(&self, first: Position, piece: u16) -> Result<Option<::sled::IVec>, Failure> {
        self.engine(|db| db.get(key(first, piece)))
    }

    /// The group that starts at `first`; `None` if none starts there.
    fn group(&self, first: Position) -> Result<Option<Group>, ReadError> {
        let damaged = |what| ReadError::Damaged {
            position: first,
            what,
        };
        let Some(start) = self.piece(first, 0).map_err(|f| f.at_read(first))? else {
            return Ok(None);
        };
        let len = group::value_len(&start).map_err(damaged)?;
        let mut value = Vec::with_capacity(len);
        value.extend_from_slice(&start);
        for piece in 1..pieces(len) {
            match self.piece(first, piece).map_err(|f| f.at_read(first))? {
                Some(bytes) => value.extend_from_slice(&bytes),
                None => return Err(damaged(format!("piece {piece} of the group is missing"))),
            }
        }
        group::decode(first, value).map(Some).map_err(damaged)
    }

    /// The group that holds `position`, which has been acknowledged.
    fn group_around(&self, position: Position) -> Result<Group, ReadError> {
        let damaged = |what: &str| ReadError::Damaged {
            position,
            what: what.to_owned(),
        };
        // A page of a reader mostly starts where a group does.
        if let Some(group) = self.group(position)? {
            return Ok(group);
        }
        let before = self
            .engine(|db| db.range(..key(position, 0)).next_back().transpose())
            .map_err(|f| f.at_read(position))?;
        let first = before
            .and_then(|(key, _)| key_position(&key))
            .filter(|first| *first > Position::ZERO)
            .ok_or_else(|| damaged("no group holds it"))?;
        let group = self
            .group(first)?
            .ok_or_else(|| damaged("its group has no start"))?;
        if group.last() < position {
            return Err(damaged("no group holds it"));
        }
        Ok(group)
    }

    /// Reads and checks everything; returns where the log ends.
    ///
    /// The order of the checks is the order of what an operator wants to know:
    /// a damaged group first, then lost entries, then anything that is merely
    /// inconsistent.
    fn scan<B>(
        &self,
        visit: &mut impl FnMut(Record) -> ControlFlow<B>,
    ) -> Result<ControlFlow<B, Promise>, OpenError> {
        let head = self.head()?;
        let promise = match self.directory.testimony() {
            Testimony::Promised(promise) => promise,
            Testimony::Absent => {
                tracing::warn!("the log has no witness: a loss before now would not be noticed");
                Promise::NOTHING
            }
            Testimony::Unreadable => {
                return Err(self.damaged(
                    "minutebook.witness is unreadable, so it is unknown how much was \
                     acknowledged (if you know that the log is complete, delete that file \
                     and open again)",
                ));
            }
        };

        let mut tail = Promise::NOTHING;
        let mut last_key = key(Position::ZERO, HEAD_KEYS - 1);
        let mut history_agrees = promise.last == Position::ZERO;
        while let Some(group) = self
            .group(tail.last.next())
            .map_err(|error| self.damaged_read(error))?
        {
            let first = group.first();
            for number in first.get()..=group.last().get() {
                let position = Position::new(number);
                let Some(bytes) = group.record(position) else {
                    continue;
                };
                if let ControlFlow::Break(reason) = visit(Record { position, bytes }) {
                    return Ok(ControlFlow::Break(reason));
                }
            }
            tail = Promise {
                last: group.last(),
                hash: group.hash(),
            };
            last_key = key(first, pieces(group.len()).saturating_sub(1));
            history_agrees |= tail == promise;
        }

        // A key past the end means that something before it is gone.
        let end = self
            .engine(|db| db.iter().next_back().transpose())
            .map_err(|f| f.at_open(self.directory.path(), &self.directory.engine_file()))?;
        let end = end.map(|(key, _)| key);
        if end.as_deref() != Some(last_key.as_slice()) {
            let lost = tail.last.next();
            return Err(match end.as_deref().and_then(key_position) {
                Some(at) if at > lost => self.damaged(format!(
                    "position {lost} is missing, and position {at} is there"
                )),
                _ => self.damaged(format!("the group that ends at {} is torn", tail.last)),
            });
        }
        let promised = promise.last.max(head.last);
        if tail.last < promised {
            return Err(OpenError::LostEntries {
                dir: self.directory.path().to_owned(),
                have: tail.last,
                promised,
            });
        }
        if tail != head {
            return Err(self.damaged(format!(
                "the log ends at position {}, and its tail record says {}",
                tail.last, head.last
            )));
        }
        if !history_agrees {
            return Err(self.damaged(format!(
                "position {} is not what was acknowledged as position {}: \
                 the log and minutebook.witness are from different stores",
                promise.last, promise.last
            )));
        }
        Ok(ControlFlow::Continue(tail))
    }

    /// Checks the format of the tree and returns what its tail record says.
    fn head(&self) -> Result<Promise, OpenError> {
        let read = |piece| {
            self.piece(Position::ZERO, piece)
                .map_err(|f| f.at_open(self.directory.path(), &self.directory.engine_file()))
        };
        if read(0)?.as_deref() != Some(TREE_FORMAT) {
            return Err(self.damaged("the engine's file does not hold a log of format 1"));
        }
        let value = read(1)?;
        let value = value
            .as_deref()
            .and_then(|value| <&[u8; 40]>::try_from(value).ok())
            .ok_or_else(|| self.damaged("the tail record is missing or has the wrong length"))?;
        let mut last = [0; 8];
        last.copy_from_slice(&value[..8]);
        let mut hash = [0; 32];
        hash.copy_from_slice(&value[8..]);
        Ok(Promise {
            last: Position::new(u64::from_be_bytes(last)),
            hash,
        })
    }

    fn damaged_read(&self, error: ReadError) -> OpenError {
        match error {
            ReadError::Damaged { position, what } => {
                self.damaged(format!("at position {position}, {what}"))
            }
            ReadError::Io { source, .. } => io_error("read", &self.directory.engine_file(), source),
        }
    }
}

impl Drop for Store {
    fn drop(&mut self) {
        let Some(db) = self.db.take() else {
            return;
        };
        if self.progress().stop.is_some() {
            // An engine that failed may write, panic or hang when it is
            // dropped. Nothing unacknowledged is owed to anyone, so it is left
            // as it is; recovery is the ordinary path.
            std::mem::forget(db);
        } else if let Err(panicked) = shielded(|| drop(db)) {
            tracing::error!(%panicked, "the storage engine could not be closed");
        }
    }
}

/// How many pieces a value of `len` bytes has.
fn pieces(len: usize) -> u16 {
    // Bounded by the format: a group has at most some 260.
    u16::try_from(len.div_ceil(PIECE_BYTES)).unwrap_or(u16::MAX)
}

/// The one writer of a log on disk.
#[derive(Debug)]
pub struct SledAppender {
    store: Arc<Store>,
    witness: Witness,
}

impl SledAppender {
    /// Refuses while a refusal is still clean: before anything is written.
    fn refuse_full_disk(&self) -> Result<(), AppendError> {
        match fs2::available_space(self.store.directory.path()) {
            Ok(available) if available < RESERVE_BYTES => Err(AppendError::NoSpace {
                available,
                needed: RESERVE_BYTES,
            }),
            Ok(_) => Ok(()),
            Err(error) => {
                // This check is a courtesy: the write itself still fails safe.
                tracing::warn!(%error, "free disk space cannot be determined");
                Ok(())
            }
        }
    }

    /// Writes and syncs; an error leaves open what is on disk.
    fn commit(
        &self,
        first: Position,
        value: &[u8],
        tail: Promise,
    ) -> Result<(), Box<dyn StdError + Send + Sync>> {
        let mut writes = ::sled::Batch::default();
        for (piece, bytes) in (0..=u16::MAX).zip(value.chunks(PIECE_BYTES)) {
            writes.insert(&key(first, piece), bytes);
        }
        writes.insert(&key(Position::ZERO, 1), tail_value(tail));
        let written = self.store.engine(|db| {
            db.apply_batch(writes)?;
            db.flush()
        });
        match written {
            Ok(_) => {}
            Err(Failure::Engine(error)) => return Err(error.into()),
            Err(Failure::Panicked(panicked)) => return Err(panicked.into()),
        }
        self.store.file.sync_data()?;
        self.store.refuse_blobs()?;
        Ok(())
    }
}

impl super::Appender for SledAppender {
    fn tail(&self) -> Position {
        self.store.durable()
    }

    fn append(&mut self, batch: &Batch, expected_tail: Position) -> Result<Position, AppendError> {
        if let Some(reason) = self.store.stopped() {
            return Err(AppendError::Stopped { reason });
        }
        let after = self.tail();
        if expected_tail != after {
            return Err(AppendError::Conflict {
                expected: expected_tail,
                actual: after,
            });
        }
        self.refuse_full_disk()?;

        let first = after.next();
        let last = after.plus(batch.count());
        let (value, hash) = group::encode(first, batch);
        let tail = Promise { last, hash };
        self.store.progress().since = Some(Instant::now());
        let committed = self.commit(first, &value, tail);
        self.store.progress().since = None;
        if let Err(source) = committed {
            self.store.stop(Stop::OutcomeUnknown {
                after,
                what: source.to_string(),
            });
            return Err(AppendError::OutcomeUnknown {
                first,
                last,
                source,
            });
        }
        self.store.durable.store(last.get(), Ordering::Release);
        if let Err(error) = self.witness.write(tail) {
            // This batch is durable and is acknowledged. But from here on a
            // loss could go unnoticed, so there is no next one.
            self.store.stop(Stop::Unwitnessed {
                at: last,
                what: error.to_string(),
            });
        }
        Ok(last)
    }
}

/// A view of the durable part of a log on disk.
#[derive(Debug, Clone)]
pub struct SledReader {
    store: Arc<Store>,
}

impl super::Reader for SledReader {
    fn tail(&self) -> Position {
        self.store.durable()
    }

    fn read(&self, from: Position, limit: Limit) -> Result<Vec<Record>, ReadError> {
        let tail = self.tail();
        let mut at = from.max(Position::new(1));
        let mut page = Page::new(limit);
        while at <= tail && page.has_room() {
            let group = self.store.group_around(at)?;
            while at <= group.last() {
                if !page.take(&group, at) {
                    return Ok(page.records);
                }
                at = at.next();
            }
        }
        Ok(page.records)
    }

    fn read_back(&self, from: Position, limit: Limit) -> Result<Vec<Record>, ReadError> {
        let mut at = from.min(self.tail());
        let mut page = Page::new(limit);
        while at > Position::ZERO && page.has_room() {
            let group = self.store.group_around(at)?;
            while at >= group.first() {
                if !page.take(&group, at) {
                    return Ok(page.records);
                }
                at = Position::new(at.get() - 1);
            }
        }
        Ok(page.records)
    }

    fn stopped(&self) -> Option<Stop> {
        self.store.stopped()
    }
}

/// The records of one read, as far as its limit admits.
struct Page {
    limit: Limit,
    bytes: usize,
    records: Vec<Record>,
}

impl Page {
    fn new(limit: Limit) -> Page {
        Page {
            limit,
            bytes: 0,
            records: Vec::new(),
        }
    }

    /// Whether it is worth fetching another group.
    fn has_room(&self) -> bool {
        self.limit.admits(self.records.len(), self.bytes, 1)
    }

    /// Takes the record of `group` at `position`, if the limit admits it.
    fn take(&mut self, group: &Group, position: Position) -> bool {
        let Some(bytes) = group.record(position) else {
            return false;
        };
        if !self
            .limit
            .admits(self.records.len(), self.bytes, bytes.len())
        {
            return false;
        }
        self.bytes += bytes.len();
        self.records.push(Record { position, bytes });
        true
    }
}
