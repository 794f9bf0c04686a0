//! Space set aside on the disk, so that a start on a full disk can read the log:
//! opening writes a little.

use std::fs::{self, File};
use std::path::Path;

const RESERVE: &str = "minutebook.reserve";

/// How many bytes are set aside: more than the engine writes when it is opened.
const RESERVE_BYTES: u64 = 4 * 1024 * 1024;

/// With fewer bytes than this left on the disk, the reserve is given back.
const FULL_BYTES: u64 = RESERVE_BYTES;

/// With at least this many bytes left, the reserve is made.
const AMPLE_BYTES: u64 = 64 * 1024 * 1024;

/// Removes the reserve where the disk is full, so that the log can be opened.
pub(super) fn give_back_reserve(path: &Path) {
    let reserve = path.join(RESERVE);
    if reserve.exists() && fs2::available_space(path).is_ok_and(|left| left < FULL_BYTES) {
        match fs::remove_file(&reserve) {
            Ok(()) => tracing::warn!("the disk is full: the space that was set aside is used"),
            Err(error) => tracing::warn!(%error, "the space that was set aside cannot be used"),
        }
    }
}

/// Sets space aside where there is plenty. Without it a start on a full disk may
/// fail; nothing else depends on it.
pub(super) fn keep_reserve(path: &Path) {
    let reserve = path.join(RESERVE);
    if reserve.exists() || fs2::available_space(path).is_ok_and(|left| left < AMPLE_BYTES) {
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
