//! The keys of the tree, and the values that are not groups: see `sled`.

use super::super::Position;
use super::database::SEGMENT_BYTES;
use super::durable_mark::AcknowledgedTail;

/// The longest value in the tree.
pub(super) const PIECE_BYTES: usize = 4_096;

// 18 pieces, their keys and the page around them stay inside the file.
const _: () = assert!(18 * (PIECE_BYTES + 32) + 512 < SEGMENT_BYTES / 4);

/// How many keys come before the first group.
///
/// The tail is rewritten with every append. The engine splits a leaf of 17 keys
/// after the ninth, so nine keys at the front end up in a leaf of their own and
/// the tail is never rewritten together with a page full of groups.
pub(super) const HEAD_KEYS: u16 = 9;

/// The value of the first key.
pub(super) const TREE_FORMAT: &[u8] = b"minutebook log 1";

/// The first key: the format of everything in the tree.
pub(super) const FORMAT_KEY: Key = key(Position::ZERO, 0);

/// The second key: where the log ends.
pub(super) const TAIL_KEY: Key = key(Position::ZERO, 1);

/// A key of the tree.
pub(super) type Key = [u8; 10];

/// The key of one piece of the group that starts at `first`.
pub(super) const fn key(first: Position, piece: u16) -> Key {
    let [a, b, c, d, e, f, g, h] = first.get().to_be_bytes();
    let [i, j] = piece.to_be_bytes();
    [a, b, c, d, e, f, g, h, i, j]
}

/// How many pieces a value of `len` bytes has.
pub(super) fn pieces(len: usize) -> u16 {
    // Bounded by the format of a group: some 260.
    u16::try_from(len.div_ceil(PIECE_BYTES)).unwrap_or(u16::MAX)
}

/// The value of the tail record.
pub(super) fn tail_value(tail: AcknowledgedTail) -> Vec<u8> {
    [tail.last.get().to_be_bytes().as_slice(), &tail.hash].concat()
}
