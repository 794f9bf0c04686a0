//! The folder of an archive: reading and writing its files.
//!
//! Somebody else may have prepared the folder. So only the folder itself is resolved
//! by its path; below it no link is followed, no pipe is waited for, and only files
//! that an export can have written are ever replaced or removed.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::names::{is_of_archive, staged, unstaged};
use crate::durable_file::{
    self, DurableFileError, EntryError, FileKind, FolderHandle, UnsyncedFile,
};

/// The longest file of an archive, in bytes: 256 entries of 65,535 bytes are 16 MiB,
/// and a few times that as lines of JSON.
const FILE_BYTES_MAX: u64 = 256 << 20;

/// A file of an archive that cannot be read or written.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    #[error("{path}: {source}", path = path.display())]
    Io { path: PathBuf, source: io::Error },
    /// Something else has the name of a file or folder of an archive.
    #[error(
        "{path} is {found}, and an archive has only files and folders there; it was not touched",
        path = path.display(), found = found.name()
    )]
    NotPlain { path: PathBuf, found: FileKind },
}

impl FileError {
    fn at(path: PathBuf) -> impl FnOnce(EntryError) -> Self {
        |error| match error {
            EntryError::Kind(found) => Self::NotPlain { path, found },
            EntryError::Io(source) => Self::Io { path, source },
        }
    }
}

impl From<DurableFileError> for FileError {
    fn from(error: DurableFileError) -> Self {
        let DurableFileError { path, source, .. } = error;
        Self::Io { path, source }
    }
}

#[derive(Debug, Clone)]
pub struct Folder {
    root: PathBuf,
}

impl Folder {
    /// The folder at a path, which need not exist.
    pub fn new(root: &Path) -> Self {
        Self {
            root: root.to_owned(),
        }
    }

    pub fn path(&self) -> &Path {
        &self.root
    }

    fn failed(&self, file: &str) -> impl FnOnce(EntryError) -> FileError {
        FileError::at(self.root.join(file))
    }

    fn root(&self) -> Result<Option<FolderHandle>, FileError> {
        FolderHandle::open(&self.root).map_err(self.failed(""))
    }

    /// The folder with this relative path; `None` if it does not exist.
    fn folder(&self, path: &str) -> Result<Option<FolderHandle>, FileError> {
        let mut folder = self.root()?;
        for name in path.split('/').filter(|name| !name.is_empty()) {
            let Some(above) = folder else { return Ok(None) };
            let at = above.path().join(name);
            folder = above.folder(name).map_err(FileError::at(at))?;
        }
        Ok(folder)
    }

    /// The folder of a file, made where it is missing.
    fn folder_or_new(&self, path: &str) -> Result<FolderHandle, FileError> {
        fs::create_dir_all(&self.root).map_err(|error| self.failed("")(error.into()))?;
        let missing = || self.failed("")(io::Error::from(io::ErrorKind::NotFound).into());
        let mut folder = self.root()?.ok_or_else(missing)?;
        for name in path.split('/').filter(|name| !name.is_empty()) {
            let at = folder.path().join(name);
            folder = folder.folder_or_new(name).map_err(FileError::at(at))?;
        }
        Ok(folder)
    }

    /// Reads a file; `None` if it does not exist.
    pub fn read(&self, file: &str) -> Result<Option<Vec<u8>>, FileError> {
        let (folder, name) = split(file);
        let Some(folder) = self.folder(folder)? else {
            return Ok(None);
        };
        let Some(opened) = folder.file(name).map_err(self.failed(file))? else {
            return Ok(None);
        };
        let read = durable_file::read_open(opened, FILE_BYTES_MAX).and_then(|bytes| {
            let what = "it is longer than any file of an archive";
            bytes.ok_or_else(|| io::Error::new(io::ErrorKind::InvalidData, what))
        });
        read.map(Some)
            .map_err(|error| self.failed(file)(error.into()))
    }

