//! The log on a local disk, kept by the embedded engine sled 0.34.7.
//!
//! Only this file and those below it name sled. They rely on measured behaviour,
//! and add what the engine does not do:
//!
//! - **Durability.** The engine's `flush` ends in `sync_file_range`, which does
//!   not survive a power cut. Every append therefore ends in `flush` *and*
//!   `File::sync_data` on the engine's file. The engine's background flusher,
//!   which only logs errors, is off.
//! - **No values outside the file.** Pages above a quarter of a segment go to
//!   files of their own, which the engine never syncs. A leaf holds at most 17
//!   values, so values are cut into pieces of which 18 fit into a quarter of a
//!   segment. Before every acknowledgement the directory for such files is
//!   checked to be empty.
//! - **Loss is found.** The engine recovers silently to an earlier state. The
//!   tail record inside the engine, the durable mark beside it and a full check of
//!   every group at open find that, and the store is refused.
//! - **Panics are errors, and so is silence.** Every call goes through
//!   `panic_guard`; `flush_watchdog` wakes a write that would wait for ever.
//! - **Memory is bounded.** The engine's page cache trims itself only once every
//!   64 accesses to each of 256 shards, so it holds at most 16,384 times the bytes
//!   newly touched per access. Small pieces, read one by one, keep that near
//!   64 MiB; iterators, which touch a page once, do not.
//!
//! # Format 1
//!
//! `directory` describes the files of a store, `group` a group, and `durable_mark`
//! the durable mark. Everything else is in the engine's default tree. A key is 10
//! bytes: the position of the first record of a commit group (8 bytes,
//! big-endian), then the number of the piece (2 bytes, big-endian, from 0).
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
mod database;
mod directory;
mod durable_mark;
mod flush_watchdog;
mod format;
mod group;
mod panic_guard;
mod private_copy;
mod reader;
mod reserve;
mod scan;
mod store;

use std::error::Error as StdError;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use self::appender::SledAppender;
use self::database::Database;
use self::directory::Directory;
use self::reader::SledReader;
use self::store::Store;
use super::{
    Engine, FoldGroup, HeldLog, OpenError, OpenLog, Position, ReadError, ReadGroup, Record,
};
use crate::durable_file::DurableFileError;

/// The engine that keeps a log in one directory of a local disk.
#[derive(Debug, Clone)]
pub struct SledEngine {
    dir: PathBuf,
}

impl SledEngine {
    /// The engine for the directory `dir`, which need not exist. Touches nothing.
    ///
    /// ```
    /// use minutebook_kernel::log::sled::SledEngine;
    /// use minutebook_kernel::log::{Batch, Engine, Position};
    ///
    /// let parent = tempfile::tempdir()?;
    /// let engine = SledEngine::new(&parent.path().join("log"));
    /// let mut log = engine.hold()?.open()?;
    /// let batch = Batch::new(vec![b"first".to_vec()])?;
    /// assert_eq!(log.appender.append(&batch, Position::ZERO)?, Position::new(1));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn new(dir: &Path) -> SledEngine {
        SledEngine {
            dir: dir.to_owned(),
        }
    }
}

impl Engine for SledEngine {
    fn place(&self) -> String {
        place(&self.dir)
    }

    fn exists(&self) -> Result<bool, OpenError> {
        directory::is_store(&self.dir)
    }

    fn hold(&self) -> Result<Box<dyn HeldLog>, OpenError> {
        let dir = &self.dir;
        let directory = Directory::hold(dir, |files| Database::create(dir, files))?;
        Ok(Box::new(HeldStore {
            store: Store::open(directory)?,
        }))
    }

    fn verify(&self, visit: &mut dyn FnMut(Record)) -> Result<Position, OpenError> {
        private_copy::verify(&self.dir, visit)
    }
}

/// A store that is held, and not yet read.
#[derive(Debug)]
struct HeldStore {
    store: Store,
}

impl HeldLog for HeldStore {
    fn record(&self, position: Position) -> Result<Record, ReadError> {
        let group = self.store.group_around(position)?;
        group.record(position).ok_or_else(|| ReadError::Damaged {
            position,
            what: "its group does not hold it".to_owned(),
        })
    }

    fn replay_groups(
        self: Box<Self>,
        after: Position,
        read: ReadGroup<'_>,
        fold: FoldGroup<'_>,
    ) -> Result<Option<OpenLog>, OpenError> {
        let store = self.store;
        let ControlFlow::Continue(tail) = store.scan(after, read, fold)? else {
            return Ok(None);
        };
        let durable_mark = store.publish(tail)?;
        let store = Arc::new(store);
        Ok(Some(OpenLog {
            appender: Box::new(SledAppender {
                store: store.clone(),
                durable_mark,
            }),
            reader: Arc::new(SledReader { store }),
        }))
    }
}

/// The place of a store, for errors.
fn place(dir: &Path) -> String {
    dir.display().to_string()
}

/// The error of a step on one file.
fn storage_error(
    step: &str,
    path: &Path,
    source: impl Into<Box<dyn StdError + Send + Sync>>,
) -> OpenError {
    OpenError::Storage {
        step: format!("{step} {}", path.display()),
        remedy: "check that the disk works and that the file may be accessed",
        source: source.into(),
    }
}

impl From<DurableFileError> for OpenError {
    fn from(error: DurableFileError) -> OpenError {
        storage_error(error.step, &error.path, error.source)
    }
}
