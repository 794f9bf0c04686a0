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
//! - **Panics are errors, and so is silence.** Every call goes through the
//!   `shield`; a write that the engine would wait for in vain is woken by the
//!   `watch`.
//! - **Memory is bounded.** The engine's page cache trims itself only once every
//!   64 accesses to each of 256 shards, so what it holds is bounded by 16,384
//!   times the bytes newly touched per access: small pieces, read one by one,
//!   keep that near 64 MiB; iterators, which touch a page once, do not.
//!
//! # Format 1
//!
//! The files of a store are described in `directory`, a group in `group`, the
//! witness in `witness`. Everything else is in the engine's default tree. A key is 10 bytes: the position of the first
//! record of a commit group (8 bytes, big-endian), then the number of the piece
//! (2 bytes, big-endian, from 0).
//!
//! ```text
//! key            value
//! 0, 0           "minutebook log 1": the format of everything in the tree
//! 0, 1           the tail: last position (8 bytes, big-endian), then the
//!                SHA-256 of the last group (32 bytes; zeros before the first)
//! 0, 2 … 0, 8    empty: they keep the tail in a leaf of its own
//! p, 0 … p, n    the group whose first record is at p (see `group`), cut into
//!                pieces of 4,096 bytes, the last one shorter
//! ```
//!
//! A group and the tail that follows it are written as one atomic batch.

mod appender;
mod directory;
mod durable_mark;
mod flush_watchdog;
mod group;
mod open_error;
mod panic_guard;
mod reader;
mod scan;
mod store;

use std::convert::Infallible;
use std::fs;
use std::io;
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

pub use self::appender::SledAppender;
pub use self::open_error::OpenError;
pub use self::reader::SledReader;

use self::directory::Directory;
use self::durable_mark::AcknowledgedTail;
use self::flush_watchdog::FlushWatchdog;
use self::panic_guard::{EnginePanic, panic_guard};
use self::store::Store;
use super::{Position, ReadError, Record};

/// How much the engine writes as one unit: its default, and so the size that
/// everyone else tests. Recorded in the store; it cannot change later.
const SEGMENT_BYTES: usize = 512 * 1024;

/// What the engine's page cache aims at. The register answers from its own
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

/// What the first key says.
const TREE_FORMAT: &[u8] = b"minutebook log 1";

/// The first key, which says what the tree holds.
const FORMAT_KEY: Key = key(Position::ZERO, 0);

/// The second key, which says where the log ends.
const TAIL_KEY: Key = key(Position::ZERO, 1);

/// How long to wait for the engine of this very process to let go of its file.
const RELEASE_LIMIT: Duration = Duration::from_secs(5);

/// Whether there is a log in `dir`, complete or damaged.
pub fn exists(dir: &Path) -> bool {
    directory::is_store(dir)
}

/// Opens the log in `dir`; makes one when `dir` is missing or empty.
///
/// Every group is read and checked before this returns: a damaged store is
/// refused, never served. See [`replay`] to make use of that reading.
///
/// ```
/// use minutebook::log::{Appender, Batch, Limit, Position, Reader, sled};
///
/// let parent = tempfile::tempdir()?;
/// let (mut appender, reader) = sled::open(&parent.path().join("log"))?;
/// let batch = Batch::new(vec![b"first".to_vec(), b"second".to_vec()])?;
/// assert_eq!(appender.append(&batch, Position::ZERO)?, Position::new(2));
///
/// let records = reader.read(Position::new(2), Limit::PAGE)?;
/// assert_eq!(records[0].bytes.as_ref(), b"second");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn open(dir: &Path) -> Result<(SledAppender, SledReader), OpenError> {
    match replay(dir, |_| ControlFlow::<Infallible>::Continue(()))? {
        ControlFlow::Continue(opened) => Ok(opened),
        ControlFlow::Break(never) => match never {},
    }
}

/// Opens the log in `dir` as [`open`] does, and hands every record to `visit`,
/// in order, in the one pass that checks them.
///
/// A record has been checked when `visit` sees it; that none is missing at the
/// end is known only when this returns. Throw away what was folded if it
/// returns an error. `visit` breaks to give up: its reason comes back and the
/// store is closed again.
pub fn replay<B>(
    dir: &Path,
    visit: impl FnMut(Record) -> ControlFlow<B>,
) -> Result<ControlFlow<B, (SledAppender, SledReader)>, OpenError> {
    replay_with(dir, |record| record, visit)
}

