//! The contents of an archive: every file except the checkpoint and the keys, made
//! from the records of the log one by one.
//!
//! Export writes these files and verification compares them, so both always agree on
//! the format.

use super::folder::{FileError, Folder};
use super::names::lines_of;
use crate::audit::bundle;
use crate::audit::merkle::{Frontier, Hash, Subtrees, leaf_hash};
use crate::audit::tile::{HEIGHT, Tile, TileContent, WIDTH, partial_tiles};
use minutebook_wire::entry::message;
use minutebook_wire::{json, proto};

/// A file of an archive, with the bytes that it must have.
#[derive(Debug)]
pub(super) struct ExpectedFile {
    pub file: String,
    pub bytes: Vec<u8>,
}

/// The entries so far: the tiles that are not full, and the tree.
#[derive(Debug, Default)]
pub(super) struct Contents {
    tree: Frontier,
    entries: Vec<u8>,
    lines: Vec<u8>,
    rows: Vec<Vec<Hash>>,
}

/// Appends the line of an entry: its published form in proto3 JSON.
pub(super) fn line(lines: &mut Vec<u8>, entry: &proto::Entry) {
    json::append(lines, entry);
    lines.push(b'\n');
}

/// Why an archive cannot be extended.
#[derive(Debug, thiserror::Error)]
pub enum Damaged {
    #[error(transparent)]
    File(#[from] FileError),
    /// A file is missing or has another length.
    #[error("{0} is missing, or has another length than when it was written")]
    Missing(String),
    /// The hashes in the tiles do not form the tree.
    #[error("the tiles do not make up the tree of the checkpoint")]
    Tree,
}

/// The subtrees on the right edge, all of which are in tiles that are not full.
struct Rows<'a>(&'a [Vec<Hash>]);

impl Subtrees for Rows<'_> {
    type Error = ();

    fn subtree(&self, level: u8, index: u64) -> Result<Hash, ()> {
        let (row, within) = (level / HEIGHT, level % HEIGHT);
        let row = self.0.get(usize::from(row)).ok_or(())?;
        let start = usize::try_from((index << within) % WIDTH).map_err(|_| ())?;
        let hashes = row.get(start..start + (1 << within)).ok_or(())?;
        let mut subtree = Frontier::new();
        for hash in hashes {
            subtree.push(*hash);
        }
        Ok(subtree.root())
    }
}

impl Contents {
    /// Reads the parts that an earlier export of `size` entries left.
    pub fn resume(folder: &Folder, size: u64) -> Result<Self, Damaged> {
        let read = |file: String| {
            let bytes = folder.read(&file)?;
            bytes.ok_or(Damaged::Missing(file))
        };
        let mut contents = Self::default();
        for tile in partial_tiles(size) {
            let bytes = read(tile.to_string())?;
            match tile.holds {
                TileContent::Entries => {
                    // Not from the file of lines: an interrupted export may have
                    // replaced it already.
                    let records = bundle::entries(&bytes, usize::from(tile.width));
                    for record in records.map_err(|_| Damaged::Missing(tile.to_string()))? {
                        line(&mut contents.lines, &message(record).unwrap_or_default());
                    }
                    contents.entries = bytes;
                }
                TileContent::Hashes { level } => {
                    let hashes = bytes.chunks_exact(32).map(|hash| hash.try_into());
                    let row: Vec<Hash> = hashes.flatten().map(Hash::from_bytes).collect();
                    if row.len() != usize::from(tile.width) {
                        return Err(Damaged::Missing(tile.to_string()));
                    }
                    contents.rows.resize_with(usize::from(level) + 1, Vec::new);
                    contents.rows[usize::from(level)] = row;
                }
            }
        }
        contents.tree = Frontier::of(size, &Rows(&contents.rows)).map_err(|()| Damaged::Tree)?;
        Ok(contents)
    }

    pub const fn size(&self) -> u64 {
        self.tree.size()
    }

    pub const fn tree(&self) -> &Frontier {
        &self.tree
    }

    /// Adds the next record, and the message that it encodes; returns the files that
    /// are full now.
    pub fn push(&mut self, record: &[u8], entry: &proto::Entry) -> Vec<ExpectedFile> {
        bundle::push(&mut self.entries, record);
        line(&mut self.lines, entry);
        self.leaf(leaf_hash(record))
    }

    fn leaf(&mut self, hash: Hash) -> Vec<ExpectedFile> {
        self.tree.push(hash);
        let mut files = Vec::new();
        let mut carried = Some(hash);
        for level in 0..HEIGHT {
            let Some(hash) = carried.take() else { break };
            let row = usize::from(level);
            if self.rows.len() == row {
                self.rows.push(Vec::new());
            }
            self.rows[row].push(hash);
            if self.rows[row].len() as u64 == WIDTH {
                let index = (self.tree.size() >> (8 * (u32::from(level) + 1))) - 1;
                files.push(self.tile(level, index));
                let mut above = Frontier::new();
                for hash in self.rows[row].drain(..) {
                    above.push(hash);
                }
                carried = Some(above.root());
            }
        }
        if self.tree.size().is_multiple_of(WIDTH) {
            files.extend(self.bundle());
            self.entries.clear();
            self.lines.clear();
        }
        files
    }

    fn tile(&self, level: u8, index: u64) -> ExpectedFile {
        let row = &self.rows[usize::from(level)];
        let tile = Tile {
            holds: TileContent::Hashes { level },
            index,
            width: u16::try_from(row.len()).unwrap_or(u16::MAX),
        };
        ExpectedFile {
            file: tile.to_string(),
            bytes: row.iter().flat_map(|hash| *hash.as_bytes()).collect(),
        }
    }

    fn bundle(&self) -> [ExpectedFile; 2] {
        let last = self.tree.size().saturating_sub(1);
        let tile = Tile {
            holds: TileContent::Entries,
            index: last / WIDTH,
            width: u16::try_from(last % WIDTH + 1).unwrap_or(u16::MAX),
        };
        [
            ExpectedFile {
                file: tile.to_string(),
                bytes: self.entries.clone(),
            },
            ExpectedFile {
                file: lines_of(&tile),
                bytes: self.lines.clone(),
            },
        ]
    }

    /// The files that are not full yet: the last part of each row.
    pub fn rest(&self) -> Vec<ExpectedFile> {
        let mut files = Vec::new();
        if !self.tree.size().is_multiple_of(WIDTH) {
            files.extend(self.bundle());
        }
        for (level, row) in (0..).zip(&self.rows) {
            if !row.is_empty() {
                let index = self.tree.size() >> (8 * (u32::from(level) + 1));
                files.push(self.tile(level, index));
            }
        }
        files
    }
}
