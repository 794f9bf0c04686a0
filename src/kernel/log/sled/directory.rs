//! The directory of a store: who holds it, and whether it was ever finished.
//!
//! ```text
//! minutebook.lock     held by the process that has the store open; marks the
//!                     directory as a store from the first moment on
//! minutebook.format   "minutebook log format 1": the store was once complete; marks
//!                     the directory as a store too, so that a lost lock is made again
//! minutebook.witness  the last acknowledged position (see `durable_mark`)
//! minutebook.reserve  space set aside, given back when the disk is full at a start
//! sled/               the engine's files
//! sled.creating/      the engine's files before they were complete
//! ```
//!
//! A crash at any point of creation leaves something that the next open can
//! finish: everything is made and synced in `sled.creating`, where nothing was
//! acknowledged yet, and one rename makes it a store. `minutebook.format` is
//! written last. Where it exists, missing files are a loss and never a reason to
//! start afresh.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use super::super::{OpenError, Position};
use super::durable_mark::{self, AcknowledgedTail, DurableMark, DurableMarkState};
use super::reserve::{give_back_reserve, keep_reserve};
use super::{place, storage_error};
use crate::durable_file;

const LOCK: &str = "minutebook.lock";
const FORMAT: &str = "minutebook.format";
const DURABLE_MARK: &str = "minutebook.witness";
const ENGINE: &str = "sled";
const CREATING: &str = "sled.creating";

/// Everything before the version number in `minutebook.format`.
const FORMAT_TEXT: &str = "minutebook log format ";

/// The format this code writes.
const FORMAT_VERSION: u32 = 1;

/// A folder that `mkfs` makes in the root of a new file system: a directory with
/// nothing else in it is empty.
const LOST_AND_FOUND: &str = "lost+found";

/// The directory of a complete store, held by this process.
#[derive(Debug)]
pub(super) struct Directory {
    path: PathBuf,
    /// The directory of the engine's files: in `path`, or a copy of that.
    engine: PathBuf,
    durable_mark: DurableMarkState,
    /// Held for as long as the store is open; a copy needs none.
    _lock: Option<File>,
}

/// Whether a store was ever complete at `path`.
pub(super) fn is_store(path: &Path) -> Result<bool, OpenError> {
    let path = path.join(FORMAT);
    match fs::metadata(&path) {
        Ok(_) => Ok(true),
        Err(error)
            if matches!(
                error.kind(),
                io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
            ) =>
        {
            Ok(false)
        }
        Err(error) => Err(storage_error("read", &path, error)),
    }
}

impl Directory {
    /// Takes hold of the store at `path`; makes one with `create` where none exists.
    ///
    /// `create` makes the engine's files in the directory it is given, and has
    /// closed them when it returns.
    pub(super) fn hold(
        path: &Path,
        create: impl FnOnce(&Path) -> Result<(), OpenError>,
    ) -> Result<Directory, OpenError> {
        durable_file::create_folder(path)?;
        refuse_foreign(path)?;
        // Another user who can open the lock file can also hold it.
        if let Err(error) = make_private(path) {
            tracing::warn!(%error, "other users may be able to read the store");
        }
        let lock = lock(path)?;
        // Once more: until now another process could change the directory.
        refuse_foreign(path)?;
        durable_file::sync(path)?;
        give_back_reserve(path, &path.join(ENGINE));
        let directory = Directory {
            path: path.to_owned(),
            engine: path.join(ENGINE),
            durable_mark: read_durable_mark(path)?,
            _lock: Some(lock),
        };
        if directory.was_complete()? {
            directory.refuse_missing_files()?;
        } else if directory.engine().exists() {
            // Creation got as far as its last step, the rename.
            directory.finish()?;
        } else {
            directory.create(create)?;
        }
        keep_reserve(path);
        Ok(directory)
    }