/// The same, for records that take time to read: `read` is called by several
/// threads at once, and what it makes of each record is shown in order.
pub fn replay_with<T: Send, B>(
    dir: &Path,
    read: impl Fn(Record) -> T + Sync,
    fold: impl FnMut(T) -> ControlFlow<B>,
) -> Result<ControlFlow<B, (SledAppender, SledReader)>, OpenError> {
    StoreOpener::of(dir)?.replay_with(Position::ZERO, read, fold)
}

/// A store that is held, and not yet read.
#[derive(Debug)]
pub struct StoreOpener {
    store: Store,
}

impl StoreOpener {
    /// Takes hold of the log in `dir`; makes one when `dir` is missing or empty.
    pub fn of(dir: &Path) -> Result<Self, OpenError> {
        let directory = Directory::hold(dir, |engine| Engine::create(dir, engine))?;
        let store = Store::open(directory)?;
        Ok(Self { store })
    }

    /// The record at a position, which its group's hash has been checked for; an
    /// error where there is none.
    pub fn record(&self, position: Position) -> Result<Record, ReadError> {
        let group = self.store.group_around(position)?;
        group.record(position).ok_or_else(|| ReadError::Damaged {
            position,
            what: "its group does not hold it".to_owned(),
        })
    }

    /// Opens the log, and shows every record after a position, in order, in the one
    /// pass that checks them; `read` is called by several threads at once.
    ///
    /// What comes before is not read: where the log is damaged there, reading it says
    /// so then. That the log ends where it should, and is the one that was
    /// acknowledged, is checked from wherever it is read.
    pub fn replay_with<T: Send, B>(
        self,
        after: Position,
        read: impl Fn(Record) -> T + Sync,
        mut fold: impl FnMut(T) -> ControlFlow<B>,
    ) -> Result<ControlFlow<B, (SledAppender, SledReader)>, OpenError> {
        let store = self.store;
        let tail = match store.scan(after, &read, &mut fold)? {
            ControlFlow::Continue(tail) => tail,
            ControlFlow::Break(reason) => return Ok(ControlFlow::Break(reason)),
        };
        let witness = store.publish(tail)?;
        let store = Arc::new(store);
        Ok(ControlFlow::Continue((
            SledAppender {
                store: store.clone(),
                witness,
            },
            SledReader { store },
        )))
    }
}

/// A key of the tree.
type Key = [u8; 10];

/// The key of one piece of the group that starts at `first`.
const fn key(first: Position, piece: u16) -> Key {
    let [a, b, c, d, e, f, g, h] = first.get().to_be_bytes();
    let [i, j] = piece.to_be_bytes();
    [a, b, c, d, e, f, g, h, i, j]
}

/// How many pieces a value of `len` bytes has.
fn pieces(len: usize) -> u16 {
    // Bounded by the format of a group: some 260.
    u16::try_from(len.div_ceil(PIECE_BYTES)).unwrap_or(u16::MAX)
}

/// The value of the tail record.
fn tail_value(tail: AcknowledgedTail) -> Vec<u8> {
    [tail.last.get().to_be_bytes().as_slice(), &tail.hash].concat()
}

/// A value of the tree, shared with the engine's page cache.
type Value = ::sled::IVec;

/// The embedded engine, with every call shielded.
#[derive(Debug)]
struct Engine {
    /// `None` once it was closed or abandoned.
    db: Option<::sled::Db>,
    watch: FlushWatchdog,
}

impl Engine {
    /// Makes the engine's files in `path`, with nothing but the head in them.
    fn create(dir: &Path, path: &Path) -> Result<(), OpenError> {
        let engine = Engine::open(dir, path)?;
        let mut head = vec![
            (FORMAT_KEY, TREE_FORMAT.to_vec()),
            (TAIL_KEY, tail_value(AcknowledgedTail::NOTHING)),
        ];
        head.extend((2..HEAD_KEYS).map(|spacer| (key(Position::ZERO, spacer), Vec::new())));
        engine
            .write(head)
            .map_err(|failure| failure.at_open(dir, path))
    }

