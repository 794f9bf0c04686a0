//! The archive: a copy of the log, in a folder that proves itself.
//!
//! ```text
//! checkpoint        the signed checkpoint, against which all else is checked
//! verifier-key      the key that signed it
//! witness-keys      the keys of the witnesses that signed it too, if any did
//! README.txt        how to check it, with this program and without
//! tile/…            the tree and the stored entries, as C2SP tlog-tiles specifies
//! entries/…         the same entries, a line of JSON each, for people
//! ```
//!
//! An export adds to such a folder, [`verify`] checks it without a server, and a store
//! is restored from it. The folder is a function of the log and its checkpoint:
//! verification computes every byte that must be in it.

pub mod check;
mod contents;
pub mod export;
mod findings;
pub mod folder;
pub mod names;
pub mod read;
mod signatures;
mod spelling;
pub mod verify;

/// The text that every export writes: how to check an archive.
pub const INSTRUCTIONS: &str = include_str!("archive/instructions.txt");

/// The instructions that earlier versions wrote. An archive with one of them still
/// verifies, and the next export into it replaces them.
pub const EARLIER_INSTRUCTIONS: &[&str] = &[include_str!("archive/instructions-1.txt")];

/// Each accepted text of the instructions, the latest first.
fn instructions() -> impl Iterator<Item = &'static str> {
    std::iter::once(INSTRUCTIONS).chain(EARLIER_INSTRUCTIONS.iter().copied())
}