    /// The directory of a complete store, with the engine's files in `copy`. Changes
    /// nothing in `path`.
    ///
    /// `copy_files` copies the engine's files of the directory that it is given. The
    /// store is locked against its writers meanwhile, and no longer.
    pub(super) fn copy(
        path: &Path,
        copy: &Path,
        copy_files: impl FnOnce(&Path) -> Result<(), OpenError>,
    ) -> Result<Directory, OpenError> {
        if !is_store(path)? {
            return Err(OpenError::Missing { place: place(path) });
        }
        let mut directory = Directory {
            path: path.to_owned(),
            engine: path.join(ENGINE),
            durable_mark: DurableMarkState::Absent,
            _lock: None,
        };
        directory.was_complete()?;
        directory.refuse_missing_files()?;
        // A writer holds both. The first may be lost, so the second is asked for too.
        let _locks = [
            share_lock(path, &path.join(LOCK))?,
            share_lock(path, &directory.engine_file())?,
        ];
        directory.durable_mark = read_durable_mark(path)?;
        refuse_blobs(&directory.overflow_dir())?.map_err(|what| OpenError::Damaged {
            place: place(path),
            what,
        })?;
        copy_files(&directory.engine)?;
        directory.engine = copy.to_owned();
        Ok(directory)
    }

    /// The directory of the engine's files.
    pub(super) fn engine(&self) -> &Path {
        &self.engine
    }

    /// The file that the engine appends to.
    pub(super) fn engine_file(&self) -> PathBuf {
        self.engine().join("db")
    }

    /// The directory into which the engine puts values that are too long for
    /// it, without ever syncing them.
    pub(super) fn overflow_dir(&self) -> PathBuf {
        self.engine().join("blobs")
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// The durable mark as it was when the store was taken hold of.
    pub(super) fn durable_mark(&self) -> DurableMarkState {
        self.durable_mark
    }

    /// Starts the durable mark of this run at `tail`.
    pub(super) fn create_durable_mark(
        &self,
        tail: AcknowledgedTail,
    ) -> Result<DurableMark, OpenError> {
        let path = self.path.join(DURABLE_MARK);
        let mark = DurableMark::start(&path, tail).map_err(|e| storage_error("write", &path, e))?;
        durable_file::sync(&self.path)?;
        Ok(mark)
    }

    /// Whether creation of this store was ever finished.
    fn was_complete(&self) -> Result<bool, OpenError> {
        let path = self.path.join(FORMAT);
        let text = match durable_file::read(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
            Err(error) => return Err(storage_error("read", &path, error)),
        };
        let version = std::str::from_utf8(&text)
            .ok()
            .and_then(|text| text.strip_prefix(FORMAT_TEXT))
            .and_then(|version| version.trim_end().parse::<u32>().ok());
        match version {
            Some(FORMAT_VERSION) => Ok(true),
            Some(found) => Err(OpenError::UnknownFormat {
                place: place(&self.path),
                found,
                known: FORMAT_VERSION,
            }),
            None => Err(OpenError::Damaged {
                place: place(&self.path),
                what: format!("{FORMAT} does not say which format the store has"),
            }),
        }
    }

    /// Refuses before the engine makes empty files in place of missing ones.
    fn refuse_missing_files(&self) -> Result<(), OpenError> {
        for path in [self.engine_file(), self.engine().join("conf")] {
            let missing = match fs::metadata(&path) {
                Ok(found) if !found.is_file() => {
                    let what = "it is a folder, a pipe or a device, and a file should be there";
                    return Err(storage_error("open", &path, io::Error::other(what)));
                }
                Ok(found) => found.len() == 0,
                Err(error) if error.kind() == io::ErrorKind::NotFound => true,
                Err(error) => return Err(storage_error("read", &path, error)),
            };
            if missing {
                return Err(OpenError::Damaged {
                    place: place(&self.path),
                    what: format!("{} is missing or empty", path.display()),
                });
            }
        }
        Ok(())
    }

    fn create(&self, create: impl FnOnce(&Path) -> Result<(), OpenError>) -> Result<(), OpenError> {
        if let DurableMarkState::Acknowledged(tail) = self.durable_mark
            && tail.last > Position::ZERO
        {
            return Err(OpenError::LostEntries {
                place: place(&self.path),
                have: Position::ZERO,
                promised: tail.last,
            });
        }
        let creating = self.path.join(CREATING);
        // Left by a creation that crashed. Nothing in it was ever acknowledged.
        match fs::remove_dir_all(&creating) {
            Ok(()) => {}
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(storage_error("remove", &creating, error)),
        }
        fs::create_dir(&creating).map_err(|e| storage_error("create", &creating, e))?;
        create(&creating)?;
        sync_tree(&creating)?;
        self.create_durable_mark(AcknowledgedTail::NOTHING)?;
        durable_file::rename(&creating, self.engine())?;
        self.finish()
    }

    /// Makes the rename durable, then marks the store as complete.
    fn finish(&self) -> Result<(), OpenError> {
        durable_file::sync(&self.path)?;
        let text = format!("{FORMAT_TEXT}{FORMAT_VERSION}\n");
        durable_file::replace(&self.path.join(FORMAT), text.as_bytes())?;
        Ok(())
    }
}

/// Refuses a directory that holds something else, and touches nothing.
fn refuse_foreign(path: &Path) -> Result<(), OpenError> {
    let read = || -> io::Result<Vec<String>> {
        fs::read_dir(path)?
            .map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned()))
            .collect()
    };
    let names = read().map_err(|e| storage_error("read", path, e))?;
    if names.iter().any(|name| name == LOCK || name == FORMAT) {
        return Ok(());
    }
    match names.into_iter().find(|name| name != LOST_AND_FOUND) {
        Some(found) => Err(OpenError::NotAStore {
            place: place(path),
            found,
        }),
        None => Ok(()),
    }
}