    /// Opens the engine's files in `path`, of the store in `dir`.
    fn open(dir: &Path, path: &Path) -> Result<Engine, OpenError> {
        remove_drafts(path).map_err(|e| OpenError::io("tidy", path, e))?;
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
                        .map_err(|e| OpenError::io("start a thread for", path, e))?;
                    return Ok(Engine {
                        db: Some(db),
                        watch,
                    });
                }
                Ok(Err(error)) => Failure::Engine(error),
                Err(panicked) => Failure::Panicked(panicked),
            };
            // Recovery of a cut file can panic and yet leave the file in order:
            // seen where the cut took only padding. What a second recovery
            // comes to is checked in full like any other.
            if matches!(failure, Failure::Panicked(_)) && again {
                tracing::warn!(%failure, "recovery failed and is tried once more");
                again = false;
                continue;
            }
            if !failure.is_lock() {
                return Err(failure.at_open(dir, path));
            }
            // The store's own lock is held, so nobody but threads of a store
            // that this process has just closed can still hold the engine's.
            if start.elapsed() > RELEASE_LIMIT {
                return Err(OpenError::Locked {
                    dir: dir.to_owned(),
                });
            }
            thread::sleep(Duration::from_millis(10));
        }
    }

    fn call<T>(
        &self,
        call: impl FnOnce(&::sled::Db) -> Result<T, ::sled::Error>,
    ) -> Result<T, Failure> {
        let db = self.db.as_ref().ok_or(Failure::Closed)?;
        match panic_guard(|| call(db)) {
            Ok(outcome) => outcome.map_err(Failure::Engine),
            Err(panicked) => Err(Failure::Panicked(panicked)),
        }
    }

    /// The value under `key`.
    fn get(&self, key: Key) -> Result<Option<Value>, Failure> {
        self.call(|db| db.get(key))
    }

    /// The position in the last key before `key`.
    fn before(&self, key: Key) -> Result<Option<Position>, Failure> {
        let found = self.call(|db| db.range(..key).next_back().transpose())?;
        Ok(found.and_then(|(key, _)| {
            let number = key.first_chunk::<8>()?;
            Some(Position::new(u64::from_be_bytes(*number)))
        }))
    }

    /// The last key of all.
    fn last_key(&self) -> Result<Option<Value>, Failure> {
        let found = self.call(|db| db.iter().next_back().transpose())?;
        Ok(found.map(|(key, _)| key))
    }

    /// Writes `entries` as one atomic batch and hands them to the operating
    /// system. Not durable yet: see `Store::sync`.
    fn write(&self, entries: Vec<(Key, Vec<u8>)>) -> Result<(), Failure> {
        let last = entries.iter().map(|(key, _)| *key).max();
        let mut batch = ::sled::Batch::default();
        for (key, value) in entries {
            batch.insert(&key, value);
        }
        self.watch.guard(|| {
            self.call(|db| {
                db.apply_batch(batch)?;
                // The engine splits a full leaf when it next passes by. Passing
                // by here leaves nothing for readers to change, and puts the
                // split under the same flush.
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
    /// An engine that failed may write, panic or hang when it is dropped.
    /// Nothing unacknowledged is owed to anyone, so nothing is tidied up;
    /// recovery is the ordinary path. Its files stay locked for as long as the
    /// process lives.
    fn abandon(&mut self) {
        std::mem::forget(self.db.take());
        self.watch.end(false);
    }
}

impl Drop for Engine {
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

/// Removes snapshots that the engine had not finished when it was killed.
///
/// The engine takes such a file for its newest snapshot, finds it damaged and
/// refuses to open. It renames a snapshot when it is whole and only then
/// removes the one before, so what has not been renamed is never needed.
fn remove_drafts(path: &Path) -> io::Result<()> {
    for entry in fs::read_dir(path)? {
        let path = entry?.path();
        if path.extension().is_some_and(|e| e == "generating") {
            fs::remove_file(path)?;
        }
    }
    Ok(())
}

/// Makes the engine look at the errors of its threads, and wake who waits.
fn wake_engine(db: &::sled::Db) {
    match panic_guard(|| db.flush()) {
        Ok(Ok(_)) => {}
        Ok(Err(error)) => tracing::error!(%error, "a write to the log was stuck"),
        Err(panicked) => tracing::error!(%panicked, "a write to the log is stuck"),
    }
}

/// What went wrong inside the engine.
#[derive(Debug, thiserror::Error)]
enum Failure {
    #[error(transparent)]
    Engine(::sled::Error),
    #[error(transparent)]
    Panicked(EnginePanic),
    #[error("the storage engine is closed")]
    Closed,
}

impl Failure {
    /// Whether the engine could not get its own lock.
    fn is_lock(&self) -> bool {
        // The engine gives this error no kind of its own.
        matches!(self, Failure::Engine(::sled::Error::Io(error))
            if error.to_string().contains("could not acquire lock"))
    }

    /// Whether the engine may be called, and dropped, after this.
    fn is_harmless(&self) -> bool {
        !matches!(self, Failure::Panicked(_))
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
            other => Err(other.to_string()),
        }
    }

    fn at_open(self, dir: &Path, path: &Path) -> OpenError {
        match self.into_io() {
            Ok(source) => OpenError::io("open", path, source),
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
