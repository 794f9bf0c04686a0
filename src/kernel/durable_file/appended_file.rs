//! A file of lines that only grows, until it is replaced.

use std::fs::{File, OpenOptions};
use std::io::Write as _;
use std::os::unix::fs::{MetadataExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use super::{DurableFileError, PRIVATE, parent, require_regular, sync};

/// A file that only its owner can read, open to add to it.
#[derive(Debug)]
pub struct AppendedFile {
    file: File,
    path: PathBuf,
}

impl AppendedFile {
    /// Opens a file, or makes it, durably.
    pub fn open(path: &Path) -> Result<Self, DurableFileError> {
        let open = || {
            let mut options = OpenOptions::new();
            let file = options.append(true).create(true).mode(PRIVATE).open(path)?;
            require_regular(&file)?;
            Ok(file)
        };
        let file: File = open().map_err(DurableFileError::at("open", path))?;
        sync(parent(path))?;
        Ok(Self {
            file,
            path: path.to_owned(),
        })
    }

    /// Adds bytes. They survive a power cut once they are synced.
    pub fn append(&mut self, bytes: &[u8]) -> Result<(), DurableFileError> {
        let written = self.file.write_all(bytes);
        written.map_err(DurableFileError::at("write", &self.path))
    }

    /// Makes everything that was added durable.
    pub fn sync(&self) -> Result<(), DurableFileError> {
        let synced = self.file.sync_data();
        synced.map_err(DurableFileError::at("sync", &self.path))
    }

    pub fn is_empty(&self) -> bool {
        self.file.metadata().is_ok_and(|found| found.size() == 0)
    }
}
