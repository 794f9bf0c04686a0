//! The folder of an archive: where its files are, and how they are written.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use crate::audit::tile::{Holds, Tile};
use crate::durable_file::{self, DurableFileError, UnsyncedFile};

/// The checkpoint's file.
pub const CHECKPOINT: &str = "checkpoint";
/// The verifier key's file.
pub const VERIFIER_KEY: &str = "verifier-key";
/// The file of the witnesses' keys.
pub const WITNESS_KEYS: &str = "witness-keys";
/// The file of instructions.
pub const README: &str = "README.txt";

/// No file of an archive is longer: 256 entries of 65,535 bytes come to 16 MiB, and
/// as lines of JSON to a few times that.
const FILE_BYTES_MAX: u64 = 256 << 20;

const TILES: &str = "tile";
const LINES: &str = "entries";

/// A file of an archive that cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("{path}: {source}", path = path.display())]
pub struct FileError {
    /// The file.
    pub path: PathBuf,
    /// What the operating system said.
    pub source: io::Error,
}

impl From<DurableFileError> for FileError {
    fn from(error: DurableFileError) -> Self {
        let DurableFileError { path, source, .. } = error;
        Self { path, source }
    }
}

/// A folder.
#[derive(Debug, Clone)]
pub struct Folder {
    root: PathBuf,
}

/// Where the lines of a bundle are: the entries of full tiles in files that never
/// change again, and what comes after them in one that does.
pub fn lines_of(bundle: &Tile) -> String {
    let full = Tile {
        holds: Holds::Entries,
        width: 256,
        ..*bundle
    };
    let path = full.to_string();
    let number = path.strip_prefix("tile/entries").unwrap_or(&path);
    format!("{LINES}{number}.jsonl")
}

/// Where a file is written that is to be put in place of another.
fn staged(file: &str) -> String {
    match file.rsplit_once('/') {
        Some((dir, name)) => format!("{dir}/.{name}.new"),
        None => format!(".{file}.new"),
    }
}

/// Whether a file was written to be put in place of another.
pub fn is_staged(file: &str) -> bool {
    let name = file.rsplit('/').next().unwrap_or(file);
    name.starts_with('.') && name.ends_with(".new")
}

impl Folder {
    /// The folder at a path; it need not be there.
    pub fn new(root: &Path) -> Self {
        Self {
            root: root.to_owned(),
        }
    }

    /// Where it is.
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

    /// Reads a file; `None` where there is none.
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

    /// Writes a file that is not there, or that an export left which did not end.
    pub fn write(&self, file: &str, bytes: &[u8]) -> Result<UnsyncedFile, FileError> {
        let path = self.at(file);
        if let Some(dir) = path.parent() {
            fs::create_dir_all(dir).map_err(self.failed(file))?;
        }
        Ok(durable_file::write(&path, bytes)?)
    }

    /// Whether there is such a file.
    pub fn has(&self, file: &str) -> bool {
        self.at(file).exists()
    }

    /// Writes what is to be put in place of a file, and leaves that file as it is
    /// until [`settle`](Self::settle).
    pub fn stage(&self, file: &str, bytes: &[u8]) -> Result<UnsyncedFile, FileError> {
        self.write(&staged(file), bytes)
    }

    /// Puts what was staged, and synced, in place of a file: whole or not at all.
    pub fn settle(&self, file: &str) -> Result<(), FileError> {
        durable_file::rename(&self.at(&staged(file)), &self.at(file))?;
        Ok(())
    }

    /// Makes durable which files there are in the folders of these.
    pub fn sync_folders<'a>(
        &self,
        files: impl Iterator<Item = &'a String>,
    ) -> Result<(), FileError> {
        let mut folders = BTreeSet::new();
        for file in files {
            // Every folder above, the archive's own included.
            folders.extend(Path::new(file).ancestors().skip(1));
        }
        for folder in folders {
            durable_file::sync(&self.root.join(folder))?;
        }
        Ok(())
    }

    /// Every file in it, by its path from there. What is neither a file nor a
    /// folder is listed too.
    pub fn files(&self) -> Result<BTreeSet<String>, FileError> {
        let mut files = BTreeSet::new();
        let mut open = vec![String::new()];
        while let Some(dir) = open.pop() {
            let listed = || -> io::Result<Vec<(String, bool)>> {
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
            for (path, is_dir) in listed().map_err(self.failed(&dir))? {
                if is_dir {
                    open.push(path);
                } else {
                    files.insert(path);
                }
            }
        }
        Ok(files)
    }

    /// Removes what an earlier export left and this one has no more: parts of
    /// tiles that have grown. Nothing else is touched.
    pub fn tidy(&self, expected: &BTreeSet<String>) -> Result<(), FileError> {
        for file in self.files()? {
            let is_ours = is_staged(&file)
                || file.parse::<Tile>().is_ok()
                || (file.starts_with(LINES) && file.ends_with(".jsonl"));
            if is_ours && !expected.contains(&file) {
                let path = self.at(&file);
                fs::remove_file(&path).map_err(self.failed(&file))?;
                // The folder of a part goes with its last file.
                if let Some(dir) = path.parent().filter(|dir| dir.ends_with_part()) {
                    let _ = fs::remove_dir(dir);
                }
            }
        }
        Ok(())
    }

    /// Where the tiles are.
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
