//! Files that survive a power cut: written beside their place, synced, renamed,
//! and their folder synced.
//!
//! Each small file that a later start depends on is written here: keys,
//! checkpoints, the format of a store, the last checkpoint that a witness
//! signed, the files of an archive. [`replace`] is all that most callers need.
//! A caller with many files, such as an export, takes the steps one by one:
//! [`write()`] each file, [`UnsyncedFile::sync`] each, [`rename`] each, then
//! [`sync`] their folders.
//!
//! The log itself is not written here: its engine has its own order of writes.

mod appended_file;
mod folder_handle;

use std::fs::{self, DirBuilder, File, OpenOptions, Permissions};
use std::io::{self, Read, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use rustix::fs::OFlags;

pub use self::appended_file::AppendedFile;
pub use self::folder_handle::{EntryError, FileKind, FolderHandle};

/// The most bytes of a file that is read whole.
const READ_BYTES_MAX: u64 = 16 << 20;

/// The permissions of a file that all may read, before the process's umask.
const PUBLIC: u32 = 0o666;

/// The permissions of a file that only its owner may read, whatever the umask.
const PRIVATE: u32 = 0o600;

/// The permissions of a folder that only its owner may enter.
const PRIVATE_FOLDER: u32 = 0o700;

/// The permissions of anybody but the owner.
const OF_OTHERS: u32 = 0o077;

/// A step that failed, and the file or folder it was about.
#[derive(Debug, thiserror::Error)]
#[error("cannot {step} {path}: {source}", path = path.display())]
pub struct DurableFileError {
    /// The step, as a verb: `write`, `sync`, `rename` …
    pub step: &'static str,
    pub path: PathBuf,
    pub source: io::Error,
}

impl DurableFileError {
    fn at(step: &'static str, path: &Path) -> impl FnOnce(io::Error) -> DurableFileError {
        move |source| DurableFileError {
            step,
            path: path.to_owned(),
            source,
        }
    }
}

impl From<DurableFileError> for io::Error {
    /// Keeps the kind of the error, and the path in its sentence.
    fn from(error: DurableFileError) -> io::Error {
        io::Error::new(error.source.kind(), error.to_string())
    }
}

/// Replaces the file at `path`, or makes it, with these bytes. Only its owner can ever
/// read it.
///
/// `Ok` means that the bytes survive a power cut. After an error or a crash the
/// file has its old bytes or the new ones, whole.
///
/// # Examples
///
/// ```
/// use minutebook_kernel::durable_file::replace;
///
/// let folder = tempfile::tempdir()?;
/// let path = folder.path().join("checkpoint");
/// replace(&path, b"first")?;
/// replace(&path, b"second")?;
/// assert_eq!(std::fs::read(&path)?, b"second");
/// assert!(!folder.path().join("checkpoint.new").exists());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn replace(path: &Path, bytes: &[u8]) -> Result<(), DurableFileError> {
    let mut temporary = path.to_owned().into_os_string();
    temporary.push(".new");
    let temporary = PathBuf::from(temporary);
    write_with_mode(&temporary, bytes, PRIVATE)?.sync()?;
    rename(&temporary, path)?;
    sync(parent(path))
}

/// A file whose bytes may still be lost in a power cut.
#[derive(Debug)]
#[must_use = "a file that is not synced can be lost in a power cut"]
pub struct UnsyncedFile {
    file: File,
    path: PathBuf,
}

impl UnsyncedFile {
    /// Makes the bytes of the file durable. Its name is durable when its folder is
    /// synced too.
    pub fn sync(self) -> Result<(), DurableFileError> {
        self.file
            .sync_all()
            .map_err(DurableFileError::at("sync", &self.path))
    }
}

/// Writes a new file, in place of one that an interrupted run left there.
pub fn write(path: &Path, bytes: &[u8]) -> Result<UnsyncedFile, DurableFileError> {
    write_with_mode(path, bytes, PUBLIC)
}

fn write_with_mode(path: &Path, bytes: &[u8], mode: u32) -> Result<UnsyncedFile, DurableFileError> {
    let write = || {
        match fs::remove_file(path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            Ok(()) | Err(_) => {}
        }
        let mut file = OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(mode)
            .open(path)?;
        file.write_all(bytes)?;
        Ok(file)
    };
    let file = write().map_err(DurableFileError::at("write", path))?;
    Ok(UnsyncedFile {
        file,
        path: path.to_owned(),
    })
}

/// Opens a file to read it. A pipe or a device in its place is an error: opening one
/// could wait for ever.
pub fn open_regular(path: &Path) -> io::Result<File> {
    let nonblock = i32::try_from(OFlags::NONBLOCK.bits()).map_err(io::Error::other)?;
    let file = OpenOptions::new()
        .read(true)
        .custom_flags(nonblock)
        .open(path)?;
    require_regular(&file)?;
    Ok(file)
}

/// Refuses a folder, a pipe or a device that was opened as a file.
pub fn require_regular(file: &File) -> io::Result<()> {
    if file.metadata()?.is_file() {
        return Ok(());
    }
    let what = "it is a folder, a pipe or a device, and a file should be there";
    Err(io::Error::other(what))
}

