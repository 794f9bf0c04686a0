//! A folder that is held open, so that no link leads out of it.
//!
//! A path is resolved anew by every call, and follows links that somebody put there.
//! A [`FolderHandle`] is resolved once. Everything below it is opened name by name,
//! relative to the folder that is held: a symbolic link is reported and never
//! followed, and a pipe or a device is reported and never waited for.

use std::fs::{self, File};
use std::io::{self, Write};
use std::os::fd::OwnedFd;
use std::path::{Path, PathBuf};

use rustix::fs::{AtFlags, Dir, FileType, Mode, OFlags};
use rustix::io::Errno;

use super::{DurableFileError, UnsyncedFile};

/// The kind of an entry of a folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileKind {
    File,
    Folder,
    Link,
    /// A pipe, a socket or a device.
    Special,
}

impl FileKind {
    /// The kind, in words.
    pub const fn name(self) -> &'static str {
        match self {
            Self::File => "a file",
            Self::Folder => "a folder",
            Self::Link => "a symbolic link",
            Self::Special => "a pipe, a socket or a device",
        }
    }

    const fn of(found: FileType) -> Self {
        match found {
            FileType::RegularFile => Self::File,
            FileType::Directory => Self::Folder,
            FileType::Symlink => Self::Link,
            _ => Self::Special,
        }
    }
}

/// Why a name cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum EntryError {
    /// Something of another kind has the name. It was not touched.
    #[error("{found}", found = .0.name())]
    Kind(FileKind),
    #[error(transparent)]
    Io(#[from] io::Error),
}

impl From<Errno> for EntryError {
    fn from(error: Errno) -> Self {
        Self::Io(error.into())
    }
}

/// A folder that is held open.
#[derive(Debug)]
pub struct FolderHandle {
    folder: OwnedFd,
    /// Where it was when it was opened, for messages.
    path: PathBuf,
}

const FOLDER: OFlags = OFlags::DIRECTORY
    .union(OFlags::RDONLY)
    .union(OFlags::CLOEXEC);

impl FolderHandle {
    /// Opens the folder at a path; `None` if there is none. The caller chose the path,
    /// so links in it are followed.
    pub fn open(path: &Path) -> Result<Option<Self>, EntryError> {
        match rustix::fs::open(path, FOLDER, Mode::empty()) {
            Ok(folder) => Ok(Some(Self {
                folder,
                path: path.to_owned(),
            })),
            Err(Errno::NOENT) => Ok(None),
            Err(Errno::NOTDIR) if fs::metadata(path).is_ok_and(|found| found.is_file()) => {
                Err(EntryError::Kind(FileKind::File))
            }
            Err(error) => Err(error.into()),
        }
    }

