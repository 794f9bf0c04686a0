//! What an archive holds: every file but those about the checkpoint, made from
//! the records of the log one after the other.
//!
//! Export writes these files and verification compares them, so the one cannot
//! write what the other would not expect.

use super::folder::{FileError, Folder, lines_of};
use crate::audit::bundle;
use crate::audit::merkle::{Frontier, Hash, Subtrees, leaf_hash};
use crate::audit::tile::{HEIGHT, Holds, Tile, WIDTH, tiles};
use crate::wire::entry::message;
use crate::wire::{json, proto};

/// A file, as it should be.
#[derive(Debug)]
pub(super) struct ExpectedFile {
    /// Which.
    pub file: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// What has been put in so far: the tiles that are not full, and the tree.
#[derive(Debug, Default)]
pub(super) struct Contents {
    tree: Frontier,
    entries: Vec<u8>,
    lines: Vec<u8>,
    rows: Vec<Vec<Hash>>,
}

/// The line of an entry: its published form in proto3 JSON.
pub(super) fn line(lines: &mut Vec<u8>, entry: &proto::Entry) {
    json::append(lines, entry);
    lines.push(b'\n');
}

/// What an earlier export left that cannot be added to.
#[derive(Debug, thiserror::Error)]
pub enum Damaged {
    /// A file cannot be read.
    #[error(transparent)]
    File(#[from] FileError),
    /// A file is not there, or has another length.
    #[error("{0} is missing or has another length than it was written with")]
    Missing(String),
    /// The tree does not come together.
    #[error("the tiles do not make up the tree of the checkpoint")]
    Tree,
}

/// The subtrees on the right edge: all of them are in tiles that are not full.
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
    /// What was put in up to a size, as an earlier export left it.
    pub fn resume(folder: &Folder, size: u64) -> Result<Self, Damaged> {
        let read = |file: String| {
            let bytes = folder.read(&file)?;
            bytes.ok_or(Damaged::Missing(file))
        };
        let mut this = Self::default();
        for tile in tiles(size).filter(|tile| !tile.is_full()) {
            let bytes = read(tile.to_string())?;
            match tile.holds {
                Holds::Entries => {
                    // Not from the file of lines: an export that did not end may have
                    // put another in its place already.
                    let records = bundle::entries(&bytes, usize::from(tile.width));
                    for record in records.map_err(|_| Damaged::Missing(tile.to_string()))? {
                        line(&mut this.lines, &message(record).unwrap_or_default());
                    }
                    this.entries = bytes;
                }
                Holds::Hashes { level } => {
                    let hashes = bytes.chunks_exact(32).map(|hash| hash.try_into());
                    let row: Vec<Hash> = hashes.flatten().map(Hash::from_bytes).collect();
                    if row.len() != usize::from(tile.width) {
                        return Err(Damaged::Missing(tile.to_string()));
                    }
                    this.rows.resize_with(usize::from(level) + 1, Vec::new);
                    this.rows[usize::from(level)] = row;
                }
            }
        }
        this.tree = Frontier::of(size, &Rows(&this.rows)).map_err(|()| Damaged::Tree)?;
        Ok(this)
    }

    /// How many entries are in.
    pub const fn size(&self) -> u64 {
        self.tree.size()
    }

    /// The tree.
    pub const fn tree(&self) -> &Frontier {
        &self.tree
    }

    /// Puts in the next record and the message it encodes; gives the files that
    /// are full with it. Without the message, there is no line of it.
    pub fn push(&mut self, record: &[u8], entry: &proto::Entry) -> Vec<ExpectedFile> {
        bundle::push(&mut self.entries, record);
        line(&mut self.lines, entry);
        self.leaf(leaf_hash(record))
    }

    fn leaf(&mut self, hash: Hash) -> Vec<ExpectedFile> {
        self.tree.push(hash);
        let mut made = Vec::new();
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
                made.push(self.tile(level, index));
                let mut above = Frontier::new();
                for hash in self.rows[row].drain(..) {
                    above.push(hash);
                }
                carried = Some(above.root());
            }
        }
        if self.tree.size().is_multiple_of(WIDTH) {
            made.extend(self.bundle());
            self.entries.clear();
            self.lines.clear();
        }
        made
    }

    fn tile(&self, level: u8, index: u64) -> ExpectedFile {
        let row = &self.rows[usize::from(level)];
        let tile = Tile {
            holds: Holds::Hashes { level },
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
            holds: Holds::Entries,
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

    /// The files that are not full yet.
    pub fn rest(&self) -> Vec<ExpectedFile> {
        let mut made = Vec::new();
        if !self.tree.size().is_multiple_of(WIDTH) {
            made.extend(self.bundle());
        }
        for (level, row) in (0..).zip(&self.rows) {
            if !row.is_empty() {
                let index = self.tree.size() >> (8 * (u32::from(level) + 1));
                made.push(self.tile(level, index));
            }
        }
        made
    }

    /// Every file of an archive of a size.
    pub fn files(size: u64) -> std::collections::BTreeSet<String> {
        tiles(size)
            .flat_map(|tile| {
                let lines = (tile.holds == Holds::Entries).then(|| lines_of(&tile));
                [Some(tile.to_string()), lines].into_iter().flatten()
            })
            .collect()
    }
}
