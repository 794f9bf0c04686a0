//! Space and a file set aside on the disk, so that a start on a full disk can read the
//! log: opening writes a little, and makes a file.

use std::fs::{self, File};
use std::path::Path;

use super::database::remove_snapshots;

const RESERVE: &str = "minutebook.reserve";

/// How many bytes are set aside: more than the engine writes when it is opened.
const RESERVE_BYTES: u64 = 4 * 1024 * 1024;

/// With fewer bytes than this left on the disk, the reserve is given back.
const FULL_BYTES: u64 = RESERVE_BYTES;

/// With at least this many bytes left, the reserve is made.
const AMPLE_BYTES: u64 = 64 * 1024 * 1024;

/// With fewer new files than this possible, the reserve is not made again.
const AMPLE_FILES: u64 = 64;

/// How many more files the file system of a path can have; `None` if it sets no limit.
fn available_files(path: &Path) -> Option<u64> {
    let system = rustix::fs::statvfs(path).ok()?;
    (system.f_files > 0).then_some(system.f_favail)
}

/// Makes room where the disk has no space or no files left, so that the log can be
/// opened: removes the reserve, or else what the engine makes again by itself.
pub(super) fn give_back_reserve(path: &Path, engine: &Path) {
    let has_no_space = fs2::available_space(path).is_ok_and(|left| left < FULL_BYTES);
    let has_no_files = available_files(path) == Some(0);
    if !has_no_space && !has_no_files {
        return;
    }
    let reserve = path.join(RESERVE);
    if reserve.exists() {
        match fs::remove_file(&reserve) {
            Ok(()) => tracing::warn!("the disk is full: the space that was set aside is used"),
            Err(error) => tracing::warn!(%error, "the space that was set aside cannot be used"),
        }
    } else if has_no_files && let Err(error) = remove_snapshots(engine, |_| true) {
        tracing::warn!(%error, "no file can be given up for a start on a full disk");
    }
}

/// Sets space aside where there is plenty. Without it a start on a full disk may
/// fail; nothing else depends on it.
pub(super) fn keep_reserve(path: &Path) {
    let reserve = path.join(RESERVE);
    if reserve.exists()
        || fs2::available_space(path).is_ok_and(|left| left < AMPLE_BYTES)
        || available_files(path).is_some_and(|left| left < AMPLE_FILES)
    {
        return;
    }
    let made = File::create(&reserve).and_then(|file| {
        fs2::FileExt::allocate(&file, RESERVE_BYTES)?;
        file.sync_all()
    });
    if let Err(error) = made {
        tracing::warn!(%error, "no space can be set aside for a start on a full disk");
        let _ = fs::remove_file(&reserve);
    }
}