/// Takes the permissions of other users from the store: an older version left them to
/// the umask. The folder first, since nobody else can open a file in it then.
fn make_private(path: &Path) -> io::Result<()> {
    // The folder may be named by a link.
    let path = fs::canonicalize(path)?;
    durable_file::make_private(&path)?;
    for folder in [path.clone(), path.join(ENGINE)] {
        let files = match fs::read_dir(&folder) {
            Ok(files) => files,
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            Err(error) => return Err(error),
        };
        for file in files {
            let file = file?;
            let is_own = file
                .file_name()
                .to_string_lossy()
                .starts_with("minutebook.");
            if is_own || folder != path || file.file_name() == ENGINE {
                durable_file::make_private(&file.path())?;
            }
        }
    }
    Ok(())
}

/// How long to wait for another holder to release the store.
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
        .mode(0o600)
        .open(&name)
        .map_err(|e| storage_error("open", &name, e))?;
    wait_for_lock(path, &name, || file.try_lock())?;
    Ok(file)
}

/// Locks a file of a store against its writers, together with other readers; `None` if
/// there is no such file.
fn share_lock(path: &Path, name: &Path) -> Result<Option<File>, OpenError> {
    let file = match durable_file::open_regular(name) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(storage_error("open", name, error)),
    };
    wait_for_lock(path, name, || file.try_lock_shared())?;
    Ok(Some(file))
}

fn wait_for_lock(
    path: &Path,
    name: &Path,
    attempt: impl Fn() -> Result<(), TryLockError>,
) -> Result<(), OpenError> {
    let start = Instant::now();
    loop {
        match attempt() {
            Ok(()) => return Ok(()),
            Err(TryLockError::WouldBlock) if start.elapsed() < LOCK_LIMIT => {
                thread::sleep(Duration::from_millis(10));
            }
            Err(TryLockError::WouldBlock) => {
                return Err(OpenError::Locked { place: place(path) });
            }
            Err(TryLockError::Error(error)) => return Err(storage_error("lock", name, error)),
        }
    }
}

fn read_durable_mark(path: &Path) -> Result<DurableMarkState, OpenError> {
    let mark = path.join(DURABLE_MARK);
    durable_mark::read(&mark).map_err(|e| storage_error("read", &mark, e))
}

/// Finds values that the engine put outside its file, in the directory `path`: the
/// inner error says so.
pub(super) fn refuse_blobs(path: &Path) -> Result<Result<(), String>, OpenError> {
    match fs::read_dir(path).map(|mut entries| entries.next()) {
        Ok(None) => Ok(Ok(())),
        // The engine makes it.
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Ok(())),
        Ok(Some(_)) => Ok(Err(format!(
            "{} is not empty, and its files are never synced",
            path.display()
        ))),
        Err(error) => Err(storage_error("read", path, error)),
    }
}

/// Makes a directory durable with everything below it.
fn sync_tree(path: &Path) -> Result<(), OpenError> {
    let entries = fs::read_dir(path)
        .and_then(|entries| entries.collect::<io::Result<Vec<_>>>())
        .map_err(|e| storage_error("read", path, e))?;
    for entry in entries {
        let below = entry.path();
        if below.is_dir() {
            sync_tree(&below)?;
        } else {
            durable_file::sync(&below)?;
        }
    }
    durable_file::sync(path)?;
    Ok(())
}
