//! The folder of an archive: the names of its files, reading and writing them.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use crate::audit::tile::{Tile, TileContent};
use crate::durable_file::{self, DurableFileError, UnsyncedFile};

pub const CHECKPOINT: &str = "checkpoint";
pub const VERIFIER_KEY: &str = "verifier-key";
pub const WITNESS_KEYS: &str = "witness-keys";
pub const README: &str = "README.txt";

/// The longest file of an archive, in bytes: 256 entries of 65,535 bytes are 16 MiB,
/// and a few times that as lines of JSON.
const FILE_BYTES_MAX: u64 = 256 << 20;

const TILES: &str = "tile";
const LINES: &str = "entries";

/// A file of an archive that cannot be read or written.
#[derive(Debug, thiserror::Error)]
#[error("{path}: {source}", path = path.display())]
pub struct FileError {
    pub path: PathBuf,
    pub source: io::Error,
}

impl From<DurableFileError> for FileError {
    fn from(error: DurableFileError) -> Self {
        let DurableFileError { path, source, .. } = error;
        Self { path, source }
    }
}

#[derive(Debug, Clone)]
pub struct Folder {
    root: PathBuf,
}

/// The file with the lines of a bundle. That of a full tile never changes again; the
/// last one does.
pub fn lines_of(bundle: &Tile) -> String {
    let full = Tile {
        holds: TileContent::Entries,
        width: 256,
        ..*bundle
    };
    let path = full.to_string();
    let number = path.strip_prefix("tile/entries").unwrap_or(&path);
    format!("{LINES}{number}.jsonl")
}

/// The staged name of a file: it is renamed to `file` at the end of an export.
fn staged(file: &str) -> String {
    match file.rsplit_once('/') {
        Some((dir, name)) => format!("{dir}/.{name}.new"),
        None => format!(".{file}.new"),
    }
}

/// Whether this is the name of a staged file.
pub fn is_staged(file: &str) -> bool {
    let name = file.rsplit('/').next().unwrap_or(file);
    name.starts_with('.') && name.ends_with(".new")
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

    fn at(&self, file: &str) -> PathBuf {
        self.root.join(file)
    }

    fn failed(&self, file: &str) -> impl FnOnce(io::Error) -> FileError {
        let path = self.at(file);
        move |source| FileError { path, source }
    }

    /// Reads a file; `None` if it does not exist.
    pub fn read(&self, file: &str) -> Result<Option<Vec<u8>>, FileError> {
        let read = || {
            let file = File::open(self.at(file))?;
            let mut bytes = Vec::new();
            file.take(FILE_BYTES_MAX + 1).read_to_end(&mut bytes)?;
            if bytes.len() as u64 > FILE_BYTES_MAX {
                let what = "it is longer than any file of an archive";
                return Err(io::Error::new(io::ErrorKind::InvalidData, what));
            }
            Ok(bytes)
        };
        match read() {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error)
                if matches!(
                    error.kind(),
                    io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
                ) =>
            {
                Ok(None)
            }
            Err(error) => Err(self.failed(file)(error)),
        }
    }

    /// Writes a new file, or one that an interrupted export left.
    pub fn write(&self, file: &str, bytes: &[u8]) -> Result<UnsyncedFile, FileError> {
        let path = self.at(file);
        if let Some(dir) = path.parent() {
            fs::create_dir_all(dir).map_err(self.failed(file))?;
        }
        Ok(durable_file::write(&path, bytes)?)
    }

    pub fn has(&self, file: &str) -> bool {
        self.at(file).exists()
    }

    /// Writes the staged version of a file, and leaves the file itself as it is until
    /// [`settle`](Self::settle).
    pub fn stage(&self, file: &str, bytes: &[u8]) -> Result<UnsyncedFile, FileError> {
        self.write(&staged(file), bytes)
    }

    /// Replaces a file with its staged version, which was synced: whole or not at all.
    pub fn settle(&self, file: &str) -> Result<(), FileError> {
        durable_file::rename(&self.at(&staged(file)), &self.at(file))?;
        Ok(())
    }

    /// Makes the names of these files durable, in every folder above them.
    pub fn sync_folders<'a>(
        &self,
        files: impl Iterator<Item = &'a String>,
    ) -> Result<(), FileError> {
        let mut folders = BTreeSet::new();
        for file in files {
            // Every folder above, including that of the archive.
            folders.extend(Path::new(file).ancestors().skip(1));
        }
        for folder in folders {
            durable_file::sync(&self.root.join(folder))?;
        }
        Ok(())
    }

    /// The relative path of everything in it that is not a folder.
    pub fn files(&self) -> Result<BTreeSet<String>, FileError> {
        let mut files = BTreeSet::new();
        let mut folders = vec![String::new()];
        while let Some(dir) = folders.pop() {
            let list = || -> io::Result<Vec<(String, bool)>> {
                let entries = fs::read_dir(self.root.join(&dir))?;
                entries
                    .map(|entry| {
                        let entry = entry?;
                        let name = entry.file_name().to_string_lossy().into_owned();
                        let path = if dir.is_empty() {
                            name
                        } else {
                            format!("{dir}/{name}")
                        };
                        Ok((path, entry.file_type()?.is_dir()))
                    })
                    .collect()
            };
            for (path, is_dir) in list().map_err(self.failed(&dir))? {
                if is_dir {
                    folders.push(path);
                } else {
                    files.insert(path);
                }
            }
        }
        Ok(files)
    }

    /// Removes files of an earlier export that this one does not have: parts of tiles
    /// that have grown. Touches nothing else.
    pub fn tidy(&self, expected: &BTreeSet<String>) -> Result<(), FileError> {
        for file in self.files()? {
            let is_of_archive = is_staged(&file)
                || file.parse::<Tile>().is_ok()
                || (file.starts_with(LINES) && file.ends_with(".jsonl"));
            if is_of_archive && !expected.contains(&file) {
                let path = self.at(&file);
                fs::remove_file(&path).map_err(self.failed(&file))?;
                // The last file of a part's folder is gone: remove the folder.
                if let Some(dir) = path.parent().filter(|dir| dir.ends_with_part()) {
                    let _ = fs::remove_dir(dir);
                }
            }
        }
        Ok(())
    }

    pub const fn tiles() -> &'static str {
        TILES
    }
}

trait Part {
    fn ends_with_part(&self) -> bool;
}

impl Part for Path {
    fn ends_with_part(&self) -> bool {
        self.extension().is_some_and(|extension| extension == "p")
    }
}
