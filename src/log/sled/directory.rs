//! The directory of a store: who holds it, and whether it was ever finished.
//!
//! ```text
//! minutebook.lock     held by the process that has the store open; also the
//!                     mark by which a store is told from any other directory
//! minutebook.format   "minutebook log format 1": the store was once complete
//! minutebook.witness  what was acknowledged (see `witness`)
//! minutebook.reserve  room on the disk, given back when it is full at a start
//! sled/               the engine's files
//! sled.creating/      the engine's files before they were complete
//! ```
//!
//! Creation is built so that a crash at any point leaves something the next
//! open can finish: everything is made and synced in `sled.creating`, which
//! nobody has been promised anything about, and one rename makes it a store.
//! `minutebook.format` is written last. Where it stands, missing files are a
//! loss and never an invitation to start afresh.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use super::super::Position;
use super::durable_mark::{self, AcknowledgedTail, DurableMark, DurableMarkState};
use super::open_error::OpenError;

const LOCK: &str = "minutebook.lock";
const FORMAT: &str = "minutebook.format";
const WITNESS: &str = "minutebook.witness";
const RESERVE: &str = "minutebook.reserve";
const ENGINE: &str = "sled";
const CREATING: &str = "sled.creating";

/// Everything before the version number in `minutebook.format`.
const FORMAT_TEXT: &str = "minutebook log format ";

/// The format this code writes.
const FORMAT_VERSION: u32 = 1;

/// What `mkfs` leaves in the root of a new file system; it makes no directory
/// foreign.
const LOST_AND_FOUND: &str = "lost+found";

/// A directory that is a store, complete, and held by nobody else.
#[derive(Debug)]
pub(super) struct Directory {
    path: PathBuf,
    testimony: DurableMarkState,
    /// Held for as long as the store is open; the lock goes when it is closed.
    _lock: File,
}

/// Whether a store was ever complete at `path`.
pub(super) fn is_store(path: &Path) -> bool {
    path.join(FORMAT).exists()
}

impl Directory {
    /// Takes hold of the store at `path`; makes one with `create` when there is
    /// nothing there.
    ///
    /// `create` makes the engine's files in the directory it is given, and has
    /// closed them when it returns.
    pub(super) fn hold(
        path: &Path,
        create: impl FnOnce(&Path) -> Result<(), OpenError>,
    ) -> Result<Directory, OpenError> {
        make(path)?;
        refuse_foreign(path)?;
        let lock = lock(path)?;
        // Only now is it certain that nobody else changes what is looked at.
        refuse_foreign(path)?;
        sync_dir(path)?;
        give_back_reserve(path);

        let witness = path.join(WITNESS);
        let testimony =
            durable_mark::read(&witness).map_err(|e| OpenError::io("read", &witness, e))?;
        let directory = Directory {
            path: path.to_owned(),
            testimony,
            _lock: lock,
        };
        if directory.was_complete()? {
            directory.refuse_missing_files()?;
        } else if directory.engine().exists() {
            // The rename was the last thing that creation did.
            directory.finish()?;
        } else {
            directory.create(create)?;
        }
        keep_reserve(path);
        Ok(directory)
    }

    /// Where the engine's files are.
    pub(super) fn engine(&self) -> PathBuf {
        self.path.join(ENGINE)
    }

    /// The file that the engine appends to.
    pub(super) fn engine_file(&self) -> PathBuf {
        self.engine().join("db")
    }

