//! A private copy of a store, for those who may only read it.
//!
//! The engine cannot open its files without writing to them: it locks them, cuts off
//! what a crash left half written, and writes a snapshot. So a store that must not be
//! changed is copied into a temporary directory, and the engine opens the copy. The
//! copy of the engine's file loses its name once it is open, so that nothing large is
//! left behind if the process is killed.

use std::fs::{self, File, Permissions};
use std::io;
use std::ops::ControlFlow;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use tempfile::TempDir;

use super::super::{OpenError, ParsedGroup, Position, Record};
use super::directory::Directory;
use super::storage_error;
use super::store::Store;

/// Free space that a copy needs beside the engine's file: for its snapshot, and for
/// what it writes as it recovers.
const SPARE_BYTES: u64 = 32 * 1024 * 1024;

/// How many files the engine may have to open at once, generously.
const FILES: usize = 12;

/// Reads and checks every record of the store in `dir`, and changes nothing there;
/// returns the tail.
pub(super) fn verify(dir: &Path, visit: &mut dyn FnMut(Record)) -> Result<Position, OpenError> {
    let copy =
        TempDir::with_prefix("minutebook-").map_err(|e| copy_error(&std::env::temp_dir(), e))?;
    verify_copy(dir, copy.path(), visit).map_err(|error| {
        // The engine can take a shortage of the system for damage of the log.
        match error.is_finding().then(|| try_the_system(copy.path())) {
            Some(Err(shortage)) => copy_error(copy.path(), shortage),
            Some(Ok(())) | None => error,
        }
    })
}

fn verify_copy(
    dir: &Path,
    copy: &Path,
    visit: &mut dyn FnMut(Record),
) -> Result<Position, OpenError> {
    let directory = Directory::copy(dir, copy, |engine| copy_files(engine, copy))?;
    let file = directory.engine_file();
    let store = Store::open_unsynced(directory)?;
    fs::remove_file(&file).map_err(|e| copy_error(copy, e))?;
    let read = |records: &mut dyn Iterator<Item = Record>| {
        ParsedGroup::of(records.collect::<Vec<Record>>())
    };
    let mut fold = |group: ParsedGroup| {
        group.items().into_iter().for_each(&mut *visit);
        ControlFlow::Continue(())
    };
    match store.scan(Position::ZERO, &read, &mut fold)? {
        ControlFlow::Continue(tail) => Ok(tail.last),
        // The fold never breaks.
        ControlFlow::Break(()) => Ok(Position::ZERO),
    }
}

/// Copies the files that the engine needs. A snapshot that cannot be used is not
/// needed.
fn copy_files(engine: &Path, copy: &Path) -> Result<(), OpenError> {
    let unreadable = |error| storage_error("read", engine, error);
    let failed = |error| copy_error(copy, error);
    let len = |path: &Path| fs::metadata(path).map(|found| found.len());
    let mut files = Vec::new();
    let mut bytes = SPARE_BYTES;
    for entry in fs::read_dir(engine).map_err(unreadable)? {
        let entry = entry.map_err(unreadable)?;
        if entry.file_type().map_err(unreadable)?.is_file() {
            bytes += len(&entry.path()).map_err(unreadable)?;
            files.push(entry);
        }
    }
    let available = fs2::available_space(copy).map_err(failed)?;
    if available < bytes {
        let what = format!("{bytes} bytes are needed there, and {available} are free");
        return Err(failed(io::Error::new(io::ErrorKind::StorageFull, what)));
    }
    for entry in files {
        let to = copy.join(entry.file_name());
        // An error of either file.
        fs::copy(entry.path(), &to).map_err(failed)?;
        // The permissions are copied too, and may be for reading only.
        fs::set_permissions(&to, Permissions::from_mode(0o600)).map_err(failed)?;
    }
    Ok(())
}

/// Makes and opens as many files as the engine may need.
fn try_the_system(copy: &Path) -> io::Result<()> {
    let files = (0..FILES).map(|n| File::create(copy.join(format!("probe-{n}"))));
    let _open: Vec<File> = files.collect::<io::Result<_>>()?;
    fs::write(copy.join("probe"), vec![1; 1 << 20])
}

fn copy_error(copy: &Path, source: io::Error) -> OpenError {
    OpenError::Storage {
        step: format!("copy the store to check it in {}", copy.display()),
        remedy: "free what is short there (space, files, open files), or set TMPDIR to a \
                 directory with room for the store",
        source: source.into(),
    }
}
