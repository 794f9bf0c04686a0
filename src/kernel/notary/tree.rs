//! The Merkle tree of the log, extended as the log grows.
//!
//! It follows the log and never delays the writer: an entry is hashed once it is
//! durable, from its stored bytes, while no call waits for it.

use std::io;
use std::path::Path;
use std::sync::{Arc, PoisonError, RwLock};

use tokio::sync::watch;

use super::hashes::{Hashes, WIDTH};
use crate::audit::merkle::{Frontier, Hash, Subtrees, leaf_hash};
use crate::audit::proof::{self, ProofError};
use crate::log::{Limit, Position, ReadError, Reader};

/// How many levels a tile of hashes has: the subtree over it is one level up.
const TILE_LEVELS: u8 = 8;

/// Why the tree cannot be extended, or cannot answer.
#[derive(Debug, Clone, thiserror::Error)]
pub enum TreeError {
    #[error("the log cannot be read: {0}")]
    Read(Arc<ReadError>),
    /// The file of hashes cannot be read or written.
    #[error("the file of the log's hashes: {0}")]
    Hashes(Arc<io::Error>),
    /// An entry differs from the one that was hashed when it was recorded.
    #[error(
        "entry {position} is not the one that was recorded: the log was altered; restore it from \
         an export, with audit restore"
    )]
    Altered { position: u64 },
    /// There can be no such proof.
    #[error("{0}")]
    NoProof(String),
}

impl From<io::Error> for TreeError {
    fn from(error: io::Error) -> Self {
        Self::Hashes(Arc::new(error))
    }
}

impl From<ReadError> for TreeError {
    fn from(error: ReadError) -> Self {
        Self::Read(Arc::new(error))
    }
}

/// A Merkle tree. Clones share it.
#[derive(Debug, Clone)]
pub struct Tree(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    grown: RwLock<Grown>,
    size: watch::Sender<u64>,
}

#[derive(Debug)]
struct Grown {
    hashes: Hashes,
    /// The leaves after the last full tile.
    rest: Vec<Hash>,
    /// The complete subtrees from a full tile up: level 8, level 9 …
    above: Vec<Vec<Hash>>,
    frontier: Frontier,
}

impl Tree {
    /// Opens the tree of a log, with the hashes of earlier runs for its first `kept`
    /// entries at most. [`Tree::catch_up`] and [`Tree::grow`] make the rest.
    ///
    /// The hashes of earlier runs are believed until they were compared with a signed
    /// root and with the log: see [`Tree::check`].
    pub fn open(path: &Path, kept: u64) -> Result<Self, TreeError> {
        let mut above = Vec::new();
        let mut frontier = Frontier::new();
        let hashes = Hashes::open(path, |tile| {
            let fits = frontier.size() + WIDTH as u64 <= kept;
            if fits {
                for hash in tile {
                    push(&mut frontier, &mut above, *hash);
                }
            }
            fits
        })?;
        let (size, _) = watch::channel(frontier.size());
        Ok(Self(Arc::new(Shared {
            grown: RwLock::new(Grown {
                hashes,
                rest: Vec::new(),
                above,
                frontier,
            }),
            size,
        })))
    }

    /// Removes every hash: [`Tree::catch_up`] makes them again from the log.
    pub fn clear(&self) -> Result<(), TreeError> {
        let mut grown = self.0.grown.write().unwrap_or_else(PoisonError::into_inner);
        grown.hashes.clear()?;
        grown.rest.clear();
        grown.above.clear();
        grown.frontier = Frontier::new();
        self.0.size.send_replace(0);
        Ok(())
    }

    /// Hashes the entries that are not in the tree yet, up to `tail`.
    pub fn catch_up(&self, reader: &dyn Reader, tail: u64) -> Result<(), TreeError> {
        while self.size() < tail {
            let from = Position::new(self.size() + 1);
            let records = reader.read(from, Limit::PAGE)?;
            let hashes: Vec<Hash> = records
                .iter()
                .take_while(|record| record.position.get() <= tail)
                .map(|record| leaf_hash(&record.bytes))
                .collect();
            if hashes.is_empty() {
                break;
            }
            self.grow(&hashes)?;
        }
        Ok(())
    }

    /// Adds the leaf hashes of the next entries.
    pub fn grow(&self, leaves: &[Hash]) -> Result<(), TreeError> {
        let mut grown = self.0.grown.write().unwrap_or_else(PoisonError::into_inner);
        let Grown {
            hashes,
            rest,
            above,
            frontier,
        } = &mut *grown;
        for leaf in leaves {
            push(frontier, above, *leaf);
            rest.push(*leaf);
            if rest.len() == WIDTH {
                // The tree in memory goes on in either case: hashes that are not on
                // disk are made again at the next start.
                let written = hashes.push(rest);
                rest.clear();
                written?;
            }
        }
        let size = frontier.size();
        drop(grown);
        self.0.size.send_replace(size);
        Ok(())
    }