    /// The folder's path when it was opened.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The kind of what has a name here; `None` if nothing has it.
    pub fn kind(&self, name: &str) -> Result<Option<FileKind>, EntryError> {
        match rustix::fs::statat(&self.folder, name, AtFlags::SYMLINK_NOFOLLOW) {
            Ok(found) => Ok(Some(FileKind::of(FileType::from_raw_mode(found.st_mode)))),
            Err(Errno::NOENT) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// The error for a name that could not be opened as what it should be.
    fn wrong_kind(&self, name: &str, expected: FileKind, error: Errno) -> EntryError {
        match self.kind(name) {
            Ok(Some(kind)) if kind != expected => EntryError::Kind(kind),
            Ok(_) | Err(_) => error.into(),
        }
    }

    /// Opens a folder in this one; `None` if there is none.
    pub fn folder(&self, name: &str) -> Result<Option<Self>, EntryError> {
        let flags = FOLDER | OFlags::NOFOLLOW;
        match rustix::fs::openat(&self.folder, name, flags, Mode::empty()) {
            Ok(folder) => Ok(Some(Self {
                folder,
                path: self.path.join(name),
            })),
            Err(Errno::NOENT) => Ok(None),
            Err(error) => Err(self.wrong_kind(name, FileKind::Folder, error)),
        }
    }

    /// Opens a folder in this one, and makes it if there is none.
    pub fn folder_or_new(&self, name: &str) -> Result<Self, EntryError> {
        loop {
            if let Some(folder) = self.folder(name)? {
                return Ok(folder);
            }
            match rustix::fs::mkdirat(&self.folder, name, Mode::from_raw_mode(0o777)) {
                Ok(()) | Err(Errno::EXIST) => {}
                Err(error) => return Err(error.into()),
            }
        }
    }

    /// Opens a file in this folder to read it; `None` if there is none.
    pub fn file(&self, name: &str) -> Result<Option<File>, EntryError> {
        // Without NONBLOCK the open of a pipe waits for somebody to write into it.
        let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
        let file = match rustix::fs::openat(&self.folder, name, flags, Mode::empty()) {
            Ok(file) => File::from(file),
            Err(Errno::NOENT) => return Ok(None),
            Err(error) => return Err(self.wrong_kind(name, FileKind::File, error)),
        };
        let found = file.metadata()?.file_type();
        if found.is_file() {
            return Ok(Some(file));
        }
        let kind = if found.is_dir() {
            FileKind::Folder
        } else {
            FileKind::Special
        };
        Err(EntryError::Kind(kind))
    }

    /// Writes a new file, in place of one that an interrupted run left there.
    pub fn write(&self, name: &str, bytes: &[u8]) -> Result<UnsyncedFile, EntryError> {
        match self.kind(name)? {
            None => {}
            Some(FileKind::File) => self.remove(name)?,
            Some(other) => return Err(EntryError::Kind(other)),
        }
        let flags =
            OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let mode = Mode::from_raw_mode(0o666);
        let file = rustix::fs::openat(&self.folder, name, flags, mode)?;
        let mut file = File::from(file);
        file.write_all(bytes)?;
        Ok(UnsyncedFile {
            file,
            path: self.path.join(name),
        })
    }

    /// Puts a file of this folder in place of another. Durable when the folder is
    /// synced.
    pub fn rename(&self, from: &str, to: &str) -> Result<(), EntryError> {
        match self.kind(to)? {
            None | Some(FileKind::File) => {}
            Some(other) => return Err(EntryError::Kind(other)),
        }
        Ok(rustix::fs::renameat(&self.folder, from, &self.folder, to)?)
    }

    /// Removes a file; never what a link points to.
    pub fn remove(&self, name: &str) -> Result<(), EntryError> {
        Ok(rustix::fs::unlinkat(&self.folder, name, AtFlags::empty())?)
    }

    /// Removes an empty folder.
    pub fn remove_folder(&self, name: &str) -> Result<(), EntryError> {
        Ok(rustix::fs::unlinkat(
            &self.folder,
            name,
            AtFlags::REMOVEDIR,
        )?)
    }

    /// Every name in this folder, and its kind.
    pub fn list(&self) -> Result<Vec<(String, FileKind)>, EntryError> {
        let mut listed = Vec::new();
        for entry in Dir::read_from(&self.folder)? {
            let entry = entry?;
            let name = entry.file_name().to_string_lossy().into_owned();
            if name == "." || name == ".." {
                continue;
            }
            let kind = match entry.file_type() {
                // Some file systems keep no kinds in their folders.
                FileType::Unknown => self.kind(&name)?.unwrap_or(FileKind::Special),
                found => FileKind::of(found),
            };
            listed.push((name, kind));
        }
        Ok(listed)
    }

    /// Makes the names in this folder durable.
    pub fn sync(&self) -> Result<(), DurableFileError> {
        rustix::fs::fsync(&self.folder)
            .map_err(|error| DurableFileError::at("sync", &self.path)(error.into()))
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    #[test]
    fn a_link_is_reported_and_never_followed() {
        let parent = tempfile::tempdir().expect("a folder");
        let outside = parent.path().join("outside");
        fs::create_dir(&outside).expect("made");
        fs::write(outside.join("letter"), "Dear").expect("written");
        let inside = parent.path().join("inside");
        fs::create_dir(&inside).expect("made");
        symlink(outside.join("letter"), inside.join("file")).expect("a link");
        symlink(&outside, inside.join("folder")).expect("a link");
        let handle = FolderHandle::open(&inside).expect("opened").expect("there");
        let link = |error: EntryError| matches!(error, EntryError::Kind(FileKind::Link));
        assert!(link(handle.file("file").expect_err("a link")));
        assert!(link(handle.folder("folder").expect_err("a link")));
        assert!(link(handle.folder_or_new("folder").expect_err("a link")));
        assert!(link(handle.write("file", b"new").expect_err("a link")));
        assert_eq!(fs::read(outside.join("letter")).expect("read"), b"Dear");
        drop(handle.write("mine", b"new").expect("written"));
        assert!(link(handle.rename("mine", "file").expect_err("a link")));
        assert_eq!(handle.kind("file").expect("looked"), Some(FileKind::Link));
    }
}
