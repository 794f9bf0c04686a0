//! The hashes of the log's entries on disk, in full tiles of 256.
//!
//! A cache: missing or damaged hashes are made again from the log. Each tile has its
//! own checksum, so that a file that a power cut tore is cut back to its whole tiles.
//!
//! ```text
//! file: tile 0, tile 1, …
//! tile: bytes  what
//!        8192  the leaf hashes of entries 256 n + 1 to 256 n + 256
//!          32  SHA-256 over "minutebook tile 1", n (8 bytes, big-endian) and them
//! ```

use std::fs::{File, OpenOptions};
use std::io::{self, Read};
use std::os::unix::fs::{FileExt, OpenOptionsExt};
use std::path::Path;

use rustix::fs::OFlags;
use sha2::{Digest, Sha256};

use crate::audit::merkle::Hash;
use crate::durable_file;

/// How many hashes a tile has.
pub(super) const WIDTH: usize = 256;

const HASH_BYTES: usize = 32;
const HASHES_BYTES: usize = WIDTH * HASH_BYTES;
const TILE_BYTES: usize = HASHES_BYTES + HASH_BYTES;
const MAGIC: &[u8] = b"minutebook tile 1";

/// The hashes of one full tile.
pub(super) type HashTile = Vec<Hash>;

/// The file, and how many whole tiles it has.
#[derive(Debug)]
pub(super) struct Hashes {
    file: File,
    tiles: u64,
}

impl Hashes {
    /// Opens the file, or makes it, and shows every whole tile to `visit`, in order.
    /// Bytes after the last whole tile are cut off. `visit` returns false to refuse a
    /// tile: that one and all after it are cut off too.
    pub fn open(path: &Path, mut visit: impl FnMut(&HashTile) -> bool) -> io::Result<Self> {
        // Neither through a link, nor waiting for a pipe.
        let flags = OFlags::NOFOLLOW | OFlags::NONBLOCK;
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .custom_flags(i32::try_from(flags.bits()).map_err(io::Error::other)?)
            .open(path)?;
        durable_file::require_regular(&file)?;
        let mut tiles = 0;
        let mut bytes = vec![0; TILE_BYTES];
        loop {
            match file.read_exact(&mut bytes) {
                Ok(()) => {}
                Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => break,
                Err(error) => return Err(error),
            }
            match decode(tiles, &bytes) {
                Some(tile) if visit(&tile) => tiles += 1,
                _ => break,
            }
        }
        file.set_len(tiles * TILE_BYTES as u64)?;
        Ok(Self { file, tiles })
    }

    pub const fn tiles(&self) -> u64 {
        self.tiles
    }

    pub fn clear(&mut self) -> io::Result<()> {
        self.file.set_len(0)?;
        self.tiles = 0;
        Ok(())
    }

    /// Writes the next tile.
    pub fn push(&mut self, tile: &[Hash]) -> io::Result<()> {
        debug_assert_eq!(tile.len(), WIDTH);
        let mut bytes = Vec::with_capacity(TILE_BYTES);
        for hash in tile {
            bytes.extend_from_slice(hash.as_bytes());
        }
        let sum = checksum(self.tiles, &bytes);
        bytes.extend_from_slice(&sum);
        let at = self.tiles * TILE_BYTES as u64;
        self.file.write_all_at(&bytes, at)?;
        self.tiles += 1;
        Ok(())
    }

    pub fn tile(&self, index: u64) -> io::Result<HashTile> {
        let mut bytes = vec![0; TILE_BYTES];
        self.file
            .read_exact_at(&mut bytes, index * TILE_BYTES as u64)?;
        decode(index, &bytes).ok_or_else(|| {
            let what = format!("tile {index} of the log's hashes is damaged: restart the server");
            io::Error::new(io::ErrorKind::InvalidData, what)
        })
    }
}

fn checksum(index: u64, hashes: &[u8]) -> [u8; HASH_BYTES] {
    Sha256::new()
        .chain_update(MAGIC)
        .chain_update(index.to_be_bytes())
        .chain_update(hashes)
        .finalize()
        .into()
}

fn decode(index: u64, bytes: &[u8]) -> Option<HashTile> {
    let (hashes, sum) = bytes.split_at_checked(HASHES_BYTES)?;
    if checksum(index, hashes) != *sum {
        return None;
    }
    let hashes = hashes.chunks_exact(HASH_BYTES);
    hashes
        .map(|hash| Some(Hash::from_bytes(hash.try_into().ok()?)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audit::merkle::leaf_hash;

    fn tile(n: u8) -> HashTile {
        (0..WIDTH).map(|i| leaf_hash(&[n, i as u8])).collect()
    }

    #[test]
    fn what_is_torn_or_damaged_is_cut_off() {
        let dir = tempfile::tempdir().expect("a directory");
        let path = dir.path().join("hashes");
        let mut hashes = Hashes::open(&path, |_| true).expect("a file");
        for n in 0..3 {
            hashes.push(&tile(n)).expect("written");
        }
        assert_eq!(hashes.tile(1).expect("read"), tile(1));
        drop(hashes);
        let whole = std::fs::read(&path).expect("read");
        let tiles = |bytes: &[u8]| {
            std::fs::write(&path, bytes).expect("written");
            let mut seen = Vec::new();
            let hashes = Hashes::open(&path, |tile| {
                seen.push(tile.clone());
                true
            });
            let hashes = hashes.expect("a file");
            assert_eq!(seen.len() as u64, hashes.tiles());
            for (n, seen) in seen.iter().enumerate() {
                assert_eq!(*seen, tile(n as u8));
            }
            hashes.tiles()
        };
        assert_eq!(tiles(&whole), 3);
        assert_eq!(tiles(&whole[..whole.len() - 1]), 2);
        let mut flipped = whole.clone();
        flipped[TILE_BYTES + 77] ^= 1;
        assert_eq!(tiles(&flipped), 1);
        let swapped = [&whole[TILE_BYTES..], &whole[..TILE_BYTES]].concat();
        assert_eq!(tiles(&swapped), 0, "a tile is good in its place alone");
        assert_eq!(std::fs::metadata(&path).expect("there").len(), 0);
    }
}
