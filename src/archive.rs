//! The archive: a copy of the log as a folder that proves itself.
//!
//! ```text
//! checkpoint        the signed checkpoint that everything else is checked against
//! verifier-key      the key that signed it
//! witness-keys      the keys of the witnesses that signed it too, if any did
//! README.txt        how to check it, with this program and without
//! tile/…            the tree and the stored entries, as C2SP tlog-tiles has them
//! entries/…         the same entries, a line of JSON each, for people
//! ```
//!
//! An export adds to such a folder, [`verify`] checks it away from any server,
//! and a store is restored from it. The folder is a function of the log and its
//! checkpoint: of every byte in it, verification knows what it should be.

pub mod check;
mod contents;
pub mod export;
pub mod folder;
pub mod read;
mod signatures;
pub mod verify;

/// How to check an archive, as every export writes it.
pub const INSTRUCTIONS: &str = include_str!("archive/instructions.txt");

/// The instructions that earlier versions wrote: an archive that has one of them
/// verifies as it always did, and the next export into it replaces them.
pub const EARLIER_INSTRUCTIONS: &[&str] = &[include_str!("archive/instructions-1.txt")];

/// Every text that the instructions of an archive may have, the latest first.
fn instructions() -> impl Iterator<Item = &'static str> {
    std::iter::once(INSTRUCTIONS).chain(EARLIER_INSTRUCTIONS.iter().copied())
}