    /// The directory into which the engine puts values that are too long for
    /// it, without ever syncing them.
    pub(super) fn blobs(&self) -> PathBuf {
        self.engine().join("blobs")
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// What the witness said when the store was taken hold of.
    pub(super) fn durable_mark(&self) -> DurableMarkState {
        self.testimony
    }

    /// Starts witnessing from `promise` on.
    pub(super) fn durable_mark_path(
        &self,
        promise: AcknowledgedTail,
    ) -> Result<DurableMark, OpenError> {
        let path = self.path.join(WITNESS);
        let witness =
            DurableMark::start(&path, promise).map_err(|e| OpenError::io("write", &path, e))?;
        sync_dir(&self.path)?;
        Ok(witness)
    }

    /// Whether creation of this store was ever finished.
    fn was_complete(&self) -> Result<bool, OpenError> {
        let path = self.path.join(FORMAT);
        let text = match fs::read(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
            Err(error) => return Err(OpenError::io("read", &path, error)),
        };
        let version = std::str::from_utf8(&text)
            .ok()
            .and_then(|text| text.strip_prefix(FORMAT_TEXT))
            .and_then(|version| version.trim_end().parse::<u32>().ok());
        match version {
            Some(FORMAT_VERSION) => Ok(true),
            Some(found) => Err(OpenError::UnknownFormat {
                dir: self.path.clone(),
                found,
                known: FORMAT_VERSION,
            }),
            None => Err(OpenError::Damaged {
                dir: self.path.clone(),
                what: format!("{FORMAT} does not say which format the store has"),
            }),
        }
    }

    /// Refuses before the engine makes empty files in place of missing ones.
    fn refuse_missing_files(&self) -> Result<(), OpenError> {
        for path in [self.engine_file(), self.engine().join("conf")] {
            let missing = match fs::metadata(&path) {
                Ok(metadata) => metadata.len() == 0,
                Err(error) if error.kind() == io::ErrorKind::NotFound => true,
                Err(error) => return Err(OpenError::io("read", &path, error)),
            };
            if missing {
                return Err(OpenError::Damaged {
                    dir: self.path.clone(),
                    what: format!("{} is missing or empty", path.display()),
                });
            }
        }
        Ok(())
    }

    fn create(&self, create: impl FnOnce(&Path) -> Result<(), OpenError>) -> Result<(), OpenError> {
        if let DurableMarkState::Promised(promise) = self.testimony
            && promise.last > Position::ZERO
        {
            return Err(OpenError::LostEntries {
                dir: self.path.clone(),
                have: Position::ZERO,
                promised: promise.last,
            });
        }
        let creating = self.path.join(CREATING);
        // Left by a creation that crashed. Nothing in it was ever promised.
        match fs::remove_dir_all(&creating) {
            Ok(()) => {}
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(OpenError::io("remove", &creating, error)),
        }
        fs::create_dir(&creating).map_err(|e| OpenError::io("create", &creating, e))?;
        create(&creating)?;
        sync_tree(&creating)?;
        self.durable_mark_path(AcknowledgedTail::NOTHING)?;
        let engine = self.engine();
        fs::rename(&creating, &engine).map_err(|e| OpenError::io("create", &engine, e))?;
        self.finish()
    }

    /// Makes the rename durable, then says that the store is complete.
    fn finish(&self) -> Result<(), OpenError> {
        sync_dir(&self.path)?;
        let path = self.path.join(FORMAT);
        let draft = self.path.join("minutebook.format.creating");
        let write = || {
            let mut file = File::create(&draft)?;
            writeln!(file, "{FORMAT_TEXT}{FORMAT_VERSION}")?;
            file.sync_all()?;
            fs::rename(&draft, &path)
        };
        write().map_err(|e| OpenError::io("write", &path, e))?;
        sync_dir(&self.path)
    }
}

/// Makes the directory and whatever is missing above it, durably.
fn make(path: &Path) -> Result<(), OpenError> {
    let mut missing = Vec::new();
    let mut at = path;
    while !at.as_os_str().is_empty() && !at.exists() {
        missing.push(at);
        match at.parent() {
            Some(parent) => at = parent,
            None => break,
        }
    }
    for made in missing.into_iter().rev() {
        match fs::create_dir(made) {
            Ok(()) => {}
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(OpenError::io("create", made, error)),
        }
        sync_dir(parent(made))?;
    }
    Ok(())
}

/// How much room is set aside: what the engine writes when it is opened, and more.
const RESERVE_BYTES: u64 = 4 * 1024 * 1024;

/// With less room than this left, what was set aside is given back.
const FULL_BYTES: u64 = RESERVE_BYTES;

/// With this much room left, some is set aside.
const AMPLE_BYTES: u64 = 64 * 1024 * 1024;

/// Makes room where the disk is full, so that what is recorded can be read: opening
/// writes a little.
fn give_back_reserve(path: &Path) {
    let reserve = path.join(RESERVE);
    if reserve.exists() && fs2::available_space(path).is_ok_and(|left| left < FULL_BYTES) {
        match fs::remove_file(&reserve) {
            Ok(()) => tracing::warn!("the disk is full: the room that was set aside is used"),
            Err(error) => tracing::warn!(%error, "room that was set aside cannot be used"),
        }
    }
}

/// Sets room aside, where there is plenty. Without it a start on a full disk may
/// fail, and nothing else.
fn keep_reserve(path: &Path) {
    let reserve = path.join(RESERVE);
    if reserve.exists() || fs2::available_space(path).is_ok_and(|left| left < AMPLE_BYTES) {
        return;
    }
    let kept = File::create(&reserve).and_then(|file| {
        fs2::FileExt::allocate(&file, RESERVE_BYTES)?;
        file.sync_all()
    });
    if let Err(error) = kept {
        tracing::warn!(%error, "no room can be set aside for a start on a full disk");
        let _ = fs::remove_file(&reserve);
    }
}

/// Refuses a directory that is in use for something else, and touches nothing.
fn refuse_foreign(path: &Path) -> Result<(), OpenError> {
    let read = || -> io::Result<Vec<String>> {
        fs::read_dir(path)?
            .map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned()))
            .collect()
    };
    let names = read().map_err(|e| OpenError::io("read", path, e))?;
    if names.iter().any(|name| name == LOCK) {
        return Ok(());
    }
    match names.into_iter().find(|name| name != LOST_AND_FOUND) {
        Some(found) => Err(OpenError::NotAStore {
            dir: path.to_owned(),
            found,
        }),
        None => Ok(()),
    }
}

