//! Files that only their owner can read, whatever the umask of the shell.

use rustix::fs::Mode;

/// From now on this process makes files with mode 0600 and folders with mode 0700.
///
/// Part of the store is written by its engine, which leaves the mode to the umask.
/// Another user who can open a file of the store can also lock it, and so stop a start.
pub fn keep_files_private() {
    rustix::process::umask(Mode::RWXG | Mode::RWXO);
}