/// Reads a small file whole, as [`open_regular`] opens it.
pub fn read(path: &Path) -> io::Result<Vec<u8>> {
    read_up_to(path, READ_BYTES_MAX)
}

/// Reads a file of at most so many bytes whole, as [`open_regular`] opens it.
pub fn read_up_to(path: &Path, bytes_max: u64) -> io::Result<Vec<u8>> {
    let bytes = read_open(open_regular(path)?, bytes_max)?;
    bytes.ok_or_else(|| io::Error::other("it is longer than any such file"))
}

/// Reads an open file whole; `None` if it has more than so many bytes.
pub fn read_open(file: File, bytes_max: u64) -> io::Result<Option<Vec<u8>>> {
    let mut bytes = Vec::new();
    // Without reading a file that says so itself; another can grow meanwhile.
    if file.metadata()?.len() > bytes_max {
        return Ok(None);
    }
    file.take(bytes_max + 1).read_to_end(&mut bytes)?;
    Ok((bytes.len() as u64 <= bytes_max).then_some(bytes))
}

/// Puts a file or folder in place of another. Durable when the folder is synced.
pub fn rename(from: &Path, to: &Path) -> Result<(), DurableFileError> {
    fs::rename(from, to).map_err(DurableFileError::at("rename a file to", to))
}

/// Makes a file durable, or the names in a folder.
pub fn sync(path: &Path) -> Result<(), DurableFileError> {
    File::open(path)
        .and_then(|file| file.sync_all())
        .map_err(DurableFileError::at("sync", path))
}

/// Makes a folder that only its owner can enter, and those above it that are missing,
/// durably.
pub fn create_folder(path: &Path) -> Result<(), DurableFileError> {
    let mut missing = Vec::new();
    let mut folder = path;
    while !folder.as_os_str().is_empty() && !folder.exists() {
        missing.push(folder);
        match folder.parent() {
            Some(above) => folder = above,
            None => break,
        }
    }
    for folder in missing.into_iter().rev() {
        let mut builder = DirBuilder::new();
        if folder == path {
            builder.mode(PRIVATE_FOLDER);
        }
        match builder.create(folder) {
            Ok(()) => {}
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(DurableFileError::at("create", folder)(error)),
        }
        sync(parent(folder))?;
    }
    Ok(())
}

/// Takes every permission of others from a file or folder. A link is left as it is.
pub fn make_private(path: &Path) -> Result<(), DurableFileError> {
    let narrow = || {
        let metadata = fs::symlink_metadata(path)?;
        let mode = metadata.permissions().mode() & 0o7777;
        if metadata.is_symlink() || mode & OF_OTHERS == 0 {
            return Ok(());
        }
        fs::set_permissions(path, Permissions::from_mode(mode & !OF_OTHERS))
    };
    narrow().map_err(DurableFileError::at("make private", path))
}

/// The folder above, also for a relative path of one name.
pub fn parent(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        Some(_) | None => Path::new("."),
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn a_leftover_of_a_crash_neither_blocks_nor_survives() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("key");
        let leftover = folder.path().join("key.new");
        fs::write(&leftover, "half of an older ke").expect("written");
        replace(&path, b"secret").expect("replaced");
        assert_eq!(fs::read(&path).expect("read"), b"secret");
        assert!(!leftover.exists());
        // The leftover was readable by all; the key is not.
        let mode = fs::metadata(&path).expect("metadata").permissions().mode();
        assert_eq!(mode & 0o777, PRIVATE);
    }

    #[test]
    fn what_others_may_read_is_made_private() {
        let folder = tempfile::tempdir().expect("a folder");
        let store = folder.path().join("above/store");
        create_folder(&store).expect("made");
        let mode = |path: &Path| fs::metadata(path).expect("metadata").permissions().mode() & 0o777;
        assert_eq!(mode(&store), PRIVATE_FOLDER);
        // As an older version, or somebody else, left it.
        let (file, link) = (store.join("file"), store.join("link"));
        fs::write(&file, "").expect("written");
        std::os::unix::fs::symlink(&file, &link).expect("linked");
        for (path, mode) in [(&store, 0o755), (&file, 0o664)] {
            fs::set_permissions(path, Permissions::from_mode(mode)).expect("set");
        }
        make_private(&link).expect("left");
        assert_eq!(mode(&file), 0o664);
        make_private(&store).expect("narrowed");
        make_private(&file).expect("narrowed");
        assert_eq!((mode(&store), mode(&file)), (PRIVATE_FOLDER, PRIVATE));
    }

    #[test]
    fn an_error_names_the_path_and_leaves_the_file() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("checkpoint");
        replace(&path, b"old").expect("replaced");
        // A folder where the temporary file would be.
        fs::create_dir(folder.path().join("checkpoint.new")).expect("made");
        let error = replace(&path, b"new").expect_err("in the way");
        assert!(error.to_string().contains("checkpoint.new"), "{error}");
        assert!(
            io::Error::from(error)
                .to_string()
                .contains("checkpoint.new")
        );
        assert_eq!(fs::read(&path).expect("read"), b"old");
    }

    #[test]
    fn a_name_without_a_folder_is_in_this_one() {
        assert_eq!(parent(Path::new("key")), Path::new("."));
        assert_eq!(parent(Path::new("data/key")), Path::new("data"));
    }
}