    /// Compares the log with the hashes of its first `until` entries, as far as full
    /// tiles reach. `goes_on` is called before each tile; it returns false to stop.
    /// Returns whether all of them were compared.
    pub fn check(
        &self,
        reader: &dyn Reader,
        until: u64,
        mut goes_on: impl FnMut() -> bool,
    ) -> Result<bool, TreeError> {
        let width = WIDTH as u64;
        let tiles = self.grown().hashes.tiles().min(until.div_ceil(width));
        for index in 0..tiles {
            if !goes_on() {
                return Ok(false);
            }
            let hashes = self.grown().hashes.tile(index)?;
            let mut checked = 0;
            while checked < WIDTH {
                let position = index * width + checked as u64 + 1;
                let limit = Limit {
                    records: WIDTH - checked,
                    ..Limit::PAGE
                };
                let records = reader.read(Position::new(position), limit)?;
                if records.is_empty() {
                    return Err(TreeError::Altered { position });
                }
                for (record, hash) in records.iter().zip(&hashes[checked..]) {
                    if leaf_hash(&record.bytes) != *hash {
                        let position = record.position.get();
                        return Err(TreeError::Altered { position });
                    }
                }
                checked += records.len();
            }
        }
        Ok(true)
    }

    fn grown(&self) -> std::sync::RwLockReadGuard<'_, Grown> {
        self.0.grown.read().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn size(&self) -> u64 {
        *self.0.size.borrow()
    }

    /// A receiver of the size, which changes as the tree grows.
    pub fn sizes(&self) -> watch::Receiver<u64> {
        self.0.size.subscribe()
    }

    pub fn head(&self) -> (u64, Hash) {
        let grown = self.grown();
        (grown.frontier.size(), grown.frontier.root())
    }

    /// The root of the first `size` entries.
    pub fn root(&self, size: u64) -> Result<Hash, TreeError> {
        self.read(|grown| proof::root(size, grown))
    }

    /// The right edge of the tree of the first `size` entries.
    pub fn frontier(&self, size: u64) -> Result<Frontier, TreeError> {
        Ok(Frontier::of(size, &*self.grown())?)
    }

    /// The hashes of the entries after the first `from`, up to `to` of them.
    pub fn leaves(&self, from: u64, to: u64) -> Result<Vec<Hash>, TreeError> {
        let grown = self.grown();
        let mut leaves = Vec::new();
        let mut next = from;
        while next < to.min(grown.frontier.size()) {
            let width = WIDTH as u64;
            let (tile, end) = (next / width, to.min((next / width + 1) * width));
            let read;
            let hashes: &[Hash] = if tile < grown.hashes.tiles() {
                read = grown.hashes.tile(tile)?;
                &read
            } else {
                &grown.rest
            };
            let within = |index: u64| usize::try_from(index - tile * width).unwrap_or(usize::MAX);
            let Some(some) = hashes.get(within(next)..within(end).min(hashes.len())) else {
                break;
            };
            leaves.extend_from_slice(some);
            next = end;
        }
        Ok(leaves)
    }

    pub fn leaf(&self, position: u64) -> Result<Hash, TreeError> {
        let grown = self.grown();
        if position == 0 || position > grown.frontier.size() {
            return Err(TreeError::NoProof(format!(
                "there is no entry {position} in a tree of {} entries",
                grown.frontier.size()
            )));
        }
        Ok(grown.subtree(0, position - 1)?)
    }

    /// The proof that the entry at a position is in the tree of a size.
    pub fn inclusion(&self, position: u64, size: u64) -> Result<Vec<Hash>, TreeError> {
        let index = position
            .checked_sub(1)
            .ok_or_else(|| TreeError::NoProof("entries are counted from 1".to_owned()))?;
        self.read(|grown| proof::inclusion(index, size, grown))
    }

    /// The proof that the tree of one size begins with that of another.
    pub fn consistency(&self, from: u64, to: u64) -> Result<Vec<Hash>, TreeError> {
        self.read(|grown| proof::consistency(from, to, grown))
    }

    fn read<T>(
        &self,
        prove: impl FnOnce(&Grown) -> Result<T, ProofError<io::Error>>,
    ) -> Result<T, TreeError> {
        let grown = self.grown();
        prove(&grown).map_err(|error| match error {
            ProofError::Subtree(error) => error.into(),
            other => TreeError::NoProof(other.to_string()),
        })
    }
}

/// Adds a leaf, and stores the subtrees above full tiles that it completes.
fn push(frontier: &mut Frontier, above: &mut Vec<Vec<Hash>>, leaf: Hash) {
    frontier.push_with(leaf, &mut |level, _, hash| {
        let Some(row) = level.checked_sub(TILE_LEVELS) else {
            return;
        };
        let row = usize::from(row);
        if above.len() <= row {
            above.resize_with(row + 1, Vec::new);
        }
        above[row].push(hash);
    });
}

impl Subtrees for Grown {
    type Error = io::Error;

    fn subtree(&self, level: u8, index: u64) -> Result<Hash, io::Error> {
        let missing = || {
            let what = format!("no subtree {index} of level {level} is complete");
            io::Error::new(io::ErrorKind::NotFound, what)
        };
        if let Some(row) = level.checked_sub(TILE_LEVELS) {
            let row = self.above.get(usize::from(row)).ok_or_else(missing)?;
            let index = usize::try_from(index).map_err(|_| missing())?;
            return row.get(index).copied().ok_or_else(missing);
        }
        let first = index << level;
        let tile = first / WIDTH as u64;
        let read;
        let leaves: &[Hash] = if tile < self.hashes.tiles() {
            read = self.hashes.tile(tile)?;
            &read
        } else {
            &self.rest
        };
        let start = usize::try_from(first % WIDTH as u64).map_err(|_| missing())?;
        let leaves = leaves
            .get(start..start + (1 << level))
            .ok_or_else(missing)?;
        let mut subtree = Frontier::new();
        for leaf in leaves {
            subtree.push(*leaf);
        }
        Ok(subtree.root())
    }
}