    /// Writes a new file, or one that an interrupted export left.
    pub fn write(&self, file: &str, bytes: &[u8]) -> Result<UnsyncedFile, FileError> {
        let (folder, name) = split(file);
        let folder = self.folder_or_new(folder)?;
        folder.write(name, bytes).map_err(self.failed(file))
    }

    /// Whether there is such a file. An error where something else has its name.
    pub fn has(&self, file: &str) -> Result<bool, FileError> {
        let (folder, name) = split(file);
        let Some(folder) = self.folder(folder)? else {
            return Ok(false);
        };
        match folder.kind(name).map_err(self.failed(file))? {
            None => Ok(false),
            Some(FileKind::File) => Ok(true),
            Some(other) => Err(self.failed(file)(EntryError::Kind(other))),
        }
    }

    /// Writes the staged version of a file, and leaves the file itself as it is until
    /// [`settle`](Self::settle).
    pub fn stage(&self, file: &str, bytes: &[u8]) -> Result<UnsyncedFile, FileError> {
        self.write(&staged(file), bytes)
    }

    /// Replaces a file with its staged version, which was synced: whole or not at all.
    pub fn settle(&self, file: &str) -> Result<(), FileError> {
        let (folder, name) = split(file);
        let from = staged(name);
        let folder = self.folder_or_new(folder)?;
        folder.rename(&from, name).map_err(self.failed(file))
    }

    /// Makes the names of these files durable, in every folder above them.
    pub fn sync_folders<'a>(
        &self,
        files: impl Iterator<Item = &'a String>,
    ) -> Result<(), FileError> {
        let mut folders = BTreeSet::from([""]);
        for file in files {
            let mut folder = split(file).0;
            // Every folder above, including that of the archive.
            while !folder.is_empty() && folders.insert(folder) {
                folder = split(folder).0;
            }
        }
        for folder in folders {
            if let Some(folder) = self.folder(folder)? {
                folder.sync()?;
            }
        }
        Ok(())
    }

    /// The names in the folder itself, with the kind of each.
    pub fn top(&self) -> Result<Vec<(String, FileKind)>, FileError> {
        match self.root()? {
            Some(folder) => folder.list().map_err(self.failed("")),
            None => Ok(Vec::new()),
        }
    }

    /// The relative path of everything in it that is not a folder.
    pub fn files(&self) -> Result<BTreeSet<String>, FileError> {
        let mut files = BTreeSet::new();
        let mut folders: Vec<(String, FolderHandle)> = Vec::new();
        folders.extend(self.root()?.map(|root| (String::new(), root)));
        while let Some((path, folder)) = folders.pop() {
            for (name, kind) in folder.list().map_err(self.failed(&path))? {
                let below = if path.is_empty() {
                    name.clone()
                } else {
                    format!("{path}/{name}")
                };
                if kind != FileKind::Folder {
                    files.insert(below);
                } else if let Some(opened) = folder.folder(&name).map_err(self.failed(&below))? {
                    folders.push((below, opened));
                }
            }
        }
        Ok(files)
    }

    /// Removes the files that `is_leftover` names, and the folders of parts that are
    /// empty then.
    pub fn tidy(
        &self,
        is_leftover: impl Fn(&str) -> Result<bool, FileError>,
    ) -> Result<(), FileError> {
        for file in self.files()? {
            if !is_of_archive(&file) && unstaged(&file).is_none() {
                continue;
            }
            let (above, name) = split(&file);
            let Some(folder) = self.folder(above)? else {
                continue;
            };
            let kind = folder.kind(name).map_err(self.failed(&file))?;
            if kind != Some(FileKind::File) || !is_leftover(&file)? {
                continue;
            }
            folder.remove(name).map_err(self.failed(&file))?;
            let (parent, name) = split(above);
            // The last file of a part's folder is gone: remove the folder.
            if above.ends_with(".p")
                && let Some(parent) = self.folder(parent)?
            {
                let _ = parent.remove_folder(name);
            }
        }
        Ok(())
    }
}

/// The folder of a file, empty for that of the archive, and its name in it.
fn split(file: &str) -> (&str, &str) {
    file.rsplit_once('/').unwrap_or(("", file))
}