/// How long to wait for another to let go of the store.
///
/// A lock outlives its holder for a moment where the holder has just started
/// another process: until that one runs its own program, it shares the file.
const LOCK_LIMIT: Duration = Duration::from_secs(1);

fn lock(path: &Path) -> Result<File, OpenError> {
    let name = path.join(LOCK);
    let file = OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .open(&name)
        .map_err(|e| OpenError::io("open", &name, e))?;
    let start = Instant::now();
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(file),
            Err(TryLockError::WouldBlock) if start.elapsed() < LOCK_LIMIT => {
                thread::sleep(Duration::from_millis(10));
            }
            Err(TryLockError::WouldBlock) => {
                return Err(OpenError::Locked {
                    dir: path.to_owned(),
                });
            }
            Err(TryLockError::Error(error)) => return Err(OpenError::io("lock", &name, error)),
        }
    }
}

/// Makes the names in a directory durable.
pub(super) fn sync_dir(path: &Path) -> Result<(), OpenError> {
    File::open(path)
        .and_then(|dir| dir.sync_all())
        .map_err(|e| OpenError::io("sync", path, e))
}

/// Makes a directory durable with everything below it.
fn sync_tree(path: &Path) -> Result<(), OpenError> {
    let entries = fs::read_dir(path)
        .and_then(|entries| entries.collect::<io::Result<Vec<_>>>())
        .map_err(|e| OpenError::io("read", path, e))?;
    for entry in entries {
        let below = entry.path();
        if below.is_dir() {
            sync_tree(&below)?;
        } else {
            sync_dir(&below)?;
        }
    }
    sync_dir(path)
}

/// The directory above, also for a relative path of one name.
fn parent(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        Some(_) | None => Path::new("."),
    }
}
